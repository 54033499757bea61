"""A run goes on from its events alone, wherever its process died: each effect once, one end, the same envelope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.runs.memory_app import Post, five_groups, memory_app, subjects
from tests.writable_org import WritableOrg, writable_org

from actwright import Actwright, OrchestratorResult
from actwright.errors import ConfirmationForeignError
from actwright.org.effect import EffectGroup
from actwright.runs.interventions.intervention import Intervention
from actwright.runs.record.appending import Also
from actwright.runs.record.chain import first_fault
from actwright.runs.record.head import Head
from actwright.runs.record.journal import Entry, Journal
from actwright.runs.record.register import Register

APPENDS = 13
"""How often a run of five groups appends behind its first event; the last time is its end."""


class Died(BaseException):
    """The process is gone."""


class Mortal(Journal):
    """A journal whose process dies at one append, before or after it is durable; 1 is the first one counted."""

    deadly: tuple[int, str] = (0, "")
    appended = 0

    def append(
        self,
        run_id: str,
        entries: Sequence[Entry],
        *,
        actor: str,
        after: Head | None,
        also: Also | None = None,
        at: str | None = None,
    ) -> Head:
        """Append, unless the process dies before."""
        self.appended += 1
        if self.deadly == (self.appended, "before"):
            raise Died
        head = super().append(run_id, entries, actor=actor, after=after, also=also, at=at)
        if self.deadly == (self.appended, "after"):
            raise Died
        return head


@dataclass
class World:
    """What outlives every process: the org, the mail service, the store."""

    home: Path
    org: WritableOrg = field(default_factory=writable_org)
    post: Post = field(default_factory=Post)

    def process(self, *deadly: object) -> Actwright:
        """Return the Actwright of a new process."""
        app = memory_app(self.home, self.org, self.post)
        app.journal = app._engine.journal = Mortal(app._database, app.clock)
        if deadly:
            vars(app.journal)["deadly"] = deadly
        return app


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a world nothing has happened in."""
    return World(tmp_path)


def told(envelope: OrchestratorResult) -> tuple[object, ...]:
    """Return what an envelope tells, whichever run it is of."""
    statuses = [(each.id, each.status, each.outputs.get("messageId")) for each in envelope.results]
    return (envelope.success, envelope.status, envelope.effects_done, envelope.errors, statuses)


def assert_done_once(world: World, app: Actwright) -> None:
    """Each effect happened once, and the run has one end."""
    (state,) = app.runs()
    events = app.events(state.id)
    assert subjects(world.org) == ["a", "c", "e"]
    assert sorted(world.post.sent.values()) == ["b", "d"]
    assert [each.kind for each in events].count("run_ended") == 1
    assert first_fault(events) is None


def test_a_run_that_is_left_alone_goes_through(world: World) -> None:
    """Nothing is sent twice, and this is how often it appends."""
    app = world.process()
    envelope = app.run(*five_groups(app))
    assert envelope.status == "completed"
    assert app._engine.journal.appended == APPENDS  # type: ignore[attr-defined]  # it is a mortal one
    assert_done_once(world, app)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("place", range(1, APPENDS + 1))
def test_a_run_goes_on_from_every_prefix_of_its_events(
    world: World, place: int, moment: str
) -> None:
    """A process dies at an append; the next one brings the run to the end it would have had."""
    dying = world.process(place, moment)
    preview, yes = five_groups(dying)
    with pytest.raises(Died):
        dying.run(preview, yes)
    dying.close()
    app = world.process()
    (state,) = app.runs()
    envelope = app.resume(state.id)
    assert told(envelope) == (
        True,
        "completed",
        5,
        (),
        [
            ("a", "done", None),
            ("b", "done", "b"),
            ("c", "done", None),
            ("d", "done", "d"),
            ("e", "done", None),
        ],
    )
    assert app.resume(state.id) == envelope
    assert_done_once(world, app)
    app.close()


