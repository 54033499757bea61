"""The schema of the local org: objects, fields, picklists, as data."""
