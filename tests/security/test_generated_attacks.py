"""Attacks by approved code on the house around it: it reaches nothing it did not declare, and launders nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from tests.generated_scene import (
    argument,
    create,
    ids,
    open_total,
    read,
    request_for,
    small,
    update,
    work,
    written,
)
from tests.memory_org import MemoryOrg, demo_org

from actwright.actions.generated.implementation import Worked
from actwright.checkpoints.resolving.vetting import worked_out
from actwright.errors import ActwrightError, ImplementationError
from actwright.org.record_id import record_id
from actwright.sandbox import Sandbox

READS = (
    read("Opportunity", "Name", "Amount", "AccountId"),
    read("Contact", "Email", "AccountId", opaque=["Email"]),
)
WRITES = (
    create("Task", "Subject", "Description", "WhatId", "ActivityDate"),
    update("Opportunity", "NextStep", "Amount"),
)
MADE_UP = record_id("001000000099999")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Give one sandbox to all attacks."""
    with Sandbox(workers=1) as made:
        yield made


@pytest.fixture
def org() -> MemoryOrg:
    """Give the demo org in memory."""
    return demo_org()


def deal_of(org: MemoryOrg) -> str:
    """Return the id of the deal each attack is handed."""
    return ids(org, "Opportunity", lambda row: row["Name"] == "Acme Renewal")[0]


def attacked(lines: str, sandbox: Sandbox, org: MemoryOrg) -> Worked:
    """Return what some lines come to that are handed a deal's id."""
    body = "\n".join(f"    {each}" for each in lines.split("\n"))
    action = small(body, inputs={"deal": "Reference"}, reads=READS, writes=WRITES)
    return work(action, sandbox, org, deal=argument(deal_of(org), "id", "lookup"))


def refused(lines: str, sandbox: Sandbox, org: MemoryOrg) -> ActwrightError:
    """Return the error some lines end in; whatever they were after, they come to nothing."""
    with pytest.raises(ActwrightError) as stopped:
        attacked(lines, sandbox, org)
    return stopped.value


@pytest.mark.parametrize(
    "call",
    [
        'org.query("Account", ["Name"])',
        'org.query("User", ["Email"])',
        'org.query("opportunity", ["Name"])',
        'org.query("Opportunity ", ["Name"])',
        'org.query("Opportunity WHERE Name != null", ["Name"])',
        'org.query("Opportunity, Contact", ["Name"])',
        'org.query("\\u041epportunity", ["Name"])',
        'org.query("Opportunity\\u200b", ["Name"])',
        'org.query("", ["Name"])',
        'org.query("Opportunity", ["StageName"])',
        'org.query("Opportunity", ["Account.Name"])',
        'org.query("Opportunity", ["name"])',
        'org.query("Opportunity", ["Name, StageName"])',
        'org.query("Opportunity", ["Name FROM Contact --"])',
        'org.query("Opportunity", ["(SELECT Id FROM OpportunityLineItems)"])',
        'org.query("Opportunity", ["FIELDS(ALL)"])',
        'org.query("Opportunity", ["COUNT()"])',
        'org.query("Opportunity", ["Amo\\u200bunt"])',
        'org.query("Opportunity", ["\\uff21mount"])',
        'org.query("Opportunity", [])',
        'org.query("Opportunity", ["Name"], [["StageName", "=", "Closed Won"]])',
        'org.query("Opportunity", ["Name"], [["Name = \'\' OR Name", "!=", ""]])',
        'org.query("Opportunity", ["Name"], [["Name", "= \'\' OR Name !=", ""]])',
        'org.query("Opportunity", ["Name"], [["Name", "INCLUDES", "x"]])',
        'org.query("Opportunity", ["Name"], [["Name", "="]])',
        'org.query("Opportunity", ["Name"], [[["Name"], "=", "x"]])',
        'org.query("Opportunity", ["Name"], [["Name", "IN", []]])',
        'org.query("Opportunity", ["Name"], [["Name", "IN", ["x"] * 201]])',
        'org.query("Opportunity", ["Name"], [["Name", "=", {"a": 1}]])',
        'org.query("Opportunity", ["Name"], [], ["StageName"])',
        'org.query("Opportunity", ["Name"], [], ["Name DESC, StageName"])',
        'org.query("Opportunity", ["Name"], [], ["--Name"])',
        'org.query("Opportunity", ["Name"], [], [], -1)',
        'org.query("Opportunity", ["Name"], [], [], 2001)',
        'org.query("Opportunity", ["Name"], [], [], 10 ** 12)',
        'org.query("Contact", ["AccountId"], [["Email", "LIKE", "a%"]])',
        'org.query("Contact", ["AccountId"], [["Email", "=", "jane@example.com"]])',
        'org.query("Contact", ["AccountId"], [["Email", "!=", None]])',
        'org.query("Contact", ["AccountId"], [], ["Email"])',
        'org.get("Account", deal, ["Name"])',
        'org.get("Opportunity", deal, ["Id", "StageName"])',
        'org.soql("SELECT Id FROM User")',
        'org.describe("Opportunity")',
        'org.delete("Opportunity", deal)',
        'org.upsert("Opportunity", {"Name": "x"})',
    ],
)
def test_nothing_is_read_that_was_not_declared(call: str, sandbox: Sandbox, org: MemoryOrg) -> None:
    """No object, field, order or text of a query reaches the org unless it was declared, in exactly that spelling."""
    refused(f'{call}\norg.create("Task", {{"Subject": "x"}})', sandbox, org)
    assert org.asked == []


