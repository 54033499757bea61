"""Telling: what a caller, or a person, is told of a run, computed from its events."""
