"""Named data as typed on a command line: ``stage=Closed Won``, ``a1.Amount:99000``, ``note="two words"``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from actwright.errors import PayloadError

if TYPE_CHECKING:
    from actwright.org.query import JsonScalar

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}", re.ASCII)
_LABELLED = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}\.\w[^=:\x00-\x1f\x7f]{0,79}")
"""An input by what people call it: ``a2.Due Date``."""

_SPLIT = re.compile("[=:]")
_JSON_STARTS = ("{", "[", '"')
_LONGEST = 100_000


def parse_data(
    items: Iterable[str], *, option: str = "-d", labels: bool = False
) -> dict[str, JsonScalar]:
    """Return named data by name.

    The first ``=`` or ``:`` splits. A value is text, unless it starts with ``{``, ``[`` or ``"``: then it is JSON.

    Args:
        items: What was given with the option.
        option: What to call it in an error.
        labels: Whether a name may be an input's label, such as ``a2.Due Date``.

    Raises:
        PayloadError: A name is missing, malformed or given twice, or a value is no plain value.
        DocumentError: A value that must be JSON is none.
    """
    data: dict[str, JsonScalar] = {}
    for item in items:
        name, value = _pair(item, option, labels=labels)
        if name in data:
            raise PayloadError(f"The data {name!r} is given twice.", where=f"{option} {name}")
        data[name] = value
    return data


_QUESTION = re.compile(
    r"([A-Za-z][A-Za-z0-9_]{0,39}\.[A-Za-z][A-Za-z0-9_]{0,79})=(.*)", re.ASCII | re.DOTALL
)


def answers_of(items: Sequence[str]) -> dict[str, str] | str:
    """Return answers by question id; or the one bare answer, where no question was named.

    Args:
        items: What was given with ``--answer``: ``a1.StageName=Closed Won``, or ``won``.

    Raises:
        PayloadError: A question is answered twice, or a bare answer stands beside another one.
    """
    answers: dict[str, str] = {}
    for item in items:
        named = _QUESTION.fullmatch(item)
        if named is None:
            if len(items) > 1:
                raise PayloadError(
                    f"{item[:80]!r} does not say which question it answers.",
                    where="--answer",
                    hint="Write each one as QUESTION=ANSWER, such as a1.StageName=Prospecting.",
                )
            return item
        if named[1] in answers:
            raise PayloadError(f"{named[1]!r} is answered twice.", where="--answer")
        answers[named[1]] = named[2]
    return answers


def by_action(data: Mapping[str, JsonScalar]) -> dict[str, dict[str, JsonScalar]]:
    """Return answers named ``ACTION.INPUT`` as a payload.

    Raises:
        PayloadError: A name has no dot.
    """
    payload: dict[str, dict[str, JsonScalar]] = {}
    for name, value in data.items():
        action, dot, wanted = name.rpartition(".")
        if not dot or not action or not wanted:
            raise PayloadError(
                f"The data {name!r} names no input.",
                where=f"-d {name}",
                hint="A plan is already made: name an input of it as ACTION.INPUT=VALUE, or plan again.",
            )
        payload.setdefault(action, {})[wanted] = value
    return payload


def _pair(item: str, option: str, *, labels: bool) -> tuple[str, JsonScalar]:
    found = _SPLIT.search(item)
    name = (item[: found.start()] if found else item).strip()
    named = _NAME.fullmatch(name) or (labels and _LABELLED.fullmatch(name))
    if found is None or not named:
        raise PayloadError(
            f"{item[:80]!r} is no named data.",
            where=option,
            hint="Write it as NAME=VALUE; a name is made of letters, digits, '_', '.' and '-'.",
        )
    if len(item) > _LONGEST:
        raise PayloadError(f"The data {name!r} is longer than {_LONGEST} characters.", where=option)
    return name, _value(f"{option} {name}", name, item[found.end() :])


def _value(where: str, name: str, text: str) -> JsonScalar:
    if not text.startswith(_JSON_STARTS):
        return text
    from actwright.document import parse_json  # noqa: PLC0415 - slow to import; the help must not wait

    value = parse_json(text, where=where)
    if isinstance(value, (dict, list)):
        raise PayloadError(
            f"The data {name!r} is a JSON {'object' if isinstance(value, dict) else 'list'}; an input takes a plain value.",
            where=where,
            hint="Give each value a name of its own, or put quotes around text that starts with a bracket.",
        )
    return value
