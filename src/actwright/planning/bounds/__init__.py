"""Bounds: what a goal says not to do."""
