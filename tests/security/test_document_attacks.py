"""Attacks by document: malformed JSON, smuggled fields, impossible plans. A clear error, and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from tests.scenario import Rest, plan_of, sign_in, task

from actwright import Actwright, Plan, Preview
from actwright.canonical import Json
from actwright.checkpoints.editing.payload import read_payload
from actwright.document import parse_json, read_json, validated
from actwright.errors import DocumentError, InputError, PayloadError, PlanError
from actwright.org.provenance import Provenance
from actwright.org.query import JsonScalar
from actwright.testing import LocalOrg


@pytest.fixture(scope="module")
def admin(shared_org: LocalOrg) -> Rest:
    """Give the administrator's own view of the org."""
    return sign_in(shared_org.url)


@pytest.fixture
def app(shared_org: LocalOrg, admin: Rest) -> Iterator[Actwright]:
    """Give Alice's Actwright; afterwards the org has as many tasks as before."""
    before = admin.count("Task")
    yield shared_org.as_user()
    assert admin.count("Task") == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"id": "a", "id": "b"}', "'?id'? stands there twice"),
        ('{"id": "a", "\\u0069d": "b"}', "twice"),
        ('{"a": NaN}', "NaN"),
        ('{"a": -Infinity}', "Infinity"),
        ('{"a": 1e999}', "too large"),
        ('{"a": ' + "9" * 5000 + "}", "digits"),
        ("[" * 100 + "]" * 100, "64 levels"),
        ("[" * 100_000, "deeper than 64 levels"),
        ('{"a": ' * 100_000, "deeper than 64 levels"),
        ('"' + "x" * (10 * 2**20) + '"', "larger than 8 MiB"),
        ("", "no JSON"),
        ("{'a': 1}", "no JSON"),
        ('{"a": 1,}', "no JSON"),
        ('{"a": 1} {"b": 2}', "no JSON"),
        ("\ufeff{}", "no JSON"),
    ],
)
def test_malformed_json_is_named(text: str, words: str) -> None:
    """What a lenient parser would forgive, or choke on, is refused with the document's name."""
    with pytest.raises(DocumentError, match=words) as caught:
        parse_json(text, where="plan.json")
    assert "plan.json" in (caught.value.where or "")
    assert len(str(caught.value)) < 500


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    """A file in another encoding, a folder, and a file that is not there are told apart from a plan."""
    broken = tmp_path / "plan.json"
    broken.write_bytes(b'{"goal": "\xff\xfe"}')
    for path in (broken, tmp_path, tmp_path / "absent.json", Path("/dev/null")):
        with pytest.raises(DocumentError):
            read_json(path)


def test_an_endless_file_is_not_read_to_its_end() -> None:
    """Reading stops at the largest document there may be."""
    with pytest.raises(DocumentError, match="larger"):
        read_json(Path("/dev/zero"))


def whole(app: Actwright) -> dict[str, Any]:
    """Return the JSON of a sound plan."""
    return plan_of(app, task()).model_dump(mode="json")


