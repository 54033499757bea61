"""Wording: the question a person answers, and the words for effects, rows and promises in it."""
