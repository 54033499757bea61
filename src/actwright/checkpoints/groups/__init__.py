"""Effect groups: what goes out together, by which carrier, in which order."""
