"""Attacks by names: fields and objects that look like others, or become others."""

from __future__ import annotations

from collections.abc import Callable

from tests.scenario import action, blueprint, lookup, value

from benchmarks._security.salesforce.attack import Attack
from benchmarks._security.salesforce.scene import Scene, blocked

_FIELDS = {
    "homoglyph": "N\u0435xtStep",
    "zero width": "Next\u200bStep",
    "full width": "\uff2eextStep",
    "soft hyphen": "Next\u00adStep",
    "direction mark": "\u202eNextStep",
    "blank behind": "NextStep ",
    "dotless i": "Descr\u0131ption",
    "a path": "Account.Name",
    "a query": "NextStep FROM User",
    "not there": "NextStep__x",
}
_OBJECTS = {
    "homoglyph": "\u041epportunity",
    "zero width": "Opport\u200bunity",
    "a path": "Account/../User",
    "a query": "Opportunity, User",
}


def _field(name: str) -> Callable[[Scene], str]:
    def attempt(scene: Scene) -> str:
        entry = blueprint("UPDATE", "Opportunity", "Id", name)
        given = {"Id": lookup("Opportunity", "Name", "Acme Renewal"), name: value("x")}
        return blocked(scene.show(action("x", entry, **given)))

    return attempt


def _twice(scene: Scene) -> str:
    entry = blueprint("UPDATE", "Opportunity", "Id", "NextStep", "NEXTSTEP")
    given = {"Id": lookup("Opportunity", "Name", "Acme Renewal")}
    twice = {"NextStep": value("Call"), "NEXTSTEP": value("Wire")}
    return blocked(scene.show(action("x", entry, **given, **twice)))


def _object(name: str) -> Callable[[Scene], str]:
    def attempt(scene: Scene) -> str:
        entry = blueprint("CREATE", name, "Name")
        return blocked(scene.show(action("x", entry, Name=value("x"))))

    return attempt


_REFUSED = ("plan_invalid", "field_not_visible", "object_not_visible", "not_found")

ATTACKS = (
    *(
        Attack(f"field: {name}", f"wrote to {field!r}", "No field is taken for another.", _field(field), _REFUSED)
        for name, field in _FIELDS.items()
    ),
    Attack("field: twice", "wrote one field in two spellings", "One of them cannot hide behind the other.", _twice, (*_REFUSED, "field_written_twice")),
    *(
        Attack(f"object: {name}", f"wrote to {field!r}", "No object is taken for another.", _object(field), _REFUSED)
        for name, field in _OBJECTS.items()
    ),
)  # fmt: skip
