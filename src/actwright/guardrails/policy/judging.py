"""Judging: every rule asked of every effect, and what comes out. The order of the rules never matters.

Deny beats require, require beats allow. What is denied unless a rule allows it (deletes, what nobody can look into, and
everything where the default is to deny) is allowed field by field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from actwright.guardrails.policy.asking import Asking
from actwright.guardrails.policy.compiling import CompiledRule, Hit
from actwright.guardrails.policy.facts import Facts
from actwright.guardrails.policy.index import RuleIndex
from actwright.guardrails.policy.subjects import AmountCheck


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of the effects of one asking.

    Attributes:
        hits: For each rule that is about something, the effects, in the plan's order.
        uncovered: The effects that no rule allows and that need one, each with the fields that are left.
    """

    hits: dict[CompiledRule, list[Hit]] = field(default_factory=dict)
    uncovered: list[tuple[Facts, tuple[str, ...]]] = field(default_factory=list)


def judge_facts(index: RuleIndex, asking: Asking, *, closed: bool) -> Judged:
    """Return what the rules say.

    Args:
        index: The rules.
        asking: What they are asked.
        closed: Whether creates and updates need a rule that allows them, too.
    """
    judged = Judged()
    for facts in asking.ask.facts:
        for rule in index.restricting(facts):
            hit = rule.hit(facts, asking)
            if hit is not None:
                judged.hits.setdefault(rule, []).append(hit)
        if closed or facts.blind or facts.operation == "DELETE":
            _cover(judged, index, facts, asking)
    for rule in [each for each in judged.hits if each.has_totals]:
        left = _exceeding(rule, judged.hits[rule], asking)
        if left:
            judged.hits[rule] = left
        else:
            del judged.hits[rule]
    return judged


def _cover(judged: Judged, index: RuleIndex, facts: Facts, asking: Asking) -> None:
    """Note which rules allow an effect, and what of it none allows."""
    left: set[str] | None = {each.key for each in facts.written.values()} or None
    allowed = False
    for rule in index.allowing(facts) if not facts.strange else ():
        hit = rule.hit(facts, asking)
        if hit is None:
            continue
        judged.hits.setdefault(rule, []).append(hit)
        covered = rule.covers(hit)
        if covered is None:
            allowed = True
        elif left is not None:
            left -= covered
            allowed = allowed or not left
    if not allowed:
        judged.uncovered.append((facts, tuple(sorted(left or ()))))


def _exceeding(rule: CompiledRule, hits: Sequence[Hit], asking: Asking) -> list[Hit]:
    """Return the effects of a rule with ceilings that are above all of them."""
    if rule.rows is not None and _rows(hits) <= rule.rows:
        return []
    if rule.calls is not None and asking.ask.calls <= rule.calls:
        return []
    if not rule.amounts:
        return list(hits)
    kept = {id(hit) for amount in rule.amounts for hit in _over(rule, amount, hits)}
    return [each for each in hits if id(each) in kept] if kept else []


def _rows(hits: Sequence[Hit]) -> int:
    """Return how many records effects are about; one that belongs to several actions counts once."""
    return sum({each.facts.effect_id: each.facts.count for each in hits}.values())


def _over(rule: CompiledRule, amount: AmountCheck, hits: Sequence[Hit]) -> list[Hit]:
    """Return the effects whose amount, or whose amounts together, are above a ceiling or not known."""
    sized = [
        (each, rule.size(amount, each.facts))
        for each in hits
        if not amount.owner or each.facts.object_key == amount.owner
    ]
    if not amount.together:
        return [each for each, size in sized if size is None or size > amount.over]
    total = _sum({each.facts.effect_id: size for each, size in sized})
    over = total is None or total > amount.over
    return [each for each, size in sized if size != 0] if over else []


def _sum(sizes: dict[str, Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for each in sizes.values():
        if each is None:
            return None
        total += each
    return total
