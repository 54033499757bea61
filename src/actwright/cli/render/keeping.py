"""The keeping of the journal as people see it: verified, sealed, moved out and back in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.words import here
from actwright.inert import inert

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.runs.keeping.compacting import Compacted
    from actwright.runs.keeping.exporting import Exported
    from actwright.runs.keeping.importing import Imported
    from actwright.runs.keeping.seal import Seal
    from actwright.runs.keeping.statistics import JournalStatistics
    from actwright.runs.keeping.verification import Fault, Verification

_MOST_FAULTS = 50
_MOST_LEFT = 20


def verification(found: Verification) -> Iterator[RenderableType]:
    """Yield what came of verifying."""
    for fault in found.faults[:_MOST_FAULTS]:
        yield Text(inert(str(fault), limit=400), style="red")
    more = len(found.faults) - _MOST_FAULTS
    if more > 0:
        yield Text(f"... and {_count(more, 'more')}", style="red")
    looked = f"{_count(found.runs, 'run')}, {_count(found.events, 'event')}, {_count(found.seals, 'seal')}"
    moved_out = f", {_count(found.archived, 'run')} moved out" if found.archived else ""
    sealed = f"; {found.sealed_events:,} events are sealed" if found.seals else ""
    verdict = ("The journal is whole: ", "green") if found.whole else ("Looked at: ", "bold")
    yield Text.assemble(verdict, f"{looked}{moved_out}{sealed}.")


def seal(newest: Seal | None, *, made: bool) -> Iterator[RenderableType]:
    """Yield what was sealed."""
    if newest is None:
        yield Text("There is nothing to seal.")
        return
    heads = _count(len(newest.content().heads), "run")
    told = f"Seal {newest.number} is made, over {heads}" if made else "Nothing has moved since"
    yield Text(f"{told}{'' if made else f' seal {newest.number} of {here(newest.at)}'}.")
    yield Text(newest.hash, style="dim")


def exported(done: Exported | None) -> Iterator[RenderableType]:
    """Yield where runs were written to."""
    if done is None:
        yield Text("That day was exported before.")
        return
    yield Text(
        f"{_count(done.runs, 'run')} with {_count(done.events, 'event')}: {inert(done.where, limit=400)}"
    )
    yield Text(f"SHA-256 {done.sha256}", style="dim")


def left_out(found: Sequence[Fault], told: str) -> Iterator[RenderableType]:
    """Yield what a file has not, each with what is wrong with it.

    Args:
        found: What is left out.
        told: What that means, as the beginning of each line.
    """
    for each in found[:_MOST_FAULTS]:
        yield Text(f"{told}: {inert(str(each), limit=400)}", style="red")
    more = len(found) - _MOST_FAULTS
    if more > 0:
        yield Text(f"... and {_count(more, 'more')}", style="red")


def imported(done: Imported, *, files: int = 1) -> Iterator[RenderableType]:
    """Yield what was taken in, of how many files."""
    of_files = f" of {files:,} files" if files > 1 else ""
    yield Text(
        f"Taken in{of_files}: {_count(done.runs, 'run')}, {_count(done.events, 'event')}, "
        f"{_count(done.documents, 'document')}, {_count(done.seals, 'seal')}. "
        f"Here already: {_count(done.present, 'run')}; gone on: {_count(done.extended, 'run')}."
    )
    if done.put_back:
        yield Text(
            f"Put back into the blob store, where they were lost: {_count(done.put_back, 'text')}."
        )
    if done.seals_left_out:
        left = _count(done.seals_left_out, "seal")
        yield Text(f"{left} of another key or store left out.", style="dim")


def compacted(done: Compacted) -> Iterator[RenderableType]:
    """Yield what was moved out, and what stays."""
    if done.file is None:
        yield Text("No run was moved.")
    else:
        yield Text(
            f"Moved {_count(done.runs, 'run')} with {_count(done.events, 'event')}: {inert(done.file, limit=400)}"
        )
        yield Text(f"SHA-256 {done.sha256}", style="dim")
    for each in done.left_in[:_MOST_LEFT]:
        yield Text(f"{each.run_id} stays: {inert(each.why, limit=200)}.")
    more = len(done.left_in) - _MOST_LEFT
    if more > 0:
        yield Text(f"... and {_count(more, 'more run')}")


def rebuilt(runs: int) -> Iterator[RenderableType]:
    """Yield how many rows the register has now."""
    yield Text(f"The register says again what the journal says: {_count(runs, 'run')}.")


def statistics(found: JournalStatistics, now: datetime) -> Iterator[RenderableType]:
    """Yield what is in the journal."""
    runs = ", ".join(f"{count:,} {status}" for status, count in found.runs.items()) or "none"
    oldest = (
        f"{found.oldest_unfinished}, since {here(found.oldest_unfinished_since)}"
        if found.oldest_unfinished and found.oldest_unfinished_since
        else "none"
    )
    sealed = f", the newest {_age(found.sealed_at, now)} old" if found.sealed_at else ""
    lines = (
        ("Runs", runs),
        ("Moved out", f"{found.archived:,}"),
        ("Events", f"{found.events:,}, {found.bytes:,} bytes, {found.offloaded:,} offloaded"),
        ("Seals", f"{found.seals:,}{sealed}; {_count(found.unsealed, 'run')} moved since"),
        ("Oldest unfinished", oldest),
    )
    yield grid(("", ""), lines)
    if found.days:
        yield grid(("Day", "Runs started"), ((each.day, f"{each.runs:,}") for each in found.days))


def _age(at: str, now: datetime) -> str:
    age = max(now - datetime.fromisoformat(at), timedelta(0))
    return str(timedelta(seconds=int(age.total_seconds())))


def _count(number: int, noun: str) -> str:
    plural = "" if number == 1 or noun == "more" else "s"
    return f"{number:,} {noun}{plural}"
