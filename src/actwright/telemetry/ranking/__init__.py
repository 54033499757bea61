"""Ranking learns: what people did with earlier plans, as evidence for the blueprints of the next one."""
