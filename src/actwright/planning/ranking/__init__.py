"""Ranking: how near a blueprint comes to a goal, and why."""
