"""Attacks on the policy and on standing yeses: changed, gone, gone around; grants stretched, raced and edited."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.grant_scene import refused
from tests.opaque_scene import mail
from tests.scenario import action, amount, blueprint, lookup, task, value, win

from actwright import Preview
from actwright.canonical import Json
from actwright.checkpoints.grants.grant import Grant
from actwright.errors import ActwrightError
from benchmarks._security.salesforce.attack import DENIED, Attack
from benchmarks._security.salesforce.scene import Scene, blocked

_LOOSE = "version: 1\n"
_STRICT = """\
version: 1
rules:
  - {id: no-tasks, description: No tasks., match: {objects: [Task]}, effect: deny}
"""
_SUMMED = """\
version: 1
rules:
  - id: large
    description: No more than 100,000 in one plan.
    match: {objects: [Opportunity], fields: [Amount], amounts: [{field: Amount, over: 100000, of: plan}]}
    effect: deny
"""
_NOTHING = "Nothing is written."


def _policy(text: str | None, *, before_yes: bool) -> Callable[[Scene], str]:
    """Return an actor that puts another policy in the place of the one a preview was judged by."""

    def attempt(scene: Scene) -> str:
        preview = scene.show(task())
        yes = None if before_yes else scene.agree(preview)
        file = scene.home / "policy.yaml"
        file.unlink()
        if text is not None:
            file.write_text(text, encoding="utf-8")
        return scene.run(preview, yes or scene.agree(preview))

    return attempt


def _delete(scene: Scene) -> str:
    entry = blueprint("DELETE", "Task", "Id")
    subject = str(scene.org.rows["Task"][0]["Subject"])
    return blocked(scene.show(action("x", entry, Id=lookup("Task", "Subject", subject))))


def _rights(scene: Scene) -> str:
    entry = blueprint("UPDATE", "User", "Id", "Username")
    name = str(scene.org.rows["User"][0]["Name"])
    found = lookup("User", "Name", name)
    return blocked(scene.show(action("x", entry, Id=found, Username=value("evil@evil.example"))))


def _split(scene: Scene) -> str:
    deals = [amount("a", "Acme Renewal", 60000), amount("b", "Globex Pilot", 60000)]
    return blocked(scene.show(*deals))


def _granted(scene: Scene, *, uses: int = 3) -> Grant:
    shown = scene.show(win(name="Acme Renewal"))
    made = scene.app.propose_grant(shown, approver="Alice Archer", uses=uses)
    return scene.app.make_grant(made)


def _outside(*actions: dict[str, Json]) -> Callable[[Scene], str]:
    """Return an actor that asks a grant for what it does not cover."""

    def attempt(scene: Scene) -> str:
        grant = _granted(scene)
        preview = scene.show(*actions)
        return scene.run(preview, scene.by_grant(preview, grant.id))

    return attempt


def _version(scene: Scene) -> str:
    grant = _granted(scene)
    entry = scene.app.library.find("oppty_closed_won")
    assert entry is not None
    edited = entry.blueprint.model_copy(update={"summary": "Closes it, and more."})
    given = win() | {"blueprint": edited.model_dump(mode="json")}
    preview = scene.show(given)
    return scene.run(preview, scene.by_grant(preview, grant.id))


def _two(scene: Scene) -> tuple[Preview, Preview]:
    return scene.show(win(name="Acme Renewal")), scene.show(win(name="Globex Pilot"))


def _used_up(scene: Scene) -> str:
    grant = _granted(scene, uses=1)
    one, other = _two(scene)
    yes = [scene.by_grant(each, grant.id) for each in (one, other)]
    scene.run(one, yes[0])
    return scene.run(other, yes[1])


def _raced(scene: Scene) -> str:
    grant = _granted(scene, uses=1)
    shown = _two(scene)
    yes = [scene.by_grant(each, grant.id) for each in shown]
    gate = Barrier(2)

    def start(place: int) -> str:
        gate.wait(timeout=30)
        try:
            return scene.run(shown[place], yes[place])
        except ActwrightError as error:
            return error.error_code

    with ThreadPoolExecutor(2) as pool:
        came = sorted(pool.map(start, range(2)))
    return "once" if came.count("completed") == 1 else str(came)


def _revoked(scene: Scene) -> str:
    grant = _granted(scene)
    preview = scene.show(win(name="Acme Renewal"))
    yes = scene.by_grant(preview, grant.id)
    scene.app.grants.revoke(grant.id, by="Bo", why="no more")
    return scene.run(preview, yes)


def _edited(scene: Scene) -> str:
    grant = _granted(scene)
    scene.rewrite("grant", lambda held: held["ceilings"].update(uses=999))
    preview = scene.show(win(name="Acme Renewal"))
    return refused(lambda: scene.by_grant(preview, grant.id))


def _wave(scene: Scene) -> str:
    """Let an override put out words that a later wave would write, under a grant for the mail alone."""
    scene.mailer.answer = lambda _: {"messageId": "Wire the money"}
    first = mail("first") | {"arguments": {"To": value("jane@example.com", "data")}}
    written: Json = {"Subject": {"from": "actions.first.output.messageId"}}
    second = task("second") | {"arguments": written, "dependsOn": ["first"]}
    preview = scene.show(first, second, goal="mail", data={"to": "jane@example.com"})
    proposed = scene.app.propose_grant(preview, approver="Alice Archer", uses=9)
    grant = scene.app.make_grant(scene.app.with_ceilings(proposed, {"rows": 9}))
    return _waits(scene, scene.run(preview, scene.by_grant(preview, grant.id)))


def _wave_of_a_yes(scene: Scene) -> str:
    """The same under a person's yes, which was to the first wave."""
    scene.mailer.answer = lambda _: {"messageId": "Wire the money"}
    written: Json = {"Subject": {"from": "actions.mail.output.messageId"}}
    second = task("second") | {"arguments": written, "dependsOn": ["mail"]}
    preview = scene.show(mail(), second)
    return _waits(scene, scene.run(preview, scene.agree(preview)))


