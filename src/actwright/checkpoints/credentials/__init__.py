"""Credentials: registered keys, who holds them, and whether enough people have said yes."""
