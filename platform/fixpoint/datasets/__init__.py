"""An upload and what it is worth: from the bytes of a stranger to an accepted dataset."""
