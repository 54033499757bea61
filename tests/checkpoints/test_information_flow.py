"""Information flow: by every way a value takes, what is doubted about its source is doubted about what is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checkpoints.override_effects import DEAL, TASK, change, effect
from tests.checkpoints.row_scene import deal_org, open_deals, plan_for
from tests.examples import examples
from tests.memory_org import demo_org
from tests.opaque_scene import SEND_MAIL, Mailer
from tests.scenario import action, blueprint, lookup, value

from actwright import ActionRequest, Effect
from actwright.actions.factory import Factory
from actwright.actions.generated.knowledge import Knowledge
from actwright.actions.implementation import ResolvedArgument
from actwright.actions.opaque import request_of
from actwright.blueprints.argument import ValueArgument
from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.resolving.arguments import ArgumentResolver
from actwright.checkpoints.resolving.production import merged, produce
from actwright.checkpoints.resolving.rows import bind
from actwright.checkpoints.waves.going_on import GoingOn
from actwright.checkpoints.waves.parting import part_of
from actwright.org.effect import FieldChange
from actwright.org.ports import OrgReader
from actwright.org.provenance import DOUBTED, TRUST, Provenance, least_trusted
from actwright.org.query import RecordQuery

PROVENANCES: tuple[Provenance, ...] = get_args(Provenance)
UPDATE = blueprint(
    "UPDATE", "Opportunity", {"apiName": "Id", "dataType": "Id", "required": True}, "NextStep"
)
ABOUT = blueprint("CREATE", "Task", "Subject", {"apiName": "WhatId", "dataType": "Reference"})
Override = Callable[[ActionRequest], Sequence[Effect]]


class Writing:
    """An override that writes as a test says."""

    def __init__(self, write: Override) -> None:
        self._write = write

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Write."""
        return self._write(request)


def written(
    plan: Plan, override: Override | None = None, reader: OrgReader | None = None
) -> FieldChange:
    """Return the last change of the last action of a plan."""
    org, factory = reader or demo_org(), Factory()
    if override is not None:
        factory.register("CreateTask", Writing(override))
    bindings = bind(plan, org, Limits())
    made = produce(ArgumentResolver(plan, org).resolve(), bindings, factory, org)
    assert not [issue for each in made for issue in each.issues]
    return made[-1].effects[-1].changes[-1]


def doubts(found: FieldChange | ResolvedArgument) -> set[Provenance]:
    """Return what is doubted about a value."""
    return {found.provenance, *found.mixed} & DOUBTED


def shouting(request: ActionRequest) -> Sequence[Effect]:
    """Write the subject in capitals: a value no argument has."""
    subject = str(request.arguments["Subject"].value).upper()
    return (request.create("Task", {"Subject": subject}),)


def posing(request: ActionRequest) -> Sequence[Effect]:
    """Write another value, and say that it is as good as the goal's own."""
    made = request.create("Task", {"Subject": "other"})
    told = change("Subject", after="other", provenance="goal")
    return (made.model_copy(update={"changes": (told,)}),)


def reading(request: ActionRequest) -> Sequence[Effect]:
    """Write what a record says."""
    query = RecordQuery(object="Account", fields=("Name",))
    name = request.reader.query([query])[0][0].name
    return (request.create("Task", {"Subject": name}),)


def counting(request: ActionRequest) -> Sequence[Effect]:
    """Write a constant, depending on how many records there are."""
    many = request.reader.count(RecordQuery(object="Account", fields=("Id",)))
    return (request.create("Task", {"Subject": "many" if many else "none"}),)


def subject(provenance: str) -> dict[str, Json]:
    """Return the action of creating a task whose subject comes from somewhere."""
    return action("a", TASK, Subject=value("call", provenance))


def linked(provenance: Provenance) -> Plan:
    """Return a plan whose second action takes the record of the first, whose id comes from somewhere."""
    plan = plan_for(
        action("u", UPDATE, Id=lookup("Opportunity", "Name", "Acme Renewal"), NextStep=value("x")),
        action("a", ABOUT, Subject=value("x"), WhatId={"from": "actions.u.output.id"}),
    )
    first, second = plan.actions
    record = ValueArgument(value=DEAL, provenance=provenance)
    named = first.model_copy(update={"arguments": {**first.arguments, "Id": record}})
    return plan.model_copy(update={"actions": (named, second)})


WAYS: Mapping[str, Callable[[Provenance], FieldChange]] = {
    "as it is": lambda it: written(plan_for(subject(it))),
    "handed on by an override": lambda it: written(
        plan_for(subject(it)), lambda r: (r.create("Task", {"Subject": r.arguments["Subject"]}),)
    ),
    "worked on by an override": lambda it: written(plan_for(subject(it)), shouting),
    "posed as another's": lambda it: written(plan_for(subject(it)), posing),
    "read beside it": lambda it: written(plan_for(subject(it)), reading),
    "as another action's record": lambda it: written(linked(it)),
    "merged with the goal's": lambda it: merged(
        (effect(change()), effect(change(provenance=it), id="y.1", action_id="y"))
    )[0].changes[0],
    "merged before the goal's": lambda it: merged(
        (effect(change(provenance=it)), effect(change(), id="y.1", action_id="y"))
    )[0].changes[0],
}


