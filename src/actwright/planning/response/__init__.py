"""Responses: a person's words about a plan they look at, such as "not the task, and use 15 December"."""
