"""The page of a plan: what would be done in which order, and where each value comes from."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from actwright.blueprints.adapters import DataType, family_of_type
from actwright.blueprints.argument import Argument, FromArgument, LookupArgument
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.locales import PersonLocale
from actwright.org.provenance import Provenance
from actwright.org.query import JsonScalar
from actwright.org.value import Unit, in_family, unit_of
from actwright.pages.page import rendered
from actwright.pages.plan_words import author, rows_words
from actwright.pages.provenances import DOUBTFUL, provenance_words
from actwright.pages.values import folded

_SIGNS = {"CREATE": "+", "UPDATE": "~", "UPSERT": "±", "DELETE": "-", "CALL": ">"}
_TONES = {"CREATE": "create", "UPDATE": "change", "UPSERT": "change", "DELETE": "delete"}


@dataclass(frozen=True, slots=True)
class Given:
    """One input of an action, and what it is given."""

    label: str
    value: Markup
    origin: str
    source: str
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """One action of a plan."""

    id: str
    sign: str
    tone: str
    label: str
    blueprint: str
    waits: str
    rows: str
    given: tuple[Given, ...]


def plan_page(plan: Plan, locale: PersonLocale) -> str:
    """Return a plan as one HTML page.

    Args:
        plan: The plan.
        locale: How numbers, money and dates are written.
    """
    return rendered(
        "plan",
        plan=plan,
        author=author(plan.planner),
        actions=tuple(_planned(each, locale) for each in plan.order()),
    )


def _planned(action: PlannedAction, locale: PersonLocale) -> Planned:
    blueprint = action.blueprint
    return Planned(
        id=action.id,
        sign=_SIGNS[blueprint.operation],
        tone=_TONES.get(blueprint.operation, "change"),
        label=blueprint.label or blueprint.name,
        blueprint=blueprint.name,
        waits=", ".join(sorted(action.needs)),
        rows=rows_words(action.for_each, zone=locale.zone) if action.for_each else "",
        given=tuple(_given(action, key, each, locale) for key, each in action.arguments.items()),
    )


def _given(action: PlannedAction, name: str, argument: Argument, locale: PersonLocale) -> Given:
    spec = action.blueprint.input(name)
    label = (spec.label if spec else "") or name
    if isinstance(argument, FromArgument):
        where: Provenance = "record" if argument.row_field else "output"
        where = "data" if argument.data_name else where
        return Given(label, folded(argument.from_), provenance_words(where), "", doubtful=False)
    if isinstance(argument, LookupArgument):
        words, source = provenance_words("lookup"), argument.source or ""
        return Given(label, folded(str(argument.lookup)), words, source, doubtful=False)
    kind: DataType = spec.data_type if spec else "String"
    source = "" if argument.provenance == "default" else argument.source or ""
    return Given(
        label,
        folded(_spoken(argument.value, kind, locale)),
        provenance_words(argument.provenance),
        source,
        doubtful=argument.provenance in DOUBTFUL,
    )


def _spoken(value: JsonScalar, kind: DataType, locale: PersonLocale) -> str:
    """Return a value in the person's locale; as it was written where it does not fit its type yet."""
    family, unit = family_of_type(kind), _unit(kind)
    try:
        return locale.value(in_family(value, family), family, unit=unit)
    except (ValueError, ArithmeticError):
        return str(value)


def _unit(kind: DataType) -> Unit | None:
    return unit_of(kind.lower())
