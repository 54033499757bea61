"""Continuing: the further stages of a run."""
