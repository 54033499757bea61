"""What telemetry calls a generated action: a model made its name, which may hold words of the goal."""

from hashlib import sha256

_DIGITS = 8


def told_name(name: str) -> str:
    """Return what stands for the name of a generated action: the same each time, and no word of it.

    Args:
        name: The name of its blueprint. Hostile input.
    """
    return f"generated_{sha256(name.encode('utf-8', 'replace')).hexdigest()[:_DIGITS]}"
