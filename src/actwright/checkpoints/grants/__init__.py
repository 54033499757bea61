"""Grants: a person's standing yes to versions of actions, under ceilings, for runs without a person."""
