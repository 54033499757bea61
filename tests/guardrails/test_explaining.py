"""Who could grant what is missing: named, ranked, counted, and never in the way of the refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from actwright.errors import OrgBusyError
from actwright.guardrails.explaining import permission_hints
from actwright.org.identity import RunningUser
from actwright.org.ports import Explanation, Grantor, PermissionAsk

BOB = RunningUser(id="005B", username="bob")
ASK = PermissionAsk("Opportunity", "edit", "Amount")
SENTENCE = 'For your administrator: "Please give bob edit access to Opportunity.Amount'


@dataclass
class _Explainer:
    """Names the same grantors for every right, or fails."""

    grantors: tuple[Grantor, ...] = ()
    error: Exception | None = None

    def explain(self, asks: Sequence[PermissionAsk]) -> Sequence[Explanation]:
        if self.error:
            raise self.error
        return [Explanation(each, self.grantors) for each in asks]


def _sets(*names: str) -> tuple[Grantor, ...]:
    return tuple(Grantor("permission set", each) for each in names)


def _hint(explainer: _Explainer | None, ask: PermissionAsk = ASK) -> str:
    return permission_hints([ask], explainer, BOB)[ask]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("A", 'Permission set "A" grants it.'),
        ("AB", 'Permission set "A" and permission set "B" grant it.'),
        ("ABC", 'Permission set "A", permission set "B" and permission set "C" grant it.'),
        (
            "ABCD",
            'Permission set "A", permission set "B", permission set "C" and 1 more grant it.',
        ),
        (
            "ABCDE",
            'Permission set "A", permission set "B", permission set "C" and 2 more grant it.',
        ),
    ],
)
def test_grantors_are_listed(names: str, said: str) -> None:
    """One is named, several are listed, and beyond three the rest are counted."""
    hint = _hint(_Explainer(_sets(*names)))
    assert hint == f'{said} {SENTENCE}, for example by the permission set A."'


def test_permission_sets_go_before_profiles() -> None:
    """A permission set can be given without changing what the person's profile is; names are sorted in any case."""
    grantors = (Grantor("profile", "A"), *_sets("c", "B"))
    assert _hint(_Explainer(grantors)) == (
        'Permission set "B", permission set "c" and profile "A" grant it. '
        f'{SENTENCE}, for example by the permission set B."'
    )


def test_nobody_grants_it() -> None:
    """A right that nothing in the org grants is said to be so."""
    said = "No permission set or profile of the org grants it."
    assert _hint(_Explainer()) == f'{said} {SENTENCE}."'


@pytest.mark.parametrize(
    ("explainer", "reason"),
    [
        (None, "no explaining connection is set up"),
        (_Explainer(error=OrgBusyError("The org is busy.")), "The org is busy"),
        (_Explainer(error=KeyError("oops")), "KeyError: 'oops'"),
        (_Explainer(error=RuntimeError("x" * 300)), f"RuntimeError: {'x' * 186}"),
    ],
)
def test_the_refusal_stands_without_an_explanation(
    explainer: _Explainer | None, reason: str
) -> None:
    """Whatever keeps the explanation away is said, cut to a line, and nothing is raised."""
    assert _hint(explainer) == f'Nobody could be named who grants it: {reason}. {SENTENCE}."'


def test_a_right_on_an_object_names_its_records() -> None:
    """Without a field, the sentence is about records of the object."""
    ask = PermissionAsk("Opportunity", "delete")
    assert "give bob delete access to Opportunity records." in _hint(_Explainer(), ask)


def test_nothing_is_asked_where_nothing_is_missing() -> None:
    """An explainer is not troubled with an empty list."""
    assert permission_hints([], _Explainer(error=AssertionError("asked")), BOB) == {}
