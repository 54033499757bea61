"""Clarifying: a person says what became of a group nobody else can tell of."""

from __future__ import annotations

from collections.abc import Mapping

from actwright.actions.price import cost_of
from actwright.document import validated
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.org.record_id import record_id
from actwright.runs.carrying.outputs import KeptOutputs, kept_outputs
from actwright.runs.interventions.intervention import Intervention
from actwright.runs.interventions.scene import Scene, named
from actwright.runs.record.journal import Entry
from actwright.runs.record.step import IN_DOUBT

HAPPENED, NOT_HAPPENED = "happened", "did not happen"
"""The two answers there are."""

_MOST_RECORDS = 5
"""Records a hint has a place for each."""

_ANSWERS = {HAPPENED: True, NOT_HAPPENED: False}


def clarified(scene: Scene, wanted: Intervention) -> tuple[EffectGroup, bool, Entry]:
    """Return the group that is meant, whether it happened, and the event that says so.

    Raises:
        InterventionMalformedError: The answer is none of the two.
        InterventionError: No such group is in doubt, the ids of the records it created are missing, unknown or the
            same, or something is to have come of what puts nothing out.
        RecordIdError: An id is malformed.
    """
    doubtful = scene.standing_at(IN_DOUBT)
    group = scene.the_one(wanted.target, doubtful, what="are in doubt")
    happened = _ANSWERS.get(" ".join((wanted.answer or "").lower().split()))
    if happened is None:
        raise scene.malformed(
            f"whether {group.id} happened needs an answer.",
            hint=f"Say --answer '{HAPPENED}' or --answer '{NOT_HAPPENED}'.",
        )
    sent, known = _sent(scene, group), _known(scene, group)
    open_effects = [each for each in sent if each.id not in known]
    done = [each for each in open_effects if happened]
    records, outputs = _records(scene, group, wanted, done), _outputs(scene, wanted, done)
    told = {each.id: _outcome(each, records, outputs, happened=happened) for each in open_effects}
    outcome = GroupOutcome(
        group_id=group.id,
        outcomes=tuple(known.get(each.id) or told[each.id] for each in sent),
        cost=cost_of(open_effects, told.values()),
    )
    by = {"stage": scene.stage, "by": "person", "evidence": [f"{wanted.actor}: {wanted.why}"]}
    return group, happened, ("group_reconciled", outcome.model_dump(mode="json") | by)


def _sent(scene: Scene, group: EffectGroup) -> tuple[Effect, ...]:
    """Return the effects of a group's newest attempt: all of them, or what was left of it by then."""
    step = scene.state.step(group.id)
    left = step.left if step else ()
    return tuple(each for each in group.effects if not left or each.id in left)


def _known(scene: Scene, group: EffectGroup) -> dict[str, EffectOutcome]:
    """Return what is known already of single effects of the group's newest attempt."""
    for event in reversed(scene.events):
        data = event.data
        if (data.get("groupId"), data.get("stage", scene.stage)) != (group.id, scene.stage):
            continue
        if event.kind in {"group_settled", "group_reconciled"}:
            found = [
                validated(EffectOutcome, each, where=event.run_id) for each in data["outcomes"]
            ]
            return {each.effect_id: each for each in found if each.status != "unknown"}
        if event.kind == "group_intended":
            break
    return {}


def _records(
    scene: Scene, group: EffectGroup, wanted: Intervention, happened: list[Effect]
) -> Mapping[str, str]:
    """Return the ids of the records that were created, each checked, none left out and none told twice."""
    created = [each.id for each in happened if each.kind == "record" and each.record_id is None]
    foreign = [each for each in wanted.records if each not in created]
    if foreign:
        raise scene.refused(f"no record was created by {named(foreign)}.")
    missing = [each for each in created if each not in wanted.records]
    if missing:
        raise scene.refused(
            f"which records {named(missing)} created has to be told.",
            hint="Look them up in the org, and say "
            + " ".join(f"--record {group.id}/{each}=ID" for each in missing[:_MOST_RECORDS])
            + (" and so on." if len(missing) > _MOST_RECORDS else "."),
        )
    found = {key: record_id(text, where=key) for key, text in wanted.records.items()}
    if len(set(found.values())) < len(found):
        raise scene.refused("two effects cannot have created the same record.")
    return found


def _outputs(
    scene: Scene, wanted: Intervention, happened: list[Effect]
) -> Mapping[str, KeptOutputs]:
    """Return what came of overrides, as a person says."""
    acted = [each.id for each in happened if each.kind != "record"]
    foreign = [each for each in wanted.outputs if each not in acted]
    if foreign:
        raise scene.refused(
            f"{named(foreign)} put nothing out.",
            hint=f"An override that acted by itself does: {named(acted)}." if acted else None,
        )
    return {key: kept_outputs(values) for key, values in wanted.outputs.items()}


def _outcome(
    effect: Effect,
    records: Mapping[str, str],
    outputs: Mapping[str, KeptOutputs],
    *,
    happened: bool,
) -> EffectOutcome:
    if not happened:
        return EffectOutcome(effect_id=effect.id, status="not_sent")
    made, put_out = records.get(effect.id), outputs.get(effect.id, KeptOutputs())
    return EffectOutcome(
        effect_id=effect.id,
        status="done",
        record_id=made or effect.record_id,
        created=made is not None,
        outputs=put_out.values,
        cut=put_out.cut,
    )
