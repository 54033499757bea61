"""Duplicate rules: a record that would be the same as one that is there, alerted to or blocked.

Two records are the same where they agree on one field, in any case of letters. A rule that alerts lets the caller
save all the same, by ``Sforce-Duplicate-Rule-Header: allowSave=true``; one that blocks never does. Each has a mode,
``alert``, ``block`` or ``off``, which ``/localorg/rules`` changes. Rules look when a record is created and when the
field they compare changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from localorg.automation import Save
from localorg.errors import ApiError
from localorg.rows import Row, find_text
from localorg.schema.model import ObjectDef
from localorg.session import Session
from localorg.sharing import access_to

ALERT: Final = "alert"
BLOCK: Final = "block"
OFF: Final = "off"
CODE: Final = "DUPLICATES_DETECTED"

_SURE: Final = 100.0
"""The confidence of an exact match, in percent."""


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """One rule, and the matching rule it goes by: records of one object that agree on ``field``."""

    object_name: str
    developer_name: str
    matching_rule: str
    field: str
    message: str
    mode: str

    modes = (ALERT, BLOCK, OFF)

    @property
    def name(self) -> str:
        """The rule's name, after its object's."""
        return f"{self.object_name}.{self.developer_name}"


RULES: Final = (
    DuplicateRule(
        "Contact",
        "Contact_Same_Email",
        "Contact_Exact_Email",
        "Email",
        "Use one of these records? A contact with this email is already there.",
        ALERT,
    ),
    DuplicateRule(
        "Account",
        "Account_Same_Name",
        "Account_Exact_Name",
        "Name",
        "An account of this name is already there: use it.",
        OFF,
    ),
)
"""Every duplicate rule of the org."""


def check_duplicates(session: Session, save: Save) -> None:
    """Refuse a save whose record is the same as another one, unless a rule that only alerts is overridden.

    Raises:
        ApiError: ``DUPLICATES_DETECTED``, with the records matched that the user may see.
    """
    for rule in RULES:
        mode = session.rule_modes.get(rule.name, rule.mode)
        applies = rule.object_name == save.definition.name and save.changed(rule.field)
        overridden = mode == ALERT and session.save_options.allow_duplicates
        if applies and mode != OFF and not overridden:
            _check(session, save, rule, mode)


def _check(session: Session, save: Save, rule: DuplicateRule, mode: str) -> None:
    matches = _matches(session, save, rule)
    seen = [each for each in matches if _visible(session, each)]
    if not (seen if session.save_options.as_current_user else matches):
        return
    records = [_record(session, save.definition, each, rule) for each in seen]
    result = _result(rule, records, may_save=mode == ALERT)
    raise ApiError(400, CODE, rule.message, details={"duplicateResult": result})


def _matches(session: Session, save: Save, rule: DuplicateRule) -> list[Row]:
    value = save.row.get(rule.field)
    if value is None:
        return []
    found = find_text(session.connection, save.definition, rule.field, value)
    return [each for each in found if each["Id"] != save.row.get("Id")]


def _visible(session: Session, row: Row) -> bool:
    access = access_to(session, session.access, str(row["Id"]))
    return access is not None and access.read


def _record(
    session: Session, definition: ObjectDef, row: Row, rule: DuplicateRule
) -> dict[str, object]:
    url = session.resource("sobjects", definition.name, str(row["Id"]))
    record: dict[str, object] = {"attributes": {"type": definition.name, "url": url}}
    named = [each.name for each in definition.fields if each.name_field]
    details = dict.fromkeys([*named, rule.field]) if session.save_options.include_details else {}
    shown = [each for each in details if session.access.field_readable(definition.name, each)]
    return record | {"Id": row["Id"]} | {each: row.get(each) for each in shown}


def _result(
    rule: DuplicateRule, records: list[dict[str, object]], *, may_save: bool
) -> Mapping[str, object]:
    matched = {
        "entityType": rule.object_name,
        "errors": [],
        "matchEngine": "ExactMatchEngine",
        "matchRecords": [_match(each) for each in records],
        "rule": rule.matching_rule,
        "size": len(records),
        "success": True,
    }
    return {
        "allowSave": may_save,
        "duplicateRule": rule.developer_name,
        "duplicateRuleEntityType": rule.object_name,
        "errorMessage": rule.message,
        "matchResults": [matched],
    }


def _match(record: dict[str, object]) -> dict[str, object]:
    return {
        "additionalInformation": [],
        "fieldDiffs": [],
        "matchConfidence": _SURE,
        "record": record,
    }
