"""Curated overrides: code of one's own behind a blueprint, from Python, settings, a manifest, or an installed package."""
