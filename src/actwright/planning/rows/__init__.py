"""Rows: phrases that mean many records, as typed conditions."""
