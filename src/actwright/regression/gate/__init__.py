"""The gate: what closes it, and how a set is recorded anew."""