@pytest.mark.parametrize(
    "call",
    [
        'org.create("Contact", {"LastName": "x"})',
        'org.create("Opportunity", {"Name": "x"})',
        'org.create("task", {"Subject": "x"})',
        'org.create("Task", {})',
        'org.create("Task", {"Status": "Completed"})',
        'org.create("Task", {"subject": "x"})',
        'org.create("Task", {"Subject ": "x"})',
        'org.create("Task", {"Sub\\u200bject": "x"})',
        'org.create("Task", {"\\uff33ubject": "x"})',
        'org.create("Task", {"Subject": "x", "label": "Harmless"})',
        'org.create("Task", {"Subject": "x", "record_name": "Acme", "provenance": "goal"})',
        f'org.create("Task", {{"Subject": "x", "Id": "{MADE_UP}"}})',
        'org.create("Task", {"Subject": {"value": "x", "provenance": "goal"}})',
        'org.create("Task", {"Subject": ["x"]})',
        'org.create("Task", {"Subject": b"x"})',
        'org.create("Task", {"Subject": {1, 2}})',
        'org.create("Task", {"Subject": org})',
        'org.create("Task", {"ActivityDate": datetime(2026, 1, 1)})',
        'org.create("Task", {"Subject": 10 ** 100})',
        'org.create("Task", {"Subject": float("inf")})',
        'org.update("Opportunity", deal, {"StageName": "Closed Won"})',
        'org.update("Opportunity", deal, {"Id": deal})',
        'org.update("Task", deal, {"Subject": "x"})',
        'org.update("Opportunity", None, {"NextStep": "x"})',
        'org.update("Opportunity", "", {"NextStep": "x"})',
        'org.update("Opportunity", [deal], {"NextStep": "x"})',
        'org.update("Opportunity", org.create("Task", {"Subject": "x"}), {"NextStep": "x"})',
        'http.call("billing", {"total": 1})',
    ],
)
def test_nothing_is_written_that_was_not_declared(
    call: str, sandbox: Sandbox, org: MemoryOrg
) -> None:
    """No object, field or operation is handed out unless it was declared, and a value is a plain one or a handle."""
    refused(call, sandbox, org)


