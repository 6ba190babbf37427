"""What the small competition of the tests is called and made of; no Django, no database."""

CLASSES = ["klasse-eins", "klasse-zwei"]
"""Names that occur nowhere by chance, so that a search for them means something."""
RECIPE = "resnet50-dcai2021-quick"
