"""Writes of generated code: collected as effects, linked among themselves, each value marked with where it came from."""

from __future__ import annotations

import pytest
from tests.generated_scene import (
    argument,
    create,
    ids,
    open_total,
    read,
    request_for,
    small,
    update,
    work,
    written,
)
from tests.memory_org import MemoryOrg

from actwright.actions.generated.field_path import field_at
from actwright.actions.generated.implementation import GeneratedImplementation
from actwright.actions.implementation import ResolvedArgument
from actwright.errors import ImplementationError, SandboxUnavailableError
from actwright.org.provenance import Provenance
from actwright.sandbox import Sandbox

ACCOUNTS = read("Account", "Name", "OwnerId")


def subject(
    action_body: str, sandbox: Sandbox, **arguments: ResolvedArgument
) -> tuple[object, ...]:
    """Return value, provenance and source of the subject of the task some code creates."""
    kinds = {"id": "Reference", "string": "String"}
    inputs = {name: kinds[each.family] for name, each in arguments.items()}
    action = small(action_body, inputs=inputs, reads=[ACCOUNTS])
    (effect,) = work(action, sandbox, None, **arguments).effects
    return written(effect)["Subject"]


def test_new_records_link_to_each_other(sandbox: Sandbox, org: MemoryOrg) -> None:
    """The handle of a new record is the value of another one's reference, and its id is not known to anybody."""
    action = small(
        '    case = org.create("Case", {"Subject": "Broken"})\n'
        '    org.create("Task", {"Subject": "First", "WhatId": case})\n'
        '    org.create("Task", {"Subject": "Second", "WhatId": case})',
        writes=[create("Case", "Subject"), create("Task", "Subject", "WhatId")],
    )
    case, first, second = work(action, sandbox, org).effects
    assert [each.id for each in (case, first, second)] == ["a1.1", "a1.2", "a1.3"]
    assert len({each.ref for each in (case, first, second)}) == 3
    for each in (first, second):
        link = each.change("WhatId")
        assert link is not None
        assert (link.linked_to, link.after, link.provenance) == (case.ref, None, "output")


def test_a_record_that_was_handed_in_may_be_changed(sandbox: Sandbox, org: MemoryOrg) -> None:
    """An update names the very record, and nothing but the fields given."""
    (deal,) = ids(org, "Opportunity", lambda row: row["Name"] == "Acme Renewal")
    action = small(
        '    org.update("Opportunity", deal, {"NextStep": "Call"})',
        inputs={"deal": "Reference"},
        writes=[update("Opportunity", "NextStep")],
    )
    (effect,) = work(action, sandbox, org, deal=argument(deal, "id", "lookup")).effects
    assert (effect.operation, effect.record_id) == ("UPDATE", deal)
    assert written(effect) == {
        "NextStep": ("Call", "lookup", "worked out by Small from its inputs")
    }


def test_a_constant_of_code_that_has_seen_nothing_is_a_default(sandbox: Sandbox) -> None:
    """A person has approved the very words."""
    assert subject('    org.create("Task", {"Subject": "Call"})', sandbox) == (
        "Call",
        "default",
        "written in Small",
    )


@pytest.mark.parametrize("provenance", ["goal", "data", "lookup", "record", "extract", "model"])
def test_an_argument_written_unchanged_keeps_its_provenance(
    sandbox: Sandbox, provenance: Provenance
) -> None:
    """Where nothing was read, there is nothing it could have been mixed with."""
    given = argument("Call", provenance=provenance, source="the words")
    told = subject('    org.create("Task", {"Subject": text})', sandbox, text=given)
    assert told == ("Call", provenance, "the words")


@pytest.mark.parametrize(
    ("provenance", "becomes"),
    [
        ("goal", "default"),
        ("data", "default"),
        ("default", "default"),
        ("lookup", "lookup"),
        ("output", "output"),
        ("record", "record"),
        ("extract", "extract"),
        ("model", "model"),
    ],
)
def test_what_is_worked_out_is_trusted_as_the_least_trusted_input(
    sandbox: Sandbox, provenance: Provenance, becomes: Provenance
) -> None:
    """A text made of the goal's words is the code's doing; one made of a model's stays the model's."""
    given = argument("Call", provenance=provenance)
    other = argument("now", provenance="goal")
    body = '    org.create("Task", {"Subject": text + " " + other})'
    told = subject(body, sandbox, text=given, other=other)
    assert told == ("Call now", becomes, "worked out by Small from its inputs")


