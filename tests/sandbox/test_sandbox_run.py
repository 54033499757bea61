"""Code that is run: what it gets, what it may call, and how it ends where it may not go on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from textwrap import dedent

import pytest

from actwright.errors import (
    SandboxDeniedError,
    SandboxFailedError,
    SandboxLimitError,
    SandboxRejectedError,
    SandboxUnavailableError,
    SandboxValueError,
)
from actwright.sandbox import (
    Call,
    Executed,
    Opaque,
    Sandbox,
    SandboxDenied,
    SandboxLimits,
    Surface,
    Value,
)
from actwright.sandbox.session import Session

TOTAL = """\
from typing import Any

import org
from svc import log


def act(account: str, owner: Opaque) -> dict[str, Any]:
    rows = org.query("Opportunity", ["Amount"], where=[("AccountId", "=", account)])
    total = sum([row["Amount"] for row in rows])
    log(f"read {len(rows)}")
    task = org.create("Task", {"Description": f"Open: {total}", "OwnerId": owner})
    print("made", task)
    return {"task": task, "total": total}
"""

Run = Callable[..., Executed]


@pytest.fixture
def run(sandbox: Sandbox, surface: Surface) -> Run:
    """Return the running of a program or of a function's body, with calls answered by a function."""

    def run(
        code: str, answer: Callable[[Call], Value] = lambda _: None, **arguments: Value
    ) -> Executed:
        if "def act" not in code:
            names = ", ".join(arguments)
            body = "".join(f"    {line}\n" for line in dedent(code).splitlines())
            code = f"import org, svc\n\ndef act({names}):\n{body}"
        return sandbox.run(code, entry="act", arguments=arguments, surface=surface, answer=answer)

    return run


def test_code_gets_its_arguments_and_what_its_calls_return(run: Run) -> None:
    """Calls arrive bound by name, a handle comes back as the object that went in, and the result is a copy."""
    owner, task, calls = Opaque("005", "owner"), Opaque("new", "task"), []

    def answer(call: Call) -> Value:
        calls.append(call)
        rows: list[Value] = [{"Amount": Decimal("1.50")}, {"Amount": 2}]
        if call.name == "query":
            return rows
        return task if call.name == "create" else None

    done = run(TOTAL, answer, account="001", owner=owner)
    assert done.value == {"task": task, "total": Decimal("3.50")}
    assert (done.printed, done.calls) == ("made Opaque()\n", 3)
    assert [(call.module, call.name) for call in calls] == [
        ("org", "query"),
        ("svc", "log"),
        ("org", "create"),
    ]
    assert calls[0].arguments == {
        "object": "Opportunity",
        "fields": ["Amount"],
        "where": [("AccountId", "=", "001")],
    }
    assert calls[2].arguments["values"] == {"Description": "Open: 3.50", "OwnerId": owner}


def test_a_denial_ends_the_code_at_once(run: Run) -> None:
    """Code cannot catch that it was denied, and nothing it would have done after it is asked."""
    asked = []

    def answer(call: Call) -> Value:
        asked.append(call.name)
        raise SandboxDenied("Contact.Ssn is not among the fields it may read.")

    code = """
        try:
            org.query("Contact", ["Ssn"])
        except BaseException:
            pass
        org.create("Task", {})
    """
    with pytest.raises(SandboxDeniedError, match=r"Contact\.Ssn") as told:
        run(code, answer)
    assert asked == ["query"]
    assert told.value.where == "org.query"


@pytest.mark.parametrize("error", [KeyError("x"), KeyboardInterrupt(), SandboxFailedError("ours")])
def test_any_other_error_of_an_answer_comes_out_as_it_is(run: Run, error: BaseException) -> None:
    """The host's own failures, and Ctrl-C, end the run and are not told to the code."""

    def answer(_: Call) -> Value:
        raise error

    code = "try:\n    org.create('Task', {})\nexcept BaseException as e:\n    return str(e)"
    with pytest.raises(type(error)) as told:
        run(code, answer)
    assert told.value is error


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ("while True:\n    pass", "seconds"),
        ("x = 'a'\nwhile True:\n    x = x + x", "memory_bytes"),
        ("def f():\n    return f()\nreturn f()", "depth"),
        ("while True:\n    svc.log('x')", "calls"),
        ("while True:\n    print('x' * 1000)", "printed"),
        ("return '" + "x" * 70_000 + "'", "source_bytes"),
    ],
)
def test_each_ceiling_is_named_when_it_is_reached(run: Run, body: str, limit: str) -> None:
    """Whoever reads the error knows which ceiling it was."""
    with pytest.raises(SandboxLimitError) as told:
        run(body)
    assert told.value.limit == limit
    assert told.value.hint


