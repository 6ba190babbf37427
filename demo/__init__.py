"""A small competition out of nothing: Roman numerals drawn by a seeded hand, some of them under a wrong label."""
