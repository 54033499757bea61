"""The administrator's resource of rules: every validation and duplicate rule, and its mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from localorg import duplicate_rules, validation_rules
from localorg.duplicate_rules import DuplicateRule
from localorg.errors import invalid_json, not_found
from localorg.exchange import Call, Reply, Route
from localorg.rule_modes import switch
from localorg.session import Session
from localorg.validation_rules import ValidationRule

Parts = Mapping[str, str]

_RULES: Final[Mapping[str, ValidationRule | DuplicateRule]] = {
    each.name: each for each in (*validation_rules.RULES, *duplicate_rules.RULES)
}


def rules(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer every rule with its message, its mode and the modes it may have."""
    return Reply(200, [_shown(session, each) for each in _RULES.values()])


def put_mode(session: Session, call: Call, parts: Parts) -> Reply:
    """Give the rule the path names the mode of the body, ``{"mode": "off"}``."""
    rule = _RULES.get(parts["name"])
    if rule is None:
        raise not_found()
    mode = call.fields().get("mode")
    if not isinstance(mode, str) or mode not in rule.modes:
        raise invalid_json(f"mode of {rule.name} is one of {', '.join(rule.modes)}")
    switch(session.connection, rule.name, mode)
    return Reply(204)


def _shown(session: Session, rule: ValidationRule | DuplicateRule) -> dict[str, object]:
    return {
        "name": rule.name,
        "kind": "validation" if isinstance(rule, ValidationRule) else "duplicate",
        "message": rule.message,
        "mode": session.rule_modes.get(rule.name, rule.mode),
        "modes": list(rule.modes),
    }


ROUTES: Final = (
    Route("GET", "/localorg/rules", rules),
    Route("PUT", "/localorg/rules/{name}", put_mode),
)
"""The routes of rules; they take a user with View Setup."""
