"""Bulk jobs: rows written exactly, results read strictly, and the truth where the org does not say it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.connectors.salesforce.scripted_org import (
    ORG_ID,
    USER_ID,
    Reply,
    ScriptedOrg,
    Seen,
    described,
    fault,
)

from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.bulk import BulkSender
from actwright.connectors.salesforce.bulk_job import JobPatience
from actwright.connectors.salesforce.bulk_rows import RowResults, job_rows, row_fault
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.describe import object_schema
from actwright.connectors.salesforce.limits import NO_PATIENCE, Limits
from actwright.errors import (
    InputError,
    OrgError,
    OrgProtocolError,
    OrgTimeoutError,
    StoreError,
    ValueInvalidError,
)
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.outcome import GroupOutcome
from actwright.org.record_id import record_id
from actwright.org.schema import ObjectSchema
from actwright.org.value import Family, FieldValue
from actwright.runs.engine.retry import is_passing

JOB = "750000000000001AAA"
IDS = [record_id(f"00100000000000{place}") for place in range(1, 4)]
SCHEMA = object_schema(
    described(  # type: ignore[arg-type]  # a describe is JSON
        "Account",
        "001",
        {"name": "AnnualRevenue", "type": "currency"},
        {"name": "Active", "type": "boolean"},
        {"name": "Opens", "type": "date"},
    )
)


def describe(name: str) -> ObjectSchema:
    """Return Account."""
    assert name == "Account"
    return SCHEMA


def change(field: str, after: FieldValue, family: Family = "string") -> FieldChange:
    """Return one change."""
    return FieldChange(field=field, label=field, after=after, family=family, provenance="goal")


def update(place: int, *changes: FieldChange) -> Effect:
    """Return an update of the account at that place."""
    return Effect(
        id=f"a.{place}",
        action_id="a",
        operation="UPDATE",
        object="Account",
        record_id=IDS[place],
        changes=changes or (change("Name", f"n{place}"),),
    )


def create(place: int, name: str) -> Effect:
    """Return a create."""
    return Effect(id=f"c.{place}", action_id="c", operation="CREATE", object="Account", changes=(change("Name", name),))  # fmt: skip


def group(*effects: Effect) -> EffectGroup:
    """Return a group for a job."""
    return EffectGroup(id="g", org=ORG_ID, effects=effects, carrier="bulk", atomic=False)


UPDATES = group(*(update(place) for place in range(3)))


def test_every_value_has_one_form() -> None:
    """Empty is said, absent is not; decimals, dates and flags are exact; ids come first."""
    whole = group(
        update(0, change("Name", 'two\nlines, "quoted"'), change("AnnualRevenue", Decimal("0.0000001"), "decimal")),
        update(1, change("Name", None), change("Active", after=False, family="boolean")),
        update(2, change("Opens", "2026-11-30", "date")),
    )  # fmt: skip
    assert job_rows(whole, describe).csv().decode() == (
        '"Id","Name","AnnualRevenue","Active","Opens"\n'
        f'"{IDS[0]}","two\nlines, ""quoted""","0.0000001","",""\n'
        f'"{IDS[1]}","#N/A","","false",""\n'
        f'"{IDS[2]}","","","","2026-11-30"\n'
    )


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\r\n\t"), min_size=1))  # fmt: skip
def test_any_text_is_read_back_as_it_was(words: str) -> None:
    """Whatever stands in a text, the org reads that very text out of the CSV."""
    assume("@{" not in words and words != "#N/A")
    content = job_rows(group(update(0, change("Name", words))), describe).csv().decode()
    _, row = csv.reader(io.StringIO(content, newline=""), strict=True)
    assert row == [IDS[0], words]


def test_a_text_a_job_would_misread_is_refused() -> None:
    """The sign for no value cannot be a value."""
    with pytest.raises(ValueInvalidError):
        job_rows(group(update(0, change("Name", "#N/A"))), describe)


def test_a_job_does_one_thing() -> None:
    """Creates and updates do not share a job."""
    with pytest.raises(InputError):
        job_rows(group(update(0), create(0, "x")), describe)


@pytest.mark.parametrize(
    ("text", "code", "message", "fields"),
    [
        ("REQUIRED_FIELD_MISSING:Required: [Name]:Name --", "REQUIRED_FIELD_MISSING", "Required: [Name]", ("Name",)),
        ("UNABLE_TO_LOCK_ROW:unable to obtain:--", "UNABLE_TO_LOCK_ROW", "unable to obtain", ()),
        ("X_Y:a\nb:A,B --", "X_Y", "a b", ("A", "B")),
        ("something else", "UNKNOWN_EXCEPTION", "something else", ()),
        ("", "UNKNOWN_EXCEPTION", "No reason given.", ()),
    ],
)  # fmt: skip
def test_a_rows_fault_is_taken_apart(
    text: str, code: str, message: str, fields: tuple[str, ...]
) -> None:
    """Code, message and fields stand in one text; another text is kept whole."""
    found = row_fault(text)
    assert (found.code, found.message, found.fields) == (code, message, fields)


