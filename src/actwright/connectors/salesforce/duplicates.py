"""What a duplicate rule answers: the rule, whether it may be overridden, and the records it matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from actwright.connectors.salesforce.answer import OrgJson
from actwright.inert import inert
from actwright.org.outcome import DuplicateMatch
from actwright.org.record_id import is_record_id, record_id

HEADER = "Sforce-Duplicate-Rule-Header"

_MOST_MATCHES = 20
_SURE = 100
_NAMES = ("Name", "Subject", "CaseNumber", "Title")


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The records a rule matched, and whether a person may have theirs saved all the same."""

    matches: tuple[DuplicateMatch, ...] = ()
    overridable: bool = False


def duplicate_header(*, allow_save: bool) -> str:
    """Return the header's value: whether to save where a rule merely warns; matches are told as the person sees them."""
    saved = str(allow_save).lower()
    return f"allowSave={saved}; includeRecordDetails=true; runAsCurrentUser=true"


def duplicates_of(fault: Mapping[str, OrgJson]) -> Duplicates:
    """Return what an error says of duplicates; nothing where it is another error, or of another shape.

    A rule counts as one that merely warns only where the org says so in as many words.
    """
    result = fault.get("duplicateResult")
    if not isinstance(result, dict):
        return Duplicates()
    rule = _words(result.get("duplicateRule")) or "a duplicate rule"
    found = tuple(_matches(result, rule))[:_MOST_MATCHES]
    return Duplicates(found, overridable=result.get("allowSave") is True)


def _matches(result: Mapping[str, OrgJson], rule: str) -> Iterator[DuplicateMatch]:
    """Yield each matched record once; matches without a readable id are left out."""
    seen: set[str] = set()
    for matching in _mappings(result.get("matchResults")):
        for each in _mappings(matching.get("matchRecords")):
            match = _match(each, _words(matching.get("entityType")), rule)
            if match is not None and match.record_id not in seen:
                seen.add(match.record_id)
                yield match


def _match(entry: Mapping[str, OrgJson], entity: str, rule: str) -> DuplicateMatch | None:
    record = entry.get("record")
    if not isinstance(record, dict):
        return None
    own = record.get("Id")
    if not isinstance(own, str) or not is_record_id(own):
        return None
    attributes = record.get("attributes")
    kind = _words(attributes.get("type")) if isinstance(attributes, dict) else ""
    return DuplicateMatch(
        object=kind or entity,
        record_id=record_id(own),
        name=_name(record),
        rule=rule,
        confidence=_confidence(entry.get("matchConfidence")),
    )


def _name(record: Mapping[str, OrgJson]) -> str | None:
    """Return what people call a record: its name, or first and last name."""
    whole = next((_words(record.get(each)) for each in _NAMES if _words(record.get(each))), "")
    parts = (_words(record.get("FirstName")), _words(record.get("LastName")))
    return whole or " ".join(each for each in parts if each) or None


def _confidence(value: OrgJson) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    return float(value) if 0 <= value <= _SURE else None


def _mappings(value: OrgJson) -> Iterator[Mapping[str, OrgJson]]:
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _words(value: OrgJson) -> str:
    return inert(value, limit=120) if isinstance(value, str) else ""
