"""Blueprints and plans: the typed description of what may be done, and of what is to be done."""
