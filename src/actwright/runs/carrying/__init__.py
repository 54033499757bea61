"""Carrying: a confirmed preview as work of the engine."""
