"""Faults of a local org, armed by a test: lost answers, locks, limits, slow and broken connections.

```python
with LocalOrg(tmp_path) as org:
    app = org.as_user()
    lost = org.faults.lose_answer()          # the next call that writes commits, and its answer is lost
    app.run(preview, yes)
    assert lost.happened == 1
```
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypedDict, Unpack
from urllib.request import Request, urlopen
from uuid import uuid4

from actwright.canonical import Json

When = Literal["before", "commit"]
"""Whether a fault happens before the org carries a call out, or after it has committed it."""


class Which(TypedDict, total=False):
    """Which calls a fault is meant for."""

    method: str
    """``POST`` and the like; any where left out."""
    path: str
    """The whole path as a pattern with ``*`` and ``?``, such as ``*/composite``."""
    nth: int
    """The first call it happens to, of those that match, from 1."""
    times: int
    """To how many calls it happens, one after the other; one where left out."""
    writes: bool
    """Whether only calls that may write are meant; so it is where left out."""


Ask: TypeAlias = Callable[[str, str, Mapping[str, Json] | None], Json]
"""Asks one of the administrator's resources: method, path and body."""

_SECONDS = 30.0
_SECRET = "localorg"  # noqa: S105 - every local org's own, and no secret


@dataclass(frozen=True, slots=True)
class ArmedFault:
    """A fault that waits for its calls, or has happened."""

    name: str
    _ask: Ask = field(repr=False)

    @property
    def matched(self) -> int:
        """How many calls it was meant for so far."""
        return self._count("matched")

    @property
    def happened(self) -> int:
        """To how many calls it has happened."""
        return self._count("happened")

    @property
    def holding(self) -> int:
        """How many calls it holds back right now."""
        return self._count("holding")

    @property
    def ended(self) -> int:
        """How many of the calls it happened to are over, whether or not anybody heard the answer."""
        return self._count("ended")

    def release(self) -> None:
        """Let the calls go that it holds back; the org carries them out as if nothing had been."""
        self._ask("POST", "/localorg/faults/release", {"name": self.name})

    def wait_until_holding(self, seconds: float = _SECONDS) -> None:
        """Return as soon as it holds a call back.

        Raises:
            TimeoutError: It held none back in that time.
        """
        self._wait("holding", seconds)

    def wait_until_ended(self, seconds: float = _SECONDS) -> None:
        """Return as soon as a call it happened to is over: the org has carried it out, or never will.

        Raises:
            TimeoutError: None was over in that time.
        """
        self._wait("ended", seconds)

    def _wait(self, what: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._count(what):
            if time.monotonic() > end:
                raise TimeoutError(f"no call was {what} within {seconds:g} seconds")
            time.sleep(0.01)

    def _count(self, what: str) -> int:
        told: Any = self._ask("GET", "/localorg/faults", None)
        return next(int(each[what]) for each in told["faults"] if each["name"] == self.name)


class Faults:
    """Arms faults in a local org, as its administrator.

    Each call waits for the ``nth`` API call that matches and happens to ``times`` of them, one after the other. Calls that
    write are meant, unless ``writes`` is off; ``path`` is a pattern such as ``*/composite`` or ``*/jobs/ingest/*``.

    Args:
        url: The org's address, asked for when the first fault is armed.
    """

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._token: str | None = None

    def lose_answer(self, **which: Unpack[Which]) -> ArmedFault:
        """Commit the call, and hang up without an answer."""
        return self._arm("lost-answer", which)

    def lose_request(self, **which: Unpack[Which]) -> ArmedFault:
        """Hang up before the call is carried out; the caller cannot tell it from `lose_answer`."""
        return self._arm("lost-request", which)

    def cut_answer(self, **which: Unpack[Which]) -> ArmedFault:
        """Commit the call, and hang up in the middle of the answer."""
        return self._arm("cut-answer", which)

    def lock_rows(self, **which: Unpack[Which]) -> ArmedFault:
        """Let every row the call would write be locked by somebody else."""
        return self._arm("row-lock", which)

    def fail(self, *, when: When = "before", **which: Unpack[Which]) -> ArmedFault:
        """Answer 500 in the org's own words, before the call is carried out or after its commit."""
        return self._arm("server-error", which, after=when)

    def unavailable(self, *, when: When = "before", **which: Unpack[Which]) -> ArmedFault:
        """Answer 503 in the org's own words."""
        return self._arm("unavailable", which, after=when)

    def slow(self, seconds: float, *, when: When = "before", **which: Unpack[Which]) -> ArmedFault:
        """Answer as ever, only later: wait before the call is carried out, or after its commit."""
        return self._arm("slow", which, after=when, delayMs=seconds * 1000)

    def hang(self, *, when: When = "before", **which: Unpack[Which]) -> ArmedFault:
        """Hold the call back until it is released, long after the caller has given up if need be."""
        return self._arm("hang", which, after=when)

    def expire_session(self, **which: Unpack[Which]) -> ArmedFault:
        """Answer that the session has expired; logging in again helps."""
        return self._arm("expired-session", which)

    def exhaust_requests(self, **which: Unpack[Which]) -> ArmedFault:
        """Answer that the org's API limit is used up."""
        return self._arm("request-limit", which)

    def clear(self) -> None:
        """Forget every fault, and let every call go that one holds back."""
        self._ask("DELETE", "/localorg/faults", None)

    def _arm(self, kind: str, which: Which, **more: Json) -> ArmedFault:
        name = uuid4().hex
        body: dict[str, Json] = {"name": name, "kind": kind, **_which(which), **more}
        self._ask("POST", "/localorg/faults", body)
        return ArmedFault(name, self._ask)

    def _ask(self, method: str, path: str, body: Mapping[str, Json] | None) -> Json:
        if self._token is None:
            self._token = self._login()
        return _spoken(f"{self._url()}{path}", method, self._token, body)

    def _login(self) -> str:
        form = f"grant_type=client_credentials&client_id=admin&client_secret={_SECRET}"
        url = f"{self._url()}/services/oauth2/token"
        asked = Request(url, form.encode(), method="POST")  # noqa: S310 - the org's own http address
        asked.add_header("Content-Type", "application/x-www-form-urlencoded")
        with urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            return str(json.load(answer)["access_token"])


def _which(which: Which) -> dict[str, Json]:
    match: dict[str, Json] = {
        "path": which.get("path", "*"),
        "writes": which.get("writes", True),
    }
    if "method" in which:
        match["method"] = which["method"]
    return {"match": match, "nth": which.get("nth", 1), "times": which.get("times", 1)}


def _spoken(url: str, method: str, token: str, body: Mapping[str, Json] | None) -> Json:
    content = None if body is None else json.dumps(body).encode()
    asked = Request(url, content, method=method)  # noqa: S310 - the org's own http address
    asked.add_header("Authorization", f"Bearer {token}")
    asked.add_header("Content-Type", "application/json")
    with urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310 - as above
        told = answer.read()
    document: Json = json.loads(told) if told else None
    return document
