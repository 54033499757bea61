"""Undo of any small run: what nobody touched since is as before, what was created is gone, what others moved stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scenario import Rest, action, blueprint, carried_out, lookup, new_deal, value

from actwright import Actwright
from actwright.canonical import Json
from actwright.errors import RefusedError

_VALUES: dict[str, st.SearchStrategy[Json]] = {
    "NextStep": st.sampled_from([None, "Call", "Sign", "Wait"]),
    "Description": st.sampled_from([None, "one", "two"]),
    "LeadSource": st.sampled_from([None, "Web", "Other"]),
}
_WRITES = st.fixed_dictionaries({}, optional=dict(_VALUES.items()))
_SINCE = st.sampled_from(["nothing", "nothing", "a written field", "another field"])


@dataclass(frozen=True)
class Deal:
    """One deal of a random run: as it was, what the run writes, and what others do to it since."""

    before: dict[str, Json]
    written: dict[str, Json]
    since: str


@dataclass(frozen=True)
class Party:
    """A new account, with or without a contact that points to it, and what others do to it since."""

    contact: bool
    completed: bool


DEALS = st.lists(
    st.builds(Deal, st.fixed_dictionaries(_VALUES), _WRITES, _SINCE), min_size=1, max_size=3
)
PARTIES = st.lists(st.builds(Party, st.booleans(), st.booleans()), max_size=2)


def _update(key: str, name: str, written: dict[str, Json]) -> dict[str, Json]:
    inputs = [{"apiName": each, "dataType": "String"} for each in written]
    entry = blueprint("UPDATE", "Opportunity", "Id", *inputs)
    arguments = {each: value(to) for each, to in written.items()}
    return action(key, entry, Id=lookup("Opportunity", "Name", name), **arguments)


def _party(key: str, name: str, party: Party) -> list[dict[str, Json]]:
    account = action(key, "account_create", Name=value(name))
    if not party.contact:
        return [account]
    to: Json = {"from": f"actions.{key}.output.id"}
    contact = action(f"{key}c", "contact_create", LastName=value(f"{name} Person"), AccountId=to)
    return [account, contact]


def _moved(deal: Deal) -> str | None:
    """Return the field others have moved since, where it is one the run wrote otherwise than before."""
    changed = [each for each, to in deal.written.items() if to != deal.before[each]]
    return changed[0] if deal.since == "a written field" and changed else None


def _left(deal: Deal) -> dict[str, Any]:
    """Return what must stand in a deal in the end."""
    if _moved(deal) is None:
        return deal.before
    return deal.before | deal.written | {str(_moved(deal)): "by others"}


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deals=DEALS, parties=PARTIES)
def test_what_nobody_touched_since_is_as_before(
    app: Actwright, admin: Rest, deals: list[Deal], parties: list[Party]
) -> None:
    """Each untouched field has its old value, each untouched new record is gone, and others' work stands."""
    names = [new_deal(admin, **each.before) for each in deals]
    written = [
        _update(f"d{at}", name, each.written)
        for at, (name, each) in enumerate(zip(names, deals, strict=True))
        if each.written
    ]
    titles = [f"Party {names[0]} {at}" for at in range(len(parties))]
    made = [_party(f"p{at}", titles[at], each) for at, each in enumerate(parties)]
    actions = [*written, *(each for party in made for each in party)]
    if not actions:
        return
    done = carried_out(app, *actions)
    assert done.success, done.errors
    for name, deal in zip(names, deals, strict=True):
        field = _moved(deal) or ("Probability" if deal.since == "another field" else None)
        if field is not None:
            admin.change(
                "Opportunity", name, **{field: 41 if field == "Probability" else "by others"}
            )
    for title, party in zip(titles, parties, strict=True):
        if party.completed:
            admin.change("Account", title, Description="by others")

    try:
        plan = app.undo(str(done.run_id))
    except RefusedError as error:
        assert error.error_code == "nothing_to_undo"  # noqa: PT017 - what follows is tried either way
    else:
        preview = app.preview(plan, allow_delete=True)
        assert preview.blocked == ()
        back = app.run(preview, app.confirm(preview, approver="Alice Archer"))
        assert back.success, back.errors

    for name, deal in zip(names, deals, strict=True):
        fields = ", ".join(_VALUES)
        (found,) = admin.rows(f"SELECT {fields} FROM Opportunity WHERE Name = '{name}'")
        assert {each: found[each] for each in _VALUES} == _left(deal)
    for title, party in zip(titles, parties, strict=True):
        assert len(admin.rows(f"SELECT Id FROM Account WHERE Name = '{title}'")) == party.completed
        assert admin.rows(f"SELECT Id FROM Contact WHERE LastName = '{title} Person'") == []
    undoing = app.undoing(str(done.run_id))
    kept = {each.status for each in undoing.effects} - {"taken_back"}
    others = any(_moved(each) for each in deals) or any(each.completed for each in parties)
    assert kept == ({"left"} if others else set())
