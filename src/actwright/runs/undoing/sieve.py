"""The sieve: parts what can be taken back of a run from what cannot or need not, and keeps the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from actwright.runs.undoing.accomplished import Accomplished
from actwright.runs.undoing.finding import Finding, Obstacle
from actwright.runs.undoing.inverse_order import inverse_order
from actwright.runs.undoing.later_work import LaterWork
from actwright.runs.undoing.marks import Mark, wanted
from actwright.runs.undoing.past_run import PastRun
from actwright.runs.undoing.ways_back import NoWay, WaysBack
from actwright.runs.undoing.wording import left_alone, names


@dataclass(frozen=True, slots=True)
class DealtWith:
    """What of a run needs no taking back any more.

    Attributes:
        marks: What was taken back, and by which run.
        decided: What a person has said is dealt with, or to be left; by effect, in words.
    """

    marks: Mapping[Mark, str] = field(default_factory=dict)
    decided: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Sieve:
    """Holds what one run did against what could be taken back, and what stands there by now.

    Attributes:
        run: The run.
        ways: What can be taken back at all.
        dealt_with: What needs no taking back any more.
        later: What its records look like by now.
        also_moved: Whether records that moved on are set back too.
        kept: What is taken back, in order.
        found: Why the rest is not, by effect.
    """

    run: PastRun
    ways: WaysBack
    dealt_with: DealtWith
    later: LaterWork
    also_moved: bool = False
    kept: list[Accomplished] = field(default_factory=list)
    found: dict[str, Finding] = field(default_factory=dict)
    _held: set[str] = field(default_factory=set)
    _pointing: dict[str, list[Accomplished]] = field(default_factory=dict)
    _never: dict[NoWay, list[Accomplished]] = field(default_factory=dict)
    _alone: dict[str, list[Accomplished]] = field(default_factory=dict)

    def part(self, work: Sequence[Accomplished]) -> tuple[Accomplished, ...]:
        """Return what is to be taken back, in the order it was done in.

        Args:
            work: What the run did, in the order it did.
        """
        candidates = [found for each in work if (found := self._open(each)) is not None]
        for turn in inverse_order(candidates):
            self._decide(turn.done)
        return tuple(each for each in candidates if not set(each.keys) & self.found.keys())

    def told(self) -> list[str]:
        """Return in sentences what cannot be taken back or is left, each reason once."""
        never = [f"{why.head}{names(of)}{why.end}" for why, of in self._never.items()]
        return [*never, *(left_alone(reason, of) for reason, of in self._alone.items())]

    def _open(self, done: Accomplished) -> Accomplished | None:
        """Return what could still be taken back of one thing; None where nothing could, and why is written down."""
        decided = [one for key in done.keys if (one := self.dealt_with.decided.get(key))]
        if decided:
            self._leave(done, decided[0], "decided")
            return None
        no_way = self.ways.blocked(done, self.run)
        if no_way is not None:
            self._give_up(done, no_way)
            return None
        taken_back, wished = self.dealt_with.marks, wanted(done, self.run.id)
        marks = {each: taken_back[each] for each in wished if each in taken_back}
        if marks.keys() == wished:
            taken = f"was taken back by {', '.join(sorted(set(marks.values())))}."
            self._leave(done, self.later.settled(done) or taken, "taken_back")
            return None
        open_fields = [each for each in done.effect.changes if _mark(done, each.field) not in marks]
        return replace(done, effect=done.effect.model_copy(update={"changes": tuple(open_fields)}))

    def _decide(self, done: Accomplished) -> None:
        """Decide whether something is taken back, by what stands there now and what goes before it."""
        if done.effect.kind == "record":
            pointing = self._pointing.get(done.record_id, ())
            held = done.record_id in self._held
            reason = self.later.why_left(
                done, pointing, still_held=held, also_moved=self.also_moved
            )
            if reason is not None:
                self._leave(done, reason, "left")
                return
        self.kept.append(done)
        for each in done.effect.changes:
            self._pointing.setdefault(str(done.left_behind(each)), []).append(done)

    def _leave(self, done: Accomplished, reason: str, obstacle: Obstacle) -> None:
        self._alone.setdefault(reason, []).append(done)
        self._note(done, reason, obstacle)

    def _give_up(self, done: Accomplished, why: NoWay) -> None:
        self._never.setdefault(why, []).append(done)
        self._note(done, f"{why.head}{names([done])}{why.end}", why.obstacle)

    def _note(self, done: Accomplished, why: str, obstacle: Obstacle) -> None:
        self._held |= self.later.held_by(done)
        self.found |= dict.fromkeys(done.keys, Finding(obstacle=obstacle, why=why))


def _mark(done: Accomplished, name: str) -> Mark:
    return ("field", done.record_id, name)
