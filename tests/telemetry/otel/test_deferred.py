"""What is told a moment later: in its order, at the latest when it is asked for, and never at a run's cost."""

from __future__ import annotations

import os
import threading

from actwright.telemetry.otel.deferred import Deferred
from actwright.telemetry.otel.delivering import Deliveries


def test_what_waits_is_told_in_its_order_when_it_is_asked_for() -> None:
    """Nothing is told by whoever puts it."""
    deferred, told = Deferred(Deliveries()), list[int]()
    for number in range(3):
        deferred.put(lambda number=number: told.append(number))  # type: ignore[misc]  # bound now
    assert told == []
    deferred.tell()
    assert told == [0, 1, 2]


def test_it_is_told_by_itself_a_moment_later() -> None:
    """In a thread of its own, which keeps no program from ending."""
    deferred, told, who = Deferred(Deliveries()), threading.Event(), list[threading.Thread]()

    def telling() -> None:
        who.append(threading.current_thread())
        told.set()

    deferred.put(telling)
    assert told.wait(10)
    assert who[0] is not threading.current_thread()
    assert who[0].daemon


def test_a_fault_costs_what_was_to_be_told_and_nothing_else() -> None:
    """It is counted, and what comes behind it is told."""
    deliveries, told = Deliveries(), list[str]()
    deferred = Deferred(deliveries)
    deferred.put(lambda: told.append(str(1 // 0)))
    deferred.put(lambda: told.append("told"))
    deferred.tell()
    assert (told, deliveries.defects) == (["told"], 1)


def test_a_forked_process_leaves_it_to_its_parent() -> None:
    """Else each span would be there twice."""
    deferred, told = Deferred(Deliveries()), list[int]()
    deferred.put(lambda: told.append(1))
    child = os.fork()
    if not child:
        deferred.tell()
        os._exit(len(told))
    assert os.waitpid(child, 0)[1] == 0
    deferred.tell()
    assert told == [1]
