"""Standings, intervals, the Pareto front: read from scored entries, never stored."""
