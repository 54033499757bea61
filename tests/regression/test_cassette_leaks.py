"""Leaks: no secret and nothing personal stays in a cassette, and what is found is not said again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.regression.recorded import Recorded

from actwright.regression.gate.leaks import Leaks

pytestmark = pytest.mark.xdist_group("regression")


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("Authorization: Bearer abc", "a bearer token"),
        ("key sk-proj-0123456789abcdef", "an API key"),
        ("00D000000000001!AQEAQ", "a session id"),
        ("set-cookie: a=b", "a header with a secret"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0", "a signed token"),
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("jane@acme-corp.de", "a mail address"),
        ("jane@example.com.evil", "a mail address"),
        ("call  ada  BYRON", "the Contact.Name of somebody in the demo org"),
    ],
)
def test_what_looks_like_a_secret_is_found_and_not_repeated(planted: str, what: str) -> None:
    """Secrets, addresses and names, each with its line; what merely begins alike is left alone."""
    leaks = Leaks([("Contact.Name", "Ada Byron")])
    found = list(leaks.findings(Path("a.yaml"), f"one\n{planted}\n"))
    assert f"A cassette holds {what}." in {each.message for each in found}
    assert {each.where for each in found} == {"a.yaml, line 2"}
    assert planted not in repr(found)
    assert not list(leaks.findings(Path("a.yaml"), "bob@example.com. Ada Byronson, risk-free"))


def test_a_secret_in_a_file_nobody_can_read_is_found_too(kept: Recorded, tmp_path: Path) -> None:
    """A cassette that is no cassette any more is still a file in the repository."""
    copy = kept.copy(tmp_path)
    copy.path().write_text("{key: sk-proj-0123456789abcdef", "utf-8")
    assert "content_leaked" in {each.code for each in copy.findings()}


def test_a_person_of_the_org_in_a_streamed_reply_is_found(kept: Recorded, tmp_path: Path) -> None:
    """A name that the events of a stream cut in two is found all the same, and not repeated."""
    copy = kept.copy(tmp_path)
    (person,) = kept.scene.rows("SELECT Name FROM Contact ORDER BY Name LIMIT 1")
    name = str(person["Name"])
    made = copy.shelf.read(copy.path(), "scripted").cassette
    (one,) = made.interactions
    cut = "".join(
        f"data: {json.dumps({'choices': [{'delta': {'content': each}}]})}\n\n"
        for each in (name[:4], name[4:])
    )
    reply = one.response.model_copy(update={"body": f"{cut}{one.response.body}"})
    copy.path().unlink()
    said = one.model_copy(update={"response": reply})
    copy.shelf.keep(made.model_copy(update={"interactions": (said,)}))
    findings = [each for each in copy.findings() if each.code == "content_leaked"]
    assert "Contact.Name" in findings[0].message
    assert name not in repr(findings)
