"""The prompt log: every exchange with a model and every planning call, redacted, in the store and as JSON lines."""