@pytest.mark.parametrize(
    "content",
    [
        f'"sf__Id","Id","Name"\n"{IDS[0]}","{IDS[0]}","n0"\n"{IDS[0]}","{IDS[0]}","n0"\n',
        '"sf__Id","Id","Name"\n"001000000000009","001000000000009","n0"\n',
        '"sf__Id","Id","Name"\n"x","y"\n',
        '"sf__Id","Id","Name"\n"x","y","z","more"\n',
        '"sf__Id","Id","Name"\n"x","y","unclosed\n',
    ],
)
def test_results_nobody_sent_are_no_results(content: str) -> None:
    """A row twice, of another record, or of another shape proves that the results are not this job's."""
    with pytest.raises(OrgProtocolError):
        list(RowResults(job_rows(UPDATES, describe)).read(content.encode()))


def test_rows_alike_stand_for_each_other() -> None:
    """New records have no id to know them by: their cells tell, and twins are as good as each other."""
    rows = job_rows(group(create(0, "a"), create(1, "b"), create(2, "a")), describe)
    content = "sf__Id,sf__Created,Name\n1,true,b\n2,true,a\n3,true,a\n"
    assert [key for key, _ in RowResults(rows).read(content.encode())] == ["c.1", "c.0", "c.2"]


class Job:
    """An org that carries one job out as a test says: a reply, or several, for each step."""

    def __init__(self, scripted: ScriptedOrg) -> None:
        self.steps: dict[str, tuple[Reply, ...]] = {
            "open": (Reply(body={"id": JOB, "state": "Open"}),),
            "rows": (Reply(201, body=b""),),
            "UploadComplete": (state("UploadComplete"),),
            "Aborted": (state("Aborted"),),
            "state": (state("InProgress", 1), state("JobComplete", 3)),
            "successfulResults": (results(*(row(place) for place in range(3))),),
            "failedResults": (results(),),
            "unprocessedrecords": (results(),),
        }
        self.taken: list[str] = []
        for method in ("POST", "PUT", "PATCH", "GET"):
            scripted.on(method, "/jobs/ingest", self._reply)

    def _reply(self, seen: Seen) -> Reply:
        step = self._step(seen)
        place = self.taken.count(step)
        self.taken.append(step)
        replies = self.steps[step]
        return replies[min(place, len(replies) - 1)]

    def _step(self, seen: Seen) -> str:
        if seen.method == "PATCH":
            return str(seen.json["state"])
        last = seen.path.rsplit("/", 1)[1]
        return {"POST": "open", "PUT": "rows"}.get(seen.method) or (
            "state" if last == JOB else last
        )


def state(name: str, done: int = 0) -> Reply:
    """Return what the org says of the job."""
    return Reply(body={"id": JOB, "state": name, "numberRecordsProcessed": done})


def results(*rows: str) -> Reply:
    """Return results with these rows."""
    return Reply(body="\n".join(("sf__Id,sf__Created,sf__Error,Id,Name", *rows, "")).encode())


def row(place: int, error: str = "") -> str:
    """Return one row of results."""
    return f"{IDS[place]},false,{error},{IDS[place]},n{place}"


@pytest.fixture
def job(scripted: ScriptedOrg) -> Job:
    """Return an org that carries the job out."""
    return Job(scripted)


@pytest.fixture
def bulk(scripted: ScriptedOrg) -> Iterator[BulkSender]:
    """Return a sender over the scripted server, which waits no time at all, and not without end."""
    session = Session("T", scripted.url, ORG_ID, USER_ID)
    client = OrgClient(session, limits=Limits(read_seconds=0.5), patience=NO_PATIENCE)
    ticks = count()
    yield BulkSender(
        client, describe, JobPatience(9, sleep=lambda _: None, now=lambda: float(next(ticks)))
    )
    client.close()


def statuses(outcome: GroupOutcome) -> list[str]:
    """Return the status of each effect."""
    return [each.status for each in outcome.outcomes]


