"""The classes of the archives' task: a module by itself, as what is measured must not load the makers."""

CLASSES = ("i", "ii")
