"""The org as the rest of the house sees it: its schema, its records, effects on it, and the ports to reach it."""