def test_a_job_is_opened_filled_closed_and_waited_for(
    bulk: BulkSender, scripted: ScriptedOrg, job: Job
) -> None:
    """Its id is told before its rows are given, its progress as it goes, and each row has its outcome."""
    told: list[object] = []

    def submitted(name: str) -> None:
        told.append((name, "rows" in job.taken))

    outcome = bulk.send(UPDATES, told.append, submitted)
    assert (outcome.committed, outcome.job_id, outcome.api_calls) == (True, JOB, 7)
    assert told == [(JOB, False), 1, 3]
    assert job.taken == ["open", "rows", "UploadComplete", "state", "state", "successfulResults", "failedResults"]  # fmt: skip
    opened = scripted.requests[0].json
    assert (opened["object"], opened["operation"], opened["lineEnding"]) == ("Account", "update", "LF")  # fmt: skip


def test_each_row_stands_for_itself(bulk: BulkSender, job: Job) -> None:
    """One is done, one failed with its reason, one was never tried."""
    ended = Reply(body={"id": JOB, "state": "Failed", "errorMessage": "InvalidBatch"})
    job.steps |= {
        "state": (ended,),
        "successfulResults": (results(row(0)),),
        "failedResults": (results(row(1, "UNABLE_TO_LOCK_ROW:held:--")),),
        "unprocessedrecords": (Reply(body=f"Id,Name\n{IDS[2]},n2\n".encode()),),
    }
    outcome = bulk.send(UPDATES, None, None)
    assert statuses(outcome) == ["done", "failed", "not_sent"]
    assert outcome.outcomes[1].faults[0].code == "UNABLE_TO_LOCK_ROW"
    assert outcome.outcomes[2].faults[0].message == "InvalidBatch"


def test_rows_the_results_do_not_speak_of_are_unknown(bulk: BulkSender, job: Job) -> None:
    """Two answers for three rows leave one open."""
    job.steps["successfulResults"] = (results(row(0), row(2)),)
    assert statuses(bulk.send(UPDATES, None, None)) == ["done", "unknown", "done"]


def test_what_was_told_of_a_row_stands_where_the_rest_is_lost(bulk: BulkSender, job: Job) -> None:
    """The org's word on two rows is kept, and only the third, of which nothing could be fetched, is unknown."""
    job.steps["successfulResults"] = (results(row(0), row(2)),)
    job.steps["failedResults"] = (fault(500, "UNKNOWN_EXCEPTION"),)
    assert statuses(bulk.send(UPDATES, None, None)) == ["done", "unknown", "done"]


def test_one_new_record_for_two_rows_is_no_result(bulk: BulkSender, job: Job) -> None:
    """An id that two creates share cannot be believed: undoing them would trust it."""
    content = f"sf__Id,sf__Created,Name\n{IDS[0]},true,a\n{IDS[0]},true,b\n".encode()
    job.steps["successfulResults"] = (Reply(body=content),)
    outcome = bulk.send(group(create(0, "a"), create(1, "b")), None, None)
    assert statuses(outcome) == ["unknown", "unknown"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, StoreError])
def test_a_job_nobody_could_note_is_given_up(
    bulk: BulkSender, job: Job, error: type[BaseException]
) -> None:
    """Where its id cannot be written down, or the person stops the program, its rows are not handed over."""

    def submitted(name: str) -> None:
        raise error(name)

    with pytest.raises(error):
        bulk.send(UPDATES, None, submitted)
    assert job.taken == ["open", "Aborted"]


@pytest.mark.usefixtures("job")
def test_results_in_pages_are_read_to_the_end(bulk: BulkSender, scripted: ScriptedOrg) -> None:
    """A locator leads to the next page; the word null ends them."""
    pages = [
        Reply(body=results(row(0), row(1)).body, headers={"Sforce-Locator": "MTAw"}),
        Reply(body=results(row(2)).body, headers={"Sforce-Locator": "null"}),
    ]
    scripted.on("GET", "successfulResults", *pages)
    assert bulk.send(UPDATES, None, None).committed
    assert scripted.seen("successfulResults")[1].path.endswith("?locator=MTAw")


@pytest.mark.parametrize(
    ("step", "reply"),
    [
        ("open", fault(400, "INVALIDJOB")),
        ("open", Reply(drop=True)),
        ("open", Reply(body={"id": "../x", "state": "Open"})),
        ("rows", fault(400, "CLIENTERROR")),
        ("rows", Reply(drop=True)),
        ("UploadComplete", fault(400, "INVALIDJOBSTATE")),
    ],
)
def test_what_fails_before_the_job_is_closed_did_nothing(
    bulk: BulkSender, job: Job, step: str, reply: Reply
) -> None:
    """Until then the org writes no row, whatever becomes of the requests, and that is an error and no outcome."""
    job.steps[step] = (reply,)
    with pytest.raises(OrgError):
        bulk.send(UPDATES, None, None)
    assert job.taken[-1] == ("open" if step == "open" else "Aborted")
    assert ("UploadComplete" in job.taken) is (step == "UploadComplete")


