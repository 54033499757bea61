"""Resolving: rows bound, arguments typed, effects produced."""
