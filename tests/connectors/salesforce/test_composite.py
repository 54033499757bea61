"""Effect groups as composite bodies: order, versions, keys, values, and what is refused before anything is sent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from tests.connectors.salesforce.scripted_org import described

from actwright.connectors.salesforce.composite import MOST_SUBREQUESTS, body_of, prepare
from actwright.connectors.salesforce.describe import object_schema
from actwright.connectors.salesforce.duplicates import HEADER
from actwright.errors import ActwrightError, InputError, NotFoundError, RefusedError
from actwright.org.effect import Effect, EffectGroup, FieldChange, RecordOperation
from actwright.org.record_id import record_id
from actwright.org.schema import ObjectSchema
from actwright.org.value import Family, FieldValue

ACCOUNT, OTHER, CONTACT = (
    record_id(each) for each in ("001000000000001", "001000000000002", "003000000000001")
)
VERSION = "2026-11-21T12:00:00.885Z"
RULES = {HEADER: "allowSave=false; includeRecordDetails=true; runAsCurrentUser=true"}
PINNED = {"If-Unmodified-Since": "Sat, 21 Nov 2026 12:00:00 GMT", **RULES}
SCHEMAS = {
    "account": described(
        "Account",
        "001",
        {"name": "AnnualRevenue", "type": "currency"},
        {"name": "Size", "type": "int"},
        {"name": "Active", "type": "boolean"},
        {"name": "Opens", "type": "time"},
        {"name": "Key__c", "type": "string", "externalId": True, "unique": True},
        {"name": "Email", "type": "email", "idLookup": True},
        {"name": "Tags", "type": "multipicklist"},
        {"name": "ParentId", "type": "reference", "referenceTo": ["Account"], "relationshipName": "Parent"},
    ),
    "contact": described(
        "Contact",
        "003",
        {"name": "AccountId", "type": "reference", "referenceTo": ["Account"], "relationshipName": "Account"},
    ),
    "user": described("User", "005"),
}  # fmt: skip


def _describe(name: str) -> ObjectSchema:
    if name.lower() not in SCHEMAS:
        raise NotFoundError("hidden")
    return object_schema(SCHEMAS[name.lower()])  # type: ignore[arg-type]


def _path_of(*segments: str) -> str:
    return "/".join(["", "sobjects", *(quote(each, safe="") for each in segments)])


def _change(
    field: str, after: FieldValue = None, family: Family = "string", **more: str
) -> FieldChange:
    return FieldChange(
        field=field, label=field, after=after, family=family, provenance="goal", **more
    )


def _effect(operation: RecordOperation, name: str = "e", **more: object) -> Effect:
    document = {"id": name, "actionId": "a", "operation": operation, "object": "Account", **more}
    return Effect.model_validate(document)


def _group(*effects: Effect, atomic: bool = True) -> EffectGroup:
    return EffectGroup(id="g", org="o", effects=effects, atomic=atomic)


def _requests(*effects: Effect) -> list[dict[str, object]]:
    requests = body_of(prepare(_group(*effects), _describe, _path_of), atomic=True)[
        "compositeRequest"
    ]
    assert isinstance(requests, list)
    return requests


def test_a_group_is_all_or_none_and_keeps_its_order() -> None:
    """The call is atomic and forbids Salesforce to reorder it."""
    body = body_of(
        prepare(_group(_effect("CREATE", changes=(_change("Name", "x"),))), _describe, _path_of),
        atomic=True,
    )
    assert (body["allOrNone"], body["collateSubrequests"]) == (True, False)


def test_what_others_link_to_comes_first() -> None:
    """A contact linked to an account of the same group is sent after it, by reference."""
    contact = _effect(
        "CREATE", "c", object="Contact", changes=(_change("AccountId", linked_to="acc"),)
    )
    update = _effect("UPDATE", "u", record_id=OTHER, changes=(_change("Name", "y"),))
    account = _effect("CREATE", "a", ref="acc", changes=(_change("Name", "x"),))
    sent = _requests(contact, update, account)
    assert [each["referenceId"] for each in sent] == ["e1", "e2", "e0"]
    assert sent[2]["body"] == {"AccountId": "@{e2.id}"}


def test_an_update_is_pinned_to_the_version_it_was_planned_on() -> None:
    """The precondition is in HTTP's own form, in whole seconds."""
    sent = _requests(
        _effect("UPDATE", record_id=ACCOUNT[:15], version=VERSION, changes=(_change("name", "x"),))
    )
    assert sent == [
        {
            "method": "PATCH",
            "url": f"/sobjects/Account/{ACCOUNT}",
            "referenceId": "e0",
            "body": {"Name": "x"},
            "httpHeaders": PINNED,
        }
    ]  # fmt: skip


