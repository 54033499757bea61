"""Collecting: who of those a preview needs has said yes to its very digest, and who still could."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from actwright.canonical import Json
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.credentials.approvers import Approver
from actwright.checkpoints.credentials.person_names import person_key
from actwright.checkpoints.credentials.signing import counting
from actwright.checkpoints.preview import Preview
from actwright.clock import CLOCKS_APART
from actwright.guardrails.policy.approval import ApprovalNeed

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Collected:
    """The yes to a preview, as far as it has been given.

    Attributes:
        need: What the policy asks.
        given: The answers that count: each key and each person once, oldest first.
        others: Approvers who have not said yes and could.
    """

    need: ApprovalNeed
    given: tuple[Confirmation, ...]
    others: tuple[Approver, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nobody is missing."""
        return len(self.given) >= self.need.people

    @property
    def missing(self) -> int:
        """How many further people have to say yes."""
        return max(self.need.people - len(self.given), 0)

    def document(self) -> dict[str, Json]:
        """Return how it stands, for programs."""
        return {
            "complete": self.complete,
            "people": self.need.people,
            "given": [
                {
                    "approver": each.approver,
                    "at": each.at,
                    "expiresAt": each.expires_at,
                    "keyId": each.key_id,
                }
                for each in self.given
            ],
            "missing": self.missing,
            "others": [each.name for each in self.others],
        }

    def __str__(self) -> str:
        """Return how it stands: ``1 of 2: Ann; waiting for one of Bo, Cy``."""
        said = ", ".join(each.approver for each in self.given) or "nobody yet"
        standing = f"{len(self.given)} of {self.need.people}: {said}"
        return standing if self.complete else f"{standing}; waiting for {self._awaited()}"

    def _awaited(self) -> str:
        names = [each.name for each in self.others[:_MOST_NAMED]]
        names += ["others"] if len(self.others) > _MOST_NAMED else []
        missing = self.missing
        if not names:
            among = f" ({', '.join(self.need.who)})" if self.need.who else ""
            return f"{missing} more, and no other approver is registered who may{among}: actwright approvers add NAME"
        left = missing - len(self.others)
        if left > 0:
            who = f" ({', '.join(self.need.who)})" if self.need.who else ""
            return f"{', '.join(names)}, and {left} more who may{who}: nobody else is registered (actwright approvers add NAME)"
        return f"{'one' if missing == 1 else missing} of {', '.join(names)}"


def collected(
    preview: Preview,
    answers: Iterable[Confirmation],
    approvers: Mapping[str, Approver],
    now: datetime,
) -> Collected:
    """Return who has said yes to a preview: a no of anybody takes back all that stood before it.

    Args:
        preview: The preview.
        answers: Every answer to it, oldest first.
        approvers: Those whose keys count, by id.
        now: The present moment.
    """
    standing: list[Confirmation] = []
    for each in answers:
        if each.answer == "no":
            standing.clear()
        elif each.digest == preview.digest and is_good(each, now):
            standing.append(each)
    need = preview.approval
    if need.plain:
        return Collected(need, tuple(standing[-1:]))
    newest = {each.key_id: each for each in standing if each.key_id in approvers}
    signers = counting(need, (approvers[key] for key in newest))
    given = tuple(newest[each.id] for each in signers)
    return Collected(need, given, tuple(_others(need, signers, approvers.values())))


def is_good(answer: Confirmation, now: datetime) -> bool:
    """Tell whether an answer's time is not over, and not still to come: a clock that was set back proves nothing."""
    begins = datetime.fromisoformat(answer.at) - CLOCKS_APART
    return begins <= now < datetime.fromisoformat(answer.expires_at)


def _others(
    need: ApprovalNeed, signers: Iterable[Approver], everybody: Iterable[Approver]
) -> Iterable[Approver]:
    done = {person_key(each.name) for each in signers}
    for each in counting(need, sorted(everybody, key=lambda it: it.name.casefold())):
        if person_key(each.name) not in done:
            yield each
