"""What a check gets to see of one effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.guardrails.offer import Offer
from actwright.org.effect import Effect
from actwright.org.identity import RunningUser
from actwright.org.ports import RecordSnapshot
from actwright.org.schema import ObjectSchema
from actwright.org.value import FieldValue


@dataclass(frozen=True, slots=True)
class EffectContext:
    """One effect, and all that may be known about it without asking the org again.

    Attributes:
        action_id: The action the effect belongs to.
        blueprint: That action's blueprint.
        guardrails: The blueprint's guardrails and the plan's.
        effect: The effect, with before-values filled in.
        schema: The effect's object as the running user sees it; None where it is hidden or does not exist.
        snapshot: The record as it stands; None for a create, and where the record is gone or hidden.
        inputs: The action's resolved arguments by input name, fields and parameters alike.
        user: Whose rights count.
        today: The date in that person's time zone.
        rows: How many records the action touches in all.
        prefixes: Key prefix by object name, for references.
        references: Name by record id, of every referenced record that was found.
        offer: What the record's own type leaves of the object's picklists; None where it has no such type, or the
            effect writes no picklist.
        opaque_allowed: Whether the settings let this blueprint's override act by itself.
    """

    action_id: str
    blueprint: ActionBlueprint
    guardrails: tuple[GuardrailSpec, ...]
    effect: Effect
    schema: ObjectSchema | None
    snapshot: RecordSnapshot | None
    inputs: Mapping[str, FieldValue]
    user: RunningUser
    today: date
    rows: int = 1
    prefixes: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str | None] = field(default_factory=dict)
    offer: Offer | None = None
    opaque_allowed: bool = False
