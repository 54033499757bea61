"""Filing an objection, and signing what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from actwright.clock import timestamp
from actwright.runs.continuing.going_on_checks import agreed_inputs
from actwright.runs.interventions.granting import Circumstances, Granted
from actwright.runs.interventions.intervention import Intervention
from actwright.runs.interventions.objection import Objection, open_objection, values_digest
from actwright.runs.interventions.scene import Scene, named
from actwright.runs.interventions.table import applicable
from actwright.runs.record.patience import waits_until

_UNKNOWN = "the key may not decide this objection: it is wrong, revoked, or was registered after it was filed."
_REPEATED = "the holder of this key has signed this objection already."


def file(scene: Scene, wanted: Intervention, around: Circumstances) -> Granted:
    """Return what an objection entails: the run is held at once, until enough approvers have decided.

    Raises:
        InterventionError: Too few approvers are registered for anybody ever to decide it.
    """
    among = max(wanted.among, wanted.needed)
    if len(around.approvers) < among:
        raise scene.refused(
            f"an objection needs {among} registered approvers, and there are {len(around.approvers)}.",
            hint=f"actwright approvers add NAME; to stop the run at once: {_stopping(scene)}",
        )
    until = around.now + timedelta(hours=wanted.window_hours)
    return Granted(
        {
            "needed": wanted.needed,
            "maySign": sorted(each.id for each in around.approvers),
            "becomes": "paused",
            "for": "override",
            "until": timestamp(until),
            "reason": f"{wanted.actor} objects: {wanted.why}",
        }
    )


def _stopping(scene: Scene) -> str:
    """Return the command that stops a run as it stands."""
    run_id = scene.state.id
    if "cancel" in applicable(scene.state):
        return f"actwright cancel {run_id} --why REASON"
    return f"actwright resume {run_id} --action abort_flow --why REASON"


def refusal_of_key(scene: Scene, around: Circumstances) -> str | None:
    """Return why a key cannot sign, or None; wrong, unknown, revoked and later keys are told alike."""
    objection, signer = open_objection(scene.events), around.signer
    if objection is None or signer is None or signer.id not in objection.may_sign:
        return _UNKNOWN
    return _REPEATED if objection.has_signed(signer.id, signer.name) else None


def sign(scene: Scene, wanted: Intervention, around: Circumstances) -> Granted:
    """Return what a signature entails: nothing yet, or the decision, where it is the last one needed.

    Raises:
        InterventionError: The key may not sign, or values are missing, or cannot be taken while a group is in doubt.
    """
    objection, signer = open_objection(scene.events), around.signer
    refusal = refusal_of_key(scene, around)
    if objection is None or signer is None or refusal is not None:
        raise scene.refused(refusal or _UNKNOWN)
    if wanted.action == "modify":
        _check_values(scene, wanted)
    values = values_digest(wanted.inputs)
    signed: dict[str, object] = {"signer": signer.id, "signerName": signer.name}
    counting = {each.id for each in around.approvers}
    if not objection.would_decide(wanted.action, values, counting):
        return Granted(signed)
    return Granted({**signed, "decided": True, **_decision(scene, wanted, objection, around.now)})


def _check_values(scene: Scene, wanted: Intervention) -> None:
    if not wanted.inputs:
        raise scene.malformed(
            "modify needs new values.", hint="""Say --inputs '{"ACTION.INPUT": VALUE}'."""
        )
    unknown = [each for each in wanted.inputs if scene.plan.action(each.partition(".")[0]) is None]
    if unknown:
        raise scene.refused(f"the plan has no action for {named(unknown)}.")
    if scene.state.in_doubt:
        raise scene.refused(
            f"nobody knows yet whether {', '.join(scene.state.in_doubt)} happened.",
            hint="Clear that up first: --action provide_clarification.",
        )


def _decision(
    scene: Scene, wanted: Intervention, objection: Objection, now: datetime
) -> dict[str, object]:
    if wanted.action == "uphold":
        why = f"The objection of {objection.filed_by} was upheld: {objection.why}"
        return {"becomes": "running", "ending": "aborted", "endingWhy": why}
    agreed = wanted.inputs if wanted.action == "modify" else agreed_inputs(scene.events)
    if not agreed:
        return {"becomes": "running"}
    # An earlier decision for other values outlives an objection that was dismissed.
    return {
        "becomes": "waiting",
        "for": "confirmation",
        "inputs": dict(agreed),
        "reason": "Approvers decided on other values; a person has to say yes to them.",
        **waits_until(scene.state, "confirmation", now),
    }
