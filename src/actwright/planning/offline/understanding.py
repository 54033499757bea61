"""Understanding a clause: every way it can be read, over all objects it may be about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from actwright.blueprints.library import LibraryEntry
from actwright.planning.offline.adding import additions
from actwright.planning.offline.called import NAME_ENDS
from actwright.planning.offline.clause import Clause
from actwright.planning.offline.creating import FOLLOW_UPS, CreateReader
from actwright.planning.offline.joining import MEMBER, JoinReader
from actwright.planning.offline.updating import UpdateReader
from actwright.planning.ranking.vocabulary import Vocabulary
from actwright.planning.words.lexicon import (
    FILLERS,
    INERT_SYMBOLS,
    OPENING_MANNERS,
    PRONOUNS,
    VERBS,
    Manner,
)
from actwright.planning.words.objects import ObjectMention
from actwright.planning.words.reading import Reading
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import pieces, stem, tokenize

_FARTHEST_OBJECT = 7


@dataclass(frozen=True, slots=True)
class Understood:
    """What a clause may mean: the readings that leave nothing over, and the words the best of the others left."""

    readings: tuple[Reading, ...]
    left: tuple[str, ...] = ()

    @property
    def creates(self) -> bool:
        """Whether it can be read as a new record, with nothing left over."""
        return any(each.operation == "CREATE" for each in self.readings)

    @property
    def says(self) -> bool:
        """Whether it asks for anything: a change without a field and a value is only a verb and a name."""
        return any(
            each.assignments or each.strong or each.operation != "UPDATE" for each in self.readings
        )

    @property
    def apart(self) -> bool:
        """Whether it says record, field and value by itself, and never leans on a record named elsewhere."""
        own = any(
            each.explicit
            and each.record is not None
            and not _troubled(each)
            and not any(one.empty for one in each.assignments)
            for each in self.readings
        )
        return own and all(each.record is not None for each in self.readings)


def understand(scope: Scope, clause: Clause, words: frozenset[str]) -> Understood:
    """Return every reading of ``clause``."""
    found = [
        replace(each, words=_spoken_of(each, words) | each.words)
        for each in _readings(scope, clause)
    ]
    whole = _sound([each for each in found if not each.left])
    partly = [each for each in found if each.left]
    if not partly:
        return Understood(whole)
    best = min(partly, key=lambda each: (not each.strong, sum(map(len, each.left))))
    return Understood(whole, best.left)


def _spoken_of(reading: Reading, words: frozenset[str]) -> frozenset[str]:
    """Return the words that say what is done; what only tells the rows, ``in the Billing queue``, says nothing of it."""
    if reading.record is None or reading.record.rows is None:
        return words
    return words - frozenset(stem(each) for each in pieces(reading.record.words))


def _sound(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Leave out readings that only the verb speaks for and that hold a problem, where there are better ones.

    Where rows are meant, no reading that takes the same words for something else stands beside them.
    """
    good = [each for each in readings if each.strong and not _troubled(each)]
    kept = [each for each in readings if not good or each.strong or not _troubled(each)]
    many = [each for each in kept if each.record is not None and each.record.rows is not None]
    return tuple(many or kept)


def _troubled(reading: Reading) -> bool:
    return any(each.problem is not None for each in reading.assignments)


def understand_as(
    scope: Scope, entry: LibraryEntry, known: Vocabulary, words: frozenset[str]
) -> Understood:
    """Return the readings of a clause that is known to ask for one curated blueprint."""
    blueprint = entry.blueprint
    index = scope.fields(blueprint.target_s_object or "")
    inner = _less_own_words(scope, known)
    if blueprint.operation == "CREATE":
        summary = scope.objects.get(index.schema.name)
        found: list[Reading] = []
        if summary is not None:
            found = [CreateReader(inner, index, 0, ObjectMention(summary, 0, ()), "").reading()]
    elif inner.end == 0:
        found = [Reading("DELETE" if blueprint.operation == "DELETE" else "UPDATE", index)]
    else:
        found = list(UpdateReader(inner, index, "update", VERBS["update"]).readings())
    spoken = [replace(each, words=words | known.own, strong=True) for each in found]
    whole = tuple(each for each in spoken if not each.left)
    return Understood(whole, () if whole else (inner.text(0, inner.end),))


