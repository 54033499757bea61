"""Editing: a plan changed before the yes, what that changed, and what it still needs."""