@pytest.mark.parametrize(
    "call",
    [
        f'org.get("Opportunity", "{MADE_UP}", ["Name"])',
        f'org.query("Opportunity", ["Name"], [["AccountId", "=", "{MADE_UP}"]])',
        f'org.query("Opportunity", ["Name"], [["Id", "IN", [deal, "{MADE_UP}"]]])',
        f'org.update("Opportunity", "{MADE_UP}", {{"NextStep": "x"}})',
        f'org.create("Task", {{"Subject": "x", "WhatId": "{MADE_UP}"}})',
        f'org.create("Task", {{"Subject": "x", "WhatId": "{MADE_UP[:15]}"}})',
        'org.create("Task", {"Subject": "x", "WhatId": "001" + "0" * 7 + "99999"})',
        'org.create("Task", {"Subject": "x", "WhatId": deal[:14] + "z"})',
        'org.create("Task", {"Subject": "x", "WhatId": "a1"})',
        'org.create("Task", {"Subject": "x", "WhatId": "@{a1.id}"})',
        'org.create("Task", {"Subject": "x", "WhatId": "other#2"})',
        'org.create("Task", {"Subject": "x", "WhatId": {"linked_to": "other"}})',
        'org.create("Task", {"Subject": "x", "WhatId": 1})',
    ],
)
def test_an_id_is_read_or_handed_in_and_never_made_up(
    call: str, sandbox: Sandbox, org: MemoryOrg
) -> None:
    """Constants, parts put together, other actions' refs: none is a record the code may speak of."""
    refused(call, sandbox, org)
    assert org.asked == []


def test_a_record_of_another_object_is_not_changed(sandbox: Sandbox, org: MemoryOrg) -> None:
    """The id of an account that was read is no opportunity's."""
    lines = (
        'found = org.get("Opportunity", deal, ["AccountId"])\n'
        'org.update("Opportunity", found["AccountId"], {"NextStep": "x"})'
    )
    action = small("    pass", inputs={"deal": "Reference"}, reads=READS, writes=WRITES)
    worked = attacked(lines, sandbox, org)
    with pytest.raises(ActwrightError) as stopped:
        worked_out(worked.effects, request_for(action, org), "gen_0")
    assert stopped.value.error_code == "record_id_invalid"


@pytest.mark.parametrize(
    "lines",
    [
        'try:\n    org.query("User", ["Email"])\nexcept BaseException:\n    pass\norg.create("Task", {"Subject": "x"})',
        'try:\n    org.create("Contact", {"LastName": "x"})\nexcept:\n    org.create("Task", {"Subject": "x"})',
        'try:\n    org.get("User", deal, ["Email"])\nfinally:\n    org.create("Task", {"Subject": "x"})',
        (
            'for name in ["User", "Profile", "Opportunity"]:\n    try:\n        org.query(name, ["Name"])\n'
            '    except Exception as error:\n        log.info(str(error))\norg.create("Task", {"Subject": "x"})'
        ),
    ],
)
def test_a_denial_cannot_be_swallowed(lines: str, sandbox: Sandbox, org: MemoryOrg) -> None:
    """The run ends at the denial, and what it had handed out before is not used."""
    assert refused(lines, sandbox, org).error_code == "generated_denied"
    assert org.asked == []


@pytest.mark.parametrize(
    "use",
    [
        'str(held) + ""',
        'f"{held}"',
        "repr(held)",
        '"%s" % held',
        '"" + held',
        "held.value",
        "held.label",
        "held[0]",
        "held == known",
        "held in [known]",
        "{known: 1}.get(held, 0)",
        "len(held)",
        "list(held)",
        "sorted([held, held])[0]",
        "min(held, known)",
        "hash(held)",
        "int(held)",
        "json.dumps(held)",
        "copy.deepcopy(held)",
        "held.__dict__",
        "held.__class__",
        "vars(held)",
        "held()",
        "held | known",
        "bool(held) and held.upper()",
        '"".join([held])',
        're.findall(".*", held)',
    ],
)
def test_what_is_held_opaque_cannot_be_looked_at(
    use: str, sandbox: Sandbox, org: MemoryOrg
) -> None:
    """Whatever is tried with a handle, nothing of its value reaches text of the code's own, in effects or in errors."""
    (person,) = [each for each in org.rows["Contact"] if each["Email"] and each["AccountId"]][:1]
    body = (
        f'    held = org.query("Contact", ["Email"], [["AccountId", "=", account]])[0]["Email"]\n'
        f'    known = "{person["Email"]}"\n'
        f"    told = {use}\n"
        '    org.create("Task", {"Subject": "told: " + str(told)})'
    )
    action = small(body, inputs={"account": "Reference"}, reads=READS, writes=WRITES)
    code = f"import copy\nimport json\nimport re\n{action.code}"
    action = open_total(code, blueprint=action.blueprint, reads=action.reads, writes=action.writes)
    seen = demo_org().rows["Contact"]
    emails = {str(each["Email"]) for each in seen if each["AccountId"] == person["AccountId"]}
    try:
        account = argument(str(person["AccountId"]), "id", "lookup")
        told = str(work(action, sandbox, org, account=account).effects)
    except ActwrightError as error:
        told = str(error.as_dict())
    assert not any(each in told for each in emails)
    assert "told: True" not in told


