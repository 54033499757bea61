"""Fingerprints: what a planner's answer rests on beside the goal, as digests that change when it does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from actwright.blueprints.library import Library
from actwright.canonical import digest
from actwright.org.query import JsonScalar
from actwright.org.record_id import is_record_id
from actwright.org.schema import ObjectSummary
from actwright.planning.cache.shape import Shape
from actwright.planning.planner import PlanningRequest

_VERSION = 1
"""Raised whenever shapes or templates mean something else."""


class Fingerprints:
    """Digests of the library and of the org's list of objects, kept for as long as these stay the same."""

    def __init__(self) -> None:
        self._library: tuple[Library, str] | None = None
        self._objects: tuple[Sequence[ObjectSummary], str] | None = None

    def key(self, request: PlanningRequest, shape: Shape, planner: str) -> str:
        """Return the key of a goal's shape, for one person in one org, one library and one planner.

        Args:
            request: The goal and what belongs to it.
            shape: The goal's shape.
            planner: All that changes what the planner answers: its kind, version, model, prompts and domains.
        """
        org = request.org
        return digest(
            {
                "version": _VERSION,
                "shape": json.dumps(shape.spelled),
                "data": sorted([name, data_kind(each)] for name, each in request.data.items()),
                "blueprint": request.blueprint,
                "planner": planner,
                "library": self._of_library(request.library),
                "objects": self._of_objects(org.objects()),
                "org": org.identity.id,
                "user": [org.user.id, org.user.username, org.user.zone, org.user.locale],
            }
        )

    def _of_library(self, library: Library) -> str:
        kept = self._library
        if kept is None or kept[0] is not library:
            whole = hashlib.sha256()
            for each in library.entries:
                whole.update(f"{each.key}\n{each.blueprint.model_dump_json()}\n".encode())
            kept = self._library = (library, whole.hexdigest())
        return kept[1]

    def _of_objects(self, objects: Sequence[ObjectSummary]) -> str:
        kept = self._objects
        if kept is None or (kept[0] is not objects and kept[0] != objects):
            lines = "\n".join(repr(each) for each in objects)
            kept = self._objects = (objects, hashlib.sha256(lines.encode()).hexdigest())
        return kept[1]


def data_kind(value: JsonScalar) -> str:
    """Return what kind of value a piece of data is: ids by their prefix, texts and numbers by their type."""
    if isinstance(value, str):
        text = value.strip()
        named = is_record_id(text) and any(each.isdigit() for each in text)
        return f"id {text[:3]}" if named else "text" if text else "blank"
    return type(value).__name__