def test_a_delete_is_preceded_by_a_look_at_its_version() -> None:
    """Salesforce takes no precondition on a delete, so a pinned read stands before it."""
    look, delete = _requests(_effect("DELETE", record_id=ACCOUNT, version=VERSION))
    assert (look["method"], look["url"]) == ("GET", f"/sobjects/Account/{ACCOUNT}?fields=Id")
    assert "httpHeaders" in look
    assert (delete["method"], delete["url"]) == ("DELETE", f"/sobjects/Account/{ACCOUNT}")
    assert "body" not in delete


KEYED = (_change("Key__c", "a/b c?#"), _change("Name", "x"))


def test_an_upsert_that_matched_nothing_is_sent_as_a_create() -> None:
    """The key goes out as a value, so that the org refuses where a record with it appeared meanwhile."""
    (sent,) = _requests(_effect("UPSERT", key_field="key__c", changes=KEYED))
    assert (sent["method"], sent["url"]) == ("POST", "/sobjects/Account")
    assert sent["body"] == {"Key__c": "a/b c?#", "Name": "x"}


@pytest.mark.parametrize("key", ["Key__c", "Email"])
def test_an_upsert_that_matched_a_record_changes_that_record(key: str) -> None:
    """It names the record by id and version and leaves the key alone, unique or not."""
    changes = (_change(key, "k"), _change("Name", "x"))
    (sent,) = _requests(
        _effect("UPSERT", record_id=ACCOUNT, version=VERSION, key_field=key, changes=changes)
    )
    assert (sent["method"], sent["url"]) == ("PATCH", f"/sobjects/Account/{ACCOUNT}")
    assert sent["body"] == {"Name": "x"}
    assert sent["httpHeaders"] == PINNED


def test_an_upsert_that_would_create_under_a_key_that_is_not_unique_is_refused() -> None:
    """The org would not notice a record that appeared meanwhile, so the way out is named."""
    upsert = _effect("UPSERT", key_field="Email", changes=(_change("Email", "a@b"),))
    with pytest.raises(RefusedError) as caught:
        _requests(upsert)
    assert caught.value.error_code == "upsert_key_not_unique"
    assert caught.value.hint == "Use a create or an update by id."


def test_what_links_to_a_matched_upsert_gets_its_id() -> None:
    """A change by id answers with no id the org could put in, so the known one stands in its place."""
    upsert = _effect("UPSERT", "u", ref="acc", record_id=ACCOUNT[:15], key_field="Key__c", changes=KEYED)  # fmt: skip
    link = (_change("AccountId", linked_to="acc"),)
    _, contact = _requests(upsert, _effect("CREATE", "c", object="Contact", changes=link))
    assert contact["body"] == {"AccountId": ACCOUNT}


@pytest.mark.parametrize(
    ("field", "value", "wire"),
    [
        ("AnnualRevenue", Decimal("120000.50"), 120000.5),
        ("AnnualRevenue", Decimal(7), 7),
        ("AnnualRevenue", Decimal("12345678901234.5678"), "12345678901234.5678"),
        ("Size", 3, 3),
        ("Active", False, False),
        ("Opens", "09:30:00", "09:30:00.000Z"),
        ("Opens", "09:30:00.250Z", "09:30:00.250Z"),
        ("Tags", "a;b", "a;b"),
        ("Name", None, None),
        ("ParentId", ACCOUNT[:15], ACCOUNT),
    ],
)
def test_values_go_out_exactly(field: str, value: FieldValue, wire: object) -> None:
    """A decimal is the JSON number that reads back as it, or text where there is none."""
    schema = _describe("Account").field(field)
    assert schema is not None
    (sent,) = _requests(_effect("CREATE", changes=(_change(field, value, schema.family),)))
    body = sent["body"]
    assert isinstance(body, dict)
    assert body == {field: wire}
    assert type(body[field]) is type(wire)


