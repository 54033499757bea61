"""Provenance: where a literal came from, computed from the goal and the data."""
