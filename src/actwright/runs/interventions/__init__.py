"""Interventions: how a person steps into a run, each an event with who and why, accepted once or refused with a reason."""
