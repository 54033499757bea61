"""The demo org: valid against the catalogue and consistent in itself, on whatever day it is seeded."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localorg.schema.catalogue import load_catalogue
from localorg.schema.model import FieldDef
from localorg.schema.stages import STAGES
from localorg.seed.demo import Ref, Row, Value, demo_rows
from localorg.seed.people import PROFILES

CATALOGUE = load_catalogue()
TODAY = dt.date(2030, 1, 15)
ROWS = list(demo_rows(TODAY))


def of(name: str) -> dict[str, dict[str, Value]]:
    """The rows of one object by symbolic key."""
    return {key(fields["Id"]): fields for each, fields in ROWS if each == name}


def key(value: Value) -> str:
    """The symbolic key of a reference."""
    assert isinstance(value, Ref)
    return value.key


def number(value: Value) -> float:
    """A numeric value."""
    assert isinstance(value, int | float)
    return value


def text(value: Value) -> str:
    """A text value."""
    assert isinstance(value, str)
    return value


def test_rows_refer_to_earlier_rows_of_an_allowed_object() -> None:
    """Every reference names a row that came before, of an object the field may refer to."""
    known: dict[str, str] = {}
    for name, fields in ROWS:
        definition = CATALOGUE.objects[name]
        for field_name, value in fields.items():
            field = definition.by_name[field_name.lower()]
            if isinstance(value, Ref) and field.type != "id":
                assert known[value.key] in field.reference_to, (name, field_name, value)
        assert key(fields["Id"]) not in known
        known[key(fields["Id"])] = name


def test_values_fit_their_fields() -> None:
    """Every value is of its field's type, within its length, and from its picklist."""
    for name, fields in ROWS:
        for field_name, value in fields.items():
            field = CATALOGUE.objects[name].by_name[field_name.lower()]
            assert field.name == field_name
            assert fits(field, value), (name, field_name, value)


def fits(field: FieldDef, value: Value) -> bool:
    """Whether a value can be stored in a field."""
    if value is None:
        return field.nillable
    check = CHECKS.get(field.type)
    return check(value) if check else fits_text(field, text(value))


def fits_text(field: FieldDef, value: str) -> bool:
    """Whether a text is short enough and, in a picklist, one of its values."""
    listed = {each.value for each in field.picklist} or {value}
    return len(value) <= field.length and (value in listed or field.type == "combobox")


def is_number(value: Value) -> bool:
    """Whether a value is a number; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


CHECKS: dict[str, Callable[[Value], bool]] = {
    "id": lambda value: isinstance(value, Ref),
    "reference": lambda value: isinstance(value, Ref),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: dt.date.fromisoformat(text(value)).isoformat() == value,
    "datetime": lambda value: text(value).endswith(":00.000+0000") and len(text(value)) == 28,
} | dict.fromkeys(("int", "double", "currency", "percent"), is_number)
"""Field type -> whether a value is of it; all other types hold text."""


def test_required_fields_are_there() -> None:
    """Each row has what a create could not do without."""
    for name, fields in ROWS:
        for field in CATALOGUE.objects[name].fields:
            if field.createable and not field.nillable and not field.defaulted_on_create:
                assert fields.get(field.name) is not None, (name, field.name)


def test_unique_values_are_unique() -> None:
    """No two rows share a user name or a number that must be unique."""
    for definition in CATALOGUE.objects.values():
        for field in definition.fields:
            if field.unique or field.auto_number:
                rows = of(definition.name).values()
                given_values = [row[field.name] for row in rows if field.name in row]
                assert len(set(given_values)) == len(given_values), (definition.name, field.name)


def test_opportunities_follow_their_stage() -> None:
    """Probability, flags, forecast and expected revenue are those of the stage."""
    for fields in of("Opportunity").values():
        stage = STAGES[text(fields["StageName"])]
        assert fields["Probability"] == stage.probability
        assert (fields["IsClosed"], fields["IsWon"]) == (stage.is_closed, stage.is_won)
        assert fields["ForecastCategoryName"] == stage.forecast_category_name
        assert fields["ExpectedRevenue"] == number(fields["Amount"]) * stage.probability / 100


@pytest.mark.parametrize(
    ("parent", "child", "reference", "amount"),
    [
        ("Quote", "QuoteLineItem", "QuoteId", "GrandTotal"),
        ("Order", "OrderItem", "OrderId", "TotalAmount"),
        ("Opportunity", "OpportunityLineItem", "OpportunityId", "Amount"),
    ],
)
def test_totals_follow_lines(parent: str, child: str, reference: str, amount: str) -> None:
    """A record with lines costs what its lines cost, and a line its quantity times its price."""
    sums: Counter[str] = Counter()
    for line in of(child).values():
        assert line["TotalPrice"] == number(line["Quantity"]) * number(line["UnitPrice"])
        sums[key(line[reference])] += int(number(line["TotalPrice"]))
    assert sums
    for parent_key, total in sums.items():
        assert of(parent)[parent_key][amount] == total


def test_lines_sell_the_product_of_their_price_book_entry() -> None:
    """A line's product, price and book are those of the entry it names."""
    entries = of("PricebookEntry")
    for name in ("OpportunityLineItem", "QuoteLineItem", "OrderItem"):
        for line in of(name).values():
            entry = entries[key(line["PricebookEntryId"])]
            assert line["Product2Id"] == entry["Product2Id"]
            assert line["ListPrice"] == entry["UnitPrice"]


