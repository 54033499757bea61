"""The local org: a Salesforce-compatible server over SQLite, for tests, demos and work without a network.

It is its own package, reached only over HTTP: ``localorg serve``. Describe, queries and writes answer as the
logged-in user may see and do them.
"""
