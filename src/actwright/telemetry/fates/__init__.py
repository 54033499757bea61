"""Fates: what became of plans, told from what the store holds, and what people changed before their yes."""