def test_activities_and_cases_belong_to_the_account_of_their_contact() -> None:
    """What names a contact and an account names the account of that contact."""
    contacts = of("Contact")
    for name, reference in (("Case", "ContactId"), ("Task", "WhoId"), ("Event", "WhoId")):
        for fields in of(name).values():
            assert fields["AccountId"] == contacts[key(fields[reference])]["AccountId"]


def test_demo_has_the_people_and_records_that_guides_speak_of() -> None:
    """The users, accounts, deals, cases, queues and leads of the guides are there."""
    assert set(of("User")) == {"admin", "alice", "bob", "carol", "dana"}
    assert of("User")["alice"]["TimeZoneSidKey"] == "America/New_York"
    assert {text(f["DeveloperName"]) for f in of("Group").values()} == {"Tier_2_Support", "Billing"}
    renewal = of("Opportunity")["acme_renewal"]
    assert (renewal["Name"], renewal["StageName"]) == ("Acme Renewal", "Negotiation/Review")
    assert (renewal["Amount"], renewal["OwnerId"]) == (120_000, Ref("alice"))
    numbers = [fields["CaseNumber"] for fields in of("Case").values()]
    assert numbers == [f"0000100{digit}" for digit in range(1, 6)]
    assert of("Lead")["jane_doe"]["Status"] == "Open - Not Contacted"
    last_names = Counter(fields["LastName"] for fields in of("Contact").values())
    assert last_names["Smith"] == 2
    assert len(of("CampaignMember")) == 2


def test_contoso_has_old_deals_to_clean_up() -> None:
    """Seven are open and more than ninety days old; the rest is younger or closed, so that a condition matters."""
    deals = [each for each in of("Opportunity").values() if each["AccountId"] == Ref("contoso")]
    old = [each for each in deals if age(each) > 90]
    assert len(deals) == 12
    assert [each["StageName"] for each in old if each["IsClosed"]] == ["Closed Won", "Closed Lost"]
    left = [each for each in old if not each["IsClosed"]]
    assert len(left) == 7
    assert len({each["StageName"] for each in left}) > 4
    assert len({each["Amount"] for each in left}) == 7
    assert {age(each) for each in deals if each not in old} == {12, 40, 84}


def age(deal: dict[str, Value]) -> int:
    """How many days ago a deal was created."""
    return (TODAY - dt.date.fromisoformat(text(deal["CreatedDate"])[:10])).days


def test_record_types_leave_values_that_their_records_hold() -> None:
    """Each definition has its row, narrows picklists the object has, and fits the records seeded with it."""
    for definition in CATALOGUE.objects.values():
        for kind in definition.record_types:
            key_of = Ref(f"record_type_{definition.name}_{kind.developer_name}")
            assert of("RecordType")[key_of.key]["SobjectType"] == definition.name
            assert {*kind.profiles, *kind.default_for} <= set(PROFILES.values())
            for name, values in kind.picklists:
                field = definition.by_name[name.lower()]
                assert set(values) <= {each.value for each in field.picklist}
                held = [
                    each.get(name)
                    for each in of(definition.name).values()
                    if each.get("RecordTypeId") == key_of
                ]
                assert set(held) <= {*values, None}


def test_every_secured_field_has_a_row_for_each_profile() -> None:
    """The administrator's sets have a row for each field that takes field-level security, the ledger's included."""
    rows = of("FieldPermissions").values()
    sets = {Ref("set_admin"), Ref("set_ledger")}
    granted = {text(each["Field"]) for each in rows if each["ParentId"] in sets}
    assert granted == {
        f"{each.name}.{field.name}"
        for each in CATALOGUE.objects.values()
        for field in each.fields
        if field.permissionable and not each.setup
    }


@given(st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2200, 1, 1)))
@settings(max_examples=20, deadline=None)
def test_dates_move_with_the_day_of_seeding(today: dt.date) -> None:
    """Open deals close after today and closed ones before, nothing was created after today, the rest never changes."""
    rows = list(demo_rows(today))
    for name, fields in rows:
        if name == "Opportunity":
            closes = dt.date.fromisoformat(text(fields["CloseDate"]))
            assert (closes < today) == fields["IsClosed"]
            assert closes != today
        if "CreatedDate" in fields:
            assert text(fields["CreatedDate"])[:10] <= today.isoformat()
    assert undated(rows) == undated(ROWS)


def undated(rows: Iterable[Row]) -> list[Row]:
    """The rows without their dates."""
    dated = {"date", "datetime"}
    return [
        (
            name,
            {
                field: value
                for field, value in fields.items()
                if CATALOGUE.objects[name].by_name[field.lower()].type not in dated
            },
        )
        for name, fields in rows
    ]
