"""What one run of sandboxed code may use, and what may leave it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """Ceilings of one run. None of them can be switched off.

    Attributes:
        seconds: Time the code itself may take, the host's answers left out; it is also the ceiling between two calls.
        memory_bytes: Heap of the code.
        depth: Calls of functions inside each other.
        calls: Calls of capabilities.
        printed: Bytes the code may print.
        source_bytes: Bytes of the source, in UTF-8.
        nodes: Values that may leave in one run, in calls and in the result together; containers and keys count.
        value_bytes: Bytes that may leave in one run, in calls and in the result together.
    """

    seconds: float = 1.0
    memory_bytes: int = 64_000_000
    depth: int = 150
    calls: int = 100
    printed: int = 64_000
    source_bytes: int = 65_536
    nodes: int = 20_000
    value_bytes: int = 1_000_000

    def __post_init__(self) -> None:
        """Refuse a ceiling that is none.

        Raises:
            ValueError: One is not above zero.
        """
        for name in self.__slots__:
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above zero")
