"""The model planner: what a language model is shown, and how its reply becomes a plan or a list of faults."""
