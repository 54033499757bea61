"""Words: reading what a goal says, down to tokens, numbers, dates, names and values."""
