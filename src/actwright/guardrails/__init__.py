"""Guardrails: what is checked of every effect before anything is written, and the verdicts."""
