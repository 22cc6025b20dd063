"""Geometry: what is to be seen at an instant, as frozen primitives that know nothing of Qt."""
