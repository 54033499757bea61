"""Replay: a run's journal streamed as it was, its state at any event, and what was left to do there. Nothing is called."""