@pytest.mark.parametrize(("provenance", "becomes"), [("goal", "record"), ("model", "model")])
def test_once_a_record_was_read_no_value_is_better_than_that(
    sandbox: Sandbox, provenance: Provenance, becomes: Provenance
) -> None:
    """Even a constant may have been chosen by what stands in a record, and that nothing was found is knowledge too."""
    given = argument("Call", provenance=provenance)
    body = (
        '    org.query("Account", ["Name"], [["Name", "=", "nobody"]])\n'
        '    org.create("Task", {"Subject": text})'
    )
    told = subject(body, sandbox, text=given)
    assert told == ("Call", becomes, "worked out by Small from Account, its inputs")


def test_what_was_written_before_the_first_read_is_not_tainted_by_it(sandbox: Sandbox) -> None:
    """Taint runs with time: what left before could not know."""
    action = small(
        '    org.create("Task", {"Subject": "before"})\n'
        '    org.query("Account", ["Name"], [["Name", "=", "Acme"]])\n'
        '    org.create("Task", {"Subject": "after"})',
        reads=[ACCOUNTS],
    )
    before, after = work(action, sandbox).effects
    assert (written(before)["Subject"][1], written(after)["Subject"][1]) == ("default", "record")


def test_an_opaque_input_keeps_its_provenance_past_every_read(sandbox: Sandbox) -> None:
    """What the code never saw, it cannot have mixed with anything."""
    action = small(
        '    org.query("Account", ["Name"], [["Name", "=", "Acme"]])\n'
        '    org.create("Task", {"Subject": text})',
        inputs={"text": "String"},
        reads=[ACCOUNTS],
        opaque_inputs=("text",),
    )
    given = argument("Call", provenance="goal", source="call")
    (effect,) = work(action, sandbox, text=given).effects
    assert written(effect)["Subject"] == ("Call", "goal", "call")


def test_a_linked_input_is_handed_on_as_a_link(sandbox: Sandbox) -> None:
    """The id of a record that another action creates is known to nobody yet; its handle may be passed on."""
    action = small(
        '    org.create("Task", {"Subject": "x", "WhatId": what})', inputs={"what": "Reference"}
    )
    given = argument(None, "id", "output", linked_to="other", text="the new Case")
    (effect,) = work(action, sandbox, what=given).effects
    change = effect.change("WhatId")
    assert change is not None
    assert (change.linked_to, change.after_text) == ("other", "the new Case")


def test_a_service_nobody_can_reach_blocks_the_action(sandbox: Sandbox, org: MemoryOrg) -> None:
    """A declared call is collected like a write, and refused as long as there is no way to it."""
    action = small(
        '    http.call("billing", {"total": 1})\n    org.create("Task", {"Subject": "x"})',
        calls=("billing",),
    )
    action = action.model_copy(update={"code": f"import http\n{action.code}"})
    worked = work(action, sandbox, org)
    assert worked.calls == ("billing",)
    with pytest.raises(ImplementationError) as stopped:
        GeneratedImplementation(action, sandbox).effects(request_for(action, org))
    assert stopped.value.error_code == "call_not_available"


def test_what_the_code_tells_its_log_is_kept_apart(sandbox: Sandbox) -> None:
    """Lines of the log are inert and few, and reach no effect."""
    body = '    for n in range(60):\n        log.info("line\\n" + str(n))\n    org.create("Task", {"Subject": "x"})'
    worked = work(small(body), sandbox)
    assert worked.lines[:2] == ("line 0", "line 1")
    assert len(worked.lines) == 50


def test_without_a_sandbox_the_action_is_refused_and_says_what_to_install(org: MemoryOrg) -> None:
    """Nothing else depends on the extra."""

    class Missing:
        """No sandbox at all."""

        def run(self, *_: object, **__: object) -> object:
            """Say so."""
            raise SandboxUnavailableError(
                "There is no sandbox.", hint="pip install actwright[sandbox]"
            )

    action = open_total()
    (case,) = org.rows["Case"][:1]
    with pytest.raises(ImplementationError) as stopped:
        work(action, Missing(), org, CaseId=argument(str(case["Id"]), "id"))  # type: ignore[arg-type]  # no runner
    assert stopped.value.error_code == "sandbox_unavailable"
    assert stopped.value.hint == "pip install actwright[sandbox]"


def test_a_text_longer_than_its_field_is_refused_before_anybody_is_asked(
    sandbox: Sandbox, org: MemoryOrg
) -> None:
    """Code puts texts together; one that no org would take is a fault of the action, and not of the run."""
    limit = field_at(org, "Task", "Subject")
    assert limit is not None
    longest = limit.field.length
    assert longest > 0
    fits = small(f'    org.create("Task", {{"Subject": "x" * {longest}}})')
    assert len(work(fits, sandbox, org).effects) == 1
    over = small(f'    org.create("Task", {{"Subject": "x" * {longest + 1}}})')
    with pytest.raises(ImplementationError, match="characters, and was given") as refused:
        work(over, sandbox, org)
    assert refused.value.error_code == "value_invalid"
