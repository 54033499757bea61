"""Undoing: what a run did, what of it was taken back, and the plan that takes back the rest."""
