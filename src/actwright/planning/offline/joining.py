"""Joining a campaign: ``add all contacts of Acme to the campaign Spring Launch with status Sent``."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.planning.offline.assigning import Assigner
from actwright.planning.offline.phrases import record_phrase
from actwright.planning.words.lexicon import INERT_SYMBOLS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import Assignment, Link, Reading, RecordPhrase
from actwright.planning.words.scope import Scope

MEMBER = "CampaignMember"
"""The object that joins people to a campaign."""

_PEOPLE = {"Contact": "ContactId", "Lead": "LeadId"}
_CAMPAIGN = "CampaignId"
_BEHIND = frozenset({"with", "as", "and"}) | INERT_SYMBOLS
_NEW = frozenset({"a", "an"})


class JoinReader:
    """Reads one clause as people who join a campaign."""

    def __init__(self, scope: Scope, index: FieldIndex) -> None:
        self._scope = scope
        self._index = index
        self._assigner = Assigner(scope, index, creating=True)

    def readings(self) -> Iterator[Reading]:
        """Yield every way to read who joins what."""
        people = tuple(each for each in _PEOPLE if self._scope.objects.get(each))
        for mark in range(1, self._scope.end - 1):
            who = self._who(mark, people) if self._scope.key(mark) == "to" else None
            for stop in self._ends(mark) if who is not None else ():
                campaign = record_phrase(self._scope, mark + 1, stop, ("Campaign",))
                if campaign and who and self._sure(who, mark, stop, campaign):
                    yield from self._reading(who, campaign, stop)

    def _sure(self, who: RecordPhrase, mark: int, stop: int, campaign: RecordPhrase) -> bool:
        """Tell whether a campaign is named as one, or everything by a name of its own or as rows."""
        ends = ((mark + 1, stop), *(((0, mark),) if who.rows is None else ()))
        lively = (
            any(each.capital or each.kind == "quoted" for each in self._scope.tokens[a:b])
            for a, b in ends
        )
        return campaign.named_object or "campaign" in self._scope.parts(mark, stop) or all(lively)

    def _who(self, mark: int, people: tuple[str, ...]) -> RecordPhrase | None:
        new = self._scope.key(0) in _NEW
        return None if new else record_phrase(self._scope, 0, mark, people, bare=True)

    def _ends(self, mark: int) -> Iterator[int]:
        behind = range(mark + 2, self._scope.end)
        yield from (at for at in behind if self._scope.key(at) in _BEHIND)
        yield self._scope.end

    def _reading(self, who: RecordPhrase, campaign: RecordPhrase, stop: int) -> Iterator[Reading]:
        schema = self._index.schema
        fields = ((each, schema.field(name)) for each, name in _PEOPLE.items())
        options = tuple((each, field) for each, field in fields if field is not None)
        target = schema.field(_CAMPAIGN)
        if target is None or not options:
            return
        joined = Assignment(target, campaign.words, record=campaign)
        links = (Link(who, options),)
        base = Reading("CREATE", self._index, assignments=(joined,), links=links)
        behind = stop + (self._scope.key(stop) in {"with", "as", "and"})
        yield self._assigner.finished(base, behind)
