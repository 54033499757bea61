"""Domains: use cases and constraints people wrote down, and the planner that is held to them."""