def _readings(scope: Scope, clause: Clause) -> Iterator[Reading]:
    if clause.verb is None or not scope.tokens:
        return
    manners = OPENING_MANNERS.get(clause.verb) or VERBS[clause.verb]
    if "create" in manners:
        yield from _creations(scope, clause)
        yield from _joins(scope, clause)
    if "errand" in manners:
        yield from _errands(scope, clause)
    if manners - {"create", "errand"}:
        yield from _changes(scope, clause, manners)


def _joins(scope: Scope, clause: Clause) -> Iterator[Reading]:
    """Yield the readings of ``add John Smith to Spring Launch``: people who join a campaign."""
    if clause.verb == "add" and scope.objects.get(MEMBER) and scope.objects.get("Campaign"):
        yield from JoinReader(scope, scope.fields(MEMBER)).readings()


def _errands(scope: Scope, clause: Clause) -> Iterator[Reading]:
    """Yield the task that ``call John Smith tomorrow`` or ``remind me to call Acme`` asks for."""
    task = scope.objects.get("Task")
    if task is not None:
        mention = ObjectMention(task, 0, (clause.verb or "",))
        yield CreateReader(scope, scope.fields(task.name), 0, mention, clause.said).reading()


def _changes(scope: Scope, clause: Clause, manners: frozenset[Manner]) -> Iterator[Reading]:
    """Yield the readings for each object the clause may be about: those it names, then those most records belong to.

    A reading that leaves nothing over and whose record says its object ends the search, so that no other object has to
    be described.
    """
    verb = clause.verb or ""
    mentioned = [each.name for each in scope.objects.mentioned(scope.tokens) if each.queryable]
    primary = [each.name for each in scope.objects.primary()]
    for name in dict.fromkeys((*mentioned, *primary, *_pointed_at(scope))):
        found = list(UpdateReader(scope, scope.fields(name), verb, manners, clause.said).readings())
        yield from found
        if any(each.record and each.record.named_object and not each.left for each in found):
            return


def _pointed_at(scope: Scope) -> Iterator[str]:
    """Yield the objects the goal names elsewhere, where this clause points back: ``and mark it as presented``."""
    if any(scope.key(at) in PRONOUNS | {"its"} for at in range(scope.end)):
        elsewhere = scope.objects.mentioned(tokenize(scope.goal))
        yield from (each.name for each in elsewhere if each.queryable)


def _creations(scope: Scope, clause: Clause) -> Iterator[Reading]:
    """Yield the reading for the object the clause names before anything else it says."""
    yield from additions(scope, clause.verb)
    for at in range(min(scope.end, _FARTHEST_OBJECT)):
        mention = scope.objects.at(scope.tokens, at, scope.end)
        if scope.key(at) in NAME_ENDS:
            return
        if mention is not None:
            place, mention = _beyond_follow_up(scope, at, mention)
            index = scope.fields(mention.object.name)
            yield CreateReader(scope, index, place, mention, clause.said).reading()
            return


def _beyond_follow_up(scope: Scope, at: int, mention: ObjectMention) -> tuple[int, ObjectMention]:
    """Return the object behind ``follow-up`` where one stands there: a follow-up call is a call."""
    behind = scope.objects.at(scope.tokens, at + mention.length, scope.end)
    if behind is None or mention.words not in FOLLOW_UPS:
        return at, mention
    return at + mention.length, behind


def _less_own_words(scope: Scope, known: Vocabulary) -> Scope:
    """Return the scope less the blueprint's own words at both ends."""
    own = known.own | known.object | {stem(each) for each in FILLERS}
    generic = {"the", "a", "an", "as", "for", "to"} | INERT_SYMBOLS
    tokens = list(scope.tokens)
    for end in (0, -1):
        while tokens and _own(tokens[end].parts, tokens[end].key, own, generic):
            tokens.pop(end)
    return replace(scope, tokens=tuple(tokens))


def _own(parts: tuple[str, ...], key: str, own: Iterable[str], generic: Iterable[str]) -> bool:
    return (
        key in generic
        or key in VERBS
        or (bool(parts) and {stem(each) for each in parts} <= set(own))
    )
