"""Queries over HTTP: what they find, what they hide, how they refuse."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localorg.testing import Client, RunningOrg

_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r"}
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


def refusal(client: Client, soql: str) -> tuple[int, str, str]:
    """Return status, code and message of a query the org refuses."""
    response = client.request("GET", "/query", params={"q": soql})
    error = response.json()[0]
    return response.status_code, error["errorCode"], error["message"]


def names(client: Client, where: str) -> set[str]:
    """Return the names of the accounts a condition finds."""
    return {each["Name"] for each in client.query(f"SELECT Name FROM Account WHERE {where}")}


@pytest.fixture(scope="module")
def tag() -> str:
    """Text that marks the accounts of this module."""
    return f"q{uuid4().hex[:10]}"


@pytest.fixture
def accounts(admin: Client, tag: str) -> dict[str, str]:
    """Three accounts to look for, by the text in their ``Site``."""
    found = admin.query(f"SELECT Id, Name FROM Account WHERE Site = '{tag}'")
    if not found:
        admin.create("Account", Name="Ärger GmbH", Site=tag, NumberOfEmployees=10, Sic="50%")
        admin.create("Account", Name="beta", Site=tag, NumberOfEmployees=20, Sic="500")
        admin.create("Account", Name="Gamma", Site=tag)
        found = admin.query(f"SELECT Id, Name FROM Account WHERE Site = '{tag}'")
    return {each["Name"]: each["Id"] for each in found}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("Name = 'BETA'", {"beta"}),
        ("Name = 'äRGER gmbh'", {"Ärger GmbH"}),
        ("Name LIKE 'äRg%'", {"Ärger GmbH"}),
        ("Name LIKE '_eta'", {"beta"}),
        (r"Sic LIKE '50\%'", {"Ärger GmbH"}),
        ("Sic LIKE '50%'", {"Ärger GmbH", "beta"}),
        ("NumberOfEmployees > 10", {"beta"}),
        ("NumberOfEmployees <= 20", {"Ärger GmbH", "beta"}),
        ("NumberOfEmployees = null", {"Gamma"}),
        ("NumberOfEmployees != 10", {"beta", "Gamma"}),
        ("NOT NumberOfEmployees = 10", {"beta", "Gamma"}),
        ("NOT (NumberOfEmployees = 10 OR NumberOfEmployees = 20)", {"Gamma"}),
        ("NumberOfEmployees IN (10, null)", {"Ärger GmbH", "Gamma"}),
        ("NumberOfEmployees NOT IN (10)", {"beta", "Gamma"}),
        ("Name IN ('BETA', 'gamma')", {"beta", "Gamma"}),
        ("Sic = ''", {"Gamma"}),
        ("CreatedDate = TODAY AND IsDeleted = false", {"Ärger GmbH", "beta", "Gamma"}),
        ("CreatedDate < LAST_N_DAYS:2", set()),
        ("CreatedDate > 2020-01-01T00:00:00Z", {"Ärger GmbH", "beta", "Gamma"}),
        ("Owner.Name LIKE 'Ada%'", {"Ärger GmbH", "beta", "Gamma"}),
        ("Owner.Profile.Name = 'Read Only'", set()),
    ],
)
@pytest.mark.usefixtures("accounts")
def test_a_condition_finds_these_rows(
    admin: Client, tag: str, condition: str, expected: set[str]
) -> None:
    """Comparisons ignore case, nulls count as unequal, patterns have wildcards and escapes."""
    assert names(admin, f"Site = '{tag}' AND ({condition})") == expected


def test_rows_carry_attributes_and_parents(alice: Client) -> None:
    """A record names its object and address, and its parents nest under their relationship."""
    [row] = alice.query(
        "SELECT Name, Account.Name, Account.Owner.Alias FROM Opportunity WHERE Name = 'Acme Renewal'"
    )
    assert row["attributes"]["type"] == "Opportunity"
    assert list(row) == ["attributes", "Name", "Account"]
    assert row["Account"]["attributes"]["url"].startswith(
        "/services/data/v68.0/sobjects/Account/001"
    )
    assert row["Account"]["Name"] == "Acme"
    assert row["Account"]["Owner"]["Alias"] == "alice"


def test_a_polymorphic_parent_tells_its_type(alice: Client) -> None:
    """``What.Type`` is the object's name, also where that object has a field called Type."""
    [row] = alice.query(
        "SELECT What.Type, What.Name, Who.Name FROM Task WHERE Subject = 'Call about the renewal terms'"
    )
    assert row["What"]["Type"] == "Opportunity"
    assert row["What"]["Name"] == "Acme Renewal"
    assert row["Who"]["Name"] == "John Smith"


