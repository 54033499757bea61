"""Follow-ups: a new task that belongs to the record spoken of before, and says so in its subject."""

from __future__ import annotations

from dataclasses import replace

from actwright.errors import PlanningError
from actwright.org.schema import FieldSchema
from actwright.planning.offline.resolving import Resolver
from actwright.planning.words.reading import Assignment, Link, Origin, Reading, RecordPhrase

_LONGEST = 255
_SUBJECT = "Follow up"
_LEADING_ON = {"Meeting": ("with",), "Appointment": ("with",), "Demo": ("with",)}
"""What stands between a topic and whom it is about: somebody is called, and met with."""


def followed(reading: Reading, resolver: Resolver) -> Reading:
    """Return a creation with the link and the subject that its words imply; anything else as it is."""
    if reading.operation != "CREATE" or not (reading.follow_up or reading.topic):
        return reading
    options = _options(reading)
    given = [one.record for _, each in options if (one := reading.assigned(each.name))]
    spoken = resolver.latest(name for name, _ in options)
    alone = bool(reading.follow_up) and not (reading.links or given)
    if alone and spoken is not None and spoken.rows is not None:
        raise _one_or_each()
    if alone and spoken is not None:
        back = RecordPhrase(reading.follow_up or "", (), (spoken.object,), earlier=True)
        reading = replace(reading, links=(Link(back, options),))
    resolved = [resolver.record(each, each.objects) for each in given if each is not None]
    resolved += [resolver.link(each)[0] for each in reading.links]
    about, origin = next(((each.name, each.origin) for each in resolved), ("", "goal"))
    return _with_subject(reading, about, origin)


def without_soft(reading: Reading, resolver: Resolver) -> Reading:
    """Return the reading less the links that its text keeps in words and no record answers to."""
    lost = [
        each for each in reading.links if each.soft and resolver.link(each)[0].status == "not_found"
    ]
    notes = [
        f'no record is called "{each.record.words[:80]}", so the task is linked to none'
        for each in lost
    ]
    kept = tuple(each for each in reading.links if each not in lost)
    return replace(reading, links=kept, notes=(*reading.notes, *notes))


def _one_or_each() -> PlanningError:
    return PlanningError(
        "The goal does not say whether one follow-up is meant, or one for each of the rows. Nothing was planned.",
        hint="Say it: create a follow-up task for each of them, or name the one record it follows up.",
        code="rows_unclear",
    )


def _options(reading: Reading) -> tuple[tuple[str, FieldSchema], ...]:
    return tuple(
        (name, each)
        for each in reading.index.schema.fields
        if each.type == "reference"
        and reading.index.createable(each)
        and each.name in {"WhatId", "WhoId"}
        for name in each.reference_to
    )


def _with_subject(reading: Reading, about: str, origin: Origin) -> Reading:
    subject = reading.index.schema.field("Subject")
    if subject is None or not subject.name_field or reading.assigned("Subject"):
        return reading
    if reading.topic is not None:
        named = about and not (reading.logged or reading.follow_up)
        value = " ".join((reading.topic, *_LEADING_ON.get(reading.topic, ()), about))
        value = value if named else reading.topic
        words = reading.topic
        return reading.assign(Assignment(subject, words, value=value[:_LONGEST], origin=origin))
    text = f"{_SUBJECT}: {about}" if about else _SUBJECT
    return reading.assign(
        Assignment(subject, reading.follow_up or "", value=text[:_LONGEST], origin=origin)
    )