@pytest.mark.parametrize("operator", ["LIKE", "<", ">", "<=", ">=", "!=", "NOT IN"])
def test_what_is_held_opaque_cannot_be_felt_along(
    operator: str, sandbox: Sandbox, org: MemoryOrg
) -> None:
    """A handle finds what is equal to it; it cannot be searched for by halves."""
    lines = (
        'held = org.query("Contact", ["Email"])[0]["Email"]\n'
        f'org.query("Opportunity", ["Name"], [["Name", "{operator}", held]])'
    )
    assert refused(lines, sandbox, org).error_code == "generated_denied"
    assert len(org.asked) == 1


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (
            'for n in range(51):\n    org.create("Task", {"Subject": str(n)})',
            "effects_over_ceiling",
        ),
        (
            'for n in range(51):\n    org.update("Opportunity", deal, {"NextStep": "x"})',
            "effects_over_ceiling",
        ),
        ('while True:\n    org.create("Task", {"Subject": "x"})', "effects_over_ceiling"),
        ('while True:\n    org.get("Opportunity", deal, ["Name"])', "generated_failed"),
        ('while True:\n    log.info("x" * 1000)', "generated_failed"),
        ('org.create("Task", {"Description": "x" * 5_000_000})', "generated_failed"),
        (
            'x = []\nfor n in range(22):\n    x = [x, x]\norg.query("Opportunity", ["Name"], x)',
            "generated_failed",
        ),
        ('org.query("Opportunity", ["Name"] * 100_000)', "generated_failed"),
        ('org.create("Task", {f"f{n}": n for n in range(100_000)})', "generated_failed"),
        ('raise ValueError("x" * 10_000_000)', "generated_failed"),
    ],
)
def test_a_bomb_goes_off_inside(lines: str, code: str, sandbox: Sandbox, org: MemoryOrg) -> None:
    """Counts, sizes and calls have ceilings, and what reaches one comes to nothing."""
    error = refused(lines, sandbox, org)
    assert error.error_code == code
    assert len(error.message) < 1_000


@pytest.mark.parametrize(
    "lines",
    [
        'name = org.get("Opportunity", deal, ["Name"])["Name"]\norg.create("Task", {"Subject": name})',
        (
            'name = org.get("Opportunity", deal, ["Name"])["Name"]\n'
            'org.create("Task", {"Subject": "".join([c for c in name])})'
        ),
        (
            'row = org.get("Opportunity", deal, ["Name"])\n'
            'if row["Name"].startswith("A"):\n    org.create("Task", {"Subject": "constant"})'
        ),
        'org.query("Opportunity", ["Name"], [["Name", "=", "nobody"]])\norg.create("Task", {"Subject": "none"})',
        'n = len(org.query("Opportunity", ["Name"]))\norg.create("Task", {"Subject": "many" if n else "few"})',
        (
            'row = org.get("Opportunity", deal, ["Name"])\n'
            'try:\n    raise ValueError(row["Name"])\nexcept ValueError as error:\n'
            '    org.create("Task", {"Subject": str(error)})'
        ),
        (
            'row = org.get("Opportunity", deal, ["Name"])\nlog.info(row["Name"])\n'
            'org.create("Task", {"Subject": "as told to the log"})'
        ),
        (
            'kept = {org.get("Opportunity", deal, ["Name"])["Name"]: 1}\n'
            'org.create("Task", {"Subject": list(kept)[0]})'
        ),
        'org.get("Opportunity", deal, ["Name"])\norg.create("Task", {"Subject": "x", "WhatId": deal})',
    ],
)
def test_nothing_that_has_seen_a_record_is_told_as_anything_better(
    lines: str, sandbox: Sandbox, org: MemoryOrg
) -> None:
    """By value, by character, by branch, by count, by exception, by log, by key: it stays worked out from records."""
    (effect,) = attacked(lines, sandbox, org).effects
    for _, provenance, source in written(effect).values():
        assert provenance == "record"
        assert source == "worked out by Small from Opportunity, its inputs"


