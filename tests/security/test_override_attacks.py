"""Attacks by overrides, and on the names they stand behind: each ends as an issue or an error that says what happened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.actions.curated.override_scene import CREATE, declared, modules
from tests.checkpoints.override_effects import TASK
from tests.checkpoints.row_scene import deal_org, open_deals, plan_for
from tests.memory_org import demo_org
from tests.opaque_scene import SEND_MAIL, Mailer
from tests.scenario import action, value

from actwright import ActionRequest, Effect
from actwright.actions.factory import Factory
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.resolving.arguments import ArgumentResolver
from actwright.checkpoints.resolving.production import Production, produce
from actwright.checkpoints.resolving.rows import bind
from actwright.errors import ImplementationError
from actwright.org.ports import OrgReader

Attack = Callable[[ActionRequest], object]


@dataclass
class Attacking:
    """An override that does what an attack tells it to."""

    attack: Attack
    timeout_seconds: float = 5

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Attack."""
        return self.attack(request)  # type: ignore[return-value]  # the point


def attacked(attack: Attack, *, seconds: float = 5) -> Production:
    """Return what becomes of a plan whose override attacks."""
    factory, org = Factory(), demo_org()
    factory.register("CreateTask", Attacking(attack, seconds))
    plan = plan_for(action("a", TASK, Subject=value("x")))
    (made,) = produce(ArgumentResolver(plan, org).resolve(), {}, factory, org)
    return made


def raising(error: BaseException) -> Attack:
    """Return the attack of raising something."""

    def attack(_: ActionRequest) -> object:
        raise error

    return attack


class EvilText(Exception):  # noqa: N818 - an attack, not an error of ours
    """An exception that breaks down when it is told."""

    def __str__(self) -> str:
        """Break down."""
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("x" * 10_000), "ValueError: xxx"),
        (SystemExit(0), "tried to end the process (SystemExit)"),
        (GeneratorExit(), "tried to end the process (GeneratorExit)"),
        (RecursionError("deep"), "RecursionError"),
        (MemoryError(), "MemoryError"),
        (EvilText(), "cannot even say why"),
        (RuntimeError("bad\x1b[2J\u202e"), "RuntimeError: bad[2J"),
    ],
)
def test_whatever_it_raises_is_an_issue_of_its_action(error: BaseException, words: str) -> None:
    """Bounded, on one line, and without ending anything."""
    made = attacked(raising(error))
    (issue,) = made.issues
    assert words in issue.message
    assert len(issue.message) < 600
    assert made.effects == ()


def test_one_that_ends_its_thread_or_recurses_for_ever_is_an_issue() -> None:
    """The next one is answered all the same."""

    def recursing(request: ActionRequest) -> object:
        return recursing(request)

    assert "RecursionError" in attacked(recursing).issues[0].message
    made = attacked(lambda it: (it.create("Task", {"Subject": "fine"}),))
    assert len(made.effects) == 1


def test_one_that_hangs_is_waited_for_no_longer() -> None:
    """The issue says so, and what it reads afterwards is not answered."""
    gate, late, told = threading.Event(), threading.Event(), list[str]()

    def hanging(request: ActionRequest) -> object:
        gate.wait(20)
        try:
            request.reader.objects()
        except ImplementationError as error:
            told.append(error.message)
        late.set()
        return ()

    (issue,) = attacked(hanging, seconds=0.1).issues
    assert issue.code == "override_timeout"
    gate.set()
    assert late.wait(5)
    assert "reads nothing more" in told[0]


def test_one_that_hangs_on_a_row_is_not_asked_for_the_others() -> None:
    """A thousand rows cost one wait, not a thousand."""
    asked: list[str] = []
    gate, org, factory = threading.Event(), deal_org(), Factory()
    org.add(30)

    def hanging(request: ActionRequest) -> object:
        asked.append(request.action_id)
        return gate.wait(20)

    factory.register("CreateTask", Attacking(hanging, 0.1))
    plan = plan_for(action("a", TASK, Subject={"from": "row.Name"}) | {"forEach": open_deals()})
    bound = bind(plan, org, Limits())
    (made,) = produce(ArgumentResolver(plan, org).resolve(), bound, factory, org)
    gate.set()
    assert (asked, made.issues[0].code) == (["a"], "override_timeout")


def _anothers(request: ActionRequest) -> object:
    made = request.create("Task", {"Subject": "x"})
    return (made.model_copy(update={"ref": "other"}),)


def _of_another_kind(request: ActionRequest) -> object:
    return (request.create("Task", {"Subject": "x"}).model_copy(update={"kind": "call"}),)


@pytest.mark.parametrize(
    "attack",
    [
        lambda _: None,
        lambda _: {"effects": []},
        lambda _: iter(range(3)),
        lambda it: it,
        lambda _: 5,
        _anothers,
        _of_another_kind,
    ],
)
def test_an_answer_of_the_wrong_shape_is_an_issue(attack: Attack) -> None:
    """And so are the effects of another action, or of another kind."""
    made = attacked(attack)
    assert (len(made.issues), made.effects) == (1, ())


def test_an_endless_answer_is_no_answer() -> None:
    """Nothing is taken from it."""

    def forever() -> Iterator[int]:
        while True:
            yield 1

    assert attacked(lambda _: forever()).issues[0].code == "implementation_invalid"


