"""Cassettes: recorded exchanges with a model, as files."""
