"""The engine: carries any work of steps to its end, from its events alone, each step once."""
