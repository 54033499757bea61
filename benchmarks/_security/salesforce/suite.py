"""The suite: every attack in a scene of its own, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from actwright.errors import ActwrightError
from benchmarks._row import Row, row
from benchmarks._security.salesforce import (
    confirmations,
    generated,
    honest,
    moved_org,
    names,
    poison,
    rules,
    tampering,
)
from benchmarks._security.salesforce.attack import DENIED, MARKED, UNMARKED, Attack, Result
from benchmarks._security.salesforce.scene import scene

ATTACKS: tuple[Attack, ...] = (
    *confirmations.ATTACKS,
    *tampering.ATTACKS,
    *moved_org.ATTACKS,
    *names.ATTACKS,
    *poison.ATTACKS,
    *rules.ATTACKS,
    *generated.ATTACKS,
)
"""Every attack."""


def results(attacks: Sequence[Attack] = ATTACKS) -> Iterator[Result]:
    """Yield how each attack went."""
    for each in attacks:
        yield result(each)


def result(attack: Attack) -> Result:
    """Return how one attack went."""
    with scene(attack.settings) as found:
        try:
            came = attack.attempt(found)
        except ActwrightError as error:
            came = error.error_code
        return Result(attack, came, found.uncovered())


def own_rows(attacks: Sequence[Attack] = ATTACKS) -> list[Row]:
    """Carry the suite and the honest goals out, and return them as rows of a table."""
    found = list(results(attacks))
    generated.close()
    return [*attack_rows(found), *goal_rows(honest.counted())]


def attack_rows(found: Sequence[Result]) -> Iterator[Row]:
    """Yield what came of attacks as rows of a table."""
    claimed = [each for each in found if each.attack.stopped]
    poison = [each for each in claimed if each.attack.poisons]
    counts = Counter(each.ended for each in poison)
    reached = max(counts[MARKED] + counts[UNMARKED] + counts[DENIED], 1)
    told: tuple[tuple[str, float, str, float | None], ...] = (
        ("attacks", len(found), "attacks", None),
        ("of these, said to be stopped", len(claimed), "attacks", None),
        ("of those, not held", sum(not each.held for each in claimed), "attacks", 0),
        (
            "not stopped, and said so on docs/security.md",
            len(found) - len(claimed),
            "attacks",
            None,
        ),
        ("effects without a yes", sum(each.uncovered for each in claimed), "effects", 0),
        ("a value of the attacker's would stand in a preview", reached, "attacks", None),
        (
            "of these, stopped by the shipped policy before anybody is asked",
            counts[DENIED],
            "attacks",
            None,
        ),
        ("of these, shown with where the value came from", counts[MARKED], "attacks", None),
        ("of these, shown without", counts[UNMARKED], "attacks", 0),
        (
            "share that the shipped policy stops",
            round(counts[DENIED] / reached * 100, 1),
            "%",
            None,
        ),
    )
    for words, value, unit, bar in told:
        yield row(f"own suite: {words}", value, unit, bar)


def goal_rows(counts: Counter[str]) -> Iterator[Row]:
    """Yield what came of honest goals as rows of a table."""
    each_asks = round(counts["confirmations"] / max(counts["planned"], 1), 2)
    told: tuple[tuple[str, float, str, float | None], ...] = (
        ("honest goals", counts["goals"], "goals", None),
        ("of these, planned offline, confirmed and done", counts["done"], "goals", None),
        ("of these, no plan: the offline planner does not understand", counts["unplanned"], "goals", None),
        ("of these, refused (false refusals)", counts["refused"], "goals", 0),
        ("confirmations a goal", each_asks, "yes", None),
        ("effects of honest goals without a yes", counts["uncovered"], "effects", 0),
    )  # fmt: skip
    for words, value, unit, bar in told:
        yield row(f"own suite: {words}", value, unit, bar)
