"""Mixed values: what generated code works out of several sources carries all that is not to be trusted, up to the policy."""

from __future__ import annotations

import pytest
from tests.generated_scene import argument, open_total, read, request_for, small, work
from tests.policy_scene import change, context, policy, said

from actwright.checkpoints.digest import _change
from actwright.checkpoints.resolving.vetting import vetted
from actwright.org.effect import FieldChange
from actwright.org.provenance import Provenance
from actwright.sandbox import Sandbox

MIXED = change("StageName", "Closed Won", provenance="model").model_copy(
    update={"mixed": ("record",)}
)


def subject_of(sandbox: Sandbox, **given: Provenance) -> FieldChange:
    """Return the subject of a task that is made of some inputs and a record's name."""
    action = small(
        '    row = org.query("Account", ["Name"], [["Name", "=", "Acme"]])[0]\n'
        f'    org.create("Task", {{"Subject": row["Name"] + {" + ".join(given)}}})',
        inputs=dict.fromkeys(given, "String"),
        reads=[read("Account", "Name")],
    )
    arguments = {name: argument(name, provenance=each) for name, each in given.items()}
    (effect,) = work(action, sandbox, None, **arguments).effects
    (found,) = effect.changes
    return found


def test_the_least_trusted_counts_and_the_rest_is_told_beside_it(sandbox: Sandbox) -> None:
    """A model's word and a record's name make a value of both."""
    told = subject_of(sandbox, a="goal", b="model", c="extract")
    assert (told.provenance, told.mixed) == ("model", ("record", "extract"))
    plain = subject_of(sandbox, a="goal", b="lookup")
    assert (plain.provenance, plain.mixed) == ("record", ())


@pytest.mark.parametrize("source", ["record", "model"])
def test_a_rule_that_denies_one_source_denies_what_is_mixed_with_it(source: str) -> None:
    """Mixing a model's word in is no way around a rule about records, nor the other way."""
    rule = policy(f"match: {{provenance: [{source}]}}, effect: deny")
    assert said(rule, context(MIXED), implementation="generated").word == "deny"
    other = policy("match: {provenance: [extract]}, effect: deny")
    assert said(other, context(MIXED), implementation="generated").word == "allow"


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ('changes.exists(c, "record" in c.provenances && "model" in c.provenances)', "deny"),
        ('changes.exists(c, "extract" in c.provenances)', "allow"),
        ('changes.exists(c, c.provenance == "record")', "allow"),
    ],
)
def test_a_condition_sees_all_that_a_value_is_made_of(condition: str, word: str) -> None:
    """``provenance`` is the least trusted part alone; ``provenances`` holds every part."""
    rule = policy(f"match: {{when: '{condition}'}}, effect: deny")
    assert said(rule, context(MIXED), implementation="generated").word == word


def test_a_rule_that_allows_one_source_does_not_allow_what_is_mixed() -> None:
    """All of a value has to come from where a rule allows it to."""
    head = "default: deny"
    one = policy("match: {provenance: [model]}, effect: allow", head=head)
    both = policy("match: {provenance: [model, record]}, effect: allow", head=head)
    assert said(one, context(MIXED)).word == "deny"
    assert said(both, context(MIXED)).word == "allow"


def test_what_is_mixed_is_bound_by_the_digest() -> None:
    """A value with another past is another thing to say yes to; without a past it digests as ever."""
    assert _change(MIXED) != _change(MIXED.model_copy(update={"mixed": ()}))
    assert "mixed" not in _change(MIXED.model_copy(update={"mixed": ()}))


def test_an_override_may_say_worse_of_a_value_than_this_house_knows() -> None:
    """What it says that a model made counts as a model's; it can say nothing better than what is known."""
    request = request_for(open_total())
    effect = request.create("Task", {"Subject": argument("x", mixed=("model",))})
    (made,) = vetted((effect,), request, "mine:close")
    assert [(each.provenance, each.mixed) for each in made.changes] == [("model", ())]
