"""Changes in a terminal: one record with every field, or many that are alike told together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.canonical import decimal_text
from actwright.cli.render.grid import grid
from actwright.cli.render.values import word_diff_of
from actwright.cli.render.words import aside, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.checkpoints.preview import Extreme, Preview, RowsBound
    from actwright.cli.render.values import Voice
    from actwright.org.effect import Effect, FieldChange
    from actwright.org.value import Unit
    from actwright.pages.gathering import Gathering, Side

_SIGNS = {
    "CREATE": ("+", "green"),
    "UPDATE": ("~", "yellow"),
    "UPSERT": ("±", "yellow"),
    "DELETE": ("-", "red"),
    "CALL": (">", "red"),
}
_WHOLE = 200_000
_SAMPLE = 5
_LONGEST_IN_A_SAMPLE = 300
_MOST_VALUES = 6
_INDENT = (0, 0, 0, 2)


def changes(document: Preview, voice: Voice, *, every: bool) -> Iterator[RenderableType]:
    """Yield what a preview would change.

    Args:
        document: The preview.
        voice: How values are told.
        every: Whether every record of many is shown, rather than a sample.
    """
    from actwright.pages.gathering import gathered  # noqa: PLC0415 - slow to import

    for each in gathered(document.effects, document.rows):
        if each.many:
            yield from _together(each, voice)
            yield Text()
            yield from _rows(each, voice, every=every)
            yield from _left(each, document.id, every=every)
        else:
            for one in each.effects:
                yield from _alone(one, voice)


def origins(effects: Sequence[Effect], voice: Voice) -> Iterator[RenderableType]:
    """Yield where the values come from, those nobody typed first and spelled out."""
    from actwright.pages.provenances import by_provenance  # noqa: PLC0415 - slow to import

    found = by_provenance(effects)
    for each in found:
        if each.doubtful:
            told = [f"{one.change.label} {voice.brief(one.change, 'after')}" for one in each.values]
            left = len(told) - _MOST_VALUES
            more = f", and {left:,} more" if left > 0 else ""
            values = said(", ".join(told[:_MOST_VALUES]), limit=1000)
            yield line(Text(f"! {each.count:,} {each.words}: ", "yellow"), values, more)
    plain = [f"{each.count:,} {each.words}" for each in found if not each.doubtful]
    if plain:
        yield line(heading("Values: "), ", ".join(plain))


def _alone(effect: Effect, voice: Voice) -> Iterator[RenderableType]:
    sign, style = _SIGNS[effect.operation]
    label = said(f"{sign} {effect.object_label or effect.object}", f"bold {style}")
    name = voice.record(f'"{effect.record_name}"' if effect.record_name else "", effect.record_id)
    yield line(label, " ", name, aside(effect.record_id or ""), aside(effect.action_id))
    yield from _cascades(effect)
    yield from _promises(effect)
    texts = {each.field: diff for each in effect.changes if (diff := word_diff_of(each))}
    plain = [each for each in effect.changes if each.field not in texts]
    if plain:
        yield Padding(_fields(plain, effect, voice), _INDENT)
    for each in effect.changes:
        if each.field in texts:
            yield Padding(line(said(each.label), "  ", _origin(each)), _INDENT)
            yield Padding(texts[each.field], (0, 0, 0, 4))


def _fields(fields: Sequence[FieldChange], effect: Effect, voice: Voice) -> RenderableType:
    if effect.operation == "DELETE":
        held = [each for each in fields if each.before is not None]
        lost = ((said(each.label), said(voice.side(each, "before"), "red")) for each in held)
        return (
            grid(("Field", "Lost with it"), lost) if held else Text("nothing else is in it", "dim")
        )
    if effect.kind != "record":
        handed = (
            (said(each.label), *_change(each, effect, voice, new=True)[2:]) for each in fields
        )
        return grid(("Handed", "Value", "From"), handed)
    new = effect.operation == "CREATE"
    ordered = fields if new else sorted(fields, key=_unchanged)
    rows = [_change(each, effect, voice, new=new) for each in ordered]
    return grid(("Field", "Old", "New", "From"), rows)


def _cascades(effect: Effect) -> Iterator[Text]:
    for each in effect.also_deletes:
        yield line(Text("  - with it ", "red"), said(f"{each.count} {each.label}", "bold red"))
    if effect.in_use:
        yield line(Text("  - though ", "red"), said(effect.in_use.words, "bold red", limit=600))


def _promises(effect: Effect) -> Iterator[Text]:
    """Yield what an override promises that acts by itself, and that it is all anybody knows of it."""
    if effect.kind != "record":
        back = effect.compensation
        known = f"not checked; {back}" if back else "neither checked nor to be taken back"
        yield line(Text("  acts by itself: ", "red"), said(known, "red"), ". It promises:")
    for each in effect.promises:
        yield line("    ", said(each, "bold", limit=600))
    if effect.price is not None:
        yield line("    ", f"declared price {decimal_text(effect.price)}")


def _unchanged(change: FieldChange) -> bool:
    return not change.linked_to and change.before == change.after


def _change(
    change: FieldChange, effect: Effect, voice: Voice, *, new: bool
) -> tuple[Text, Text, Text, Text]:
    before = voice.side(change, "before", effect=effect)
    after = voice.side(change, "after", effect=effect)
    same = not new and _unchanged(change)
    faint = "dim" if same or change.before is None else "red"
    return (
        said(change.label),
        said("" if new else before, faint, limit=_WHOLE),
        Text("unchanged", "dim") if same else said(after, "green", limit=_WHOLE),
        _origin(change),
    )


def _origin(change: FieldChange) -> Text:
    """Return where a value came from; what nobody typed stands out."""
    from actwright.pages.provenances import DOUBTFUL  # noqa: PLC0415 - slow to import

    told = change.source and change.provenance != "default"
    text = f"{change.provenance}: {change.source}" if told else change.provenance
    text += f" (with {', '.join(change.mixed)})" if change.mixed else ""
    doubtful = not DOUBTFUL.isdisjoint((change.provenance, *change.mixed))
    return said(f"! {text}", "yellow") if doubtful else said(text, "dim")


def _together(found: Gathering, voice: Voice) -> Iterator[RenderableType]:
    first = found.effects[0]
    sign, style = _SIGNS[first.operation]
    label = said(f"{sign} {len(found.effects):,} {found.label}", f"bold {style}")
    yield line(label, aside(", ".join(each.action_id for each in found.bound)))
    for each in found.bound:
        yield from _bound(each, voice, "" if found.own else f"For each {each.label}: ")
    if found.fields:
        summary = [_summary(each, first, voice) for each in found.fields]
        yield Padding(grid(("Field", "Old", "New", "From"), summary), _INDENT)


def _bound(rows: RowsBound, voice: Voice, whose: str) -> Iterator[RenderableType]:
    yield Padding(said(f"{whose}{rows.query}", limit=1000), _INDENT)
    held = (
        "holds the new values already and is"
        if rows.unchanged == 1
        else "hold the new values already and are"
    )
    left = f"; {rows.unchanged:,} {held} left alone" if rows.unchanged else ""
    if left or rows.found != rows.ceiling:
        yield Text(f"  {rows.found:,} found, at most {rows.ceiling:,} allowed{left}.")
    for each in rows.extremes:
        yield Padding(said(f"{each.label}: {_range(each, voice, rows.found)}", limit=600), _INDENT)


def _range(extreme: Extreme, voice: Voice, count: int) -> str:
    def told(value: object, record: str) -> str:
        return f"{value} ({record})" if record else str(value)

    unit: Unit | None = "money" if extreme.total is not None else None
    least, greatest, total = (
        voice.locale.date_of(str(each))
        if extreme.family == "datetime" and each is not None
        else voice.locale.value(each, extreme.family, unit=unit)
        for each in (extreme.least, extreme.greatest, extreme.total)
    )
    summed = f", together {total}" if extreme.total is not None else ""
    if least == greatest and count == 1:
        return least
    if least == greatest:
        return f"{least} in all of them{summed}"
    ends = f"{told(least, extreme.least_record)} to {told(greatest, extreme.greatest_record)}"
    return ends + summed


def _summary(
    changes: Sequence[FieldChange], first: Effect, voice: Voice
) -> tuple[Text, Text, Text, Text]:
    new = first.operation == "CREATE"
    before = "" if new else _spread(changes, "before", voice)
    return (
        said(changes[0].label),
        said(before, "red", limit=600),
        said(_spread(changes, "after", voice), "green", limit=600),
        _shared_origin(changes),
    )


def _shared_origin(changes: Sequence[FieldChange]) -> Text:
    """Return where the values of one field come from, where that is the same for all; else each kind once."""
    origins = dict.fromkeys((each.provenance, each.source, each.mixed) for each in changes)
    if len(origins) == 1:
        return _origin(changes[0])
    kinds = {(each.provenance, each.mixed): each for each in changes}
    parts = [_origin(each.model_copy(update={"source": None})) for each in kinds.values()]
    return Text(", ").join(parts)


def _spread(changes: Sequence[FieldChange], side: Side, voice: Voice) -> str:
    from actwright.pages.gathering import spread  # noqa: PLC0415 - slow to import

    found = spread(changes, side)
    if found.different == 1:
        return voice.brief(found.counts[0][1], side)
    if found.ends is not None:
        return " to ".join(dict.fromkeys(voice.brief(each, side) for each in found.ends))
    if not found.counts:
        return f"{found.different:,} different values"
    return ", ".join(f"{count:,} {voice.brief(each, side)}" for count, each in found.counts)


def _rows(found: Gathering, voice: Voice, *, every: bool) -> Iterator[RenderableType]:
    """Yield the records: a few of them, or all."""
    from actwright.pages.gathering import told_apart  # noqa: PLC0415 - slow to import

    shown = found.effects if every else found.effects[:_SAMPLE]
    labels = [each[0].label for each in found.fields]
    longest = _WHOLE if every else _LONGEST_IN_A_SAMPLE
    marks = told_apart(shown)
    rows = (_row(each, voice, longest, marks.get(each.id, "")) for each in shown)
    yield Padding(grid(("Record", *labels), rows), _INDENT)


def _left(found: Gathering, preview_id: str, *, every: bool) -> Iterator[RenderableType]:
    left = len(found.effects) - _SAMPLE
    if left > 0 and not every:
        yield Text(f"  and {left:,} more: actwright show {preview_id} --rows", "dim")


def _row(effect: Effect, voice: Voice, longest: int, mark: str) -> tuple[Text, ...]:
    from actwright.checkpoints.wording.effect_words import new_name  # noqa: PLC0415 - slow to import

    name = str(effect.record_name or new_name(effect) or effect.record_id or "new")
    apart = f" ({mark})" if mark else ""
    record = line(voice.record(name, effect.record_id, ""), said(apart, "dim"), *_cascades(effect))
    fields = effect.changes if effect.operation != "DELETE" else ()
    return (record, *(_arrow(each, effect, voice, longest) for each in fields))


def _arrow(change: FieldChange, effect: Effect, voice: Voice, longest: int) -> Text:
    after = said(voice.side(change, "after", effect=effect), "green", limit=longest)
    if effect.operation == "CREATE":
        return after
    before = voice.side(change, "before", effect=effect)
    if _unchanged(change):
        return said(before, "dim", limit=longest)
    return line(said(before, "red", limit=longest), " -> ", after)
