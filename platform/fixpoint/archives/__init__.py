"""Ground floor: reading zips of strangers by their directory. Knows no app, no Django, no competition."""
