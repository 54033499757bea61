"""The policy as it is written: one YAML document, closed, in which every part knows its line."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from actwright.guardrails.policy.case import PolicyCase
from actwright.guardrails.policy.rule import (
    Amount,
    Count,
    Require,
    Rule,
    RuleId,
    Written,
    Zone,
)

_QUALIFIED = r"^[A-Za-z][A-Za-z0-9_]{0,79}\.[A-Za-z][A-Za-z0-9_]{0,79}$"


def _address(text: str) -> str:
    """Refuse anything but a method and a plain address, with one ``*`` at its end at most."""
    method, _, url = text.partition(" ")
    parts = urlsplit(url.removesuffix("*"))
    plain = text.isascii() and text.isprintable() and parts.scheme == "https" and parts.hostname
    odd = parts.query or parts.fragment or "@" in parts.netloc or ".." in parts.path
    if method not in {"GET", "HEAD", "POST"} or not plain or odd or set(url[:-1]) & set("*%\\ "):
        raise ValueError("a read is written as in: GET https://rates.example.com/v1/*")
    if url.endswith("*") and not parts.path.endswith("/"):
        raise ValueError("a * stands behind a / only")
    return text


CallRead = Annotated[str, StringConstraints(max_length=500), AfterValidator(_address)]
"""A call that only reads: ``GET https://rates.example.com/v1/*``."""


class Http(Written):
    """What the policy says of calls to services."""

    reads: tuple[CallRead, ...] = Field(default=(), max_length=500)
    """The calls that change nothing, and that generated actions may make while they are previewed."""


class Approvals(Written):
    """What the policy asks of approvals that are none of a preview."""

    generated: Require
    """Who approves generated code before it may be used; it holds in log-only mode, too."""


class Budget(Written):
    """How much may be spent in a run or within a day, whatever the rules allow."""

    id: RuleId
    description: str = Field(min_length=1, max_length=300)
    """What it limits and why, for the person who reads a refusal: one sentence."""
    per: Literal["run", "day"]
    """``day`` is the last 24 hours, counted in the store for every process that shares it."""
    of: Literal["user", "org"] = "user"
    """Whose day: each person's own, or that of all together."""
    rows: Count | None = None
    """The most records written."""
    calls: Count | None = None
    """The most API calls that carry effects."""
    amounts: dict[Annotated[str, StringConstraints(pattern=_QUALIFIED)], Amount] = Field(
        default_factory=dict, max_length=50
    )
    """The most that is written to a field in all, by ``Object.Field``; signs do not count."""

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.rows is None and self.calls is None and not self.amounts:
            raise ValueError("a budget has rows, calls or amounts")
        if self.per == "run" and self.of == "org":
            raise ValueError("a run belongs to one person: leave of out")
        return self


class PolicyDocument(Written):
    """An organisation's policy."""

    version: Literal[1]
    """Of this format."""
    name: str = Field(default="", max_length=200)
    mode: Literal["enforce", "log-only"] = "enforce"
    """``log-only`` stops nothing that its own rules would stop, and says so in every preview."""
    default: Literal["allow", "deny"] = "allow"
    """What holds for creates and updates no rule decides. Deletes and what nobody can look into are always denied then."""
    zone: Zone = "UTC"
    """The time zone of windows, and of ``now`` in conditions."""
    without: tuple[RuleId, ...] = Field(default=(), max_length=100)
    """Rules of the built-in policy that are not to hold here. All others hold beside the document's own."""
    rules: tuple[Rule, ...] = Field(default=(), max_length=2_000)
    budgets: tuple[Budget, ...] = Field(default=(), max_length=100)
    http: Http = Http()
    approvals: Approvals | None = None
    """Who approves generated code; any person who is asked where left out. It is no part of the policy's version."""
    tests: tuple[PolicyCase, ...] = Field(default=(), max_length=1_000)
    """Cases the policy is held to by ``actwright policy test``; they decide nothing."""