@pytest.mark.parametrize("provenance", PROVENANCES)
@pytest.mark.parametrize("way", WAYS)
def test_no_way_makes_a_value_better_than_its_source(way: str, provenance: Provenance) -> None:
    """What a policy may want to keep out of a field is still told of the value that is written."""
    found = WAYS[way](provenance)
    assert doubts(found) >= {provenance} & DOUBTED


@pytest.mark.parametrize("override", [reading, counting])
def test_what_an_override_reads_goes_into_all_it_writes(override: Override) -> None:
    """A text it copies, and a constant it chose by what it saw; what it read is named."""
    found = written(plan_for(subject("goal")), override)
    assert (found.provenance, found.source) == ("record", "the override, from Account")


def test_a_constant_of_an_override_that_saw_nothing_doubtful_is_its_own() -> None:
    """Nothing is marked that needs no mark."""
    found = written(plan_for(subject("goal")), shouting)
    assert (found.provenance, found.source, found.mixed) == ("default", "the override", ())


def test_rows_and_lookups_are_told_by_what_was_taken() -> None:
    """A record's id was looked up; a text out of it is the record's."""
    org = deal_org()
    org.add(1, NextStep="wire it")
    rows = {"forEach": open_deals()}
    by_row = action("a", TASK, Subject={"from": "row.Name"}) | rows
    assert written(plan_for(by_row), reader=org).provenance == "record"
    text = lookup("Account", "Name", "Acme", take="Name")
    assert written(plan_for(action("a", TASK, Subject=text))).provenance == "record"
    record = action("a", ABOUT, Subject=value("x"), WhatId=lookup("Account", "Name", "Acme"))
    assert written(plan_for(record)).provenance == "lookup"


@pytest.mark.parametrize("provenance", PROVENANCES)
def test_an_output_is_marked_with_its_action_and_with_what_that_was_handed(
    provenance: Provenance,
) -> None:
    """What a service answers may hold what it was asked with; through more than one of them too."""
    factory = Factory()
    factory.register("SendMail", Mailer())
    asked = action("ask", SEND_MAIL, To=value("x", provenance))
    again = action("again", SEND_MAIL, To={"from": "actions.ask.output.messageId"})
    late = action("a", TASK, Subject={"from": "actions.again.output.messageId"})
    outputs = {key: {"messageId": "m-1"} for key in ("ask", "again")}
    behind = GoingOn("run_1", 2, 9, "wave", done=("ask", "again"), outputs=outputs)
    part = part_of(plan_for(asked, again, late), factory, behind)
    found = written(part.plan)
    assert (found.provenance, found.source) == ("output", "what again put out as messageId")
    assert doubts(found) == ({"output", provenance} & DOUBTED)


def test_what_an_override_that_acts_is_handed_keeps_its_past() -> None:
    """From the argument to the effect that is confirmed, and from there to the request it acts on."""
    factory, org = Factory(), demo_org()
    factory.register("SendMail", Mailer())
    given = value("x", "record")
    assert isinstance(given, dict)
    plan = plan_for(action("a", SEND_MAIL, To=given | {"mixed": ["output"]}))
    (made,) = produce(ArgumentResolver(plan, org).resolve(), {}, factory, org)
    handed = request_of(made.effects[0], plan.actions[0].blueprint, org).arguments["To"]
    assert doubts(handed) == {"record", "output"}


@examples(50)
@given(
    st.lists(st.sampled_from(PROVENANCES), min_size=1, max_size=5),
    st.sampled_from(((), ("Account",))),
)
def test_nothing_is_lost_however_much_goes_into_a_value(
    made_of: list[Provenance], read: tuple[str, ...]
) -> None:
    """The least trusted is the provenance, and each other doubt stands beside it; generated code keeps to it too."""
    provenance, mixed = least_trusted(made_of)
    assert provenance == max(made_of, key=TRUST.index)
    assert {provenance, *mixed} & DOUBTED == set(made_of) & DOUBTED
    arguments = {
        f"I{at}": ResolvedArgument(input=f"I{at}", value=f"v{at}", provenance=each)
        for at, each in enumerate(made_of)
    }
    knowledge = Knowledge("Made", arguments)
    for each in read:
        knowledge.has_read(each)
    told = knowledge.told(ResolvedArgument(input="x", value="new", provenance="goal"))
    assert doubts(told) == (set(made_of) | ({"record"} if read else set())) & DOUBTED
    one, other = effect(change(provenance=provenance, mixed=mixed)), effect(change(), action_id="y")
    assert doubts(merged((other, one))[0].changes[0]) == set(made_of) & DOUBTED
