"""The deep check: the org tries a plan without committing it."""
