"""Bulk API 2.0: jobs that change or read many records, told about as CSV."""
