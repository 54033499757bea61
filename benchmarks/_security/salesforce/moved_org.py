"""Attacks from within the org: records, lookups and schema changed between what was shown and what is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.scenario import action, amount, blueprint, lookup, value, win

from actwright.canonical import Json
from benchmarks._security.salesforce.attack import Attack
from benchmarks._security.salesforce.scene import Scene, blocked

_DEAL = "Acme Renewal"
_NOTHING = "Nothing is written over what was not shown."


def _meanwhile(change: Callable[[Scene], object]) -> Callable[[Scene], str]:
    """Return an actor that changes something between the yes and the run."""

    def attempt(scene: Scene) -> str:
        preview = scene.show(amount("money", _DEAL, 125000))
        yes = scene.agree(preview)
        change(scene)
        return scene.run(preview, yes)

    return attempt


def _between_look_and_send(scene: Scene) -> str:
    preview = scene.show(amount("money", _DEAL, 125000))
    yes = scene.agree(preview)
    scene.org.on_send = lambda _: scene.edit("Opportunity", _DEAL, Amount=1)
    return scene.run(preview, yes)


def _gone(scene: Scene) -> None:
    scene.org.rows["Opportunity"].remove(scene.row("Opportunity", _DEAL))


def _renamed_into_place(scene: Scene) -> None:
    """Let the confirmed record have another name, and another record its name."""
    scene.edit("Opportunity", _DEAL, Name="Old")
    scene.edit("Opportunity", "Globex Pilot", Name=_DEAL)


def _field(scene: Scene, **changes: object) -> None:
    """Change the schema of an opportunity's amount; with ``type`` None the field is gone."""
    schema = scene.org.schemas["Opportunity"]
    fields = [
        replace(each, **changes) if each.name == "Amount" else each  # type: ignore[arg-type]  # given by name
        for each in schema.fields
        if each.name != "Amount" or changes.get("name") != ""
    ]
    changed = replace(schema, fields=tuple(fields))
    scene.org.schemas = {**scene.org.schemas, "Opportunity": changed}


def _twin(scene: Scene) -> str:
    twin = {**scene.row("Opportunity", _DEAL), "Id": "006000000009999AAA"}
    scene.org.rows["Opportunity"].append(twin)
    return blocked(scene.show(win()))


def _no_record(scene: Scene) -> str:
    where: Json = [{"field": "Name", "value": "Acme Renewa\u0131"}]
    given: Json = {"lookup": {"object": "Opportunity", "where": where, "field": "Id"}}
    return blocked(scene.show(win() | {"arguments": {"Id": given}}))


def _of_another_object(scene: Scene) -> str:
    entry = blueprint("UPDATE", "Opportunity", "Id", "NextStep")
    found = lookup("Account", "Name", "Acme")
    return blocked(scene.show(action("x", entry, Id=found, NextStep=value("x"))))


def _more_rows(scene: Scene) -> str:
    deal = scene.row("Opportunity", _DEAL)
    where: Json = [{"field": "AccountId", "value": str(deal["AccountId"])}]
    entry = blueprint("UPDATE", "Opportunity", "Id", "NextStep")
    rows: dict[str, Json] = {"forEach": {"object": "Opportunity", "where": where, "limit": 50}}
    preview = scene.show(
        action("all", entry, NextStep=value("Call")) | rows,
        data={"account": str(deal["AccountId"])},
    )
    yes = scene.agree(preview)
    scene.org.rows["Opportunity"].append({**deal, "Id": "006000000009999AAA", "Name": "Planted"})
    ended = scene.run(preview, yes)
    planted = scene.row("Opportunity", "Planted")
    return f"{ended}, planted row untouched" if planted.get("NextStep") != "Call" else "written"


_CHANGES: tuple[tuple[str, str, Callable[[Scene], object], tuple[str, ...]], ...] = (
    ("amount changed", "changed the amount after the yes", lambda it: it.edit("Opportunity", _DEAL, Amount=1), ("drift",)),
    ("another field changed", "changed another field of the record after the yes", lambda it: it.edit("Opportunity", _DEAL, NextStep="x"), ("drift",)),
    ("deleted", "deleted the record after the yes", _gone, ("drift",)),
    ("renamed into place", "gave another record the confirmed one's name", _renamed_into_place, ("drift",)),
    ("field gone", "took the field away", lambda it: _field(it, name=""), ("drift", "refused")),
    ("field read-only", "took the right to the field away", lambda it: _field(it, updateable=False), ("refused",)),
    ("field of another type", "made a checkbox of the field", lambda it: _field(it, type="boolean"), ("drift", "refused")),
)  # fmt: skip

ATTACKS = (
    *(
        Attack(f"org: {name}", does, _NOTHING, _meanwhile(change), ends)
        for name, does, change, ends in _CHANGES
    ),
    Attack("org: between look and send", "changed the record after the last look", _NOTHING, _between_look_and_send, ("drift",)),
    Attack("lookup: a twin", "made a second record of the name that is looked up", "Nobody guesses which.", _twin, ("lookup_ambiguous",)),
    Attack("lookup: a look-alike name", "asked for a name with a look-alike letter", "Nothing similar is taken instead.", _no_record, ("lookup_not_found",)),
    Attack("lookup: of another object", "looked an account up for an opportunity's id", "It is not written to.", _of_another_object, ("record_id_invalid",)),
    Attack("org: a row planted", "made one more record that fits the condition after the yes", "It is not written to.", _more_rows, ("completed, planted row untouched", "drift, planted row untouched")),
)  # fmt: skip
