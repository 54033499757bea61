"""Side by side with the engines others use: LangGraph and DBOS, the same ten trivial steps, each made durable."""

from __future__ import annotations

from typing import Literal

from benchmarks._rounds import Figures, Store, measured
from benchmarks._row import Row, row
from benchmarks._workload import AT_ONCE

_OURS = "peer_actwright"
_PEERS = {"peer_langgraph": "LangGraph", "peer_dbos": "DBOS"}
_ALONE = {"peer_langgraph": 2.0, "peer_dbos": 3.0}
_TOGETHER = 15.0


def run() -> list[Row]:
    """Return how much faster ours is on either store."""
    return [*_compared("sqlite"), *_compared("postgres")]


def _compared(store: Store) -> list[Row]:
    found = measured((_OURS, *_PEERS), store)
    rows = []
    for peer in _PEERS:
        rows += _against(store, peer, found[_OURS], found[peer])
    return rows


def _against(store: Store, peer: str, ours: Figures, theirs: Figures) -> list[Row]:
    embedded = store == "sqlite"
    what = f"{'SQLite' if embedded else 'Postgres'}, {_PEERS[peer]}"
    return [
        _gain(
            f"{what}, one after the other",
            "sequential",
            ours,
            theirs,
            _ALONE[peer] if embedded else 1.0,
        ),
        _gain(
            f"{what}, {AT_ONCE} at once", "concurrent", ours, theirs, _TOGETHER if embedded else 1.0
        ),
        *(_slower(what, mode, ours, theirs) for mode in ("sequential", "concurrent")),
    ]


def _gain(
    name: str, mode: Literal["sequential", "concurrent"], ours: Figures, theirs: Figures, bar: float
) -> Row:
    gain = ours[mode]["per_second"] / theirs[mode]["per_second"]
    told = (
        f"{name} ({theirs[mode]['per_second']:.0f}/s, ours {ours[mode]['per_second']:.0f}/s), gain"
    )
    return row(told, gain, "x", bar, "higher")


def _slower(what: str, mode: str, ours: Figures, theirs: Figures) -> Row:
    gain = theirs[mode]["p99"] / ours[mode]["p99"]
    return row(f"{what}, {mode}, gain in p99", gain, "x", 1.0, "higher")
