"""Named data: how much of it a planning model sees, and which of it a reply takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actwright.blueprints.argument import FromArgument, LookupArgument
from actwright.canonical import Json
from actwright.org.query import JsonScalar
from actwright.planning.model.reply_actions import Sketch
from actwright.planning.model.reply_conditions import texts
from actwright.planning.model.reply_questions import BLUEPRINT
from actwright.planning.model.reply_values import is_long


def shown_data(data: Mapping[str, JsonScalar]) -> list[Json]:
    """Return the named data as the model sees it: by name, with its value, of a long text only the length."""
    return [_shown(name, data[name]) for name in sorted(data)]


def _shown(name: str, value: JsonScalar) -> Json:
    if is_long(value):
        return {"name": name, "textOfCharacters": len(str(value))}
    return {"name": name, "value": value}


def used_data(sketches: Sequence[Sketch], data: Mapping[str, JsonScalar]) -> set[str]:
    """Return the names of the data that some action takes, by name or by value."""
    used: set[str] = {name for name in data if name.partition(".")[2] == BLUEPRINT}
    said: set[str] = set()
    for sketch in sketches:
        used.update(each.data for each in sketch.extractions)
        said.update(
            _folded(text) for text in texts(sketch.for_each.where if sketch.for_each else ())
        )
        for argument in sketch.arguments.values():
            if isinstance(argument, FromArgument):
                used.update([argument.data_name] if argument.data_name else [])
            elif isinstance(argument, LookupArgument):
                said.update(_folded(text) for text in texts(argument.lookup.where))
            elif argument.provenance == "data" and argument.source:
                used.add(argument.source.removeprefix("data "))
                said.add(_folded(argument.value))
    return used | {name for name, value in data.items() if _folded(value) in said}


def _folded(value: JsonScalar) -> str:
    return str(value).strip().strip("%").casefold()
