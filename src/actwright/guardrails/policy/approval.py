"""What a policy asks of the confirmation: how many people, who, and whether by registered keys."""

from __future__ import annotations

from pydantic import Field

from actwright.contract import Contract


class RuleRef(Contract):
    """A rule, and where it stands."""

    id: str
    source: str
    """The file's name and the line: ``policy.yaml:14``; ``built-in`` for the default."""

    def __str__(self) -> str:
        return f"rule {self.id}, {self.source}"


class ApprovalNeed(Contract):
    """Who has to say yes to a preview. One person, whoever it is, where no rule asks for more."""

    people: int = Field(default=1, ge=1, le=10)
    """How many different people."""
    who: tuple[str, ...] = ()
    """Names or roles that may confirm; anybody where empty."""
    keys: bool = False
    """Whether each has to sign with a registered approver key."""
    rules: tuple[RuleRef, ...] = ()
    """The rules that ask for it."""

    @property
    def plain(self) -> bool:
        """Tell whether one person, whoever it is, is enough."""
        return self.people == 1 and not self.who and not self.keys
