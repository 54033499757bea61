"""Runs: carrying out a confirmed preview, on the record."""
