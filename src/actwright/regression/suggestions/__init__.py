"""Suggestions: cases made of plans that people decided on, for a person to review."""
