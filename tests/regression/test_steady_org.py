"""The steady org: what is asked again is remembered, and only that."""

from __future__ import annotations

import pytest

from actwright.org.query import Condition, RecordQuery
from actwright.regression.playing.scene import Scene
from actwright.regression.playing.steady_org import SteadyOrg

pytestmark = pytest.mark.xdist_group("regression")


def asked(name: str) -> RecordQuery:
    """Return a question for the accounts of a name."""
    return RecordQuery(object="Account", where=(Condition(field="Name", value=name),))


def test_only_what_is_new_is_asked(scene: Scene) -> None:
    """The same rows come in the order of the questions, and cost no second call."""
    org = SteadyOrg(scene.calls("alice").org)
    (acme,) = org.query([asked("Acme")])
    calls = org.api_calls
    assert org.query([asked("Acme"), asked("Acme")]) == [acme, acme]
    assert org.api_calls == calls
    nobody, again = org.query([asked("Nobody at all"), asked("Acme")])
    assert (list(nobody), again) == ([], acme)
    assert org.api_calls == calls + 1


def test_what_a_person_may_see_is_theirs_alone(scene: Scene) -> None:
    """Rows are remembered for one person, and no other is answered with them."""
    assert scene.org("alice") is scene.org("alice")
    assert scene.org("alice") is not scene.org("bob")
    assert scene.org("alice").user != scene.org("bob").user