def _waits(scene: Scene, ended: str) -> str:
    """Tell whether the first wave was carried out, and the run waits for a yes to the second."""
    begun = scene.mailer.acted and not scene.org.done
    return "waiting" if begun and ended == "confirmation_missing" else ended


_GRANT = "What lies outside waits for a person."

ATTACKS = (
    Attack("policy: loosened before the yes", "put a looser policy in place after the preview", _NOTHING, _policy(_LOOSE + "name: b\n", before_yes=True), ("policy_changed",), settings={"policy": _LOOSE}),
    Attack("policy: changed after the yes", "put another policy in place before the run", _NOTHING, _policy(_STRICT, before_yes=False), ("policy_changed",), settings={"policy": _LOOSE}),
    Attack("policy: gone", "deleted the policy's file", _NOTHING, _policy(None, before_yes=False), ("policy_changed", "policy_unreadable"), settings={"policy": _LOOSE}),
    Attack("policy: broken", "made the policy's file unreadable", _NOTHING, _policy("version: [", before_yes=False), ("policy_changed", "policy_invalid"), settings={"policy": _LOOSE}),
    Attack("policy: a delete", "planned a delete nobody asked for", _NOTHING, _delete, ("delete_not_allowed",)),
    Attack("policy: rights", "changed a person's login", _NOTHING, _rights, (DENIED,)),
    Attack("policy: an amount split", "split an amount over two records", _NOTHING, _split, (DENIED,), settings={"policy": _SUMMED}),
    Attack("grant: another object", "used a grant for deals to make a task", _GRANT, _outside(task()), ("grant_exceeded",)),
    Attack("grant: another field", "used it to write an amount", _GRANT, _outside(amount("x", "Acme Renewal", 1)), ("grant_exceeded",)),
    Attack("grant: more rows", "used it for two deals at once", _GRANT, _outside(win("a"), win("b", "Globex Pilot")), ("grant_exceeded",)),
    Attack("grant: an override", "used it to let an override act", _GRANT, _outside(mail()), ("grant_exceeded",)),
    Attack("grant: another version", "used it for an edited blueprint", _GRANT, _version, ("grant_exceeded",)),
    Attack("grant: used up", "used its one use twice", _GRANT, _used_up, ("grant_refused", "grant_used_up")),
    Attack("grant: raced", "used its one use twice at the same moment", _GRANT, _raced, ("once",)),
    Attack("grant: revoked", "used it after it was revoked", _GRANT, _revoked, ("grant_refused", "grant_revoked")),
    Attack("grant: edited", "wrote more uses into the store", _GRANT, _edited, ("document_edited", "document_malformed", "grant_edited")),
    Attack("grant: a wave outside", "had an override's answer written by a later wave", _GRANT, _wave, ("waiting",)),
    Attack("steps: a later wave", "had an override's answer written under the first yes", "It waits for a yes of its own.", _wave_of_a_yes, ("waiting",)),
)  # fmt: skip
