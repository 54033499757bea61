"""The older shape of a blueprint, brought into the contract's shape.

An older file calls its blueprint ``actionName`` and ``description``, lets an input carry the values it allows, and
names its guardrails instead of listing them: ``fls``, ``sharing``, ``enum``, ``numericPositive``, ``pii``. Every one of
them becomes a guardrail of the contract; a field nobody knows is refused, since it may have been a guardrail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from actwright.blueprints.adapters import data_type
from actwright.canonical import Json
from actwright.document import plain_name
from actwright.errors import BlueprintError

_NAMED = ("fls", "sharing", "enum", "numericPositive", "pii")
_PLAIN = (
    *("label", "category", "targetSObject", "target", "operation", "summary", "checkpoint"),
    *("keyFields", "tags", "aliases", "synonyms"),
)
_KNOWN = frozenset({"actionName", "name", "description", "inputs", "guardrails", *_PLAIN, *_NAMED})
_TELLING = frozenset({"actionName", "description", *_NAMED})
_INPUT_NAMES = (("apiName", "name"), ("fieldApiName", "field"), ("dataType", "type"))
_INPUT_PLAIN = ("label", "required", "usage", "description", "default")
_KNOWN_OF_INPUT = frozenset(
    {"enum", *_INPUT_PLAIN, *(each for pair in _INPUT_NAMES for each in pair)}
)
_TELLING_OF_INPUT = frozenset({"enum", "name", "field", "type"})
_TYPES = {
    "text": "String",
    "long text area": "LongTextArea",
    "multiselectpicklist": "MultiPicklist",
    "lookup": "Reference",
    "int": "Integer",
    "bool": "Boolean",
    "checkbox": "Boolean",
    "date/time": "DateTime",
}
"""Older names of types, in lower case; whatever the contract itself knows keeps its name."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Document = dict[str, Json]


def is_legacy(document: Mapping[str, Json]) -> bool:
    """Tell whether a document has the older shape."""
    inputs = document.get("inputs")
    if document.keys() & _TELLING or isinstance(document.get("guardrails"), dict):
        return True
    if isinstance(inputs, dict):
        return True
    listed = inputs if isinstance(inputs, list) else []
    return any(isinstance(each, dict) and each.keys() & _TELLING_OF_INPUT for each in listed)


def from_legacy(document: Mapping[str, Json], key: str) -> Document:
    """Return an older document as one the contract can read.

    Args:
        document: The older document, as JSON.
        key: What the blueprint is called where it has no name of its own.

    Raises:
        BlueprintError: A field is unknown, stands there twice, or does not have the form it should have.
    """
    _refuse_unknown(document, _KNOWN, "")
    inputs = _inputs(document.get("inputs"))
    operation = str(document.get("operation", "")).strip().upper()
    name = document.get("actionName") or document.get("name") or key
    read: Document = {"name": name, "label": _label(name)}
    read |= {each: document[each] for each in _PLAIN if document.get(each) is not None}
    checkpoint = document.get("checkpoint") or ""
    read.setdefault("summary", document.get("description") or checkpoint)
    if operation not in {"CREATE", "INSERT", "CALL"}:
        read.setdefault("keyFields", ["Id"])
    read["inputs"] = [_plain_input(each) for each in inputs]
    read["guardrails"] = [
        *_own_guardrails(_named(document), operation),
        *_value_guardrails(inputs),
        *_listed(document),
    ]
    return read


def _label(name: Json) -> str:
    """Return what people call ``EscalateCase`` or ``escalate_case``."""
    spaced = _CAMEL.sub(" ", name).replace("_", " ") if isinstance(name, str) else ""
    return " ".join(each[:1].upper() + each[1:] for each in spaced.split())[:120]


def _refuse_unknown(given: Mapping[str, Json], known: frozenset[str], place: str) -> None:
    unknown = sorted(given.keys() - known)
    if unknown:
        name = plain_name(unknown[0])
        raise BlueprintError(
            f"The older shape has no field {name}; known: {', '.join(sorted(known))}.",
            where=f"{place}.{name}" if place else name,
            hint="Take it out; where it is a guardrail, write it in the contract's shape.",
        )


def _malformed(place: str, expected: str) -> BlueprintError:
    return BlueprintError(
        f"{place} is not {expected}.", where=place, hint="docs/blueprints.md shows the older shape."
    )


def _inputs(given: Json) -> list[Document]:
    """Return the inputs under the contract's names, sorted by name, each still with its ``enum``."""
    if isinstance(given, dict):
        pairs = [(f"inputs.{plain_name(name)}", name, each) for name, each in given.items()]
    elif isinstance(given, list):
        pairs = [(f"inputs[{at}]", "", each) for at, each in enumerate(given)]
    elif given is None:
        pairs = []
    else:
        raise _malformed("inputs", "a list or an object")
    return sorted((_input(*each) for each in pairs), key=lambda each: str(each["apiName"]))


