"""Attacks on the yes: forged, foreign, replayed, expired, taken back, raced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.scenario import action, blueprint, lookup, task, win

from actwright import Actwright, Confirmation, Preview, Settings
from actwright.errors import ActwrightError
from benchmarks._security.salesforce.attack import Attack
from benchmarks._security.salesforce.scene import Scene, opened, witness

_NOBODY = "Nothing is written."
_ONCE = "It is written once."
_KEYS = """\
version: 1
rules:
  - {id: keys, description: Everything is signed., match: {operations: [CREATE, UPDATE]}, effect: require, require: {keys: true}}
"""


def _agreed(scene: Scene) -> tuple[Preview, Confirmation]:
    preview = scene.show(win(), task())
    return preview, scene.agree(preview)


def _never_asked(scene: Scene) -> str:
    return scene.run(scene.show(win()), None)


def _a_no(scene: Scene) -> str:
    preview = scene.show(win())
    return scene.run(preview, scene.app.confirm(preview, approver="Alice Archer", answer="no"))


def _a_no_dressed_up(scene: Scene) -> str:
    preview = scene.show(win())
    refused = scene.app.confirm(preview, approver="Alice Archer", answer="no")
    return scene.run(preview, refused.model_copy(update={"answer": "yes"}))


def _taken_back(scene: Scene) -> str:
    preview, yes = _agreed(scene)
    scene.app.confirm(preview, approver="Bo", answer="no")
    return scene.run(preview, yes)


def _made_by_hand(scene: Scene) -> str:
    preview, yes = _agreed(scene)
    return scene.run(preview, yes.model_copy(update={"id": f"cnf_{'0' * 20}"}))


def _foreign(scene: Scene) -> str:
    _, yes = _agreed(scene)
    return scene.run(scene.show(task(subject="Wire the money")), yes)


def _foreign_readdressed(scene: Scene) -> str:
    _, yes = _agreed(scene)
    evil = scene.show(task(subject="Wire the money"))
    return scene.run(evil, yes.model_copy(update={"preview_id": evil.id, "digest": evil.digest}))


def _foreign_readdressed_in_store(scene: Scene) -> str:
    _, yes = _agreed(scene)
    evil = scene.show(task(subject="Wire the money"))
    scene.rewrite("confirmation", lambda held: held.update(previewId=evil.id))
    return scene.run(evil, scene.app.confirmations.get(yes.id))


def _says_yes_itself(scene: Scene) -> str:
    evil = scene.show(task(subject="Wire the money"))
    return scene.run(evil, scene.app.confirm(evil, approver="Alice Archer"))


def _expired(scene: Scene) -> str:
    preview, yes = _agreed(scene)
    scene.clock.move(minutes=31)
    return scene.run(preview, yes)


def _expiry_put_off(scene: Scene) -> str:
    preview, yes = _agreed(scene)
    scene.clock.move(minutes=31)
    return scene.run(preview, yes.model_copy(update={"expires_at": "2999-01-01T00:00:00Z"}))


def _replayed(scene: Scene) -> str:
    preview, yes = _agreed(scene)
    scene.run(preview, yes)
    return scene.run(preview, yes)


def _second_yes(scene: Scene) -> str:
    preview, yes = _agreed(scene)
    scene.run(preview, yes)
    return scene.run(preview, scene.app.confirm(preview, approver="Bo"))


def _replayed_on_the_same_plan(scene: Scene) -> str:
    preview, yes = _agreed(scene)
    scene.run(preview, yes)
    return scene.run(scene.app.preview(preview.plan_id), yes)


def _raced(scene: Scene) -> str:
    preview, yes = _agreed(scene)
    gate = Barrier(3)

    def start(_: int) -> str:
        gate.wait(timeout=30)
        try:
            return scene.run(preview, yes)
        except ActwrightError as error:
            return error.error_code

    with ThreadPoolExecutor(3) as pool:
        came = sorted(pool.map(start, range(3)))
    return "once" if came == ["completed", "confirmation_used", "confirmation_used"] else str(came)


def _another_person(scene: Scene) -> str:
    preview, yes = _agreed(scene)
    settings = Settings(home=scene.home, org="local", user="bob")
    with Actwright(settings=settings, clock=scene.clock) as bob:
        org = witness("bob")
        vars(bob)["_open"] = opened(org)
        stopped = str(bob.run(preview, yes).stopped_by)
    scene.org.done += org.done
    return stopped


def _another_org(scene: Scene) -> str:
    preview, yes = _agreed(scene)
    scene.org.identity = scene.org.identity.model_copy(update={"id": "00D000000000009"})
    return scene.run(preview, yes)


def _edited_after(scene: Scene) -> str:
    preview = scene.show(task(subject="Call back"))
    yes = scene.agree(preview)
    scene.agree(scene.app.edit(preview, values={"task.Subject": "Call Acme back"}))
    return scene.run(preview, yes)


def _blocked(scene: Scene) -> str:
    gone = blueprint("DELETE", "Task", "Id")
    subject = str(scene.org.rows["Task"][0]["Subject"])
    preview = scene.show(action("gone", gone, Id=lookup("Task", "Subject", subject)))
    return scene.run(preview, scene.agree(preview))


def _plan_kept_its_name(scene: Scene) -> str:
    honest, yes = _agreed(scene)
    other = scene.plan(task(subject="Wire the money")).model_dump(mode="json")
    file = scene.app.plans.same({**other, "id": honest.plan_id}, where="plan.json")
    return scene.run(scene.app.preview(file), yes)


def _said(name: str) -> str:
    return f"confirmation: {name}"


ATTACKS = (
    Attack(_said("never asked"), "ran a preview nobody answered", _NOBODY, _never_asked, ("confirmation_missing",)),
    Attack(_said("a no"), "handed a no in", _NOBODY, _a_no, ("confirmation_refused",)),
    Attack(_said("a no dressed up"), "turned a no into a yes in hand", _NOBODY, _a_no_dressed_up, ("confirmation_foreign",)),
    Attack(_said("taken back"), "used a yes after somebody said no", _NOBODY, _taken_back, ("confirmation_refused",)),
    Attack(_said("made by hand"), "used an id the store does not hold", _NOBODY, _made_by_hand, ("confirmation_missing",)),
    Attack(_said("foreign"), "used the yes to another preview", _NOBODY, _foreign, ("confirmation_foreign",)),
    Attack(_said("foreign, readdressed"), "gave it the other preview's id and digest", _NOBODY, _foreign_readdressed, ("confirmation_foreign",)),
    Attack(_said("foreign, readdressed in the store"), "changed the preview it names in the database", _NOBODY, _foreign_readdressed_in_store, ("confirmation_foreign",)),
    Attack(
        _said("its own yes"),
        "called confirm itself, under Alice's name",
        "Nothing is written. Code that holds the whole app can say yes for a person where the policy asks for no keys.",
        _says_yes_itself,
        ("completed",),
        stopped=False,
    ),
    Attack(
        _said("its own yes, where keys are asked for"),
        "called confirm itself, under a policy that asks for keys",
        _NOBODY,
        _says_yes_itself,
        ("confirmation_key_needed",),
        settings={"policy": _KEYS},
    ),
    Attack(_said("expired"), "used it after half an hour", _NOBODY, _expired, ("confirmation_expired",)),
    Attack(_said("expiry put off"), "gave an expired yes a later end in hand", _NOBODY, _expiry_put_off, ("confirmation_foreign",)),
    Attack(_said("replayed"), "used it twice", _ONCE, _replayed, ("confirmation_used",)),
    Attack(_said("replayed with a second yes"), "had somebody say yes again to what was done", _ONCE, _second_yes, ("confirmation_used",)),
    Attack(_said("replayed on the same plan"), "previewed the plan again and used the old yes", _ONCE, _replayed_on_the_same_plan, ("confirmation_foreign", "confirmation_used")),
    Attack(_said("raced"), "used it three times at the same moment", _ONCE, _raced, ("once",)),
    Attack(_said("another person"), "used it with another person's rights", _NOBODY, _another_person, ("confirmation_foreign",)),
    Attack(_said("another org"), "used it on another org", _NOBODY, _another_org, ("confirmation_foreign", "drift")),
    Attack(_said("edited after"), "used the yes to a preview that was edited since", "Only the edited one is written.", _edited_after, ("confirmation_refused",)),
    Attack(_said("blocked"), "had a delete confirmed that nobody allowed", _NOBODY, _blocked, ("delete_not_allowed",)),
    Attack(_said("a plan under another's name"), "gave a file of a changed plan the confirmed plan's id", _NOBODY, _plan_kept_its_name, ("document_edited",)),
)  # fmt: skip
