"""Where the policy in force comes from: the built-in one, or a file that is read again whenever it counts."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from actwright.guardrails.policy.policy import Policy
from actwright.guardrails.policy.reading import content_of, parse_policy


class PolicySource:
    """Gives the policy in force. It never falls back: where a file was named and cannot be read, nothing goes on.

    Args:
        path: The file; the built-in policy where left out.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = Lock()
        self._known: tuple[bytes, Policy] | None = None

    def current(self) -> Policy:
        """Return the policy as the file stands now; what did not change is not compiled again.

        Raises:
            PolicyError: The file is missing, malformed, or breaks the contract.
        """
        if self._path is None:
            return Policy.built_in()
        content = content_of(self._path)
        with self._lock:
            if self._known is None or self._known[0] != content:
                policy = Policy(parse_policy(content, source=self._path.name))
                self._known = content, policy
            return self._known[1]
