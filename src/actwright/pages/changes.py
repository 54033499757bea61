"""Changes as a page shows them: a card for one record, a sheet for many alike, old beside new."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from actwright.canonical import decimal_text
from actwright.checkpoints.preview import RowsBound
from actwright.checkpoints.wording.effect_words import deed, new_name
from actwright.org.effect import Effect, FieldChange
from actwright.pages.gathering import (
    Gathering,
    Side,
    currency_of,
    gathered,
    spread,
    told_apart,
)
from actwright.pages.provenances import DOUBTFUL, provenance_words
from actwright.pages.values import Speech, compared, shown, stays

_MOST_COLUMNS = 4
_LONG = 120
"""Characters from which on a text that all rows get stands above them only."""

_MOST_COMPARED = 100
"""In a sheet of more rows than this, texts stand beside each other and are not compared word by word."""

_SIGNS = {"CREATE": "+", "UPDATE": "~", "DELETE": "-", "CALL": ">"}
_VERBS = {"CREATE": "Create", "UPDATE": "Change", "DELETE": "Delete", "CALL": "Run"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A field before and after; ``diff`` holds both in one, where that reads better."""

    before: Markup
    after: Markup
    diff: Markup | None
    same: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One field: what it is called, and where its new value comes from."""

    label: str
    origin: str
    source: str
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One field of one record."""

    column: Column
    cell: Cell


