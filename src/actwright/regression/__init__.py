"""The regression gate: recorded model exchanges, what they must mean, scorecards, and what changed between two sets."""
