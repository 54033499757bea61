"""What is told of a run that is to be taken back: records by their names, and why some are left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actwright.checkpoints.wording.effect_words import new_name
from actwright.errors import RefusedError
from actwright.inert import inert
from actwright.runs.undoing.accomplished import Accomplished
from actwright.runs.undoing.later_work import CHANGED, IN_USE, LaterWork

MOST_NAMED = 20
_MOST_OF_A_KIND = 3


def called(done: Accomplished) -> str:
    """Return what people call what was done: object, name, and the id where it has no name."""
    effect = done.effect
    label = inert(effect.object_label or effect.object, limit=80)
    name = str(effect.record_name or new_name(effect) or done.record_id)
    return f'{label} "{inert(name, limit=80)}"' if name else label


def names(done: Sequence[Accomplished]) -> str:
    """Return the names of things done; of many, the first few and how many more."""
    named = ", ".join(map(called, done[:_MOST_OF_A_KIND]))
    more = len(done) - _MOST_OF_A_KIND
    return f"{named} and {more:,} more" if more > 0 else named


def left_alone(reason: str, records: Sequence[Accomplished]) -> str:
    """Return why records are left as they are; of several with one reason, in one sentence."""
    if len(records) == 1:
        return f"Left as it is: {names(records)} {reason}"
    each = f"each of them {reason.removesuffix('.')}"
    return f"Left as they are: {len(records):,} records, {each}: {names(records)}."


def overwriting(kept: Sequence[Accomplished], later: LaterWork) -> Iterator[str]:
    """Yield a warning for each record whose later work is set back with it."""
    for each in kept:
        end = "It is deleted all the same." if each.created else "This is overwritten."
        for lost in (later.overwritten(each), later.in_use(each, kept)):
            if lost is not None:
                yield f"Warning: {called(each)} {lost} {end}"


def automation(kept: Sequence[Accomplished]) -> tuple[str, ...]:
    """Return what the org's own automation had changed beside the run; nothing where it had not."""
    labels = sorted({label for each in kept for label in each.automated})
    if not labels:
        return ()
    listed = ", ".join(inert(each, limit=80) for each in labels[:MOST_NAMED])
    return (
        f"The org's own automation had also changed: {listed}. It may set that back by itself; this plan does not.",
    )


def bounded(lines: Sequence[str]) -> tuple[str, ...]:
    """Return lines, at most 20 of them, and how many more there are."""
    more = len(lines) - MOST_NAMED
    return (*lines[:MOST_NAMED], *((f"And {more} more.",) if more > 0 else ()))


def refusal(run_id: str, told: Sequence[str]) -> RefusedError:
    """Return that nothing of a run can be taken back, and why.

    Args:
        run_id: The run.
        told: What was found, in sentences.
    """
    moved = any(CHANGED in each or IN_USE in each for each in told)
    return RefusedError(
        f"Nothing of {run_id} can be taken back. {' '.join(bounded(told)) or 'It changed nothing.'}",
        where=run_id,
        hint="Say --also-moved to take back what was changed since as well."
        if moved
        else f"actwright inspect {run_id}",
        code="nothing_to_undo",
    )
