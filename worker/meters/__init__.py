"""Readers of energy counters, and what level and band their figures have."""
