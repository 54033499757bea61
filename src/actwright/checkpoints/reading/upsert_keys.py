"""Upsert keys: which record each upsert's key matches, asked for many of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from actwright.errors import RefusedError
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader, Record
from actwright.org.query import Condition, RecordQuery

_MOST_KEYS = 200
_LONGEST = 12_000
"""Characters of a query's address that its keys may take."""

_AROUND_A_KEY = len(quote("'',", safe=""))

_MATCHES_PER_KEY = 2
"""One more than there may be, so that a second one shows."""


@dataclass(frozen=True, slots=True)
class _Ask:
    """A question for the records some keys match."""

    upserts: tuple[Effect, ...]
    field: str

    def query(self) -> RecordQuery:
        """Return the query."""
        keys = tuple(dict.fromkeys(_key_text(each) for each in self.upserts))
        condition = (
            Condition(field=self.field, value=keys[0])
            if len(keys) == 1
            else Condition(field=self.field, operator="IN", value=keys)
        )
        return RecordQuery(
            object=self.upserts[0].object,
            fields=("Id", self.field),
            where=(condition,),
            limit=_MATCHES_PER_KEY * len(keys),
        )

    def ids(self, rows: Sequence[Record]) -> Iterator[tuple[str, str | None]]:
        """Yield each upsert's id and that of the record its key matches; text compares without case, as in the org.

        Raises:
            RefusedError: A key matches several records, or the org compares in a way that leaves open which one it
                matches.
        """
        found: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            found[str(row.values.get(self.field)).casefold()].append(row.id)
        keys = {_key_text(each).casefold() for each in self.upserts}
        strange = [each for key, ids in found.items() if key not in keys for each in ids]
        for each in self.upserts:
            ids = [*found[_key_text(each).casefold()], *strange]
            if len(ids) > 1 or (strange and len(keys) > 1):
                raise _ambiguous(each)
            yield each.id, ids[0] if ids else None


def matched(reader: OrgReader, upserts: Sequence[Effect]) -> Mapping[str, str | None]:
    """Return by effect the id of the record its key matches; None where no record has it.

    Raises:
        RefusedError: A key matches several records.
        OrgError: The org cannot be asked.
    """
    asked = list(_asked(reader, upserts))
    answers = reader.query([each.query() for each in asked])
    found = zip(asked, answers, strict=True)
    return {key: record for ask, rows in found for key, record in ask.ids(rows)}


def _asked(reader: OrgReader, upserts: Sequence[Effect]) -> Iterator[_Ask]:
    """Yield the questions: keys of text many at once, whose answers tell whose they are; others one by one."""
    together: dict[tuple[str, str], list[Effect]] = defaultdict(list)
    for each in upserts:
        known = reader.describe(each.object).field(each.key_field or "")
        if known is None or known.family != "string":
            yield _Ask((each,), each.key_field or "")
        else:
            together[each.object, known.name].append(each)
    for (_, name), members in together.items():
        yield from (_Ask(tuple(part), name) for part in _parts(members))


def _parts(upserts: Sequence[Effect]) -> Iterator[list[Effect]]:
    part: list[Effect] = []
    size = 0
    for each in upserts:
        length = len(quote(_key_text(each), safe="")) + _AROUND_A_KEY
        if part and (len(part) == _MOST_KEYS or size + length > _LONGEST):
            yield part
            part, size = [], 0
        part.append(each)
        size += length
    if part:
        yield part


def _key(effect: Effect) -> FieldChange | None:
    return effect.change(effect.key_field or "")


def _key_text(effect: Effect) -> str:
    key = _key(effect)
    return str(key.after) if key else ""


def _ambiguous(effect: Effect) -> RefusedError:
    return RefusedError(
        f"Several {effect.object_label or effect.object} records carry the key of {effect.action_id!r}.",
        where=f"{effect.action_id}.{effect.key_field}",
        hint="Change the one you mean by its id.",
        code="upsert_ambiguous",
    )
