"""Scorecards: how one version of a prompt, with one model, did over the suite."""
