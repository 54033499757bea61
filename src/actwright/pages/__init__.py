"""Pages: a plan, a preview or a run as one HTML file without scripts, for people away from the terminal."""
