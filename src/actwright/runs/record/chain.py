"""The chain: each event's hash covers the event and the hash before it, so that a change anywhere shows."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import get_args

from actwright.errors import JournalDamagedError
from actwright.runs.record.event import GENESIS, EventKind, JournalEvent
from actwright.runs.record.head import Head
from actwright.runs.record.migrations import version_of

Link = tuple[str, int, str, str, int, str, str, str, str]
"""A row of the journal: run, seq, at, kind, version, actor, data, hash before, hash."""

COLUMNS = "run_id, seq, at, kind, version, actor, data, prev_hash, hash"
"""The columns of a `Link`, in its order."""


def hash_of(  # noqa: PLR0917 - the columns of a row, in their order
    run_id: str, seq: int, at: str, kind: str, version: int, actor: str, data: str, prev_hash: str
) -> str:
    """Return the hash of an event whose data is canonical JSON text already.

    It is the SHA-256 over the canonical JSON of the event, as `JournalEvent.expected_hash` has it, put together from
    the parts: their keys are in order, and every text but ``data`` is quoted, so that no part can reach into the next.
    """
    form = f',"version":{version}' if version > 1 else ""
    text = (
        f'{{"actor":{quoted(actor)},"at":{quoted(at)},"data":{data},"kind":{quoted(kind)},'
        f'"prevHash":{quoted(prev_hash)},"runId":{quoted(run_id)},"seq":{seq}{form}}}'
    )
    return sha256(text.encode()).hexdigest()


def first_fault(events: Sequence[JournalEvent], head: Head | None = None) -> str | None:
    """Return what is wrong with a run's chain, naming the first bad event, or None where it is whole.

    Args:
        events: The run's events.
        head: How far the run had come before they were read, by the register: what was cut off shows in nothing else.
    """
    prev_hash = GENESIS
    for position, event in enumerate(events, start=1):
        if event.seq != position:
            return f"event {position} is missing"
        if event.prev_hash != prev_hash:
            return f"event {event.seq} does not follow the one before it"
        if event.hash != event.expected_hash():
            return f"event {event.seq} ({event.kind}) was changed after it was written"
        if event.kind == "run_ended" and position < len(events):
            return f"event {position + 1} stands after the end of the run"
        prev_hash = event.hash
    return None if head is None else _lost([each.hash for each in events], head.seq, head.hash)


def check_whole(events: Sequence[JournalEvent], head: Head | None = None) -> None:
    """Refuse a journal that is not as it was written, before anybody acts on what it says or writes behind it.

    Args:
        events: The run's events.
        head: As for `first_fault`.

    Raises:
        JournalDamagedError: It was changed; the first bad event is named.
    """
    fault, run_id = first_fault(events, head), events[0].run_id
    if fault is not None:
        raise JournalDamagedError(
            f"The journal of {run_id} is not as it was written: {fault}. Nothing was done.",
            where=run_id,
            hint=f"actwright verify {run_id}",
        )


def _lost(hashes: Sequence[str], seq: int, hash_: str) -> str | None:
    if seq > len(hashes):
        return f"event {len(hashes) + 1} is missing, with all that came behind it"
    if seq < 1 or hashes[seq - 1] != hash_:
        return f"the run was written anew up to event {seq}"
    return None


def _ending(version: int) -> str:
    return f',"version":{version}}}' if version > 1 else "}"


_FORMS = {
    (kind, version): (f',"kind":"{kind}","prevHash":"', _ending(version))
    for kind in get_args(EventKind)
    for version in range(1, version_of(kind) + 1)
}
"""By each kind and form this program knows: what stands in the hashed text behind the data, and at its end."""

_MOST_PLACES = 10_000


class Walk:
    """A walk along one run's chain, event by event, that names the first bad one.

    Args:
        run_id: The run.
    """

    __slots__ = ("_run", "ended", "hashes", "last", "run_id")

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.hashes: list[str] = []
        self.last = GENESIS
        self.ended = False
        self._run = f'","runId":{quoted(run_id)},"seq":'

    def fault(self, link: Link) -> str | None:
        """Return what is wrong with the next event, or None where it stands where it should and is as written.

        Every text is quoted or held against a known one before it is hashed, as in `hash_of`.
        """
        _, seq, at, kind, version, actor, data, prev_hash, hash_ = link
        form = _FORMS.get((kind, version))
        if form and prev_hash == self.last and seq == len(self.hashes) + 1 and not self.ended:
            text = (
                f'{{"actor":{quoted(actor)},"at":{quoted(at)},"data":{data}{form[0]}'
                f"{prev_hash}{self._run}{seq}{form[1]}"
            )
            if sha256(text.encode()).hexdigest() == hash_:
                self.hashes.append(hash_)
                self.last = hash_
                self.ended = kind == "run_ended"
                return None
        return self._told(link)

    def lost(self, seq: int, hash_: str) -> str | None:
        """Return what is wrong with a run that is known to have had an event with that hash, or None.

        Args:
            seq: The number of that event.
            hash_: Its hash.
        """
        return _lost(self.hashes, seq, hash_)

    def _told(self, link: Link) -> str:
        """Return what is wrong with an event that is not the next one of the chain."""
        _, seq, _, kind, version, *_ = link
        expected = len(self.hashes) + 1
        intact = link[8] == hash_of(*link[:8])
        if seq != expected:
            return (
                f"event {expected} is missing" if seq > expected else f"event {seq} is one too many"
            )
        if not intact:
            return f"event {seq} ({kind[:40]}) {self._changed(link)}"
        if (kind, version) not in _FORMS:
            return (
                f"event {seq} is {kind[:40]!r} in form {version}, which this program does not know"
            )
        if self.ended:
            return f"event {seq} ({kind}) stands after the end of the run"
        return f"event {seq} ({kind}) does not follow the one before it"

    def _changed(self, link: Link) -> str:
        run_id, seq, at, kind, version, actor, data, prev_hash, written = link
        for place in range(1, min(_MOST_PLACES, seq + 1_000)):
            if written == hash_of(run_id, place, at, kind, version, actor, data, prev_hash):
                return f"was event {place}: the order was changed"
        return "was changed after it was written, or is another run's"
