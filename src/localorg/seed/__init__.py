"""The records a fresh local org starts with."""
