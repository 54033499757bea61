"""Effects that link to each other and wait for each other, made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actwright.org.effect import Effect, FieldChange


def row(key: str, *, ref: str | None = None, to: str | None = None, **more: Any) -> Effect:
    """Return an effect, which may link to another; its action is what stands before the point."""
    link = FieldChange(
        field="ParentId", label="Parent", family="id", linked_to=to, provenance="output"
    )
    given: dict[str, Any] = {"operation": "CREATE", "object": "Lead", "ref": ref}
    given |= {"id": key, "action_id": key.partition(".")[0], "changes": (link,) if to else ()}
    return Effect.model_validate(given | more)


def rows(action: str, count: int, **more: Any) -> list[Effect]:
    """Return many effects of one action."""
    return [row(f"{action}.{place}", **more) for place in range(count)]


def updates(action: str, count: int, name: str = "Lead") -> list[Effect]:
    """Return the changes of known records."""
    return [
        row(f"{action}.{place}", operation="UPDATE", object=name, record_id=f"{action}{place}")
        for place in range(count)
    ]


def needing(needs: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    """Return what waits for what, as the parts take it."""
    return {key: frozenset(each) for key, each in needs.items()}
