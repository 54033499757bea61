"""The factory: registered first, then standard, never a guess."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.scenario import blueprint

from actwright import ActionBlueprint, ActionRequest, Effect
from actwright.actions.factory import Factory
from actwright.errors import ImplementationError

MODULE = '''
class Note:
    """Writes a note."""

    def effects(self, request):
        """Return nothing."""
        return ()


class Needy(Note):
    """Cannot be made without an argument."""

    def __init__(self, wanted):
        self.wanted = wanted


note = Note()
number = 5
'''


class Note:
    """Stands in for anything."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return no effects."""
        del request
        return ()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the name of a module that holds overrides."""
    name = f"overrides_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "broken_one.py").write_text("raise RuntimeError('no import')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    sys.modules.pop(name, None)


def kind(operation: str, target: str = "Account") -> ActionBlueprint:
    """Return a blueprint."""
    key = ("Id",) if operation in {"UPDATE", "DELETE"} else ()
    return ActionBlueprint.model_validate(blueprint(operation, target, *key, "Name"))


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("CREATE", "standard.create"),
        ("INSERT", "standard.create"),
        ("UPDATE", "standard.update"),
        ("DELETE", "standard.delete"),
    ],
)
def test_every_record_operation_has_a_standard_implementation(operation: str, name: str) -> None:
    """Nothing needs to be registered for a record."""
    chosen = Factory().resolve(kind(operation))
    assert (chosen.kind, chosen.name) == ("standard", name)


def test_a_call_without_an_implementation_is_refused() -> None:
    """The error says what to register."""
    with pytest.raises(ImplementationError) as caught:
        Factory().resolve(kind("CALL"))
    assert 'register("CallAccount"' in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["Note", "note"])
def test_an_override_is_found_by_its_path(module: str, name: str) -> None:
    """``package.module:name`` may name an object, or a class to be made into one."""
    factory = Factory()
    factory.register("CreateAccount", f"{module}:{name}")
    chosen = factory.resolve(kind("CREATE"))
    assert (chosen.kind, chosen.name) == ("registered", f"{module}:{name}")


def test_a_second_registration_takes_the_place_of_the_first_only_where_it_says_so(
    module: str,
) -> None:
    """Two of one name are an error that names both, and changes nothing; the very same one may come twice."""
    factory, first = Factory(), Note()
    factory.register("CreateAccount", first)
    factory.register("CreateAccount", first)
    with pytest.raises(ImplementationError, match=f"test_factory:Note.*{module}:note") as caught:
        factory.register("createaccount", f"{module}:note")
    assert caught.value.error_code == "override_conflict"
    assert factory.resolve(kind("CREATE")).implementation is first
    factory.register("CreateAccount", f"{module}:note", replace=True)
    assert factory.resolve(kind("CREATE")).name == f"{module}:note"
    assert list(factory.registered) == ["CreateAccount"]
    factory.clear()
    assert list(factory.registered) == []
    assert factory.resolve(kind("CREATE")).kind == "standard"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("{module}:absent", "cannot be loaded"),
        ("{module}:Needy", "cannot be loaded"),
        ("{module}:number", "no object with effects"),
        ("broken_one:note", "RuntimeError: no import"),
        ("no_such_module_at_all:note", "cannot be loaded"),
        ("{module}", "names no implementation"),
        (":note", "names no implementation"),
        ("", "names no implementation"),
    ],
)
def test_a_broken_override_is_refused_when_it_is_registered(
    module: str, path: str, words: str
) -> None:
    """Whatever keeps an override from standing in is told at once, with the way out."""
    with pytest.raises(ImplementationError, match=words) as caught:
        Factory().register("CreateAccount", path.format(module=module))
    assert caught.value.hint


@pytest.mark.parametrize("name", ["", "  "])
def test_an_override_needs_a_name(name: str) -> None:
    """A blank name would stand in for nothing."""
    with pytest.raises(ImplementationError):
        Factory().register(name, Note())


def test_an_object_that_is_no_implementation_is_refused() -> None:
    """An object without ``effects`` cannot be registered, as an object or by its class."""
    with pytest.raises(ImplementationError, match="no object with effects"):
        Factory().register("CreateAccount", object())  # type: ignore[arg-type]  # the point