def refused(document: object) -> str:
    """Return the message of the error a plan document gives."""
    with pytest.raises(PlanError) as caught:
        validated(Plan, document, where="plan.json", error=PlanError)
    assert caught.value.exit_code == 2
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"g\u043eal": "the o is Cyrillic"}, "\\u043e"),
        ({"goal\u200b": "x"}, "\\u200b"),
        ({"goal\x1b[2J": "x"}, "\\x1b"),
        ({"confirmed": True}, "confirmed: unknown field"),
        ({"digest": "0" * 64}, "digest: unknown field"),
        ({"goal": 5}, "goal"),
        ({"goal": None}, "goal"),
        ({"goal": "x" * 20_001}, "goal"),
        ({"goal": "half \ud800 a character"}, "goal"),
        ({"actions": {}}, "actions"),
        ({"actions": [None]}, "actions[0]"),
        ({"actions": "all of them"}, "actions"),
        ({"data": {"a b": 1}}, "data"),
        ({"data": {"x": [1]}}, "data.x"),
        ({"data": {"x": {"$integer": "5"}}}, "data.x"),
        ({"data": {"x": float("nan")}}, "data.x"),
        ({"planner": {"kind": "oracle"}}, "planner.kind"),
        ({"guardrails": [{"type": "FLS_EDTI", "params": {"fields": ["x"]}}]}, "guardrails[0]"),
    ],
)
def test_a_plan_with_a_wrong_field_names_the_path(
    app: Actwright, changes: dict[str, Any], path: str
) -> None:
    """A hidden, unknown or wrong field is named such that nobody mistakes it for another."""
    message = refused(whole(app) | changes)
    assert path in message
    assert message.isprintable()
    assert len(message) < 3000


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"arguments": {"Subject": {"value": "x"}}}, "actions[0].arguments.Subject"),
        ({"arguments": {"Subject": {"value": "x", "provenance": "trust me"}}}, "provenance"),
        ({"arguments": {"Subject": {"value": {"a": 1}, "provenance": "goal"}}}, "value"),
        ({"arguments": {"Owner": {"value": "x", "provenance": "goal"}}}, "no input 'Owner'"),
        ({"arguments": {"Subject": {"from": "env.HOME"}}}, "from"),
        ({"arguments": {"Subject": {"from": "data.x", "value": 1}}}, "value"),
        ({"arguments": {"Subject": {"lookup": {"object": "A B", "where": []}}}}, "lookup"),
        ({"id": "a-1"}, "id"),
        ({"id": "task\n"}, "id"),
        ({"dependsOn": ["nobody"]}, "nobody"),
        ({"dependsOn": ["task"]}, "circle"),
        ({"extra": 1}, "extra: unknown field"),
    ],
)
def test_an_action_with_a_wrong_field_names_the_path(
    app: Actwright, changes: dict[str, Any], path: str
) -> None:
    """Whatever is wrong inside an action, the message leads there."""
    document = whole(app)
    document["actions"][0] |= changes
    assert path in refused(document)


@pytest.mark.parametrize("provenance", get_args(Provenance))
@pytest.mark.parametrize("name", ["WhatId", "OwnerId", "Description"])
def test_an_invented_id_is_refused_whatever_it_calls_itself(
    app: Actwright, provenance: str, name: str
) -> None:
    """No provenance makes an id of one that neither the goal nor the data holds."""
    document = whole(app)
    made_up = {"value": "006000000000001AAA", "provenance": provenance}
    document["actions"][0]["arguments"][name] = made_up
    assert f"input {name!r}" in refused(document)


@pytest.mark.parametrize("provenance", ["model", "extract"])
@pytest.mark.parametrize("name", ["WhatId", "OwnerId", "Description"])
def test_an_id_that_a_model_made_up_is_refused(app: Actwright, provenance: str, name: str) -> None:
    """No model supplies a record id, not even in a text field."""
    document = whole(app)
    made_up = {"value": "006000000000001AAA", "provenance": provenance}
    document["actions"][0]["arguments"][name] = made_up
    assert "made up" in refused(document)


def test_ids_that_clash_and_circles_are_named(app: Actwright) -> None:
    """Two actions of one id, and actions that wait for each other, are no plan."""
    document = whole(app)
    document["actions"] *= 2
    assert "'task'" in refused(document)
    document = plan_of(app, task("a"), task("b")).model_dump(mode="json")
    document["actions"][0]["dependsOn"] = ["b"]
    document["actions"][1]["dependsOn"] = ["a"]
    assert "circle" in refused(document)


def test_more_actions_than_a_plan_holds_are_refused(app: Actwright) -> None:
    """A thousand and one actions are too many to read, let alone to confirm."""
    document = whole(app)
    first = document["actions"][0]
    document["actions"] = [first | {"id": f"a{place}"} for place in range(1001)]
    assert "actions" in refused(document)


def test_a_plan_changed_past_its_checks_is_checked_again(app: Actwright) -> None:
    """An object put together by ``model_copy`` or ``model_construct`` is read like a file."""
    plan = plan_of(app, task())
    twice = plan.model_copy(update={"actions": plan.actions * 2})
    circle = plan.actions[0].model_copy(update={"depends_on": ("task",)})
    for wrong in (twice, plan.model_copy(update={"actions": (circle,)})):
        with pytest.raises(PlanError):
            app.preview(wrong)


