"""Cases asked of a planner: recorded, and played without a network."""
