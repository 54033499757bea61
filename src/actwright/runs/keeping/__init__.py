"""Keeping the journal: sealing it, verifying it, and moving runs out of it and back in."""