def test_no_call_beyond_the_ceiling_is_answered(run: Run, sandbox: Sandbox) -> None:
    """The host is asked as often as was allowed, and not once more."""
    asked: list[Call] = []
    with pytest.raises(SandboxLimitError):
        run("for i in range(1000):\n    svc.log('x')", asked.append)
    assert len(asked) == sandbox.limits.calls


@pytest.mark.parametrize(
    "body", ["return 'a' * 600_000 + 'b' * 600_000", "return list(range(30_000))"]
)
def test_what_leaves_is_counted_over_the_whole_run(run: Run, body: str) -> None:
    """A result beyond the budget is refused while it is counted."""
    with pytest.raises(SandboxValueError) as told:
        run(body)
    assert told.value.error_code == "sandbox_value_large"


def test_many_small_calls_spend_the_budget_too(run: Run) -> None:
    """Splitting what is to leave over many calls gains nothing."""
    with pytest.raises(SandboxValueError) as told:
        run("for i in range(20):\n    svc.log('x' * 90_000)")
    assert told.value.error_code == "sandbox_value_large"


def test_the_codes_own_error_is_quoted_cut_and_made_inert(run: Run) -> None:
    """What it says is marked as its words, on one line, with the line it happened at."""
    with pytest.raises(SandboxFailedError) as told:
        run("\n\nraise PermissionError('approved\\n\\x1b[31m by admin ' + 'x' * 5000)")
    text = str(told.value)
    assert "\n" not in text
    assert "\x1b" not in text
    assert "“approved [31m by admin" in text
    assert len(text) < 500
    assert told.value.where == "line 6"


def test_the_world_inside_stands_still(sandbox: Sandbox) -> None:
    """The clock stands at the moment that was given, and chance draws the same each time."""
    code = (
        "import datetime, random\n\ndef act():\n"
        "    return [datetime.date.today(), datetime.datetime.now(datetime.timezone.utc), random.random()]\n"
    )
    moment = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)

    def run() -> Value:
        return sandbox.run(
            code, entry="act", arguments={}, surface=Surface(), answer=lambda _: None, now=moment
        ).value

    first = run()
    assert isinstance(first, list)
    assert first[:2] == [date(2026, 11, 24), moment]
    assert run() == first


def test_nothing_is_left_for_the_next_run() -> None:
    """What one run defines, the next one does not see, though it has the same worker."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with Sandbox(workers=1) as sandbox:
        with sandbox.session(Surface(), now=now) as worker:
            first = worker.worker_pid
            Session(worker, surface=Surface(), limits=sandbox.limits, answer=lambda _: None).run(
                "kept = 1", {}
            )
        with sandbox.session(Surface(), now=now) as worker:
            assert worker.worker_pid == first
            session = Session(
                worker, surface=Surface(), limits=sandbox.limits, answer=lambda _: None
            )
            with pytest.raises(SandboxDeniedError, match="'kept'"):
                session.run("kept", {})


def test_code_that_breaks_the_subset_does_not_run(run: Run) -> None:
    """The lint stands before every run, with the place and what to do."""
    with pytest.raises(SandboxRejectedError) as told:
        run("return eval('1')")
    assert (told.value.where, "eval" in told.value.message) == ("line 4", True)


@pytest.mark.parametrize(
    "value", [object(), {1: 2}, float("nan"), 2**300, Opaque, b"x", [[object()]], Decimal("1E+999")]
)
def test_what_may_not_go_in_does_not(run: Run, value: object) -> None:
    """Arguments are held to the same types as what comes out."""
    with pytest.raises(SandboxValueError):
        run("return 1", given=value)


def test_runs_of_many_threads_do_not_meet(run: Run) -> None:
    """Each thread gets its own answers, on two workers, also after the thread that first used one has ended."""
    wrong: list[object] = []

    def use(number: int) -> None:
        code = "return [org.query('A', []), given]"
        done = run(code, lambda _: [number], given=number)
        if done.value != [[number], number]:
            wrong.append(done)

    for _ in range(2):
        threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_limits_have_to_be_limits() -> None:
    """No ceiling can be switched off."""
    with pytest.raises(ValueError, match="seconds"):
        SandboxLimits(seconds=0)


def test_a_closed_sandbox_runs_nothing() -> None:
    """Closing is final, and closing again is no error."""
    closed = Sandbox()
    closed.close()
    closed.close()
    with pytest.raises(SandboxUnavailableError):
        closed.run(
            "def act():\n    return 1",
            entry="act",
            arguments={},
            surface=Surface(),
            answer=lambda _: None,
        )
