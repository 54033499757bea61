"""The security figure: what is left to a planner or a text that turns against the person, measured without a model."""
