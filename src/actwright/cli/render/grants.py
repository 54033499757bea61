"""Grants as people see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.canonical import decimal_text
from actwright.cli.render.grid import grid
from actwright.cli.render.words import aside, here, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.checkpoints.drawn import Drawn
    from actwright.checkpoints.grants.grant import Ceilings, Grant, Writable
    from actwright.checkpoints.grants.use import GrantSignature, GrantUse
    from actwright.errors import GrantError

_INDENT = (0, 0, 0, 4)


def grant(
    shown: Grant, *, standing: str = "", signed: Sequence[GrantSignature] = (), uses: int = 0
) -> Iterator[RenderableType]:
    """Yield a grant with all its ceilings.

    Args:
        shown: The grant.
        standing: Why it does not stand, where it does not.
        signed: Who put their keys under it.
        uses: How many runs it has begun.
    """
    left = "" if uses < shown.ceilings.uses else "used up: no further run begins by it"
    yield line(
        said(shown.id, "bold"), aside(standing or left, "red") if standing or left else Text()
    )
    facts = [
        ("Says yes to", ", ".join(_subjects(shown))),
        ("As", f"{shown.username} on {shown.org_url or 'the local org'} {shown.org}"),
        *_ceilings(shown.ceilings),
        ("Uses", f"{uses:,} of {shown.ceilings.uses:,}{_per_day(shown.ceilings)}"),
        ("Until", here(shown.ceilings.expires_at)),
        ("Made by", f"{shown.made_by}, {here(shown.at)}{f': {shown.why}' if shown.why else ''}"),
        ("Narrowed from", shown.narrowed_from),
        ("Signed by", ", ".join(f"{each.name} ({each.key_id})" for each in signed)),
    ]
    for name, told in facts:
        if told:
            yield Padding(line(f"{name}: ", said(told, limit=2000)), _INDENT)


def grants(found: Iterable[tuple[Grant, GrantError | None, int]]) -> RenderableType:
    """Return a table of grants, each with why it does not stand and how often it was used."""
    return grid(
        ("Grant", "Says yes to", "Uses", "Until", "Made by", "State"),
        (
            (
                said(each.id),
                said(", ".join(subject.name for subject in each.subjects)),
                said(f"{uses:,}/{each.ceilings.uses:,}"),
                said(here(each.ceilings.expires_at)),
                said(each.made_by),
                _state(each, why, uses),
            )
            for each, why, uses in found
        ),
        whole={"Grant"},
    )


def uses(found: Iterable[GrantUse]) -> RenderableType:
    """Return a table of what was used of a grant."""
    return grid(
        ("Use", "Run", "When", "Effects", "Amounts"),
        (
            (
                said(str(each.number) if each.number else "wave"),
                said(each.run_id),
                said(here(each.at)),
                said(_effects(each.drawn)),
                said(_amounts(each.drawn.amounts)),
            )
            for each in found
        ),
        whole={"Run"},
    )


def _subjects(shown: Grant) -> Iterator[str]:
    for each in shown.subjects:
        yield f"{each.name} in version {each.version[:12]}, carried out by {each.implementation}"


def _ceilings(ceilings: Ceilings) -> Iterator[tuple[str, str]]:
    for each in ceilings.writes:
        yield "Lets", _write(each)
    yield "Effects a run", f"{ceilings.rows:,}"
    yield "Amounts a run", _amounts(ceilings.amounts)
    yield "Amounts in all", _amounts(ceilings.amounts_in_all)
    yield "Never from", ", ".join(ceilings.refused_provenance)
    yield "Duplicates", "allowed" if ceilings.allow_duplicates else ""


def _write(allowed: Writable) -> str:
    fields = ", ".join(allowed.fields)
    return f"{allowed.operation} {allowed.object}{f': {fields}' if fields else ''}"


def _per_day(ceilings: Ceilings) -> str:
    return f", {ceilings.uses_per_day:,} within 24 hours" if ceilings.uses_per_day else ""


def _effects(drawn: Drawn) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in drawn.writes.items())


def _amounts(amounts: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{name} {Decimal(decimal_text(most)):,f}" for name, most in amounts.items())


def _state(shown: Grant, why: GrantError | None, uses: int) -> Text:
    if why is not None:
        return said(why.error_code.removeprefix("grant_").replace("_", " "), "red")
    return said("used up", "yellow") if uses >= shown.ceilings.uses else said("stands", "green")