UPDATE: dict[str, Any] = {"record_id": ACCOUNT, "changes": (_change("Name", "x"),)}


@pytest.mark.parametrize(
    "effects",
    [
        [_effect("UPDATE", record_id="001'", changes=(_change("Name", "x"),))],
        [_effect("UPDATE", record_id=CONTACT, changes=(_change("Name", "x"),))],
        [_effect("UPDATE", record_id="../../tooling", changes=(_change("Name", "x"),))],
        [_effect("UPDATE", changes=(_change("Name", "x"),))],
        [_effect("UPDATE", record_id=ACCOUNT)],
        [_effect("DELETE")],
        [_effect("CREATE", object="Secret__c")],
        [_effect("CREATE", changes=(_change("Secret__c", "x"),))],
        [_effect("CREATE", changes=(_change("Name", "x"), _change("NAME", "y")))],
        [_effect("CREATE", record_id=ACCOUNT, changes=(_change("Name", "x"),))],
        [_effect("CREATE", changes=(_change("AnnualRevenue", "many"),))],
        [_effect("CREATE", changes=(_change("AnnualRevenue", "NaN"),))],
        [_effect("CREATE", changes=(_change("ParentId", "nobody"),))],
        [_effect("CREATE", changes=(_change("Name", "hi @{e0.id}"),))],
        [_effect("CREATE", changes=(_change("Name", "\ud800"),))],
        [_effect("CREATE", changes=(_change("Opens", "09:30:00+02:00"),))],
        [_effect("CREATE", changes=(_change("ParentId", linked_to="elsewhere"),))],
        [_effect("CREATE", ref="me", changes=(_change("ParentId", linked_to="me"),))],
        [_effect("UPSERT", key_field="Name", changes=(_change("Name", "x"),))],
        [_effect("UPSERT", key_field="Id", changes=(_change("Id", ACCOUNT),))],
        [_effect("UPSERT", changes=(_change("Name", "x"),))],
        [_effect("UPSERT", key_field="Key__c", changes=(_change("Name", "x"),))],
        [_effect("UPDATE", version="yesterday", **UPDATE)],
        [_effect("UPDATE", version="2026-11-21T12:00:00", **UPDATE)],
        [_effect("CREATE", kind="opaque")],
        [_effect("CREATE", "same"), _effect("CREATE", "same")],
        [_effect("CREATE", "a", ref="r"), _effect("CREATE", "b", ref="r")],
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_sent(effects: list[Effect]) -> None:
    """Crafted ids, names and values, broken links and bad keys never become a request."""
    with pytest.raises(InputError):
        _requests(*effects)


@pytest.mark.parametrize(
    ("effects", "words"),
    [
        ([_effect("CREATE", str(n)) for n in range(MOST_SUBREQUESTS + 1)], "24"),
        ([_effect("DELETE", str(n), record_id=record_id(f"0010000000000{n:02}"), version=VERSION) for n in range(13)], "26"),
        ([_effect("CREATE", "a"), _effect("CREATE", "b", object="User")], "permissions"),
        ([_effect("UPDATE", "a", **UPDATE), _effect("DELETE", "b", record_id=ACCOUNT[:15])], "twice"),
        ([_effect("UPSERT", n, key_field="Key__c", changes=(_change("Key__c", n),)) for n in "kK"], "twice"),
        (
            [
                _effect("UPDATE", "a", **UPDATE),
                _effect("UPSERT", "b", record_id=ACCOUNT, key_field="Key__c", changes=(_change("Key__c", "k"),)),
            ],
            "twice",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_one_transaction_is_refused(effects: list[Effect], words: str) -> None:
    """Too many writes, setup objects among others, and two changes of one record are named."""
    with pytest.raises(RefusedError, match=words):
        _requests(*effects)


def test_a_circle_of_links_is_refused() -> None:
    """Two accounts that are each other's parent cannot be created in one go."""
    one = _effect("CREATE", "a", ref="a", changes=(_change("ParentId", linked_to="b"),))
    two = _effect("CREATE", "b", ref="b", changes=(_change("ParentId", linked_to="a"),))
    with pytest.raises(ActwrightError, match="circle"):
        _requests(one, two)
