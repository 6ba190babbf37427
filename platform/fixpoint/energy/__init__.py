"""Ground floor: what work costs. Energy is what is kept; carbon is derived from it, with named constants."""
