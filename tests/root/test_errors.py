"""The errors: the tree that is drawn is the tree there is."""

from __future__ import annotations

import re

import pytest

from actwright import errors
from actwright.errors import ActwrightError, OrgRefusedError, exit_code_of

LINE = re.compile(r"^ {4}(?P<stem>[│├└─ ]*)(?P<name>\w+Error)(?: +exit (?P<exit>\d+))?")


def every(kind: type[ActwrightError] = ActwrightError) -> list[type[ActwrightError]]:
    """Return a class and all below it."""
    return [kind, *(each for child in kind.__subclasses__() for each in every(child))]


def drawn() -> dict[str, tuple[str | None, int]]:
    """Return parent and exit code of each class, as the docstring draws them."""
    tree: dict[str, tuple[str | None, int]] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = LINE.match(line)
        if found is None:
            continue
        depth = len(found["stem"])
        above = [each for each in above if each[0] < depth]
        parent = above[-1][1] if above else None
        inherited = tree[parent][1] if parent else 0
        tree[found["name"]] = (parent, int(found["exit"]) if found["exit"] else inherited)
        above.append((depth, found["name"]))
    return tree


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    """Every class stands where it is drawn, with the exit code it is drawn with, and none is left out."""
    real = {
        each.__name__: (
            None if each is ActwrightError else each.__bases__[0].__name__,
            each.exit_code,
        )
        for each in every()
        if each.__module__.startswith("actwright.errors.")
    }
    assert drawn() == real


def test_no_error_of_ours_lives_elsewhere() -> None:
    """Whoever catches the drawn classes catches everything that is raised on purpose."""
    ours = [each for each in every() if each.__module__.startswith("actwright.")]
    assert ours
    assert all(each.__module__.startswith("actwright.errors.") for each in ours)


def test_every_error_is_imported_from_one_place() -> None:
    """Which file a family stands in is nobody's business: the package offers the whole drawn tree, and nothing unknown."""
    assert {*drawn(), "exit_code_of"} == set(errors.__all__)
    assert all(getattr(errors, name).__name__ == name for name in errors.__all__)


def test_every_class_has_a_code_of_its_own() -> None:
    """Programs match on the code, so no two classes share one."""
    codes = [each.code for each in every()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", each) for each in codes)


@pytest.mark.parametrize("kind", every())
def test_every_class_says_what_where_and_what_next(kind: type[ActwrightError]) -> None:
    """Message, place, hint and code are there, for people and for programs."""
    error = kind("It broke.", where="a.b", hint="Mend it.")
    assert str(error) == "It broke. (at a.b)"
    expected = {"code": kind.code, "message": "It broke.", "where": "a.b", "hint": "Mend it."}
    assert error.as_dict() == expected
    assert exit_code_of(kind.code) == kind.exit_code
    assert kind.__doc__


def test_a_more_exact_code_replaces_the_classes_own() -> None:
    """The class tells the exit code, the exact code tells the case."""
    error = errors.PlanError("x", code="argument_late")
    assert (error.error_code, error.exit_code) == ("argument_late", 2)


@pytest.mark.parametrize(("code", "exit_code"), [(None, 0), ("nobody_knows", 1), ("drift", 4)])
def test_exit_codes(code: str | None, exit_code: int) -> None:
    """No error is 0, an unknown one 1."""
    assert exit_code_of(code) == exit_code


def test_the_orgs_own_code_is_kept() -> None:
    """What the org called it, and which fields it named, travel with the error."""
    error = OrgRefusedError("no", org_code="INVALID_FIELD", fields=("Amount",))
    assert (error.org_code, error.fields, error.exit_code) == ("INVALID_FIELD", ("Amount",), 1)