def test_a_secret_of_the_environment_does_not_reach_the_preview(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever an override quotes as it breaks, the secret is taken out, and named."""
    monkeypatch.setenv("ACTWRIGHT_CLIENT_SECRET", "s3cr3t-value")
    (issue,) = attacked(raising(RuntimeError("login with s3cr3t-value failed"))).issues
    assert "s3cr3t" not in issue.message
    assert "[ACTWRIGHT_CLIENT_SECRET removed]" in issue.message


def test_a_version_that_changes_is_another_implementation() -> None:
    """What is shown is what it says now; the last look compares, and one that cannot say it is refused."""

    class Moving:
        """Has another version each time it is asked."""

        told = 0

        @property
        def version(self) -> str:
            """Return the next one."""
            self.told += 1
            return f"1.{self.told}"

        def effects(self, request: ActionRequest) -> Sequence[Effect]:
            """Return nothing."""
            del request
            return ()

    factory = Factory()
    factory.register("CreateAccount", Moving())
    assert factory.resolve(CREATE).name != factory.resolve(CREATE).name


@pytest.mark.parametrize("version", [5, "", "1.0\n2", "x" * 100, "1 2", "\u0661"])
def test_a_version_that_is_none_is_refused(version: object) -> None:
    """It would stand in the digest, and in front of people."""
    odd = Attacking(lambda _: ())
    vars(odd)["version"] = version
    with pytest.raises(ImplementationError, match="version"):
        Factory().register("CreateAccount", odd)


@pytest.mark.parametrize(
    "name",
    [
        "CreateAcc\u043eunt",
        "CreateAccount\u200b",
        "Create\u00adAccount",
        "CreateAccount ",
        "\uff23reateAccount",
        "Create/Account",
        "DynamicAction_",
        "C" * 81,
        "__import__",
    ],
)
def test_a_name_that_only_looks_like_another_is_refused(name: str) -> None:
    """Homoglyphs, invisible characters and blanks make no name; the blueprint keeps what it had."""
    factory = Factory()
    with pytest.raises(ImplementationError) as caught:
        factory.register(name, Attacking(lambda _: ()))
    assert caught.value.error_code == "override_name"
    assert str(caught.value).isascii()
    assert factory.resolve(CREATE).kind == "standard"


@pytest.mark.parametrize("name", ["createaccount", "CREATEACCOUNT", "DynamicAction_createaccount"])
def test_another_case_shadows_nothing(name: str) -> None:
    """Beside a curated override it is a conflict; the one that was there stays."""
    factory = Factory()
    mine = Attacking(lambda _: ())
    factory.register("CreateAccount", mine)
    with pytest.raises(ImplementationError) as caught:
        factory.register(name, Attacking(lambda _: ()))
    assert caught.value.error_code == "override_conflict"
    assert factory.resolve(CREATE).implementation is mine


@pytest.mark.parametrize(
    "text",
    [
        "raise SystemExit(3)",
        "raise KeyError('x')",
        "import sys\nsys.exit()",
        "def (",
        "class Odd(BaseException): pass\nraise Odd('x')",
        "note = 5",
        "class note:\n    async def effects(self, request): ...\n",
        "class note:\n    def effects(self): ...\n",
        "class note:\n    effects = 5\n",
        "class note:\n    def __init__(self): raise SystemExit(0)\n",
        "class note:\n    @property\n    def effects(self): raise SystemExit(0)\n",
    ],
)
def test_code_that_breaks_as_it_is_imported_keeps_its_blueprint_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Whatever it raises, or however it is made; nothing else stands in for it, and a list tells why."""
    name = f"attack_{abs(hash(tmp_path))}"
    with modules(tmp_path, monkeypatch, {name: text}):
        factory = Factory(declared=[declared(f"{name}:note")])
        with pytest.raises(ImplementationError):
            factory.resolve(CREATE)
        assert factory.listed(check=True)[0].fault


def test_code_that_hangs_as_it_is_imported_is_waited_for_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its blueprint is kept back; the process goes on, and can end."""
    name = f"hanging_{abs(hash(tmp_path))}"
    with modules(tmp_path, monkeypatch, {name: "import threading\nthreading.Event().wait(3)\n"}):
        factory = Factory(declared=[declared(f"{name}:note")], seconds=0.1)
        with pytest.raises(ImplementationError) as caught:
            factory.resolve(CREATE)
    assert caught.value.error_code == "override_timeout"


def test_what_it_is_handed_to_read_with_leads_to_nothing_that_writes() -> None:
    """Nothing public does; what it reads is noted."""
    seen: list[OrgReader] = []

    def looking(request: ActionRequest) -> object:
        seen.append(request.reader)
        return (request.create("Task", {"Subject": "x"}),)

    attacked(looking)
    names = {each for each in dir(seen[0]) if not each.startswith("_")}
    assert names.isdisjoint({"send", "refresh", "rehearse", "soql", "settle"})


def test_promises_that_hang_are_an_issue() -> None:
    """Also where its act may take long: nobody waits for ten minutes to see a preview."""
    gate = threading.Event()

    class Slow(Mailer):
        """Promises for ever."""

        timeout_seconds = 600

        def promises(self, request: ActionRequest) -> Sequence[str]:
            """Hang."""
            gate.wait(20)
            return super().promises(request)

    factory, org = Factory(seconds=0.1), demo_org()
    factory.register("SendMail", Slow())
    plan = plan_for(action("a", SEND_MAIL, To=value("x")))
    (made,) = produce(ArgumentResolver(plan, org).resolve(), {}, factory, org)
    gate.set()
    assert made.issues[0].code == "override_timeout"
