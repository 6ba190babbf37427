"""The fault campaign: a real stack, broken on purpose again and again, and examined after each time."""
