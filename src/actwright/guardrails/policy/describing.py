"""Describing: what a rule says, in words, for people who read a policy without having written it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actwright.guardrails.policy.document import Budget
from actwright.guardrails.policy.rule import AmountOver, Match, People, Rule, Transition, Window
from actwright.guardrails.policy.telling import asked_for
from actwright.guardrails.wording import printable, shown
from actwright.org.value import FieldValue

_DOES = {
    "CREATE": "creating",
    "UPDATE": "changing",
    "UPSERT": "upserting",
    "DELETE": "deleting",
    "CALL": "running",
}
_SAYS = {"allow": "Allows", "deny": "Denies", "warn": "Warns of", "require": "Asks for more for"}
_KINDS = {
    "money": "amounts of money",
    "owner": "owners",
    "mail": "mail addresses",
    "link": "web addresses",
    "phone": "phone numbers",
    "bank": "bank accounts",
}
_FROM = {
    "goal": "the goal",
    "data": "named data",
    "default": "a constant",
    "lookup": "a lookup",
    "record": "a record",
    "output": "another action",
    "extract": "a record's text",
    "model": "a model",
}


def rule_words(rule: Rule) -> str:
    """Return in one sentence what a rule says; its own description stands beside."""
    parts = [f"{_SAYS[rule.effect]} {_subject(rule.match)}", *_conditions(rule.match)]
    if rule.unless:
        parts.append(f"but not for {_people(rule.unless)}")
    words = ", ".join(parts)
    return f"{words}. {asked_for(rule.require)}" if rule.require else f"{words}."


def budget_words(budget: Budget) -> str:
    """Return in one sentence what a budget says."""
    most = [
        *([f"{budget.rows:,} rows"] if budget.rows is not None else []),
        *([f"{budget.calls:,} calls"] if budget.calls is not None else []),
        *(f"{amount:,f} in {name}" for name, amount in budget.amounts.items()),
    ]
    whose = {"user": "each person", "org": "all people together"}[budget.of]
    per = "in one run" if budget.per == "run" else f"within 24 hours for {whose}"
    return f"At most {_either(most, 'and')} {per}."


def _subject(match: Match) -> str:
    doing = _either([_DOES[each] for each in match.operations or ()]) or "writing"
    objects = _either(match.objects or ()) or "any record"
    alone = {"opaque"} == set(match.implementations or ())
    if alone:
        return "overrides that act by themselves"
    fields = [*(match.fields or ()), *(_KINDS[each] for each in match.field_kinds or ())]
    inside = f"{_either(fields)} of " if fields else ""
    return f"{doing} {inside}{objects}"


def _conditions(match: Match) -> Iterator[str]:
    yield from _about_values(match)
    yield from _circumstances(match)


def _about_values(match: Match) -> Iterator[str]:
    if match.provenance:
        yield f"where the value comes from {_either([_FROM[each] for each in match.provenance])}"
    if match.transitions:
        yield f"where {_either([_transition(each) for each in match.transitions])}"
    if match.amounts:
        yield f"where {_either([_amount(each) for each in match.amounts])}"
    if match.rows:
        yield f"from the {match.rows.over + 1:,}. record of a plan on"
    if match.calls:
        yield f"where the plan takes more than {match.calls.over:,} API calls"


def _circumstances(match: Match) -> Iterator[str]:
    if match.blueprints:
        yield f"by {_either([printable(each) for each in match.blueprints])}"
    if match.implementations and set(match.implementations) != {"opaque"}:
        yield f"carried out by {_either([f'{each} code' for each in match.implementations])}"
    people = _people(match)
    if people:
        yield f"by {people}"
    if match.during:
        yield f"during {_either([_window(each) for each in match.during])}"
    if match.outside:
        yield f"outside of {_either([_window(each) for each in match.outside])}"
    if match.when:
        yield f"where {printable(match.when, 300)}"


def _people(match: Match | People) -> str:
    named = [
        *([f"{_either(match.users)}"] if match.users else []),
        *([f"the role {_either(match.roles)}"] if match.roles else []),
        *([f"the profile {_either(match.profiles)}"] if match.profiles else []),
        *(
            [f"the permission set {_either(match.permission_sets)}"]
            if match.permission_sets
            else []
        ),
    ]
    return _either(named, "or" if isinstance(match, People) else "and")


def _transition(transition: Transition) -> str:
    before = _values(transition.from_) if transition.from_ is not None else "anything"
    after = _values(transition.to) if transition.to is not None else "anything"
    return f"{transition.field} goes from {before} to {after}"


def _amount(amount: AmountOver) -> str:
    together = "" if amount.of == "record" else " in all"
    return f"{amount.field} is over {amount.over:,f}{together}"


def _window(window: Window) -> str:
    days = f"{'/'.join(window.days)} " if window.days else ""
    zone = f" ({window.zone})" if window.zone else ""
    return f"{days}{window.from_}-{window.to}{zone}"


def _values(values: Sequence[FieldValue]) -> str:
    return _either([shown(each) for each in values])


def _either(words: Sequence[str], last: str = "or") -> str:
    plain = [printable(each, 300) for each in words]
    return f" {last} ".join([", ".join(plain[:-1]), plain[-1]] if len(plain) > 1 else plain)
