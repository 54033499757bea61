"""What a child does until something happens to it."""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, TypeVar, cast

import psycopg
from tests.chaos.doomed import Gate
from tests.chaos.ten_steps import SETTINGS, Tally

from actwright import Actwright, Settings, orgs
from actwright.cli import entry
from actwright.clock import SystemClock
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.errors import RunBusyError, RunError, exit_code_of
from actwright.runs.record.register import Register
from actwright.store.database import Database, Transaction

Result = TypeVar("Result")
Given = Mapping[str, object] | None

FAILED = 1
_FILED = """
allow_opaque = ["PutOnTheTally"]
[actions]
PutOnTheTally = "tests.chaos.ten_steps:Tally"
"""


class JumpingClock(SystemClock):
    """A clock that is wrong by as many seconds as stand in a file.

    Args:
        file: The file; whoever may write it sets the clock.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """Return the wrong time."""
        seconds = self._file.read_text(encoding="ascii") if self._file.exists() else "0"
        return super().now() + timedelta(seconds=float(seconds))


def opened(home: str, url: str, settings: Given = None) -> Actwright:
    """Return Alice's Actwright over a store and a local org that runs elsewhere.

    Args:
        home: The folder of the store.
        url: The org's address.
        settings: Further settings; ``clock`` is the file of a clock that jumps.
    """
    given = dict(settings or {})
    clock = given.pop("clock", None)
    whole = {"home": Path(home), "org": "local", "user": "alice", **SETTINGS, **given}
    return Actwright(
        settings=Settings.model_validate(whole),
        local_org=cast("EmbeddedLocalOrg", SimpleNamespace(url=url)),
        clock=JumpingClock(Path(str(clock))) if clock else None,
    )


def apply(
    *,
    home: str,
    url: str,
    settings: Given,
    preview: str,
    confirmation: str,
    gate: str | None = None,
    at: str = "commit",
    patience: float | None = None,
    legible: bool = False,
    on_failure: Literal["end", "pause"] = "end",
) -> int:
    """Carry a confirmed preview out; with a gate, stop there behind each commit, or beside each call that writes.

    Args:
        home: The folder of the store.
        url: The org's address.
        settings: Further settings.
        preview: What is carried out.
        confirmation: The yes to it.
        gate: The gate's folder.
        at: ``commit``; ``call``, before each call that writes; ``acting`` or ``acted``, inside each function, before
            and behind what it does.
        patience: Seconds that a locked file is waited for.
        on_failure: What a step that fails does to the run.
        legible: Whether each statement goes to the server as text, for who listens in.
    """
    if legible:
        psycopg.connect = partial(psycopg.connect, prepare_threshold=None)  # in a child only
    with opened(home, url, settings) as app:
        if patience is not None:
            cast("Any", app)._database._connection.execute(
                f"PRAGMA busy_timeout = {patience * 1000:.0f}"
            )
        if gate is not None:
            _gated(app, preview, Gate(Path(gate)), at)
        yes = app.confirmations.get(confirmation)
        envelope = app.run(preview, yes, on_failure=on_failure)
    return exit_code_of(envelope.stopped_by)


def apply_by_command(
    *,
    home: str,
    url: str,
    settings: Given,
    preview: str,
    confirmation: str,
    gate: str | None = None,
) -> int:
    """Carry it out as ``actwright apply`` does, on a local org that runs already."""
    del settings, gate
    vars(orgs)["running_local_org"] = lambda *_: SimpleNamespace(url=url)
    os.chdir(home)
    Path("actwright.toml").write_text(_FILED, encoding="utf-8")
    with Path(os.devnull).open("w", encoding="utf-8") as nothing, redirect_stdout(nothing):
        return entry.run(
            ["apply", preview, "--confirmation", confirmation, "--json", "--home", home]
        )


def apply_in_trouble(
    *,
    home: str,
    url: str,
    settings: Given,
    preview: str,
    confirmation: str,
    trouble: str,
    place: int,
    gate: str | None = None,
) -> int:
    """Carry it out, with something wrong with the store from one commit on."""
    del gate
    with opened(home, url, settings) as app:
        database = _database(app)

        def begin(number: int) -> None:
            if number == place:
                _TROUBLES[trouble](database)

        _behind_commits(database, preview, begin)
        envelope = app.run(preview, app.confirmations.get(confirmation))
    return exit_code_of(envelope.stopped_by)


def recover(
    *,
    home: str,
    url: str,
    settings: Given,
    preview: str,
    user_id: int | None = None,
    gate: str | None = None,
    at: str = "commit",
) -> int:
    """Go on with every run that has not ended; as somebody else, where that is asked for, and with a gate as `apply`."""
    if user_id is not None and user_id != os.geteuid():
        os.setuid(user_id)
    with opened(home, url, settings) as app:
        if gate is not None:
            _gated(app, preview, Gate(Path(gate)), at)
        became = [each.became for each in app.recover()]
    return FAILED if "failed" in became else 0


def contend(
    *, home: str, url: str, settings: Given, preview: str, seed: int, gate: str | None = None
) -> int:
    """Drive a run again and again until it has ended, now and then as if its lease had run out."""
    del gate
    dice = random.Random(seed)  # noqa: S311 - moments, not secrets
    with opened(home, url, settings) as app:
        run_id = app.confirmations.used_by(app.previews.get(preview)) or ""
        register = Register(_database(app))

        def dawdle(_: int) -> None:
            if dice.random() < 0.3:
                register.release(run_id, register.row(run_id).lease_owner or "")
            time.sleep(dice.uniform(0, 0.01))

        _behind_commits(_database(app), preview, dawdle)
        while not app.run_state(run_id).ended:
            with suppress(RunBusyError, RunError):
                app.resume(run_id)
            time.sleep(dice.uniform(0, 0.02))
    return 0


def _database(app: Actwright) -> Database:
    return cast("Any", app)._database  # type: ignore[no-any-return]


def _gated(app: Actwright, preview: str, gate: Gate, at: str) -> None:
    if at == "commit":
        _behind_commits(_database(app), preview, lambda number: gate.stop(f"commit {number}"))
    else:
        _beside_calls(gate, at)


def _behind_commits(database: Database, preview: str, told: Callable[[int], None]) -> None:
    """Tell behind each commit that wrote events of the preview's run how many of them there were."""
    kind: Any = type(database)
    seen = {"seq": 0, "commits": 0}

    def commit(self: Any, work: Callable[[Transaction], Result]) -> Result:
        result: Result = kind.commit(self, work)
        with self.read() as transaction:
            row = transaction.execute(
                "SELECT seq FROM run WHERE preview_id = ?", (preview,)
            ).fetchone()
        if row and row[0] != seen["seq"]:
            seen.update(seq=row[0], commits=seen["commits"] + 1)
            told(seen["commits"])
        return result

    cast("Any", database).__class__ = type("Watched", (kind,), {"commit": commit})


def _beside_calls(gate: Gate, at: str) -> None:
    """Stop at the gate beside each call that writes, journaled and without an answer yet; ``acted`` means behind it."""
    to_the_org = ((SalesforceOrg, "send"),) if at == "call" else ()
    for holder, name in (*to_the_org, (Tally, "act")):
        original: Any = getattr(holder, name)

        def stopping(*given: Any, _original: Any = original, **more: Any) -> Any:
            if at != "acted":
                gate.stop(at)
            answer = _original(*given, **more)
            if at == "acted":
                gate.stop(at)
            return answer

        setattr(holder, name, stopping)


def _fill_the_disk(_: Database) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def _fill_the_store(database: Database) -> None:
    connection = cast("Any", database)._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


def _protect_the_store(database: Database) -> None:
    cast("Any", database)._connection.execute("PRAGMA query_only = ON")


_TROUBLES: Mapping[str, Callable[[Database], None]] = {
    "disk full": _fill_the_disk,
    "store full": _fill_the_store,
    "read-only": _protect_the_store,
}
