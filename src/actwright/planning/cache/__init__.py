"""The plan cache: the shape of a goal, a plan without its values, and every value bound anew."""
