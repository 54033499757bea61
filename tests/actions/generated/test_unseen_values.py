"""Values held opaque: no error shows them, and what they decide is marked with where they came from."""

from __future__ import annotations

import pytest
from tests.generated_scene import argument, open_total, read, small, work, written
from tests.memory_org import MemoryOrg

from actwright.actions.generated.sample_org import SampleOrg
from actwright.actions.generated.trial import GeneratedTest, SampleRow
from actwright.actions.generated.trying import tried
from actwright.errors import ImplementationError
from actwright.org.query import Condition, RecordQuery
from actwright.org.record_id import record_id
from actwright.sandbox import Sandbox

EMAIL = read("Contact", "Email", "Name", opaque=["Email"])


def test_a_value_that_decides_what_is_read_taints_what_is_said_of_it(
    sandbox: Sandbox, org: MemoryOrg
) -> None:
    """A model's word held opaque is not laundered by finding a record that says the same."""
    action = small(
        '    found = org.query("Account", ["Name"], [["Name", "=", word]])\n'
        '    org.create("Task", {"Subject": found[0]["Name"]})',
        inputs={"word": "String"},
        reads=[read("Account", "Name")],
        opaque_inputs=("word",),
    )
    made = {
        each.provenance: work(action, sandbox, org, word=each).effects[0].changes[0]
        for each in (argument("Acme", provenance="model"), argument("Acme", provenance="goal"))
    }
    assert {each.after for each in made.values()} == {"Acme"}
    assert (made["model"].provenance, made["model"].mixed) == ("model", ("record",))
    assert (made["goal"].provenance, made["goal"].mixed) == ("record", ())


def test_so_is_an_unseen_value_that_was_found_by_it(sandbox: Sandbox, org: MemoryOrg) -> None:
    """Whose address it is was the model's choice."""
    action = small(
        '    found = org.query("Contact", ["Email"], [["Name", "=", word]], [], 1)\n'
        '    org.create("Task", {"Subject": found[0]["Email"]})',
        inputs={"word": "String"},
        reads=[EMAIL],
        opaque_inputs=("word",),
    )
    name = str(org.rows["Contact"][0]["Name"])
    (effect,) = work(action, sandbox, org, word=argument(name, provenance="extract")).effects
    assert [(each.provenance, each.mixed) for each in effect.changes] == [("extract", ("record",))]


@pytest.mark.parametrize(
    "line",
    [
        'org.create("Task", {"ActivityDate": found["Email"]})',
        'org.query("Opportunity", ["Amount"], [["Amount", "=", found["Email"]]])',
    ],
)
def test_no_error_shows_an_unseen_value(line: str, sandbox: Sandbox, org: MemoryOrg) -> None:
    """Where it does not fit, the error says whose it is, and not what it is."""
    action = small(
        f'    found = org.query("Contact", ["Email"], [], [], 1)[0]\n    {line}',
        reads=[EMAIL, read("Opportunity", "Amount")],
    )
    with pytest.raises(ImplementationError) as refused:
        work(action, sandbox, org)
    emails = [str(each["Email"]) for each in org.rows["Contact"]]
    assert not any(each in str(refused.value) for each in emails)


def test_an_unseen_name_is_not_shown_beside_a_text(sandbox: Sandbox, org: MemoryOrg) -> None:
    """What people call a record is shown beside a reference to it, and beside nothing else."""
    action = small(
        '    org.create("Task", {"Description": deal, "WhatId": deal})',
        inputs={"deal": "Reference"},
        opaque_inputs=("deal",),
    )
    deal = argument(record_id("006000000000001"), "id", "lookup", text="Acme Renewal")
    (effect,) = work(action, sandbox, org, deal=deal).effects
    assert {each.field: each.after_text for each in effect.changes} == {
        "Description": None,
        "WhatId": "Acme Renewal",
    }
    assert written(effect)["Description"][0] == deal.value


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("%", "", 0),
        ("%", "anything", 1),
        ("a%", "Abc", 1),
        ("%c", "abc", 1),
        ("%b%", "abc", 1),
        ("a_c", "abc", 1),
        ("a_c", "abbc", 0),
        ("%ab%bc%", "abc", 0),
        ("%ab%bc%", "abbc", 1),
        ("a%a", "a", 0),
        ("a%b%a", "a b a b a", 1),
        ("%%", "x", 1),
        (".*", "x", 0),
        ("(%", "(x", 1),
        ("a%", "a\nb", 1),
    ],
)
def test_like_means_in_a_sample_what_it_means_in_an_org(
    pattern: str, text: str, found: int, org: MemoryOrg
) -> None:
    """Any run of letters, and any one letter; case makes no difference."""
    row: SampleRow = {"Id": record_id("001000000000001"), "Name": text}
    query = RecordQuery(
        object="Account",
        fields=("Name",),
        where=(Condition(field="Name", operator="LIKE", value=pattern),),
    )
    assert SampleOrg(org, {"Account": (row,)}).count(query) == found


def test_no_pattern_of_the_code_keeps_the_house_busy(sandbox: Sandbox, org: MemoryOrg) -> None:
    """Samples are read in this process: a pattern that would try every way to match is answered at once."""
    code = (
        "import org\n\n\ndef produce(CaseId: str) -> None:\n"
        '    org.query("Account", ["Name"], [["Name", "LIKE", "%a" * 40 + "c"]])\n'
        '    org.create("Task", {"Subject": "x"})\n'
    )
    case = record_id("500000000000001")
    row: SampleRow = {"Id": record_id("001000000000001"), "Name": "a" * 20_000 + "b"}
    test = GeneratedTest(name="slow", arguments={"CaseId": case}, records={"Account": (row,)})
    action = open_total(code, reads=(read("Account", "Name"),), tests=(test,))
    assert "effect" in tried(action, test, sandbox, org).message
    long = code.replace('"%a" * 40 + "c"', '"a" * 1_001')
    assert (
        "1000 characters" in tried(open_total(long, reads=action.reads), test, sandbox, org).message
    )


@pytest.mark.parametrize(
    "moment", ["1, 1, 1, tzinfo=timezone(later)", "9999, 12, 31, tzinfo=timezone(-later)"]
)
@pytest.mark.parametrize(
    "line",
    [
        'org.create("Task", {{"Description": datetime({0})}})',
        'org.query("Account", ["Name"], [["Name", "=", datetime({0})]])',
    ],
)
def test_a_moment_that_is_none_in_utc_is_refused(
    moment: str, line: str, sandbox: Sandbox, org: MemoryOrg
) -> None:
    """The code may make moments this house cannot turn into UTC; they end its run and nothing else."""
    late = moment.replace("9999, 12, 31", "9999, 12, 31, 23")
    body = f"    later = timedelta(hours=14)\n    {line.format(late)}"
    made = small(body, reads=[read("Account", "Name")])
    action = open_total(
        made.code.replace("import date, datetime", "import date, datetime, timedelta, timezone"),
        blueprint=made.blueprint,
        reads=made.reads,
    )
    with pytest.raises(ImplementationError, match="beyond the years"):
        work(action, sandbox, org)
