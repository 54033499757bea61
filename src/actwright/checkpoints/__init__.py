"""Checkpoints: from a plan to the exact preview a person says yes to, and the record of that yes."""
