"""Benchmarks: each module measures one thing and gives rows of the same shape."""
