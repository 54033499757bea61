"""Reading: the records a plan touches as they stand, and what guardrails get to see of them."""
