"""How much somebody learns of the hidden images by asking for scores, told as the platform tells them."""
