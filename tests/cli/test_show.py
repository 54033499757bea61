"""``actwright show``: a plan, a preview and a run again, for people, programs and browsers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Call = Callable[..., Any]

GOAL = "Close the Acme Renewal as won"


def test_everything_of_a_run_can_be_shown_again(call: Call, tmp_path: Path) -> None:
    """Each of the three documents is shown as text, as the very JSON, and as a page, without asking the org."""
    done = call("run", GOAL, "--yes", "--json").json
    ids = [done["plan"]["id"], done["preview"]["id"], done["envelope"]["runId"]]
    documents = [call("show", each, "--json").json for each in ids]
    assert documents[0] == done["plan"]
    collected = documents[1].pop("collected")
    assert documents[1] == done["preview"]
    assert (collected["complete"], collected["missing"]) == (True, 0)
    assert documents[2]["run"]["envelope"] == done["envelope"]
    for each, word in zip(ids, ("Plan ", "Preview ", "Run "), strict=True):
        assert call("show", each).out.startswith(f"{word}{each}")
        page = tmp_path / f"{each}.html"
        answer = call("show", each, "--html", str(page))
        assert (answer.code, answer.out) == (0, "")
        assert answer.err.strip() == f"Written: {page}"
        assert "Close the Acme Renewal as won</h1>" in page.read_text(encoding="utf-8")
    _files(call, tmp_path, done)


def _files(call: Call, tmp_path: Path, done: dict[str, Any]) -> None:
    """Show files: copies are known by the id inside them, an edited one is refused, a page may not go nowhere."""
    copy = tmp_path / "copy.json"
    copy.write_text(json.dumps(done["preview"]), encoding="utf-8")
    shown = call("show", str(copy), "--json").json
    assert {key: shown[key] for key in done["preview"]} == done["preview"]
    for document in (done, shown):
        copy.write_text(json.dumps(document), encoding="utf-8")
        assert call("show", str(copy), "--json").json == shown
    copy.write_text(json.dumps(done["preview"] | {"question": "Nothing?"}), encoding="utf-8")
    assert call("show", str(copy)).code == 3
    refused = call("show", done["preview"]["id"], "--html", str(tmp_path), "--json")
    assert (refused.code, refused.json["error"]["code"]) == (2, "file_unwritable")
    page = tmp_path / "page.html"
    assert call("show", done["preview"]["id"], "--html", str(page)).code == 0
    assert call("show", done["preview"]["id"], "--html", str(page)).code == 0
    held = copy.read_bytes()
    over = call("show", done["preview"]["id"], "--html", str(copy), "--json")
    assert (over.code, over.json["error"]["code"]) == (2, "file_exists")
    assert copy.read_bytes() == held
    swiss = call("show", done["preview"]["id"], "--locale", "de-CH")
    assert swiss.code == 0
    unknown = call("show", done["preview"]["id"], "--locale", "klingon", "--json").json["error"]
    assert unknown["code"] == "locale_unknown"


def test_what_is_not_there_cannot_be_shown(call: Call) -> None:
    """An id nobody knows, and stdin, are refused with the way out."""
    for each in ("plan_00000000000000000000", "prv_00000000000000000000", "run_0", "nonsense"):
        assert call("show", each).code == 2
    assert "Give an id" in call("show", "-", stdin="{}").err
