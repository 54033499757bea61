"""Actions: the factory, and the implementations that turn arguments into effects."""
