"""Telemetry: what was asked of models and what became of it, traces, and what ranking learns from both."""
