"""Readings of clauses that create a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from actwright.org.schema import FieldSchema
from actwright.planning.assigning import Assigner
from actwright.planning.lexicon import (
    DATE_FIELDS,
    DETERMINERS,
    FILLERS,
    FREE_TEXT_FIELDS,
    INERT_SYMBOLS,
    PRIMARY_OBJECTS,
    PRONOUNS,
    SUBJECTS,
)
from actwright.planning.matching import FieldIndex
from actwright.planning.objects import ObjectMention
from actwright.planning.people import is_person, name_assignments
from actwright.planning.phrases import record_phrase
from actwright.planning.reading import Assignment, Link, Reading
from actwright.planning.scope import Scope
from actwright.planning.values import Converted, convert

_CALLED = frozenset({"named", "called", "titled"})
_TEXT = frozenset({":", "-", "\N{EN DASH}", "\N{EM DASH}", "saying", "about", "regarding"})
_LINKS = frozenset({"for", "to", "on", "with", "at", "from", "under", "in", "of"})
_EMPLOYERS = frozenset({"at", "from", "of", "with"})
_OWNING = (("assigned", "to"), ("owned", "by"))
NAME_ENDS = (_CALLED | _TEXT | _LINKS | _EMPLOYERS | INERT_SYMBOLS) | frozenset(
    {"worth", "closing", "due", "by", "because", "as", "assigned", "owned", "and", "that"}
)
_DUE = frozenset({"on", "by", "due", "for"})
_TIME = re.compile(r"\d+[a-z:]", re.ASCII)
_FOLLOW_UP = ("follow", "up")
FOLLOW_UPS = frozenset({_FOLLOW_UP, ("followup",)})
"""Words for a record that follows up another."""

_UPWARD = frozenset({"ReportsToId", "ParentId", "MasterRecordId", "OwnerId"})


@dataclass
class _Draft:
    """What was read so far."""

    assignments: list[Assignment] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    named: bool = False

    def has(self, name: str) -> bool:
        return any(each.field.name == name for each in self.assignments)


class CreateReader:
    """Reads one clause as the creation of a record of one object."""

    def __init__(self, scope: Scope, index: FieldIndex, at: int, mention: ObjectMention) -> None:
        self._scope = scope
        self._index = index
        self._at = at
        self._mention = mention
        self._assigner = Assigner(scope, index, creating=True)

    def reading(self) -> Reading:
        """Return the clause as a creation; words that fit nowhere are left."""
        draft = _Draft()
        follow_up = self._before_object(draft)
        at = self._at + self._mention.length
        while at < self._scope.end:
            at = self._step(draft, at)
        topic = next((SUBJECTS[each] for each in self._mention.words if each in SUBJECTS), None)
        return Reading(
            "CREATE",
            self._index,
            assignments=tuple(draft.assignments),
            links=tuple(draft.links),
            left=tuple(draft.left),
            follow_up=follow_up,
            topic=topic,
        )

    def _before_object(self, draft: _Draft) -> str | None:
        """Read what stands between verb and object word: ``a high priority``, ``a follow-up``."""
        scope, at, follow_up = self._scope, 0, None
        if self._mention.words in FOLLOW_UPS:
            follow_up = scope.text(self._at, self._at + self._mention.length)
        while at < self._at:
            stop = self._follow_up_end(at)
            found = self._assigner.at(at)
            if stop:
                follow_up, at = scope.text(at, stop), stop
            elif found is not None and found.stop <= self._at:
                draft.assignments.append(found.assignment)
                at = found.stop
            else:
                if scope.key(at) not in DETERMINERS | FILLERS:
                    draft.left.append(scope.text(at, at + 1))
                at += 1
        return follow_up

    def _follow_up_end(self, at: int) -> int:
        for stop in (at + 1, at + 2):
            if self._scope.parts(at, stop) in FOLLOW_UPS:
                return stop
        return 0

    def _step(self, draft: _Draft, at: int) -> int:
        """Read one part of the clause, and return where the next begins."""
        for read in (
            self._own_name,
            self._assignment,
            self._called,
            self._owner,
            self._text,
            self._link,
        ):
            stop = read(draft, at)
            if stop > at:
                return stop
        if self._scope.key(at) not in INERT_SYMBOLS | FILLERS | {"and", "with"}:
            draft.left.append(self._scope.text(at, at + 1))
        return at + 1

    def _own_name(self, draft: _Draft, at: int) -> int:
        """Read a name right behind the object word: ``the account Hooli``."""
        first = at == self._at + self._mention.length
        if not first or draft.named:
            return at
        stop = self._name_end(at)
        definite = self._scope.key(self._at - 1) == "the"
        lively = any(each.capital or each.kind == "quoted" for each in self._scope.tokens[at:stop])
        return self._name(draft, at, stop) if stop > at and (lively or definite) else at

    def _name_end(self, at: int) -> int:
        scope = self._scope
        if at < scope.end and scope.tokens[at].kind == "quoted":
            return at + 1
        stop = at
        while stop < scope.end and self._goes_on(stop, at):
            stop += 1
        return stop

    def _goes_on(self, at: int, start: int) -> bool:
        token = self._scope.tokens[at]
        if token.kind not in {"word", "number"} and token.text != "&":
            return False
        behind_capital = at + 1 < self._scope.end and self._scope.tokens[at + 1].capital
        if at > start and token.key in {"and", "of"}:
            return behind_capital
        if token.key in NAME_ENDS or self._scope.date_at(at):
            return False
        return token.capital or self._index.field_at(self._scope.tokens, at, at + 2) is None

    def _name(self, draft: _Draft, start: int, stop: int) -> int:
        found = name_assignments(
            self._index.schema, self._scope.text(start, stop), self._scope.today
        )
        if not found:
            return start
        draft.assignments += found
        draft.named = True
        return stop

    def _assignment(self, draft: _Draft, at: int) -> int:
        start = self._scope.skip(at, {"and", "with", ","})
        found = self._assigner.at(start) if start < self._scope.end else None
        if found is None or draft.has(found.assignment.field.name):
            return at
        if found.assignment.field.type == "reference":
            return at
        draft.assignments.append(found.assignment)
        return found.stop

    def _called(self, draft: _Draft, at: int) -> int:
        if self._scope.key(at) not in _CALLED or draft.named:
            return at
        stop = self._name_end(at + 1)
        return self._name(draft, at + 1, stop) if stop > at + 1 else at

    def _owner(self, draft: _Draft, at: int) -> int:
        owner = self._index.schema.field("OwnerId")
        if (self._scope.key(at), self._scope.key(at + 1)) not in _OWNING or owner is None:
            return at
        stop = self._name_end(at + 2)
        known = [each for each in owner.reference_to if self._scope.objects.get(each)]
        phrase = record_phrase(self._scope, at + 2, stop, known)
        if phrase is None:
            return at
        draft.assignments.append(Assignment(owner, phrase.words, record=phrase))
        return stop

    def _text(self, draft: _Draft, at: int) -> int:
        """Read the text behind a colon, up to assignments at its end: ``: printer is broken, high priority``."""
        verbal = self._is_errand(at)
        if self._scope.key(at) not in _TEXT and not verbal:
            return at
        target = next((each for each in FREE_TEXT_FIELDS if self._takes_text(draft, each)), None)
        stop = self._text_end(at + 1, errand=verbal)
        if target is None or stop <= at + 1:
            return at
        schema_field = self._index.schema.by_name[target.lower()]
        text = self._scope.text(at + 1, stop)
        found = convert(schema_field, text, self._scope.today)
        value = found.value if isinstance(found, Converted) else None
        problem = None if isinstance(found, Converted) else found
        draft.assignments.append(Assignment(schema_field, text, value=value, problem=problem))
        return stop

    def _takes_text(self, draft: _Draft, name: str) -> bool:
        found = self._index.schema.field(name)
        return found is not None and found.createable and not draft.has(name)

    def _is_errand(self, at: int) -> bool:
        """Tell whether ``to`` opens an errand (``a task to send the contract``), not a record."""
        subject = self._index.schema.field("Subject")
        if subject is None or not subject.name_field or self._scope.key(at) != "to":
            return False
        behind = self._scope.key(at + 1)
        if not behind or behind in DETERMINERS | PRONOUNS or self._scope.tokens[at + 1].capital:
            return False
        named = self._scope.objects.at(self._scope.tokens, at + 1, self._scope.end)
        return self._scope.tokens[at + 1].kind == "word" and (
            named is None or named.words in {("call",), _FOLLOW_UP}
        )

    def _text_end(self, start: int, *, errand: bool) -> int:
        scope = self._scope
        for at in range(start, scope.end):
            if scope.key(at) == "," and self._all_assigned(at + 1):
                return at
            if self._due(at) and (errand or self._all_assigned(at)):
                return at
        return scope.end - (scope.end > start + 1 and scope.key(scope.end - 1) in {".", "!"})

    def _due(self, at: int) -> bool:
        """Tell whether a date begins here that the new record has a field for."""
        named = self._index.schema.name in DATE_FIELDS
        return named and self._scope.date_at(self._scope.skip(at, _DUE)) is not None

    def _all_assigned(self, at: int) -> bool:
        while at < self._scope.end:
            if self._scope.key(at) in INERT_SYMBOLS | FILLERS | {"and"}:
                at += 1
                continue
            found = self._assigner.at(at)
            if found is None or found.assignment.problem or found.stop <= at:
                return False
            at = found.stop
        return True

    def _link(self, draft: _Draft, at: int) -> int:
        scope = self._scope
        if scope.key(at) not in _LINKS:
            return at
        start = scope.skip(at + 1, DETERMINERS)
        mention = scope.objects.at(scope.tokens, start, scope.end)
        stop = self._name_end(start + (mention.length if mention else 0))
        if stop <= at + 1:
            return at
        if is_person(self._index.schema) and self._person(draft, at, stop):
            return stop
        options = tuple(self._options())
        if not options or _TIME.match(scope.key(scope.skip(at + 1, DETERMINERS))):
            return at
        phrase = record_phrase(scope, at + 1, stop, tuple(dict(options)))
        if phrase is None:
            return at
        draft.links.append(Link(phrase, options))
        return stop

    def _person(self, draft: _Draft, at: int, stop: int) -> bool:
        """Read ``for Ann Lee at Fabrikam`` where the employer is text (a lead's company)."""
        company = self._index.schema.field("Company")
        if company is None or not company.createable:
            return False
        text = self._scope.text(at + 1, stop)
        mark = self._scope.key(at)
        if mark == "for" and not draft.named and stop - at > 2:  # noqa: PLR2004 - first and last name
            return self._name(draft, at + 1, stop) > at + 1
        if mark not in _EMPLOYERS or draft.has("Company"):
            return False
        draft.assignments.append(Assignment(company, text, value=text))
        return True

    def _options(self) -> Iterator[tuple[str, FieldSchema]]:
        for each in self._index.schema.fields:
            if each.type != "reference" or each.name in _UPWARD or not each.createable:
                continue
            for name in each.reference_to:
                if name in PRIMARY_OBJECTS and self._scope.objects.get(name):
                    yield name, each
