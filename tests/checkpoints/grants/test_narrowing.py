"""Narrowing: a new version says yes to less, and never to anything more."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.grant_scene import PLAN, change, effect, granted, money, preview, unused, with_ceilings

from actwright.checkpoints.grants.covering import outside
from actwright.checkpoints.grants.grant import Grant, Writable
from actwright.checkpoints.grants.narrowing import narrowed, widened
from actwright.errors import InputError
from actwright.org.effect import Effect
from actwright.org.provenance import Provenance

GRANT = granted(
    effect(1, change(), change("NextStep"), money(100)), rows=5, uses_per_day=2, amounts_in_all={}
)
AT = "2026-11-21T13:00:00Z"
UPDATE = Writable(operation="UPDATE", object="Opportunity", fields=("StageName",))
MORE = Writable(operation="UPDATE", object="Opportunity", fields=("StageName", "Probability"))
DELETE = Writable(operation="DELETE", object="Opportunity")
WIDEST = Writable(
    operation="UPDATE",
    object="Opportunity",
    fields=("Amount", "NextStep", "Probability", "StageName"),
)


def tighter(**ceilings: object) -> Grant:
    """Return the version of the grant that has these ceilings."""
    return narrowed(GRANT, ceilings, by="Bo", at=AT, why="less is enough")


@pytest.mark.parametrize(
    "ceilings",
    [
        {"rows": 4},
        {"uses": 2},
        {"uses_per_day": 1},
        {"writes": (UPDATE,)},
        {"amounts": {"Opportunity.Amount": 99}},
        {"amounts_in_all": {"Opportunity.Amount": 10}},
        {"expires_at": "2026-11-22T00:00:00Z"},
        {"refused_provenance": ("extract", "model", "record")},
    ],
)
def test_a_tighter_version_names_what_it_came_from(ceilings: dict[str, object]) -> None:
    """It is another grant by its id, of the same lineage."""
    made = tighter(**ceilings)
    assert made.id != GRANT.id
    assert (made.narrowed_from, made.root, made.made_by) == (GRANT.id, GRANT.id, "Bo")
    assert made.subjects == GRANT.subjects


@pytest.mark.parametrize(
    "ceilings",
    [
        {"rows": 6},
        {"uses": 4},
        {"uses_per_day": 3},
        {"uses_per_day": None},
        {"writes": (MORE,)},
        {"writes": (UPDATE, DELETE)},
        {"writes": (DELETE,)},
        {"amounts": {"Opportunity.Amount": 101}},
        {"amounts": {}},
        {"amounts": {"Opportunity.Amount": 1, "Opportunity.NextStep": 1}},
        {"amounts": {"opportunity.amount": "100.00001"}},
        {"expires_at": "2026-12-22T00:00:00Z"},
        {"expires_at": "2026-12-21T12:00:00-00:01"},
        {"refused_provenance": ("model",)},
        {"refused_provenance": ()},
        {"allow_duplicates": True},
    ],
)
def test_what_would_widen_it_is_refused(ceilings: dict[str, object]) -> None:
    """And named; nothing is made."""
    with pytest.raises(InputError, match="this would widen it") as caught:
        tighter(**ceilings)
    assert caught.value.error_code == "grant_widened"


@pytest.mark.parametrize(
    "ceilings",
    [
        {},
        {"rows": 5},
        {"rows": 0},
        {"rows": "many"},
        {"colour": "blue"},
        {"writes": ()},
        {"writes": (UPDATE, UPDATE)},
        {"amounts": {"Amount": 1}},
        {"amounts": {"Opportunity.Am\u043eunt": 1}},
        {"amounts": {"Opportunity.Amount": 1, "opportunity.amount": 2}},
        {"amounts": {"Opportunity.Amount": "NaN"}},
        {"amounts": {"Opportunity.Amount": -1}},
        {"expires_at": "2026-11-22T00:00:00"},
        {"expires_at": "soon"},
        {"refused_provenance": ("astrology",)},
        {"org": "00E"},
        {"user": "006"},
    ],
)
def test_what_is_no_ceiling_is_refused(ceilings: dict[str, object]) -> None:
    """Unknown names, values out of bounds, and what changes nothing."""
    with pytest.raises(InputError):
        tighter(**ceilings)


sources: list[Provenance] = ["goal", "goal", "goal", "record", "model"]
ceilings_made = st.fixed_dictionaries(
    {
        "rows": st.integers(1, 4),
        "uses": st.integers(1, 4),
        "uses_per_day": st.none() | st.integers(1, 4),
        "amounts": st.dictionaries(
            st.sampled_from(["Opportunity.Amount", "opportunity.nextstep"]),
            st.integers(50, 300),
            min_size=1,
        ),
        "amounts_in_all": st.dictionaries(st.just("Opportunity.Amount"), st.integers(90, 300)),
        "refused_provenance": st.lists(st.sampled_from(sources), max_size=2).map(tuple),
        "writes": st.sampled_from([(UPDATE,), (MORE,), GRANT.ceilings.writes, (WIDEST,)]),
    }
)
NARROWABLE = with_ceilings(GRANT, writes=(WIDEST,))
effects_made = st.lists(
    st.builds(
        lambda name, amount, source: effect(1, change(name, provenance=source), money(amount)),
        st.sampled_from(["StageName", "StageName", "NextStep", "Probability"]),
        st.integers(-90, 90),
        st.sampled_from(sources),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=60)
@given(ceilings_made, ceilings_made, effects_made, st.integers(0, 3), st.integers(0, 150))
def test_a_narrowed_grant_never_covers_more(
    some: dict[str, object],
    others: dict[str, object],
    effects: list[Effect],
    uses: int,
    drawn: int,
) -> None:
    """What is refused under the old ceilings is refused under any that count as no wider."""
    used = unused(uses=uses, today=uses, drawn={"opportunity.amount": Decimal(drawn)})
    shown = preview(*effects)
    for name in some:
        old = with_ceilings(NARROWABLE, **some)
        new = with_ceilings(old, **{name: others[name]})
        for wide, narrow in ((old, new), (new, old)):
            wider = list(widened(wide.ceilings, narrow.ceilings))
            before = {each.ceiling for each in outside(wide, shown, PLAN, used)}
            after = {each.ceiling for each in outside(narrow, shown, PLAN, used)}
            assert wider or before <= after, name