@pytest.mark.parametrize(
    ("step", "reply"),
    [
        ("state", Reply(drop=True)),
        ("state", Reply(body={"state": "JobComplete"})),
        ("state", Reply(body=b"<html>")),
        ("state", state("InProgress")),
        ("successfulResults", Reply(drop=True)),
        ("successfulResults", results(row(0), row(0))),
        ("successfulResults", results(f"{IDS[1]},false,,{IDS[0]},n0")),
        ("successfulResults", results(f"nobody,false,,{IDS[0]},n0")),
        ("successfulResults", results(f"{IDS[0]},true,,{IDS[0]},n0")),
    ],
)
def test_what_is_lost_after_the_job_is_closed_is_unknown(
    bulk: BulkSender, job: Job, step: str, reply: Reply
) -> None:
    """The rows may have been written: nothing is guessed, nothing sent again, and the job's id is kept."""
    job.steps[step] = (reply,)
    outcome = bulk.send(UPDATES, None, None)
    assert set(statuses(outcome)) == {"unknown"}
    assert outcome.job_id == JOB
    assert (job.taken.count("rows"), job.taken.count("UploadComplete")) == (1, 1)


@pytest.mark.parametrize(
    ("states", "aborted", "expected"),
    [
        ((state("InProgress"), state("JobComplete")), state("Aborted"), "done"),
        ((state("Open"), state("Aborted", 3)), state("Aborted"), "done"),
        ((state("Open"), state("JobComplete", 3)), state("Aborted"), "done"),
        ((state("Open"), state("JobComplete")), fault(400, "INVALIDJOBSTATE"), "done"),
        ((state("Open"),), Reply(drop=True), "unknown"),
    ],
)
def test_a_lost_closing_is_looked_after(
    bulk: BulkSender, job: Job, states: tuple[Reply, ...], aborted: Reply, expected: str
) -> None:
    """A job that runs is waited for, also where it began just before it was given up."""
    job.steps |= {"UploadComplete": (Reply(drop=True),), "state": states, "Aborted": (aborted,)}
    assert set(statuses(bulk.send(UPDATES, None, None))) == {expected}


def test_a_job_that_never_began_is_given_up(bulk: BulkSender, job: Job) -> None:
    """It is still open after its closing got lost, and no result speaks of a row: nothing was done, and it is tried again."""
    job.steps |= {
        "UploadComplete": (Reply(drop=True),),
        "state": (state("Open"), state("Aborted")),
        "successfulResults": (results(),),
    }
    with pytest.raises(
        OrgTimeoutError, match="the order to begin; nothing was carried out"
    ) as lost:
        bulk.send(UPDATES, None, None)
    assert is_passing(lost.value)
    assert job.taken[3:6] == ["state", "Aborted", "state"]


@pytest.mark.parametrize(
    ("done", "left", "expected"),
    [
        ((0, 1), (2,), ["done", "done", "not_sent"]),
        ((), (0, 1), ["not_sent", "not_sent", "unknown"]),
        ((), (0, 1, 2), ["not_sent"] * 3),
    ],
)
def test_a_closing_that_overtakes_the_giving_up_is_believed_row_by_row(
    bulk: BulkSender, job: Job, done: tuple[int, ...], left: tuple[int, ...], expected: list[str]
) -> None:
    """The job counts no rows yet, and its results tell: what they do not speak of may still be written."""
    unprocessed = "".join(f"{IDS[each]},n{each}\n" for each in left)
    job.steps |= {
        "UploadComplete": (Reply(drop=True),),
        "state": (state("Open"), state("Aborted")),
        "successfulResults": (results(*map(row, done)),),
        "unprocessedrecords": (Reply(body=f"Id,Name\n{unprocessed}".encode()),),
    }
    assert statuses(bulk.send(UPDATES, None, None)) == expected


@pytest.mark.parametrize("step", ["open", "rows"])
def test_what_got_lost_before_a_job_could_begin_may_be_tried_again(
    bulk: BulkSender, job: Job, step: str
) -> None:
    """A job that was never closed has written nothing: it is given up, and the next one begins from the start."""
    job.steps[step] = (Reply(drop=True), *job.steps[step])
    with pytest.raises(OrgError) as lost:
        bulk.send(UPDATES, None, None)
    assert is_passing(lost.value)
    assert bulk.send(UPDATES, None, None).committed
