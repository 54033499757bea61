"""Folding: a run's state is what its events add up to, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce

from actwright.errors import StoreError
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.happening import Happening
from actwright.runs.record.migrations import newest_form
from actwright.runs.record.news import NEWS, STEP_NEWS, News
from actwright.runs.record.state import Place, RunState
from actwright.runs.record.step import BEHIND, StepState, a_moment


def fold(events: Sequence[Happening]) -> RunState:
    """Return the state the events add up to.

    Raises:
        StoreError: An event does not hold what its kind says: the store was damaged.
    """
    return reduce(_folded, events, RunState(id=events[0].run_id if events else ""))


def _folded(state: RunState, event: Happening) -> RunState:
    """Return the state after one more event; it is the given one where only a step of it has moved.

    A copy of a state for each event of each of its steps would take a time that grows with their square.
    """
    if event.kind not in STEP_NEWS:
        return applied(state, event)
    with _damage_named(event):
        newest = _newest(event)
        advance(state, newest)
        fields = vars(state.step_at(_place(state, newest)))
        fields.update(vars(StepState.model_validate(fields)))
    return state


def applied(state: RunState, event: Happening) -> RunState:
    """Return the state after one more event.

    Raises:
        StoreError: The event does not hold what its kind says: the store was damaged.
    """
    with _damage_named(event):
        return RunState.model_validate(_fields(state) | _news(state, _newest(event)))


def _newest(event: Happening) -> Happening:
    """Return an event in the newest form of its kind; one of this program is in it."""
    a_moment(event.at)
    return newest_form(event) if isinstance(event, JournalEvent) else event


@contextmanager
def _damage_named(event: Happening) -> Iterator[None]:
    """Name an event that cannot be read."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"Event {event.seq} ({event.kind}) of {event.run_id} is damaged.",
            where=event.run_id,
            hint="Restore the store from a backup; what the run did stands in the org.",
        ) from error


def advance(state: RunState, event: Happening) -> None:
    """Bring a state that nobody else holds forward by an event this very program has made, in place and unchecked.

    It comes to the same as `applied`, without a copy and a check for each event of a run that is being carried out.
    """
    fields, kind = vars(state), event.kind
    told = NEWS.get(kind)
    if told is not None:
        fields.update(told(state, event))
    fields["updated_at"] = event.at
    of_step = STEP_NEWS.get(kind)
    if of_step is not None:
        _advance_step(state, event, of_step)
    else:
        fields.pop("_begun", None)


def _advance_step(
    state: RunState, event: Happening, of_step: Callable[[StepState | None, Happening], News]
) -> None:
    stage, group_id = place = _place(state, event)
    by_place = state.by_place
    known = by_place.get(place)
    step = known or _first(place)
    news = of_step(known, event)
    fields = vars(step)
    fields["until"], fields["at"] = None, event.at
    fields.update(news)
    if known is None:
        vars(state)["steps"] = (*state.steps, step)
        by_place[place] = step
    begun: dict[str, StepState] | None = vars(state).get("_begun")
    if begun is None or stage != state.stage:
        return
    if fields["status"] in BEHIND:
        begun.pop(group_id, None)
    else:
        begun[group_id] = step


_NAMES = tuple(RunState.model_fields)


def _fields(state: RunState) -> News:
    """Return what a state holds, without what it has worked out of that."""
    fields = vars(state)
    return {name: fields[name] for name in _NAMES}


def _news(state: RunState, event: Happening) -> News:
    """Return the fields of a state that an event changes, its steps among them."""
    news = _run_news(state, event)
    if event.kind not in STEP_NEWS:
        return news
    place = _place(state, event)
    step = state.step_at(place)
    before = dict(step) if step else {"stage": place[0], "group_id": place[1]}
    moved = StepState.model_validate(before | _step_news(step, event))
    if step is None:
        return news | {"steps": (*state.steps, moved)}
    return news | {"steps": tuple(moved if each is step else each for each in state.steps)}


def _run_news(state: RunState, event: Happening) -> News:
    told = NEWS.get(event.kind)
    if told is None:
        return {"updated_at": event.at}
    return {**told(state, event), "updated_at": event.at}


def _step_news(step: StepState | None, event: Happening) -> News:
    return {"until": None, **STEP_NEWS[event.kind](step, event), "at": event.at}


_UNTOLD = StepState(stage=0, group_id="", status="checked")


def _first(place: Place) -> StepState:
    """Return a step of which nothing is known but its place, without a check."""
    step = _UNTOLD.__copy__()
    fields = vars(step)
    fields["stage"], fields["group_id"] = place
    return step


def _place(state: RunState, event: Happening) -> Place:
    """Return where the step stands that an event speaks of."""
    data = event.data
    return data.get("stage") or state.stage, data["groupId"]
