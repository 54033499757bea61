"""Lookups over a real org: what is asked together finds what it would find alone."""

from __future__ import annotations

import pytest
from tests.memory_org import demo_org
from tests.scenario import Rest, new_deal, sign_in

from actwright import Actwright
from actwright.org.lookup import Lookup, find, queries_for
from actwright.org.query import Condition, JsonScalar
from actwright.testing import LocalOrg


@pytest.fixture(scope="module")
def admin(shared_org: LocalOrg) -> Rest:
    """Give the administrator's own view of the org."""
    return sign_in(shared_org.url)


@pytest.fixture
def app(shared_org: LocalOrg) -> Actwright:
    """Give Alice's Actwright."""
    return shared_org.as_user()


def by(field: str, value: JsonScalar, name: str = "Opportunity") -> Lookup:
    """Return a lookup by one equality."""
    return Lookup(object=name, where=(Condition(field=field, value=value),))


def found(app: Actwright, *lookups: Lookup) -> list[list[str]]:
    """Return the ids each lookup finds when all are asked together."""
    answers = find(app.org, lookups)
    return [sorted(each.id for each in answers[lookup]) for lookup in lookups]


def test_short_ids_are_found_in_company(app: Actwright, admin: Rest) -> None:
    """Ids of 15 characters and of 18 find the same records."""
    ids = [each["Id"] for each in admin.rows("SELECT Id FROM Opportunity LIMIT 2")]
    short = [by("Id", each[:15]) for each in ids]
    assert found(app, *short, *(by("id", each) for each in ids)) == [[each] for each in ids * 2]


def test_numbers_written_as_text_are_found_in_company(app: Actwright, admin: Rest) -> None:
    """A number finds its record with as many zeros behind the point as anybody writes."""
    names = [new_deal(admin, Amount=each) for each in (424201, 424202.5)]
    ids = [
        admin.rows(f"SELECT Id FROM Opportunity WHERE Name = '{each}'")[0]["Id"] for each in names
    ]
    asked = [by("Amount", each) for each in ("424201.00", "424202.50", 424201)]
    assert found(app, *asked) == [[ids[0]], [ids[1]], [ids[0]]]


def test_moments_with_an_offset_are_found_in_company(app: Actwright, admin: Rest) -> None:
    """A point in time is the same one in every zone."""
    alice = app.org.user.id
    account = admin.rows("SELECT Id FROM Account WHERE Name = 'Acme'")[0]["Id"]
    starts = ("2031-03-01T10:00:00+02:00", "2031-03-02T10:00:00-05:00")
    ids = [
        admin.call(
            "POST",
            "/sobjects/Event",
            {
                "Subject": "Meet",
                "StartDateTime": each,
                "EndDateTime": "2031-03-03T00:00:00Z",
                "DurationInMinutes": 60,
                "OwnerId": alice,
                "WhatId": account,
            },
        )["id"]
        for each in starts
    ]
    asked = [by("StartDateTime", each, "Event") for each in starts]
    assert found(app, *asked) == [[each] for each in ids]


def test_names_are_merged_and_all_else_goes_alone(app: Actwright) -> None:
    """Names of an object take one query for all of them; a parent's name, in any case, is still found."""
    named = found(app, by("Name", "ACME", "Account"), by("name", "globex", "Account"))
    assert [len(each) for each in named] == [1, 1]
    parents = [by("Account.Name", each) for each in ("ACME", "Acme")]
    first, second = found(app, *parents)
    assert first == second != []


def test_what_lookups_will_ask_is_known_beforehand() -> None:
    """Whoever asks it together with something else asks exactly that."""
    org = demo_org()
    lookups = [by("Name", "Acme", "Account"), by("Name", "Globex", "Account"), by("Amount", 1)]
    asked = queries_for(org, lookups)
    assert (len(asked), org.api_calls) == (2, 0)
    find(org, lookups)
    assert org.asked == asked