@pytest.mark.parametrize(
    "payload",
    [
        {"task": "text"},
        {"task": None},
        {"task": [1]},
        {"task": {"Subject": float("nan")}},
        {"task": {"Subject": [1]}},
        {"task": {"Subject": {"a": 1}}},
        {"task": {"Subje\u0441t": "a Cyrillic c"}},
        {"task": {"": "x"}},
        {"nobody": {"Subject": "x"}},
        {"\ud800": {"Subject": "x"}},
        {"CreateTask": {"Subject": "x"}, "task": {"Subject": "y"}},
    ],
)
def test_a_bad_payload_is_refused(app: Actwright, payload: dict[str, Any]) -> None:
    """Whatever a payload holds, in Python or as JSON, it fits the plan or is refused as a payload."""
    with pytest.raises(PayloadError) as caught:
        app.preview(plan_of(app, task()), payload=payload)
    assert caught.value.where


@pytest.mark.parametrize("document", [None, [], "text", 5, {"a": 1}, {"a": {"b": [1]}}])
def test_json_that_is_no_payload_is_refused(document: Json) -> None:
    """A payload is an object of objects of plain values."""
    with pytest.raises(PayloadError):
        read_payload(document)


@pytest.mark.parametrize(
    "hostile",
    [
        "half \ud800 a character",
        "\x00",
        "\x1b[2J",
        "x" * 200_000,
        10**400,
        1e308,
        True,
        -0.0,
        "' OR Name LIKE '%",
        "@{e0.id}",
        "{!$User.Id}",
        "\u202eevil",
    ],
)
def test_a_hostile_value_is_an_issue_or_is_written_as_it_is(app: Actwright, hostile: Json) -> None:
    """No value breaks a preview: it fits its field and shows inert, or the preview is blocked with a reason."""
    payload = {"task": {"Subject": cast("JsonScalar", hostile)}}
    with suppress(InputError):
        _check_safe(app.preview(plan_of(app, task()), payload=payload))


def test_a_text_that_would_be_a_reference_is_refused_at_the_preview(app: Actwright) -> None:
    """Nothing waits for the sending to find out that a text is none."""
    (issue,) = app.preview(plan_of(app, task(subject="see @{e0.id}"))).blocked
    assert (issue.code, issue.guardrail, issue.field) == ("text_reference", "BASELINE", "Subject")


def _check_safe(preview: Preview) -> None:
    assert preview.question.isprintable()
    assert len(preview.question) < 2000
    for issue in preview.blocked:
        assert issue.field == "Subject"
        assert len(issue.message) < 1000


def test_a_hostile_record_name_is_only_ever_a_value(app: Actwright) -> None:
    """Quotes, wildcards, path characters and queries in a name find nothing, and break nothing."""
    for name in (
        "' OR Name != '",
        "%",
        "../..",
        "\\",
        "Acme'; DELETE",
        "x\ny",
        "\u202e",
        "{}",
        "@{a}",
    ):
        where: Json = [{"field": "Name", "value": name}]
        looked: Json = {"lookup": {"object": "Account", "where": where}}
        preview = app.preview(plan_of(app, task(WhatId=looked)))
        assert [each.code for each in preview.blocked] == ["lookup_not_found"], name


def test_a_wrong_name_in_a_lookup_is_an_issue_not_a_query(app: Actwright) -> None:
    """Objects and fields that do not exist, and injected ones, are told by name."""
    for target, field, code in (
        ("Payroll__c", "Name", "object_not_visible"),
        ("Account", "NoSuchField__c", "lookup_invalid"),
    ):
        where: Json = [{"field": field, "value": "x"}]
        looked: Json = {"lookup": {"object": target, "where": where}}
        (issue,) = app.preview(plan_of(app, task(WhatId=looked))).blocked
        assert issue.code == code
        assert {target, field} & set(issue.message.replace("'", " ").replace(",", " ").split())
    injected: Json = [{"field": "Name FROM User--", "value": "x"}]
    with pytest.raises(PlanError):
        plan_of(app, task(WhatId={"lookup": {"object": "Account", "where": injected}}))


def test_a_file_of_a_plan_reads_back(app: Actwright, tmp_path: Path) -> None:
    """The sound plan itself passes every one of these checks."""
    path = tmp_path / "plan.json"
    plan = app.plans.add(plan_of(app, task()))
    path.write_text(json.dumps(plan.model_dump(mode="json")), encoding="utf-8")
    assert app.plans.same(read_json(path), where=str(path)) == plan
