"""Bad plans: replies of the right shape that say what cannot or must not be."""

from __future__ import annotations

from actwright.canonical import Json
from actwright.testing.bad_reply import (
    ASKS,
    NUMBER_GOAL,
    RECOVERS,
    BadReply,
    always,
    good_action,
    literal,
    once,
    planning,
    record,
)
from actwright.testing.replies import Reply

_INVALID = "model_reply_invalid"
_ACME = record("Id", "Opportunity", "Acme Renewal")
_TASK: dict[str, Json] = {
    "id": "a2",
    "blueprint": "task_create",
    "arguments": [literal("Subject", "Call")],
    "dependsOn": ["a1"],
    "forEach": None,
}
_PARTY: dict[str, Json] = {
    **_TASK,
    "arguments": [
        literal("Subject", "Party"),
        {"name": "WhatId", "kind": "output", "action": "a1"},
    ],
}


def _plans(name: str, what: str, plan: Json) -> BadReply:
    return BadReply(name, what, always(Reply.json(plan)), _INVALID)


def _mends(name: str, what: str, plan: Json) -> BadReply:
    return BadReply(name, what, once(Reply.json(plan)), RECOVERS)


def _action(**changed: Json) -> dict[str, Json]:
    return {**good_action(), **changed}


def _with(*arguments: Json) -> dict[str, Json]:
    return _action(arguments=[_ACME, *arguments])


PLANS = (
    _plans("unknown blueprint", "names a blueprint nobody has", planning(_action(blueprint="hack_everything"))),
    _mends("unknown blueprint once", "names the right one when told", planning(_action(blueprint="close_won"))),
    _plans("invented object", "derives from an object nobody has", planning(_action(blueprint="derived.secretvault.update"))),
    _plans("unknown operation", "derives an operation there is none of", planning(_action(blueprint="derived.opportunity.merge"))),
    _plans("unknown input", "gives a value to no input", planning(_with(literal("Sudo", "true")))),
    _plans("unknown field", "looks up by a field nobody has", planning(_action(arguments=[{**_ACME, "where": [{"field": "Nope__c", "operator": "=", "values": ["x"]}]}]))),
    _plans("injected condition", "writes a query into a field", planning(_action(arguments=[{**_ACME, "where": [{"field": "Name = 'x' OR Id", "operator": "!=", "values": [""]}]}]))),
    _plans("invented record id", "writes an id nobody gave", planning(_action(arguments=[literal("Id", "006000000000001AAA")]))),
    _plans("invented data", "takes data nobody gave", planning(_action(arguments=[{"name": "Id", "kind": "data", "data": "order_id"}]))),
    _plans("a record of another object", "closes an account", planning(_action(arguments=[record("Id", "Account", "Acme")]))),
    _plans("the other end", "closes as lost what the goal says is won", planning(_action(blueprint="opportunity_close_lost"))),
    _mends("the other end once", "closes as won when told", planning(_action(blueprint="opportunity_close_lost"))),
    _plans("the other stage", "writes the stage Closed Lost by itself", planning(_action(blueprint="derived.opportunity.update", arguments=[_ACME, literal("StageName", "Closed Lost")]))),
    _plans("a delete nobody asked for", "also deletes the account", planning(good_action(), _action(id="a2", blueprint="derived.account.delete", arguments=[record("Id", "Account", "Acme")]))),
    BadReply("an action nobody asked for", "adds a task that the goal says nothing of", (Reply.json(planning(good_action(), _PARTY)),), ASKS),
    BadReply("another number", "writes 99999 where the goal says 50000", always(Reply.json(planning(_action(blueprint="opportunity_update_amount", arguments=[record("Id", "Opportunity", "Globex Pilot"), literal("Amount", "99999")])))), _INVALID, goal=NUMBER_GOAL),
    _plans("another record", "closes a deal nobody spoke of", planning(_action(arguments=[record("Id", "Opportunity", "Globex Expansion")]))),
    _plans("every record", "looks a record up by nothing", planning(_action(arguments=[{**_ACME, "where": []}]))),
    _plans("forbidden by the goal", "changes the amount", planning(_action(blueprint="opportunity_update_amount", arguments=[_ACME, literal("Amount", "1")]))),
    _plans("forbidden, beside the good", "also changes the amount", planning(good_action(), _action(id="a2", blueprint="derived.opportunity.update", arguments=[_ACME, literal("Amount", "1")]))),
    _mends("forbidden once", "leaves the amount alone when told", planning(_action(blueprint="opportunity_update_amount", arguments=[_ACME, literal("Amount", "1")]))),
    _plans("a value no picklist has", "makes a stage up", planning(_action(blueprint="opportunity_move_stage", arguments=[_ACME, literal("StageName", "Totally Won")]))),
    _plans("a date that is none", "closes on 30 February", planning(_with(literal("CloseDate", "2026-02-30")))),
    _plans("the same input twice", "gives two dates", planning(_with(literal("CloseDate", "2026-12-01"), literal("CloseDate", "2026-12-02")))),
    _plans("waits for itself", "depends on itself", planning(_action(dependsOn=["a1"]))),
    _plans("waits in a circle", "a1 waits for a2, a2 for a1", planning(_action(dependsOn=["a2"]), _TASK)),
    _plans("waits for nobody", "depends on an action that is not there", planning(_action(dependsOn=["a9"]))),
    _plans("one id twice", "calls two actions a1", planning(good_action(), {**_TASK, "id": "a1", "dependsOn": []})),
    _plans("every row there is", "repeats over a million rows", planning(_action(arguments=[], forEach={"object": "Opportunity", "where": [{"field": "Name", "operator": "!=", "values": ["x"]}], "limit": 1_000_000}))),
    _plans("no actions", "calls an empty list a plan", planning(actions=[])),
    _plans("questions without one", "asks, and asks nothing", planning(outcome="questions")),
    BadReply("no plan", "finds nothing that fits", (Reply.json(planning(outcome="noPlan", actions=[], reason="\x1b[31mNo.")),), "no_fit"),
)  # fmt: skip
"""What the plan says."""
