"""The record: events, the journal, what they add up to, and the register of runs."""
