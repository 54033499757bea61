"""Rows of the ledger read, and written alone: the probe that decides whether a group has happened."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actwright.connectors.salesforce.answer import Answer, OrgJson, rows, text
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.errors import faults_of
from actwright.connectors.salesforce.ledger import (
    ABANDONED,
    CONTENT,
    CREATED,
    DUPLICATE,
    KEY,
    LEDGER,
    PLAIN_KEY,
    STATUS,
    LedgerRow,
    row_fields,
)
from actwright.connectors.salesforce.questions import all_rows, ask
from actwright.connectors.salesforce.soql import Describer
from actwright.errors import InputError, OrgProtocolError
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, Fault
from actwright.org.record_id import record_id

_CREATED_LINE = re.compile(r"([0-9]{1,4})=([A-Za-z0-9]{15,18})", re.ASCII)
_KEYS_A_QUERY = 20
"""Keys of the greatest length, percent-encoded, that still fit into one URL."""


_WRITERS = ("CreatedById", "LastModifiedById")


def read_rows(client: OrgClient, keys: Sequence[str], user: str) -> Mapping[str, LedgerRow]:
    """Return the rows under keys; one that is not there, or hidden from the user, is absent.

    Args:
        client: The session's client.
        keys: As `ledger_key` gave them.
        user: The id of the person whose runs the keys are of.

    Raises:
        OrgError: The org cannot be asked.
    """
    found: dict[str, LedgerRow] = {}
    chunks = [keys[start : start + _KEYS_A_QUERY] for start in range(0, len(keys), _KEYS_A_QUERY)]
    for body in ask(client, [_query(each) for each in chunks]) if chunks else ():
        for row in all_rows(client, body):
            read = _row(row, user)
            found[read.key] = read
    return found


def believed(
    group: EffectGroup, outcomes: Sequence[EffectOutcome], describe: Describer
) -> tuple[EffectOutcome, ...]:
    """Return outcomes read out of the ledger without the new ids nobody should believe.

    An id of another object, or one that stands twice or is that of a record that was there, is none of the group's own:
    whoever took it for one would delete it when the create is taken back.
    """
    ids = Counter(each.record_id for each in outcomes if each.record_id)
    prefixes = {each.id: describe(each.object).key_prefix for each in group.effects}
    return tuple(
        each.model_copy(update={"record_id": None})
        if each.created
        and each.record_id
        and (ids[each.record_id] > 1 or not each.record_id.startswith(prefixes[each.effect_id]))
        else each
        for each in outcomes
    )


def _query(keys: Sequence[str]) -> str:
    listed = ", ".join(f"'{each}'" for each in keys if PLAIN_KEY.fullmatch(each))
    fields = ", ".join(("Id", KEY, STATUS, CONTENT, CREATED, *_WRITERS))
    return f"SELECT {fields} FROM {LEDGER} WHERE {KEY} IN ({listed})"  # noqa: S608 - checked keys


def _row(row: Mapping[str, OrgJson], user: str) -> LedgerRow:
    created = row.get(CREATED)
    return LedgerRow(
        key=text(row.get(KEY), f"{LEDGER}.{KEY}"),
        status=str(row.get(STATUS)),
        content=str(row.get(CONTENT) or ""),
        created=dict(_read_ids(created)) if isinstance(created, str) else {},
        own=all(_is(row.get(each), user) for each in _WRITERS),
    )


def _is(told: OrgJson, user: str) -> bool:
    """Tell whether an id is a person's; whoever could write into a row of theirs could make up what happened."""
    try:
        return isinstance(told, str) and record_id(told) == record_id(user)
    except InputError:
        return False


def _read_ids(words: str) -> Iterator[tuple[int, str]]:
    for line in words.splitlines():
        found = _CREATED_LINE.fullmatch(line.strip())
        if found is None:
            continue
        try:
            yield int(found[1]), record_id(found[2])
        except InputError:
            continue


@dataclass(frozen=True, slots=True)
class Probe:
    """What the org said to one key written alone, marked abandoned."""

    key: str
    faults: tuple[Fault, ...] = ()

    @property
    def written(self) -> bool:
        """Whether the row is in: nothing was ever committed under the key, and nothing can be any more."""
        return not self.faults

    @property
    def taken(self) -> bool:
        """Whether a row under the key is there already."""
        return any(each.code == DUPLICATE for each in self.faults)


def abandon(client: OrgClient, keys: Sequence[str]) -> tuple[Probe, ...] | None:
    """Write each key into the ledger alone, marked abandoned; None where no answer tells what became of that.

    Raises:
        OrgError: The org refused the call as a whole. Nothing was written.
    """
    records = [{"attributes": {"type": LEDGER}, **row_fields(each, ABANDONED)} for each in keys]
    answer = client.insert_rows({"allOrNone": False, "records": records})
    return None if answer is None else _probes(answer, keys)


def _probes(answer: Answer, keys: Sequence[str]) -> tuple[Probe, ...] | None:
    """Read the answer; one that does not speak of each key is no answer."""
    try:
        told = rows(answer.json(), "ledger")
    except OrgProtocolError:
        return None
    if len(told) != len(keys):
        return None
    return tuple(Probe(key, _faults(each)) for key, each in zip(keys, told, strict=True))


def _faults(told: Mapping[str, OrgJson]) -> tuple[Fault, ...]:
    """Return why a row is not in; only a plain yes with an id says that it is."""
    if told.get("success") is True and isinstance(told.get("id"), str) and not told.get("errors"):
        return ()
    return faults_of(told.get("errors")) or (_SILENT,)


_SILENT = Fault(code="UNKNOWN_EXCEPTION", message="The org gave no reason.")
