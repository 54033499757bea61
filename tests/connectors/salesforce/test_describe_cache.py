"""The schema cache: asked once, kept on disk, revalidated, and never trusted when damaged."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from tests.connectors.salesforce.conftest import HandClock
from tests.connectors.salesforce.scripted_org import Reply, ScriptedOrg, Seen, described, fault

from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.cache_folder import CacheFolder
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.describe_cache import DescribeCache
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.errors import NotFoundError, OrgError, OrgProtocolError

STAMP = "Sat, 21 Nov 2026 11:00:00 GMT"
FRESH = Reply(body=described("Account", "001"), headers={"Last-Modified": STAMP})


def _cache(org: ScriptedOrg, clock: HandClock, folder: Path | None = None) -> DescribeCache:
    return DescribeCache(OrgClient(Session("T", org.url)), CacheFolder(folder), clock)


def _revalidating(seen: Seen) -> Reply:
    return Reply(304) if seen.headers.get("If-Modified-Since") == STAMP else FRESH


def test_an_object_is_asked_for_once(scripted: ScriptedOrg, clock: HandClock) -> None:
    """The second look, in any case of letters, comes from memory."""
    scripted.on("GET", "/describe", FRESH)
    cache = _cache(scripted, clock)
    assert cache.describe("Account") is cache.describe("ACCOUNT")
    assert len(scripted.requests) == 1


def test_another_process_reads_it_from_disk(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path
) -> None:
    """Within five minutes a new process asks nothing, and sees the same schema."""
    scripted.on("GET", "/describe", FRESH)
    first = _cache(scripted, clock, tmp_path).describe("Account")
    clock.forward(minutes=4)
    assert _cache(scripted, clock, tmp_path).describe("account") == first
    assert len(scripted.requests) == 1


def test_an_old_document_is_revalidated(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path
) -> None:
    """After five minutes the org is asked whether it changed; a 304 makes it current for five more."""
    scripted.on("GET", "/describe", _revalidating)
    first = _cache(scripted, clock, tmp_path).describe("Account")
    clock.forward(minutes=6)
    cache = _cache(scripted, clock, tmp_path)
    assert cache.describe("Account") == first
    clock.forward(minutes=4)
    assert _cache(scripted, clock, tmp_path).describe("Account") == first
    assert len(scripted.requests) == 2


def test_a_document_from_the_future_is_not_trusted(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path
) -> None:
    """A clock that was set back does not make a document current for ever."""
    scripted.on("GET", "/describe", _revalidating)
    _cache(scripted, clock, tmp_path).describe("Account")
    clock.forward(days=-2)
    _cache(scripted, clock, tmp_path).describe("Account")
    assert len(scripted.requests) == 2


def test_refresh_sees_a_right_that_was_taken_away(scripted: ScriptedOrg, clock: HandClock) -> None:
    """What this process used is revalidated at once, and a hidden object is gone."""
    less = {**described("Account", "001"), "updateable": False}
    scripted.on("GET", "/Account/describe", FRESH, Reply(body=less), fault(404, "NOT_FOUND"))
    cache = _cache(scripted, clock)
    assert cache.describe("Account").updateable
    cache.refresh()
    assert not cache.describe("Account").updateable
    cache.refresh()
    with pytest.raises(NotFoundError):
        cache.describe("Account")


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b'{"format":1}', b"\xff\xfe", b'{"fetched_at":"x","document":{}}'],
)
def test_a_damaged_file_is_ignored_and_written_anew(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path, damage: bytes
) -> None:
    """Whatever stands in the file, the schema comes from the org, and the file is whole again."""
    scripted.on("GET", "/describe", FRESH)
    schema = _cache(scripted, clock, tmp_path).describe("Account")
    file = tmp_path / "describe-account.json"
    file.write_bytes(damage)
    assert _cache(scripted, clock, tmp_path).describe("Account") == schema
    assert _cache(scripted, clock, tmp_path).describe("Account") == schema
    assert len(scripted.requests) == 2
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_a_file_of_an_older_format_is_ignored(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path
) -> None:
    """One written before child relationships were kept would say that nothing points to the record."""
    scripted.on("GET", "/describe", FRESH)
    _cache(scripted, clock, tmp_path).describe("Account")
    file = tmp_path / "describe-account.json"
    kept = json.loads(file.read_bytes())
    assert kept["document"]["cascades"] == []
    del kept["document"]["lookups"]
    file.write_text(json.dumps({**kept, "format": 3}))
    _cache(scripted, clock, tmp_path).describe("Account")
    assert len(scripted.requests) == 2


def test_a_file_of_another_object_is_not_taken(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path
) -> None:
    """A renamed file does not pass for another object's."""
    scripted.on("GET", "/Contact/describe", Reply(body=described("Contact", "003")))
    scripted.on("GET", "/Account/describe", FRESH)
    _cache(scripted, clock, tmp_path).describe("Account")
    (tmp_path / "describe-account.json").rename(tmp_path / "describe-contact.json")
    assert _cache(scripted, clock, tmp_path).describe("Contact").name == "Contact"


def test_an_answer_about_another_object_is_refused(scripted: ScriptedOrg, clock: HandClock) -> None:
    """The org must answer for the object asked about."""
    scripted.on("GET", "/Contact/describe", FRESH)
    with pytest.raises(OrgProtocolError):
        _cache(scripted, clock).describe("Contact")


@pytest.mark.parametrize("name", ["", "../../x", "Account/..", "A" * 81, "Account describe", "Ä"])
def test_a_name_that_is_none_is_hidden_without_asking(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path, name: str
) -> None:
    """A crafted name reaches neither a URL nor the file system."""
    with pytest.raises(NotFoundError):
        _cache(scripted, clock, tmp_path).describe(name)
    assert scripted.requests == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_keeps_nothing(
    scripted: ScriptedOrg, clock: HandClock, tmp_path: Path
) -> None:
    """A cache is a convenience: without one, everything still works."""
    scripted.on("GET", "/describe", FRESH)
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert _cache(scripted, clock, blocked / "cache").describe("Account").name == "Account"


def test_an_org_that_fails_is_not_an_absent_object(scripted: ScriptedOrg, clock: HandClock) -> None:
    """Only the org's own 'not found' hides an object."""
    scripted.on("GET", "/describe", fault(500, "UNKNOWN_EXCEPTION"))
    with pytest.raises(OrgError):
        _cache(scripted, clock).describe("Account")


def test_a_warm_describe_takes_less_than_three_milliseconds(
    alice: SalesforceOrg, local_org: str, clock: HandClock, tmp_path: Path
) -> None:
    """Reading Opportunity from disk is fast; the best of ten, since the machine is shared."""
    alice.describe("Opportunity")
    folder = next(tmp_path.rglob("describe-opportunity.json")).parent
    clock.moment = alice._schema._clock.now()
    client = OrgClient(Session("T", local_org))
    best = min(_seconds(DescribeCache(client, CacheFolder(folder), clock)) for _ in range(10))
    assert client.api_calls == 0
    assert best < 0.003


def _seconds(cache: DescribeCache) -> float:
    start = time.perf_counter()
    cache.describe("Opportunity")
    return time.perf_counter() - start