@dataclass(frozen=True, slots=True)
class Card:
    """One record with every field that is written."""

    id: str
    sign: str
    verb: str
    object_label: str
    name: Markup
    record_id: str
    url: str | None
    note: str
    also_deletes: tuple[str, ...]
    lines: tuple[Line, ...]
    kept: tuple[Line, ...]
    promises: tuple[str, ...] = ()
    """What an override that acts by itself says it will do."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One record of many."""

    name: Markup
    url: str | None
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Many records with the same fields."""

    id: str
    sign: str
    verb: str
    object_label: str
    count: int
    columns: tuple[Column, ...]
    told: tuple[Markup, ...]
    """For each column, what becomes of it over all rows."""
    rows: tuple[SheetRow, ...]
    bound: tuple[RowsBound, ...]
    own: bool
    """Whether the rows themselves are written to, rather than something made for each of them."""
    wide: bool
    """Whether it has more fields than stand beside each other."""


def changes_shown(
    effects: Sequence[Effect], bound: Sequence[RowsBound], speech: Speech
) -> tuple[Card | Sheet, ...]:
    """Return effects as cards, and as sheets where several are alike, in the order of their first."""
    return tuple(
        part
        for each in gathered(effects, bound)
        for part in (
            [_sheet(each, speech)] if each.many else [_card(one, speech) for one in each.effects]
        )
    )


def _card(effect: Effect, speech: Speech) -> Card:
    lines = tuple(_line(each, effect, speech) for each in effect.changes if _worth(each, effect))
    what = deed(effect)
    return Card(
        id=effect.action_id,
        sign=_SIGNS[what],
        verb=_VERBS[what],
        object_label=effect.object_label or effect.object,
        name=_name(effect),
        record_id=effect.record_id or "",
        url=speech.url(effect.record_id),
        note=", ".join(filter(None, (_note(effect), *_used(effect), _price(effect)))),
        also_deletes=_also_deleted(effect),
        lines=tuple(each for each in lines if not each.cell.same),
        kept=tuple(each for each in lines if each.cell.same),
        promises=effect.promises,
    )


def _also_deleted(effect: Effect) -> tuple[str, ...]:
    return tuple(f"{each.count:,} {each.label}" for each in effect.also_deletes)


def _price(effect: Effect) -> str:
    return "" if effect.price is None else f"declared price {decimal_text(effect.price)}"


def _used(effect: Effect) -> tuple[str, ...]:
    return (effect.in_use.words,) if effect.in_use else ()


def _sheet(found: Gathering, speech: Speech) -> Sheet:
    first, fields = found.effects[0], found.fields
    what = deed(first)
    shared = frozenset(each[0].field for each in fields if _is_long_and_shared(each))
    marks = told_apart(found.effects)
    return Sheet(
        id=first.action_id if found.bound else "",
        sign=_SIGNS[what],
        verb=_VERBS[what],
        object_label=found.label,
        count=len(found.effects),
        columns=tuple(_column(each) for each in fields),
        told=tuple(_told(each, what, speech) for each in fields),
        rows=tuple(
            _row(
                each,
                speech,
                shared,
                mark=marks.get(each.id, ""),
                in_words=len(found.effects) <= _MOST_COMPARED,
            )
            for each in found.effects
        ),
        bound=found.bound,
        own=found.own,
        wide=len(fields) > _MOST_COLUMNS,
    )


def _is_long_and_shared(changes: Sequence[FieldChange]) -> bool:
    """Tell whether all rows get one text that is too long to stand on a page a thousand times."""
    texts = {each.after for each in changes}
    after = texts.pop() if len(texts) == 1 and len(changes) > 1 else None
    return changes[0].family == "string" and isinstance(after, str) and len(after) > _LONG


def _row(
    effect: Effect, speech: Speech, shared: Collection[str], *, mark: str, in_words: bool
) -> SheetRow:
    changes = () if effect.operation == "DELETE" else effect.changes
    currency = currency_of(effect)
    apart = Markup(" <small>({})</small>").format(shown(mark)) if mark else Markup("")
    return SheetRow(
        name=_name(effect) + apart,
        url=speech.url(effect.record_id),
        note=", ".join((*(f"with it {each}" for each in _also_deleted(effect)), *_used(effect))),
        cells=tuple(
            _in_short(each, effect, speech)
            if each.field in shared
            else _cell(each, effect, speech, currency, in_words=in_words)
            for each in changes
        ),
    )


def _line(change: FieldChange, effect: Effect, speech: Speech) -> Line:
    return Line(_column((change,)), _cell(change, effect, speech, currency_of(effect)))


def _cell(
    change: FieldChange,
    effect: Effect,
    speech: Speech,
    currency: str | None,
    *,
    in_words: bool = True,
) -> Cell:
    return Cell(
        before=speech.side(change, "before", currency=currency),
        after=speech.side(change, "after", currency=currency),
        diff=compared(change) if in_words else None,
        same=stays(change, effect),
    )


def _in_short(change: FieldChange, effect: Effect, speech: Speech) -> Cell:
    """Return the cell of a long text that all rows get, and that stands above them as a whole."""
    after = Markup("{} <small>the text above</small>").format(speech.brief(change, "after"))
    return Cell(speech.side(change, "before"), after, None, stays(change, effect))


def _column(changes: Sequence[FieldChange]) -> Column:
    """Return the heading of a field, with the provenance and the source its values share."""
    kinds = sorted({one for each in changes for one in (each.provenance, *each.mixed)})
    sources = {each.source for each in changes}
    source = changes[0].source if len(sources) == 1 and kinds != ["default"] else None
    quoted = f"“{source}”" if source and kinds == ["goal"] else source
    return Column(
        label=changes[0].label,
        origin=", ".join(provenance_words(each) for each in kinds),
        source=quoted or "",
        doubtful=any(each in DOUBTFUL for each in kinds),
    )


def _told(changes: Sequence[FieldChange], what: str, speech: Speech) -> Markup:
    """Return what becomes of a field over all rows: ``9 Prospecting, 3 Proposal → Closed Lost``."""
    after = _spread(changes, "after", speech)
    if what == "CREATE":
        return Markup("<bdi>{}</bdi>").format(after)
    before = _spread(changes, "before", speech)
    return Markup('<bdi>{}</bdi> <i class="to">→</i> <bdi>{}</bdi>').format(before, after)


def _spread(changes: Sequence[FieldChange], side: Side, speech: Speech) -> Markup:
    """Return the values of one side: the only one, a few with their counts, or the least and the greatest."""
    found = spread(changes, side)
    if found.different == 1:
        only = found.counts[0][1]
        return speech.side(only, side) if only.family == "string" else speech.brief(only, side)
    if found.ends is not None:
        least, greatest = (speech.brief(each, side) for each in found.ends)
        return least if least == greatest else Markup("{} to {}").format(least, greatest)
    if not found.counts:
        return Markup("{:,} different values").format(found.different)
    return Markup(", ").join(
        Markup("{:,} {}").format(count, speech.brief(each, side)) for count, each in found.counts
    )


def _worth(change: FieldChange, effect: Effect) -> bool:
    """Tell whether a field has anything to show: a deleted record's empty fields have not."""
    return effect.operation != "DELETE" or change.before is not None


def _name(effect: Effect) -> Markup:
    name = effect.record_name or new_name(effect)
    return shown(str(name)) if name else Markup("")


def _note(effect: Effect) -> str:
    if effect.operation != "UPSERT":
        return ""
    found = "matched" if effect.record_id else "not found, so created"
    return f"{found} by {effect.key_field}"