def test_an_absent_parent_is_null(admin: Client) -> None:
    """A row without a parent has null under the relationship, not an empty record."""
    contact = admin.create("Contact", LastName="Alone")
    [row] = admin.query(
        f"SELECT Account.Name, Account.Owner.Name FROM Contact WHERE Id = '{contact}'"
    )
    assert row["Account"] is None


def test_children_come_with_their_parent(alice: Client) -> None:
    """A subquery lists the child rows, ordered and limited per parent; no children is null."""
    rows = alice.query(
        "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName DESC LIMIT 1) FROM Account"
        " WHERE Name IN ('Acme', 'Globex')"
    )
    for row in rows:
        assert row["Contacts"]["totalSize"] == 1
    lonely = alice.create("Account", Name="No children")
    [row] = alice.query(f"SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE Id = '{lonely}'")
    assert row["Contacts"] is None


def test_a_semi_join_selects_by_another_object(alice: Client) -> None:
    """``IN (SELECT ...)`` keeps the rows whose id the inner query yields."""
    rows = alice.query(
        "SELECT Name FROM Account WHERE Id IN"
        " (SELECT AccountId FROM Opportunity WHERE Name = 'Acme Renewal')"
    )
    assert [each["Name"] for each in rows] == ["Acme"]


@pytest.mark.usefixtures("accounts")
def test_counts_and_sums(admin: Client, tag: str) -> None:
    """``COUNT()`` answers with a size alone; groups answer with one row each."""
    counted = admin.request(
        "GET", "/query", params={"q": f"SELECT COUNT() FROM Account WHERE Site = '{tag}'"}
    ).json()
    assert counted == {"totalSize": 3, "done": True, "records": []}
    [row] = admin.query(
        f"SELECT Site, COUNT(Id) n, SUM(NumberOfEmployees), MAX(Name) FROM Account"
        f" WHERE Site = '{tag}' GROUP BY Site"
    )
    assert (row["Site"], row["n"], row["expr0"]) == (tag, 3, 30)


@pytest.mark.usefixtures("accounts")
def test_order_limit_and_offset(admin: Client, tag: str) -> None:
    """Nulls come first unless last is asked for; limit and offset cut the ordered rows."""
    base = f"SELECT Name FROM Account WHERE Site = '{tag}' ORDER BY NumberOfEmployees"

    def ordered(tail: str) -> list[str]:
        return [each["Name"] for each in admin.query(f"{base} {tail}")]

    assert ordered("") == ["Gamma", "Ärger GmbH", "beta"]
    assert ordered("DESC") == ["Gamma", "beta", "Ärger GmbH"]
    assert ordered("ASC NULLS LAST") == ["Ärger GmbH", "beta", "Gamma"]
    assert ordered("LIMIT 1 OFFSET 1") == ["Ärger GmbH"]


def test_a_compound_address_is_one_value(alice: Client) -> None:
    """An address is put together from its parts."""
    [row] = alice.query("SELECT BillingAddress FROM Account WHERE Name = 'Acme'")
    assert row["BillingAddress"]["city"] == "New York"


