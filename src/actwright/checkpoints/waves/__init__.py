"""Waves: what of a plan can be previewed now, and what has to wait for what another action puts out."""
