"""The store: one database for plans, previews, confirmations and the journal, as rows of canonical JSON."""
