"""Readings of clauses that create a record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from actwright.planning.offline.assigning import Assigner
from actwright.planning.offline.called import CALLED, LINKS, NameReader
from actwright.planning.offline.linking import LinkReader, phrase_end
from actwright.planning.offline.logged import logged_call
from actwright.planning.offline.phrases import record_phrase
from actwright.planning.offline.wording import WordingReader
from actwright.planning.words.lexicon import DETERMINERS, FILLERS, INERT_SYMBOLS, SUBJECTS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectMention
from actwright.planning.words.people import is_person
from actwright.planning.words.reading import Assigned, Assignment, Link, Reading
from actwright.planning.words.scope import Scope

_EMPLOYERS = frozenset({"at", "from", "of", "with"})
_OWNING = (("assigned", "to"), ("owned", "by"))
_TIME = re.compile(r"\d+[a-z:]", re.ASCII)
_FOLLOW_UP = ("follow", "up")
FOLLOW_UPS = frozenset({_FOLLOW_UP, ("followup",)})
"""Words for a record that follows up another."""


@dataclass
class _Draft:
    """What was read so far."""

    assignments: list[Assignment] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    named: bool = False

    def has(self, name: str) -> bool:
        return any(each.field.name == name for each in self.assignments)

    def says(self, assignment: Assignment) -> bool:
        """Tell whether the very value was read before: a day here and its time there are one point in time."""
        return assignment.value is not None and any(
            each.field.name == assignment.field.name and each.value == assignment.value
            for each in self.assignments
        )


class CreateReader:
    """Reads one clause as the creation of a record of one object."""

    def __init__(
        self, scope: Scope, index: FieldIndex, at: int, mention: ObjectMention, said: str
    ) -> None:
        self._scope = scope
        self._index = index
        self._at = at
        self._mention = mention
        self._said = said
        self._assigner = Assigner(scope, index, creating=True)
        self._names = NameReader(scope, index)
        self._links = LinkReader(scope, index, self._names)
        self._wording = WordingReader(scope, index, self._assigner, self._named_end)

    def reading(self) -> Reading:
        """Return the clause as a creation; words that fit nowhere are left."""
        draft = _Draft()
        follow_up = self._before_object(draft)
        at = self._called_person(draft, self._at + self._mention.length)
        while at < self._scope.end:
            at = self._step(draft, at)
        topic = next((SUBJECTS[each] for each in self._mention.words if each in SUBJECTS), None)
        logged = topic is not None and self._said.casefold() == "log"
        if logged:
            draft.assignments = logged_call(
                draft.assignments, self._index, self._said, self._scope.today
            )
        return Reading(
            "CREATE",
            self._index,
            assignments=tuple(draft.assignments),
            links=tuple(draft.links),
            left=tuple(draft.left),
            follow_up=follow_up,
            topic=topic,
            logged=logged,
        )

    def _called_person(self, draft: _Draft, at: int) -> int:
        """Read whom ``call John Smith tomorrow`` is about."""
        if self._mention.length or self._mention.words != ("call",):
            return at
        stop = self._names.end(self._scope.skip(at, DETERMINERS))
        subject = self._index.schema.field("Subject")
        if subject is None or not self._linked(draft, at, stop):
            return at
        text = self._scope.text(at, stop)
        words = f"{self._said} {text}"
        draft.assignments.append(Assignment(subject, words, value=f"{SUBJECTS['call']} {text}"))
        return stop

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
            self._listed,
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
        stop = self._names.end(at)
        definite = self._scope.key(self._at - 1) == "the"
        named = definite or self._names.lively(at, stop)
        return self._name(draft, at, stop) if stop > at and named else at

    def _listed(self, draft: _Draft, at: int) -> int:
        """Read ``: Peter Pan, Neverland Inc``: the name, then where a person belongs to."""
        scope = self._scope
        if scope.key(at) not in {":", "-"} or draft.named or not self._named_by_people():
            return at
        point = self._assigner.at(at + 1)
        if point is not None and point.assignment.problem is None:
            return at + 1
        stop = self._names.end(at + 1)
        person = is_person(self._index.schema)
        lively = not person or self._names.lively(at + 1, stop)
        if stop == at + 1 or not lively or self._name(draft, at + 1, stop) == at + 1:
            return at
        return self._listed_employer(draft, stop) if person and scope.key(stop) == "," else stop

    def _listed_employer(self, draft: _Draft, at: int) -> int:
        start, stop = at + 1, self._names.end(at + 1)
        if not self._names.lively(start, stop) or self._assigner.at(start) is not None:
            return at
        texts = self._index.schema.field("Company") is not None
        taken = self._employer(draft, start, stop) if texts else self._linked(draft, start, stop)
        return stop if taken else at

    def _named_by_people(self) -> bool:
        """Tell whether people give the records their names, and no subject or number does."""
        name = self._index.schema.name_field
        return name is not None and name.name == "Name" and not name.auto_number

    def _name(self, draft: _Draft, start: int, stop: int) -> int:
        found = self._names.assignments(start, stop)
        if not found:
            return start
        draft.assignments += found
        draft.named = True
        return stop

    def _assignment(self, draft: _Draft, at: int) -> int:
        start = self._scope.skip(at, {"and", "with", "of", ","})
        found = self._assigner.at(start) if start < self._scope.end else None
        if found is None or found.assignment.field.type == "reference":
            return at
        if draft.has(found.assignment.field.name):
            return found.stop if draft.says(found.assignment) else at
        more = (each for each in found.more if not draft.has(each.field.name))
        draft.assignments += (found.assignment, *more)
        return found.stop

    def _called(self, draft: _Draft, at: int) -> int:
        if self._scope.key(at) not in CALLED or draft.named:
            return at
        stop = self._names.end(at + 1)
        return self._name(draft, at + 1, stop) if stop > at + 1 else at

    def _owner(self, draft: _Draft, at: int) -> int:
        found = self._owned(at)
        if found is None or draft.has(found.assignment.field.name):
            return at
        draft.assignments.append(found.assignment)
        return found.stop

    def _owned(self, at: int) -> Assigned | None:
        """Return whom ``assigned to Carol`` names, where it begins at ``at``."""
        owner = self._index.schema.field("OwnerId")
        if (self._scope.key(at), self._scope.key(at + 1)) not in _OWNING or owner is None:
            return None
        known = tuple(each for each in owner.reference_to if self._scope.objects.get(each))
        stop = phrase_end(self._scope, self._names, at + 2, known)
        phrase = record_phrase(self._scope, at + 2, stop, known)
        if phrase is None:
            return None
        return Assigned(Assignment(owner, phrase.words, record=phrase), stop)

    def _named_end(self, at: int) -> int:
        """Return where ``assigned to Carol`` or ``for Alice`` ends that begins at ``at``; ``at`` where none does."""
        owned = self._owned(at)
        if owned is not None:
            return owned.stop
        stop = self._links.end(at + 1) if self._scope.key(at) == "for" else at
        named = stop > at + 1 and self._names.lively(at + 1, stop)
        return stop if named and self._links.link(at + 1, stop) is not None else at

    def _text(self, draft: _Draft, at: int) -> int:
        if self._scope.key(at) in {":", "-"} and self._named_by_people() and not draft.named:
            return at
        taken = frozenset(each.field.name for each in draft.assignments)
        found = self._wording.at(at, taken)
        if found is None:
            return at
        draft.assignments.append(found.assignment)
        if found.called is not None:
            start = self._scope.skip(found.called, {"with", "up", "back", "on"})
            stop = min(found.stop, self._links.called_end(start))
            if stop > start:
                self._linked(draft, start, stop, soft=True)
        return found.stop

    def _link(self, draft: _Draft, at: int) -> int:
        scope = self._scope
        if scope.key(at) not in LINKS:
            return at
        stop = self._links.end(at + 1)
        if stop <= at + 1:
            return at
        if is_person(self._index.schema) and self._person(draft, at, stop):
            return stop
        if _TIME.match(scope.key(scope.skip(at + 1, DETERMINERS))):
            return at
        return stop if self._linked(draft, at + 1, stop) else at

    def _linked(self, draft: _Draft, start: int, stop: int, *, soft: bool = False) -> bool:
        """Take the record named from ``start`` up to ``stop`` as one that the new record belongs to."""
        link = self._links.link(start, stop, soft=soft)
        if link is not None:
            draft.links.append(link)
        return link is not None

    def _person(self, draft: _Draft, at: int, stop: int) -> bool:
        """Read ``for Ann Lee at Fabrikam`` where the employer is text (a lead's company)."""
        if self._index.schema.field("Company") is None:
            return False
        mark = self._scope.key(at)
        if mark == "for" and not draft.named and stop - at > 2:  # noqa: PLR2004 - first and last name
            return self._name(draft, at + 1, stop) > at + 1
        return mark in _EMPLOYERS and self._employer(draft, at + 1, stop)

    def _employer(self, draft: _Draft, start: int, stop: int) -> bool:
        company = self._index.schema.field("Company")
        if company is None or not self._index.createable(company) or draft.has("Company"):
            return False
        text = self._scope.text(start, stop)
        draft.assignments.append(Assignment(company, text, value=text))
        return True
