"""Attacks on what was shown: a confirmed preview with something else in it, in hand and in the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from tests.scenario import amount, task

from actwright import Preview
from actwright.checkpoints.digest import digest_of
from actwright.document import validated
from actwright.errors import InputError
from benchmarks._security.salesforce.attack import Attack
from benchmarks._security.salesforce.scene import Scene

Document: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Document], None]


def _effects(document: Document) -> list[Document]:
    found: list[Document] = document["groups"][0]["effects"]
    return found


def _written(document: Document) -> Document:
    """Return the change of the amount."""
    return next(
        it for each in _effects(document) for it in each["changes"] if it["field"] == "Amount"
    )


def _of_amount(document: Document) -> Document:
    return next(
        it for it in _effects(document) if any(c["field"] == "Amount" for c in it["changes"])
    )


def _smuggled(document: Document) -> None:
    changes = _of_amount(document)["changes"]
    changes.append({**changes[0], "field": "ExpectedRevenue", "after": "5"})


def _added(document: Document) -> None:
    found = _effects(document)
    found.append({**found[0], "id": "evil.1"})


def _dropped(document: Document) -> None:
    _effects(document).pop()


def _reordered(document: Document) -> None:
    _effects(document).reverse()


def _duplicated(document: Document) -> None:
    group = document["groups"][0]
    document["groups"].append({**group, "id": "g2"})


CHANGES: dict[str, tuple[str, Change]] = {
    "amount": ("ten times the amount that was confirmed", lambda it: _written(it).update(after="1250000")),
    "cross-record": ("the same change, of another record", lambda it: _of_amount(it).update(recordId="006000000000099AAA")),
    "cross-object": ("the same change, on another object", lambda it: _of_amount(it).update(object="Account")),
    "operation": ("a delete where a change was confirmed", lambda it: _of_amount(it).update(operation="DELETE")),
    "field smuggled": ("a further field beside the confirmed one", _smuggled),
    "field swapped": ("the confirmed value, in another field", lambda it: _written(it).update(field="ExpectedRevenue")),
    "version dropped": ("no version, so that no drift is noticed", lambda it: _of_amount(it).update(version=None)),
    "before-value": ("another old value, so that undo restores it", lambda it: _written(it).update(before="1")),
    "provenance washed": ("the model's own value as the person's", lambda it: _written(it).update(provenance="data")),
    "step added": ("one more effect", _added),
    "step dropped": ("one effect less", _dropped),
    "steps reordered": ("the effects the other way round", _reordered),
    "steps duplicated": ("the whole group once more", _duplicated),
    "checkpoint text": ("a question that says nothing happens", lambda it: it.update(question="Nothing would happen.")),
    "policy": ("another policy's version", lambda it: it.update(policyVersion="pol_000000000000")),
    "person": ("another running user", lambda it: it["runningUser"].update(id="005000000000009AAA")),
    "org": ("another org", lambda it: it["org"].update(id="00D000000000009")),
    "implementation": ("another override behind the action", lambda it: it["actions"][0].update(implementation="evil:act")),
    "duplicates": ("saving in spite of duplicate rules", lambda it: it["groups"][0].update(allowDuplicates=True)),
}  # fmt: skip


def _shown(scene: Scene) -> Preview:
    return scene.show(amount("money", "Acme Renewal", 125000), task())


def _in_hand(change: Change) -> Callable[[Scene], str]:
    def attempt(scene: Scene) -> str:
        preview = _shown(scene)
        yes = scene.agree(preview)
        document = preview.model_dump(mode="json")
        change(document)
        changed = validated(Preview, document, where="the preview", error=InputError)
        return scene.run(changed, yes)

    return attempt


def _in_store(change: Change) -> Callable[[Scene], str]:
    def attempt(scene: Scene) -> str:
        preview = _shown(scene)
        yes = scene.agree(preview)
        scene.rewrite("preview", change)
        return scene.run(preview.id, yes)

    return attempt


def _digest_too(change: Change) -> Callable[[Scene], str]:
    """Return an actor that changes the stored preview and its digest with it, so that the document fits itself."""

    def fitting(document: Document) -> None:
        change(document)
        fits = validated(Preview, document, where="the preview", error=InputError)
        document["digest"] = digest_of(fits)

    return _in_store(fitting)


_FITTING = {"policy": ("policy_changed",), "implementation": ("drift",)}
"""What is noticed before anybody looks at the yes."""

_HOLDS = "What was shown is written, or nothing."

ATTACKS = (
    *(
        Attack(f"in hand: {name}", f"ran a copy of the preview with {words}", _HOLDS, _in_hand(change), ("document_edited",))
        for name, (words, change) in CHANGES.items()
    ),
    *(
        Attack(f"in the store: {name}", f"edited the stored preview: {words}", _HOLDS, _in_store(change), ("document_edited",))
        for name, (words, change) in CHANGES.items()
    ),
    *(
        Attack(f"in the store, digest too: {name}", f"edited the stored preview and its digest: {words}", _HOLDS, _digest_too(change), _FITTING.get(name, ("confirmation_foreign",)))
        for name, (words, change) in CHANGES.items()
    ),
)  # fmt: skip
