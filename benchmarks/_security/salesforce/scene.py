"""The scene of an attack: Alice's whole Actwright over an org in memory, and a count of what nobody said yes to."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

from tests.grant_scene import MovedClock
from tests.opaque_scene import Mailer
from tests.scenario import plan_of
from tests.writable_org import WritableOrg, writable_org

from actwright import Actwright, Confirmation, OrchestratorResult, Preview, Settings
from actwright.blueprints.library import Library, load_library
from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import GroupOutcome
from actwright.org.ports import SendProgress, Submitted
from actwright.orgs import OpenOrg
from actwright.store.sqlite import SqliteDatabase

ALICE = "Alice Archer"
_DONE = "done"
_SHM = Path("/dev/shm")  # noqa: S108 - a folder of a random name in it, of the owner's alone
IN_MEMORY = _SHM if os.access(_SHM, os.W_OK) else None
"""Where scenes are set up, where the machine has such a place: none of them has to outlive it."""


@dataclass
class Witness(WritableOrg):
    """The org in memory, which remembers every effect it carried out."""

    done: list[Effect] = field(default_factory=list)

    def send(
        self,
        group: EffectGroup,
        progress: SendProgress | None = None,
        submitted: Submitted | None = None,
        key: str | None = None,
    ) -> GroupOutcome:
        """Carry a group out, and remember what of it was done."""
        outcome = super().send(group, progress, submitted, key)
        happened = {each.effect_id for each in outcome.outcomes if each.status == _DONE}
        self.done += [each for each in group.effects if each.id in happened]
        return outcome

    def touch(self, key: str) -> None:
        """Let a record be a newer version, as each change of it makes one."""
        self._versions[key] = self._version(key) + timedelta(seconds=1)


def witness(alias: str = "alice") -> Witness:
    """Return the demo org in memory, as one of its people."""
    made = writable_org(alias)
    return Witness(made.rows, made.schemas, made.user)


@dataclass
class Scene:
    """What an attack happens to.

    Attributes:
        app: Alice's Actwright.
        org: Her org, in memory.
        home: The folder of her store.
        clock: Her clock.
        mailer: An override that acts by itself, as ``SendMail``.
        agreed: The previews somebody said yes to, as they were shown then.
    """

    app: Actwright
    org: Witness
    home: Path
    clock: MovedClock
    mailer: Mailer = field(default_factory=Mailer)
    agreed: dict[str, Preview] = field(default_factory=dict)

    def show(self, *actions: Mapping[str, Json], **more: object) -> Preview:
        """Preview a plan of these actions; ``more`` are further parts of the plan."""
        allow_delete = bool(more.pop("allow_delete", False))
        return self.app.preview(self.plan(*actions, **more), allow_delete=allow_delete)

    def plan(self, *actions: Mapping[str, Json], **more: object) -> Plan:
        """Return a plan of these actions."""
        return plan_of(self.app, *actions, **more)

    def agree(self, preview: Preview, **more: Any) -> Confirmation:
        """Say yes to a preview as Alice, who has read it."""
        given = self.app.confirm(preview, approver=ALICE, **more)
        self.agreed.setdefault(preview.id, preview)
        return given

    def by_grant(self, preview: Preview, grant: str) -> Confirmation:
        """Let a grant say yes to a preview that it covers."""
        given = self.app.confirm_by_grant(preview, grant)
        self.agreed.setdefault(preview.id, preview)
        return given

    def run(self, preview: Preview | str, yes: Confirmation | None) -> str:
        """Try to carry a preview out, and return how that ended."""
        return ended(self.app.run(preview, yes))

    def uncovered(self) -> int:
        """Count what happened beyond what was shown to somebody who said yes, each of which counts once."""
        covered: Counter[str] = Counter()
        for each in self.agreed.values():
            if self.app.confirmations.used_by(each):
                covered.update(map(_content, each.effects))
        happened = Counter(map(_content, self.org.done))
        happened.update(_call(each) for each in self.mailer.acted)
        return (happened - covered).total()

    def row(self, kind: str, name: str) -> dict[str, object]:
        """Return the record of that name."""
        return next(
            each for each in self.org.rows[kind] if name in (each.get("Name"), each.get("Subject"))
        )

    def edit(self, kind: str, name: str, **values: object) -> None:
        """Change a record as somebody else in the org does."""
        row = self.row(kind, name)
        row |= values
        self.org.touch(str(row["Id"]))

    def rewrite(self, kind: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Edit the newest stored document of a kind, as somebody with the file could."""
        with sqlite3.connect(self.home / "actwright.db") as stranger:
            stranger.execute("DROP TRIGGER IF EXISTS document_no_update")
            key, body = stranger.execute(
                "SELECT id, body FROM document WHERE kind = ? ORDER BY seq DESC", (kind,)
            ).fetchone()
            document = json.loads(body)
            change(document)
            changed = (json.dumps(document), key)
            stranger.execute("UPDATE document SET body = ? WHERE id = ?", changed)
        stranger.close()


@contextmanager
def scene(settings: Mapping[str, object] | None = None) -> Iterator[Scene]:
    """Set a scene up, and take it down again."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        home, clock = Path(folder), MovedClock()
        (home / "actwright.db").write_bytes(_empty_store())
        given = {"home": home, "org": "local", "user": "alice", "allow_opaque": ("SendMail",)}
        chosen = dict(settings or {})
        if "policy" in chosen:
            (home / "policy.yaml").write_text(str(chosen["policy"]), encoding="utf-8")
            chosen["policy"] = home / "policy.yaml"
        made = Settings.model_validate({**given, **chosen})
        with Actwright(settings=made, clock=clock) as app:
            org = witness()
            vars(app).update(_open=opened(org), library=_library())
            found = Scene(app, org, home, clock)
            app.register("SendMail", found.mailer)
            yield found


@cache
def _empty_store() -> bytes:
    """Return a store nothing was put into, made once for all scenes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "actwright.db"
        SqliteDatabase(file).close()
        return file.read_bytes()


@cache
def _library() -> Library:
    """Return the curated blueprints, read once for all scenes."""
    return load_library()


def opened(org: WritableOrg) -> OpenOrg:
    """Return an org in memory as one that was opened."""
    return OpenOrg(cast("SalesforceOrg", org), None)


def ended(envelope: OrchestratorResult) -> str:
    """Return how a run ended: what stopped it, else its status."""
    return str(envelope.stopped_by or envelope.status)


def blocked(preview: Preview) -> str:
    """Return why a preview cannot be confirmed: the policy's word first; empty where it can."""
    codes = sorted({each.code for each in preview.blocked})
    return "policy_denied" if "policy_denied" in codes else ", ".join(codes)


def _content(effect: Effect) -> str:
    """Return what an effect does, whatever it is called."""
    if effect.kind != "record":
        return _call({each.field: each.after for each in effect.changes})
    written = sorted((each.field, str(each.after), each.linked_to or "") for each in effect.changes)
    return json.dumps([effect.operation, effect.object, effect.record_id, written])


def _call(arguments: Mapping[str, object]) -> str:
    return json.dumps(sorted((name, str(each)) for name, each in arguments.items()))
