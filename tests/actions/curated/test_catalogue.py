"""The catalogue: every override with who says so; two of one name are an error, and code is imported when needed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.actions.curated.override_scene import CREATE, NOTE, Plain, declared, modules, package

from actwright import ActionBlueprint
from actwright.actions.curated.naming import class_name, stands_for
from actwright.actions.curated.packages import packaged
from actwright.actions.factory import Factory
from actwright.errors import ImplementationError


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the name of a module with overrides; another one cannot be imported."""
    name = f"curated_{abs(hash(tmp_path))}"
    with modules(tmp_path, monkeypatch, {name: NOTE, f"{name}_gone": "import no_such_module_here"}):
        yield name


def test_an_override_is_imported_when_its_blueprint_needs_it(module: str) -> None:
    """Declaring and listing import nothing; resolving does, and names it with its version."""
    factory = Factory(declared=[declared(f"{module}:Note")])
    (listed,) = factory.listed()
    assert (listed.declared.path, listed.fault, module in sys.modules) == (
        f"{module}:Note",
        "",
        False,
    )
    chosen = factory.resolve(CREATE)
    assert (chosen.kind, chosen.name) == ("registered", f"{module}:Note@1.2.0")
    assert [each.version for each in factory.listed()] == ["1.2.0"]


def test_one_that_cannot_be_imported_keeps_its_blueprint_back_and_no_other(module: str) -> None:
    """Neither a standard nor a generated implementation takes its place; a check tells why."""
    factory = Factory(declared=[declared(f"{module}_gone:note")])
    with pytest.raises(ImplementationError, match="cannot be loaded: ModuleNotFoundError"):
        factory.resolve(CREATE)
    assert "no_such_module_here" in factory.listed(check=True)[0].fault
    other = CREATE.model_copy(update={"name": "Other"})
    assert factory.resolve(other).kind == "standard"


@pytest.mark.parametrize("name", ["createaccount", "DynamicAction_CreateAccount", "CreateAccount"])
def test_two_of_one_name_are_an_error_that_names_both(module: str, name: str) -> None:
    """In any case, and under the name of the class too; nobody chooses between them."""
    other = declared(f"{module}:Note", name, "acme 1.0")
    factory = Factory(declared=[declared(f"{module}:note"), other])
    with pytest.raises(ImplementationError, match=r"actions\.yaml.* and .*acme 1\.0") as caught:
        factory.resolve(CREATE)
    assert caught.value.error_code == "override_conflict"
    assert all("2 overrides" in each.fault for each in factory.listed())
    factory.register("CreateAccount", Plain(), replace=True)
    assert factory.resolve(CREATE).name.endswith(":Plain")


def test_another_spelling_is_neither_taken_nor_passed_over(module: str) -> None:
    """A blueprint that is all but called so is refused, rather than done without the override."""
    factory = Factory(declared=[declared(f"{module}:note", "Createaccount")])
    with pytest.raises(ImplementationError, match="another spelling") as caught:
        factory.resolve(CREATE)
    assert caught.value.error_code == "override_spelling"


@pytest.mark.parametrize(
    ("registered", "asked", "same"),
    [
        ("DynamicAction_mail_send", "mail.send", True),
        ("mail.send", "DynamicAction_mail_send", True),
        ("CreateAccount", "CreateAccount", True),
        ("mail_send", "mail.send", False),
        ("createAccount", "CreateAccount", False),
    ],
)
def test_the_name_of_the_class_is_understood(registered: str, asked: str, *, same: bool) -> None:
    """``DynamicAction_`` and the name with underscores is the same override; another name is not."""
    assert stands_for(registered, asked) is same
    assert class_name("mail.send") == "DynamicAction_mail_send"


def test_an_override_found_by_its_class_name_stands_behind_the_blueprint() -> None:
    """Registered in either way."""
    factory = Factory()
    factory.register("DynamicAction_mail_send", Plain())
    made = {"name": "mail.send", "operation": "CALL", "target": "mail"}
    assert factory.resolve(ActionBlueprint.model_validate(made)).kind == "registered"


def test_packages_bring_overrides_that_are_listed_with_their_version(
    module: str, tmp_path: Path
) -> None:
    """The package's version is known without importing anything; a name no blueprint can have is told in a check."""
    package(
        tmp_path, "acme", "1.4.0", {"CreateAccount": f"{module}:note", "Créate": f"{module}:note"}
    )
    found = [each for each in packaged() if "acme" in each.origin.place]
    factory = Factory(declared=found)
    told = {each.declared.name: each for each in factory.listed()}
    assert str(told["CreateAccount"].declared.origin) == "entry point, acme 1.4.0"
    assert (told["CreateAccount"].version, module in sys.modules) == ("1.4.0", False)
    faults = {each.declared.name: bool(each.fault) for each in factory.listed(check=True)}
    assert faults == {"CreateAccount": False, "Créate": True}
    assert factory.resolve(CREATE).name == f"{module}:note@1.2.0"


def test_clear_forgets_all() -> None:
    """Whatever they come from."""
    factory = Factory(declared=[declared("a:b")])
    factory.clear()
    assert (factory.registered, factory.resolve(CREATE).kind) == ((), "standard")