@pytest.mark.parametrize("group", ["g1", "g3", "g5"])
def test_a_process_that_dies_before_the_org_hears_of_a_group_sends_it_later(
    world: World, group: str
) -> None:
    """The ledger shows that it never happened; then it is looked at again, and sent under another key."""
    dying = world.process()

    def die(sent: EffectGroup) -> None:
        if sent.id == group:
            raise Died

    world.org.on_send = die
    with pytest.raises(Died):
        dying.run(*five_groups(dying))
    world.org.on_send = None
    app = world.process()
    (state,) = app.runs()
    assert state.in_doubt == (group,)
    assert app.resume(state.id).success
    abandoned = [key for key, made in world.org.keys.items() if made is None]
    assert abandoned == [f"{state.id}:1:{group}:1"]
    assert_done_once(world, app)


def test_a_process_that_dies_again_and_again_still_ends_the_run(world: World) -> None:
    """Each process lives for four appends, too few to carry more than one group out."""
    first = world.process(1, "after")
    preview, yes = five_groups(first)
    with pytest.raises(Died):
        first.run(preview, yes)
    (state,) = first.runs()
    for _ in range(20):
        app = world.process(4, "after")
        try:
            envelope = app.resume(state.id)
        except Died:
            app.close()
            continue
        assert envelope.success
        assert_done_once(world, app)
        return
    pytest.fail("the run never came to its end")


@pytest.fixture
def held(world: World) -> Iterator[tuple[Actwright, str]]:
    """Give a run that nobody can say anything of: the answer was lost, and the org has no ledger."""
    app = world.process()
    world.org.ledger = False
    world.org.troubles = ["lost after commit"]
    envelope = app.run(*five_groups(app))
    assert (envelope.status, envelope.stopped_by) == ("paused", "outcome_unknown")
    yield app, envelope.run_id or ""
    app.close()


def test_the_envelope_of_a_held_run_is_made_of_its_events(
    world: World, held: tuple[Actwright, str]
) -> None:
    """Another process that resumes it finds out no more, and tells the same in the same words."""
    app, run_id = held
    before = app.resume(run_id)
    other = world.process()
    assert other.resume(run_id) == before
    assert before.results[0].status == "unknown"
    assert len(app.org.sent) == 1  # type: ignore[attr-defined]  # the org in memory


def test_a_run_that_has_ended_stays_as_it_is(world: World) -> None:
    """Resuming it appends nothing and returns its envelope."""
    app = world.process()
    envelope = app.run(*five_groups(app))
    count = len(app.events(envelope.run_id or ""))
    assert app.resume(envelope.run_id or "") == envelope
    assert len(app.events(envelope.run_id or "")) == count
    assert not Register(app._database).unfinished()


def test_what_is_only_to_end_needs_nobodys_rights(world: World) -> None:
    """Whoever cancels somebody else's run ends it at once; what is to go on names the person to go on as."""
    app = world.process()
    run_id, other = (app.enqueue(*five_groups(app)) for _ in range(2))
    person = world.org.user
    world.org.user = person.model_copy(update={"id": "005000000000BobAAA", "username": "bob@x"})
    with pytest.raises(ConfirmationForeignError, match=r"carried out as .*, this is bob@x") as no:
        app.resume(run_id)
    assert no.value.hint == f"Say --as {person.username}; anybody may say the yes."
    for each in (run_id, other):
        app.intervene(each, Intervention(action="cancel", actor="bob", why="not today"))
    assert app.resume(run_id).status == "cancelled"
    (recovered,) = app.recover()
    assert (recovered.run_id, recovered.became, recovered.status) == (
        other,
        "continued",
        "cancelled",
    )
    assert (subjects(world.org), world.post.sent) == ([], {})


def test_a_list_tells_that_a_stalled_run_is_in_doubt(world: World) -> None:
    """Its journal is read for that: the process died while something was out."""
    dying = world.process(1, "after")
    with pytest.raises(Died):
        dying.run(*five_groups(dying))
    dying.close()
    app = world.process()
    (listed,) = app.with_rest(app.listed_runs())
    assert (listed.stalled, listed.in_doubt) == (True, True)
