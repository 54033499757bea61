"""Generated actions, the half that keeps and carries them out: code that was written for a goal, reviewed, and confirmed once."""
