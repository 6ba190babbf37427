"""Archives of strangers, and the forge that makes them."""
