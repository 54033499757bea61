"""LangGraph on the engines' common workload, in a process of its own: ten trivial nodes in a row, saved after each."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypedDict

from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from benchmarks._workload import AT_ONCE, STEPS, report


class State(TypedDict):
    """What goes from node to node."""

    count: int


def main(where: str) -> None:
    """Carry the workload out with the checkpointer of a store, and report."""
    with _saver(where) as saver:
        graph = _graph().compile(checkpointer=saver)
        report(_workflow(graph))


def _workflow(graph: Any) -> Callable[[int], None]:
    def carry_out(number: int) -> None:
        found = graph.invoke(
            {"count": 0}, {"configurable": {"thread_id": f"w{number}"}}, durability="sync"
        )
        assert found["count"] == STEPS

    return carry_out


def _graph() -> Any:
    graph = StateGraph(State)
    names = [f"step{place}" for place in range(STEPS)]
    for name in names:
        graph.add_node(name, lambda state: {"count": state["count"] + 1})
    for before, after in zip([START, *names], [*names, END], strict=True):
        graph.add_edge(before, after)
    return graph


@contextmanager
def _saver(where: str) -> Iterator[Any]:
    if where.startswith("postgresql://"):
        options = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
        with ConnectionPool(where, min_size=AT_ONCE, max_size=AT_ONCE, kwargs=options) as pool:
            saver: Any = PostgresSaver(pool)
            saver.setup()
            yield saver
        return
    connection = sqlite3.connect(Path(where) / "langgraph.db", check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    saver = SqliteSaver(connection)
    saver.setup()
    yield saver
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
