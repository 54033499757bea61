"""Generating actions: code is written for a blueprint from its recipe or by a model, checked, tried, and shown to a person."""
