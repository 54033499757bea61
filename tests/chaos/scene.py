"""A scene: one confirmed plan, the children that carry it out until something happens to them, and what has to hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.doomed import Child, Gate, Zygote
from tests.scenario import Rest

from actwright import Actwright, Confirmation, Preview
from actwright.runs.record.chain import first_fault
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.state import RunState
from actwright.testing import LocalOrg


@dataclass
class Scene:
    """One confirmed plan, about to be carried out by a child that something happens to.

    Attributes:
        app: The Actwright that prepared it, and looks after it when the child is gone.
        org: The org it is carried out on.
        admin: The administrator's own view of that org.
        zygote: What children are forked from.
        folder: A folder of the scene's own.
        preview: What is to be carried out.
        yes: The yes to it.
        count: Counts how often each effect has happened, past everything Actwright does.
        settings: Further settings of the children's.
    """

    app: Actwright
    org: LocalOrg
    admin: Rest
    zygote: Zygote
    folder: Path
    preview: Preview
    yes: Confirmation
    count: Callable[[], list[int]]
    settings: Mapping[str, object] = field(default_factory=dict)

    def start(self, deed: str = "apply", *, gate: Gate | None = None, **more: object) -> Child:
        """Let a child do a deed of `tests.chaos.deeds`: carry the plan out, where none is named."""
        return self.zygote.child(
            f"tests.chaos.deeds:{deed}",
            home=str(self.app.settings.home),
            url=self.org.url,
            settings=dict(self.settings),
            preview=self.preview.id,
            gate=str(gate.folder) if gate else None,
            **({"confirmation": self.yes.id} if deed.startswith("apply") else {}),
            **more,
        )

    def gate(self, name: str = "gate") -> Gate:
        """Return a gate of its own."""
        return Gate.at(self.folder / name)

    @property
    def effects(self) -> list[int]:
        """How often each of the effects has happened."""
        return self.count()

    @property
    def run(self) -> RunState | None:
        """The run, or None where none began."""
        found = self.app.confirmations.used_by(self.preview)
        return self.app.run_state(found) if found else None

    @property
    def run_id(self) -> str:
        """The id of the run, which has begun."""
        found = self.app.confirmations.used_by(self.preview)
        assert found is not None
        return found

    @property
    def events(self) -> tuple[JournalEvent, ...]:
        """The run's events; none where none began."""
        found = self.app.confirmations.used_by(self.preview)
        return self.app.events(found) if found else ()

    @property
    def kinds(self) -> list[str]:
        """The kinds of the run's events."""
        return [each.kind for each in self.events]

    def recovered(self) -> RunState:
        """Bring the run to its end, whoever died; one that never began is begun."""
        if self.run is None:
            self.app.run(self.preview, self.yes)
        else:
            self.app.recover()
        state = self.run
        assert state is not None
        return state

    def check(self) -> None:
        """Bring it to its end: each effect once, none claimed that did not happen, one end, a whole chain."""
        state = self.recovered()
        assert (state.status, state.reason) == ("completed", "")
        assert self.effects == [1] * len(self.effects)
        self.check_record()
        envelope = state.envelope
        assert envelope is not None
        total = len(self.preview.effects)
        assert (envelope.effects_done, envelope.effects_total) == (total, total)
        assert {each.status for each in envelope.results} == {"done"}

    def check_record(self) -> None:
        """Hold the run's record to what has to be true of each that has ended, however it did."""
        events = self.events
        assert [each.kind for each in events].count("run_ended") == 1
        assert events[-1].kind == "run_ended"
        assert first_fault(events) is None
        keys = [each.data["key"] for each in events if each.kind == "group_intended"]
        assert len(keys) == len(set(keys))
        assert sum(self.effects) == self.app.run_state(self.run_id).envelope.effects_done  # type: ignore[union-attr]  # it has ended


def refuse_a_write(admin: Rest) -> None:
    """Let the org refuse the next composite that writes, for good."""
    body = [{"errorCode": "JSON_PARSER_ERROR", "message": "no"}]
    match = {"method": "POST", "path": "*/composite", "writes": True}
    fault = {"kind": "answer", "match": match, "status": 400, "body": body}
    admin.call("POST", "/localorg/faults", fault)