def _input(place: str, name: str, given: Json) -> Document:
    if isinstance(given, str) and name:
        given = {"type": given}
    if not isinstance(given, dict):
        raise _malformed(place, "an object")
    _refuse_unknown(given, _KNOWN_OF_INPUT, place)
    read: Document = {each: given[each] for each in _INPUT_PLAIN if given.get(each) is not None}
    for ours, theirs in _INPUT_NAMES:
        said = [given[each] for each in (ours, theirs) if given.get(each) is not None]
        if len(said) > 1:
            raise _malformed(place, f"clear: it says both {ours} and {theirs}")
        if said:
            read[ours] = said[0]
    read.setdefault("apiName", name or read.get("fieldApiName"))
    if not isinstance(read["apiName"], str) or not read["apiName"]:
        raise _malformed(f"{place}.apiName", "a name")
    if isinstance(read.get("dataType"), str):
        read["dataType"] = _type(str(read["dataType"]))
    if given.get("enum") is not None:
        read["enum"] = _values(given["enum"], f"{place}.enum")
    return read


def _type(name: str) -> str:
    return _TYPES.get(name.strip().lower(), data_type(name))


def _plain_input(given: Document) -> Document:
    return {name: each for name, each in given.items() if name != "enum"}


def _value_guardrails(inputs: Sequence[Document]) -> Iterator[Document]:
    for each in inputs:
        if "enum" in each:
            field = each.get("fieldApiName") or each["apiName"]
            yield _guardrail("ENUM_ALLOWED", field=field, values=each["enum"])


def _named(document: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the guardrails that are named, whether they stand at the top or under ``guardrails``."""
    top = {name: document[name] for name in _NAMED if document.get(name) is not None}
    inner = document.get("guardrails")
    if not isinstance(inner, dict):
        return top
    _refuse_unknown(inner, frozenset(_NAMED), "guardrails")
    twice = sorted(top.keys() & inner.keys())
    if twice:
        raise _malformed(twice[0], "clear: it stands at the top and under guardrails")
    return top | {name: each for name, each in inner.items() if each is not None}


def _listed(document: Mapping[str, Json]) -> list[Json]:
    """Return the guardrails that have the contract's shape already."""
    given = document.get("guardrails")
    if given is None or isinstance(given, dict):
        return []
    if not isinstance(given, list):
        raise _malformed("guardrails", "a list or an object")
    return given


def _own_guardrails(named: Mapping[str, Json], operation: str) -> Iterator[Document]:
    if "fls" in named:
        yield _field_security(named["fls"], operation)
    for at, each in enumerate(_list(named.get("enum"), "enum")):
        entry = _entry(each, f"enum[{at}]", {"field", "values"})
        values = _values(entry.get("values"), f"enum[{at}].values")
        yield _guardrail("ENUM_ALLOWED", field=entry.get("field"), values=values)
    for at, each in enumerate(_list(named.get("numericPositive"), "numericPositive")):
        yield from _positive(each, f"numericPositive[{at}]")
    if "pii" in named:
        yield _guardrail("PII_REDACT", **_entry(named["pii"], "pii", {"fields", "mode"}))
    if "sharing" in named:
        yield _guardrail("SHARING_REQUIRED")


def _field_security(given: Json, operation: str) -> Document:
    entry = _entry(given, "fls", {"fields", "requireUpdateable"})
    writes = entry.get("requireUpdateable", True)
    if not isinstance(writes, bool):
        raise _malformed("fls.requireUpdateable", "true or false")
    right = "FLS_CREATE" if operation in {"CREATE", "INSERT"} else "FLS_EDIT"
    return _guardrail(right if writes else "FLS_VIEW", fields=entry.get("fields"))


def _positive(given: Json, place: str) -> Iterator[Document]:
    """Yield what demands a positive number, and a second guardrail for a bound that older code passed over."""
    named: Document = {"field": given}
    entry = _entry(named if isinstance(given, str) else given, place, {"field", "min", "max"})
    yield _guardrail("NUMERIC_POSITIVE", field=entry.get("field"))
    if entry.keys() & {"min", "max"}:
        yield _guardrail("NUMERIC_RANGE", **entry)


def _entry(given: Json, place: str, known: set[str]) -> Document:
    if not isinstance(given, dict):
        raise _malformed(place, "an object")
    _refuse_unknown(given, frozenset(known), place)
    return given


def _list(given: Json, place: str) -> list[Json]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise _malformed(place, "a list")
    return given


def _values(given: Json, place: str) -> list[Json]:
    if given is None or given == []:
        raise _malformed(place, "a list of at least one value")
    return given if isinstance(given, list) else [given]


def _guardrail(kind: str, **params: Json) -> Document:
    return {
        "type": kind,
        "params": {name: each for name, each in params.items() if each is not None},
    }
