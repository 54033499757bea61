"""The language model: one request, one checked reply; prompts, repair, ceilings, and the record of each exchange."""
