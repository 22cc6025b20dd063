"""Experiments: many runs at once, and what they show."""
