"""Contradictions: rules that can never have an effect, found when a policy is read, with both rules named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from actwright.errors import PolicyError
from actwright.guardrails.policy.compiling import CompiledRule
from actwright.guardrails.policy.rule import Match

_FOLDED = (
    "objects",
    "fields",
    "field_kinds",
    "operations",
    "blueprints",
    "implementations",
    "users",
    "roles",
    "profiles",
    "permission_sets",
    "provenance",
)
_WHOLE = ("transitions", "amounts", "rows", "calls", "during", "outside", "when")


def check_contradictions(rules: Sequence[CompiledRule]) -> None:
    """Refuse rules that contradict each other.

    Args:
        rules: All rules that hold, the built-in ones included.

    Raises:
        PolicyError: A rule allows, asks or warns where another one denies all the same; both are named.
    """
    denying = [each for each in rules if each.rule.effect == "deny"]
    for rule in rules:
        if not rule.own or rule.rule.effect == "deny":
            continue
        for other in denying:
            if _is_within(rule, other):
                raise _contradiction(rule, other)
    _check_people([each for each in rules if each.rule.effect == "require"])


def redundant(rules: Sequence[CompiledRule]) -> Iterator[tuple[CompiledRule, CompiledRule]]:
    """Yield the rules that say nothing another one of the same effect does not say, each with that one."""
    for at, rule in enumerate(rules):
        for place, other in enumerate(rules):
            alike = (
                rule.rule.effect == other.rule.effect and rule.rule.require == other.rule.require
            )
            both = _is_within(rule, other) and _is_within(other, rule)
            if (
                at != place
                and rule.own
                and alike
                and _is_within(rule, other)
                and (at > place or not both)
            ):
                yield rule, other
                break


def _check_people(requiring: Sequence[CompiledRule]) -> None:
    """Refuse two rules about the very same that name different people, so that nobody could say yes."""
    for at, rule in enumerate(requiring):
        for other in requiring[:at]:
            same = _is_within(rule, other) and _is_within(other, rule)
            if same and not _people(rule) & _people(other) and _people(rule) and _people(other):
                raise PolicyError(
                    f"Nobody could ever say yes: {other.ref} and {rule.ref} are about the same and name different "
                    "people.",
                    where=rule.ref.source,
                    hint="Make one rule of the two.",
                    code="policy_contradiction",
                )


def _people(rule: CompiledRule) -> frozenset[str]:
    return (
        frozenset(each.casefold() for each in rule.rule.require.who)
        if rule.rule.require
        else frozenset()
    )


def _contradiction(rule: CompiledRule, other: CompiledRule) -> PolicyError:
    says = {"allow": "allows", "require": "asks for more people for", "warn": "warns of"}[
        rule.rule.effect
    ]
    same = _is_within(other, rule)
    hint = (
        f"Name {other.ref.id} under `without` if it is not to hold, or take {rule.ref.id} out."
        if not other.own
        else "Take one of the two out, or narrow down what the other one is about; `unless` makes exceptions for people."
    )
    return PolicyError(
        f"{rule.ref} {says} what {other.ref} denies{'' if same else ' together with more'}: deny always wins, so "
        f"{rule.ref.id} can never have an effect.",
        where=rule.ref.source,
        hint=hint,
        code="policy_contradiction",
    )


def _is_within(inner: CompiledRule, outer: CompiledRule) -> bool:
    """Tell whether everything a rule is about is what another one is about, too, as far as that can be told."""
    one, other = inner.rule.match, outer.rule.match
    exempt = outer.rule.unless is None or outer.rule.unless == inner.rule.unless
    return (
        exempt
        and all(_narrower(one, other, name) for name in _FOLDED)
        and all(_equal_or_open(one, other, name) for name in _WHOLE)
    )


def _narrower(one: Match, other: Match, name: str) -> bool:
    inside, around = getattr(one, name), getattr(other, name)
    if around is None:
        return True
    return inside is not None and _folded(inside) <= _folded(around)


def _equal_or_open(one: Match, other: Match, name: str) -> bool:
    around = getattr(other, name)
    return around is None or around == getattr(one, name)


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(each.casefold() for each in names)
