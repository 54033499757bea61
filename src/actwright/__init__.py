"""Actwright: from a goal in plain words to a confirmed, guarded, undoable change."""
