"""Commands of organizers and operators."""