def test_deleted_rows_show_in_query_all_only(admin: Client) -> None:
    """A deleted record leaves ``query`` and stays in ``queryAll``."""
    record = admin.create("Account", Name="Soon gone")
    assert admin.request("DELETE", f"/sobjects/Account/{record}").status_code == 204
    soql = f"SELECT Id, IsDeleted FROM Account WHERE Id = '{record}'"
    assert admin.query(soql) == []
    kept = admin.request("GET", "/queryAll", params={"q": soql}).json()["records"]
    assert [each["IsDeleted"] for each in kept] == [True]


def test_a_large_result_comes_in_batches(admin: Client, alice: Client) -> None:
    """Beyond 2,000 rows the answer names where the rest is, and the rest is only its owner's."""
    rows = [{"attributes": {"type": "Campaign"}, "Name": f"batch {n}"} for n in range(200)]
    for _ in range(11):
        body = {"allOrNone": True, "records": rows}
        assert admin.request("POST", "/composite/sobjects", body).status_code == 200
    soql = "SELECT Id FROM Campaign WHERE Name LIKE 'batch %'"
    page = admin.request("GET", "/query", params={"q": soql}).json()
    assert (page["totalSize"], page["done"], len(page["records"])) == (2200, False, 2000)
    rest = admin.request("GET", page["nextRecordsUrl"]).json()
    assert (rest["done"], len(rest["records"])) == (True, 200)
    ids = {each["Id"] for each in page["records"] + rest["records"]}
    assert len(ids) == 2200
    for client, url in ((alice, page["nextRecordsUrl"]), (admin, page["nextRecordsUrl"] + "00")):
        refused = client.request("GET", url)
        assert refused.json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


@pytest.mark.parametrize(
    ("soql", "code", "words"),
    [
        (
            "SELECT Id, Nope FROM Account",
            "INVALID_FIELD",
            "No such column 'Nope' on entity 'Account'",
        ),
        ("SELECT Id FROM Nope", "INVALID_TYPE", "sObject type 'Nope' is not supported"),
        ("SELECT Nope.Name FROM Account", "INVALID_FIELD", "Didn't understand relationship 'Nope'"),
        ("SELECT Id, Id FROM Account", "INVALID_FIELD", "duplicate field selected: Id"),
        ("SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD", "must be of type string"),
        (
            "SELECT Id FROM Account WHERE IsDeleted = 'x'",
            "INVALID_FIELD",
            "must be of type boolean",
        ),
        ("SELECT Id FROM Opportunity WHERE CloseDate = 5", "INVALID_FIELD", "must be of type date"),
        (
            "SELECT Id FROM Account WHERE Id = 'x'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid ID field",
        ),
        ("SELECT Id FROM Account WHERE Description = 'x'", "INVALID_FIELD", "can not be filtered"),
        ("SELECT Id FROM Account ORDER BY Description", "MALFORMED_QUERY", "can not be sorted"),
        ("SELECT Id FROM Account WITH USER_MODE", "MALFORMED_QUERY", "unexpected token: 'WITH'"),
        ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY", "must be grouped or aggregated"),
        ("SELECT MAX(BillingAddress) FROM Account", "MALFORMED_QUERY", "can not be grouped"),
        ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "2000"),
        (
            "SELECT RecordId FROM UserRecordAccess",
            "MALFORMED_QUERY",
            "UserRecordAccess is queried with",
        ),
        (
            "SELECT Id FROM Account WHERE CreatedDate = LAST_N_YEARS:9999",
            "INVALID_FIELD",
            "datetime",
        ),
    ],
)
def test_a_query_is_refused_with_the_platforms_code(
    admin: Client, soql: str, code: str, words: str
) -> None:
    """Names, types and places that do not fit are told apart."""
    status, found, message = refusal(admin, soql)
    assert (status, found) == (400, code)
    assert words in message


def test_an_object_without_permission_looks_unknown(carol: Client) -> None:
    """What the user may not read is answered like what does not exist."""
    hidden = refusal(carol, "SELECT Id FROM Lead")
    unknown = refusal(carol, "SELECT Id FROM Leaf")
    assert hidden[:2] == unknown[:2] == (400, "INVALID_TYPE")
    response = carol.request("GET", "/sobjects/Lead/describe")
    assert (response.status_code, response.json()[0]["errorCode"]) == (404, "NOT_FOUND")