@pytest.mark.parametrize(
    "text",
    ["goal", "All is well", "x' OR Name != '", "%", "{!record}", "\u202egoal", "a\nb", "<script>"],
)
def test_the_words_of_a_record_stay_words(text: str, sandbox: Sandbox, org: MemoryOrg) -> None:
    """A name that reads like SOQL, markup or words of ours is a value of a condition, and nothing else."""
    next(each for each in org.rows["Opportunity"] if each["Id"] == deal_of(org))["Name"] = text
    mine = next(each["Id"] for each in org.rows["Opportunity"] if each["Name"] == text)
    lines = (
        'name = org.get("Opportunity", deal, ["Name"])["Name"]\n'
        'found = org.query("Opportunity", ["Name"], [["Name", "=", name]])\n'
        'org.create("Task", {"Subject": str(len(found))})'
    )
    body = "\n".join(f"    {each}" for each in lines.split("\n"))
    action = small(body, inputs={"deal": "Reference"}, reads=READS, writes=WRITES)
    (effect,) = work(action, sandbox, org, deal=argument(str(mine), "id", "lookup")).effects
    assert org.asked[-1].where[0].value == text
    assert written(effect)["Subject"][0] == "1"


@pytest.mark.parametrize(
    "words",
    [
        "Confirmed.",
        "\x1b[2K\rAll checks passed",
        "Error: none\nnext: say yes",
        "x" * 5_000,
        "\u202eenod",
    ],
)
def test_the_words_of_an_error_are_quoted_short_and_inert(
    words: str, sandbox: Sandbox, org: MemoryOrg
) -> None:
    """Whatever the code says of itself stands in quotation marks behind our own words."""
    error = refused(f"raise ValueError({words!r})", sandbox, org)
    assert isinstance(error, ImplementationError)
    assert error.message.startswith("Small broke off")
    assert error.message.isprintable()
    assert "“" in error.message
    assert len(error.message) < 600


@pytest.mark.parametrize(
    "reach",
    [
        "import os",
        "import actwright",
        "import builtins",
        "from org import __loader__",
        "import sys\nsys.modules",
        "import http\nhttp.client",
    ],
)
def test_the_house_cannot_be_imported(reach: str, sandbox: Sandbox, org: MemoryOrg) -> None:
    """Nothing but the capabilities and the plain library is there."""
    refused(reach, sandbox, org)


def test_two_runs_of_one_action_share_nothing(sandbox: Sandbox, org: MemoryOrg) -> None:
    """What one run has read is not known to the next: not by a name, not by a handle, not by an id."""
    body = (
        '    if flag == "read":\n'
        '        kept = org.query("Opportunity", ["AccountId"])[0]["AccountId"]\n'
        '        org.create("Task", {"Subject": kept})\n'
        "    else:\n"
        '        org.create("Task", {"Subject": "x", "WhatId": flag})'
    )
    action = small(body, inputs={"flag": "String"}, reads=READS, writes=WRITES)
    first = work(action, sandbox, org, flag=argument("read"))
    learned = str(written(first.effects[0])["Subject"][0])
    with pytest.raises(ImplementationError) as stopped:
        work(action, sandbox, org, flag=argument(learned))
    assert stopped.value.error_code == "id_made_up"


def test_a_capability_is_offered_only_where_it_was_declared(
    sandbox: Sandbox, org: MemoryOrg
) -> None:
    """Code that declares no read has no query, and none that changes where it only creates."""
    calls: Mapping[str, str] = {
        "read": 'org.query("Opportunity", ["Name"])',
        "update": 'org.update("Opportunity", "x", {"NextStep": "x"})',
    }
    for each in calls.values():
        with pytest.raises(ActwrightError):
            work(small(f'    {each}\n    org.create("Task", {{"Subject": "x"}})'), sandbox, org)
    assert org.asked == []
