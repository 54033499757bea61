"""The suite: which goals a prompt is held to, what must hold, and what a scripted model answers."""