@pytest.fixture
def carol(org: RunningOrg) -> Client:
    """Log in the service agent, who has no rights on leads."""
    return org.login("carol")


def test_rows_of_others_stay_hidden(admin: Client, bob: Client) -> None:
    """A private object's rows are left out of queries, counts and parents, and cannot be read by id."""
    account = admin.create("Account", Name="Shared account")
    contract = admin.create("Contract", AccountId=account, StartDate="2026-01-01")
    order = admin.create(
        "Order", AccountId=account, ContractId=contract, EffectiveDate="2026-02-01", Status="Draft"
    )
    assert bob.query(f"SELECT Id FROM Contract WHERE Id = '{contract}'") == []
    counted = bob.request("GET", "/query", params={"q": "SELECT COUNT() FROM Contract"}).json()
    assert counted["totalSize"] == len(bob.query("SELECT Id FROM Contract"))
    assert bob.request("GET", f"/sobjects/Contract/{contract}").status_code == 404
    soql = f"SELECT Contract.ContractNumber FROM Order WHERE Id = '{order}'"
    assert bob.query(soql)[0]["Contract"] is None
    assert admin.query(soql)[0]["Contract"]["ContractNumber"]
    probe = f"SELECT Id FROM Order WHERE Id = '{order}' AND Contract.StartDate = 2026-01-01"
    assert bob.query(probe) == []


def test_record_access_in_both_forms(admin: Client, bob: Client, dana: Client) -> None:
    """The relationship form and the object itself give the same answer."""
    account = admin.create("Account", Name="Whose is it")
    soql = (
        "SELECT Id, UserRecordAccess.HasEditAccess, UserRecordAccess.HasDeleteAccess"
        f" FROM Account WHERE Id IN ('{account}')"
    )
    for client, edit in ((admin, True), (bob, True), (dana, False)):
        own = client.query(soql)[0]["UserRecordAccess"]
        assert own["HasEditAccess"] is edit
        user = client.request("GET", "/services/oauth2/userinfo").json()["user_id"]
        [row] = client.query(
            "SELECT RecordId, HasReadAccess, HasEditAccess, HasDeleteAccess, MaxAccessLevel FROM"
            f" UserRecordAccess WHERE UserId = '{user}' AND RecordId IN ('{account}')"
        )
        assert row["HasEditAccess"] is edit
        assert row["HasDeleteAccess"] is own["HasDeleteAccess"]
        assert row["RecordId"] == account


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=_TEXTS)
def test_any_text_survives_the_round_trip(admin: Client, text: str) -> None:
    """A text stored and then searched for, escaped, finds its row; the text comes back unchanged."""
    stored = "x" + text.strip() + "x"
    record = admin.create("Account", Name="round trip", Site=stored)
    literal = "'" + "".join(_ESCAPES.get(char, char) for char in stored) + "'"
    soql = f"SELECT Site FROM Account WHERE Id = '{record}' AND Site = {literal}"
    assert [each["Site"] for each in admin.query(soql)] == [stored]


def test_hostile_text_stays_text(admin: Client) -> None:
    """Text that looks like SQL or SOQL is only ever compared."""
    hostile = "'; DROP TABLE \"Account\"; -- ' OR Name != '"
    record = admin.create("Account", Name=hostile)
    literal = "'" + hostile.replace("'", "\\'") + "'"
    found = admin.query(f"SELECT Id FROM Account WHERE Name = {literal}")
    assert [each["Id"] for each in found] == [record]


def test_a_query_may_be_percent_encoded_in_the_url(alice: Client) -> None:
    """The query parameter is decoded once."""
    soql = quote("SELECT Id FROM Account WHERE Name = 'Acme'")
    response = alice.request("GET", f"/query?q={soql}")
    assert response.json()["totalSize"] == 1
