"""Planning: from a goal in words to a plan, to questions, or to a refusal with the nearest candidates."""
