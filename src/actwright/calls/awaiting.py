"""The three calls before a run for code with an event loop: each runs its twin in a thread, and the loop goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, Protocol

from actwright.blueprints.plan import Plan
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.editing.payload import Payload
from actwright.checkpoints.preview import Preview
from actwright.org.query import JsonScalar
from actwright.planning.planner import PlanningOutcome

Answer = Literal["yes", "no"]


class Calls(Protocol):
    """The calls themselves, which block."""

    def plan(
        self,
        goal: str,
        *,
        data: Mapping[str, JsonScalar] | None = None,
        blueprint: str | None = None,
    ) -> PlanningOutcome:
        """Turn a goal into a plan, questions, or a refusal."""
        ...

    def preview(
        self,
        plan: Plan | str,
        *,
        payload: Payload | None = None,
        max_rows: int | None = None,
        allow_delete: bool = False,
        allow_duplicates: bool = False,
        apart: bool = False,
        deep: bool = False,
    ) -> Preview:
        """Show exactly what a plan would do."""
        ...

    def confirm(
        self,
        preview: Preview | str,
        *,
        approver: str = "",
        answer: Answer = "yes",
        lifetime: timedelta | None = None,
        key: str | None = None,
    ) -> Confirmation:
        """Record a person's answer."""
        ...


class AsyncCalls:
    """Adds the asynchronous twins to a class that has the calls; runs have their own, which hold no thread."""

    async def aplan(
        self: Calls,
        goal: str,
        *,
        data: Mapping[str, JsonScalar] | None = None,
        blueprint: str | None = None,
    ) -> PlanningOutcome:
        """Do as `plan`, without blocking the event loop."""
        return await asyncio.to_thread(self.plan, goal, data=data, blueprint=blueprint)

    async def apreview(
        self: Calls,
        plan: Plan | str,
        *,
        payload: Payload | None = None,
        max_rows: int | None = None,
        allow_delete: bool = False,
        allow_duplicates: bool = False,
        apart: bool = False,
        deep: bool = False,
    ) -> Preview:
        """Do as `preview`, without blocking the event loop."""
        return await asyncio.to_thread(
            self.preview,
            plan,
            payload=payload,
            max_rows=max_rows,
            allow_delete=allow_delete,
            allow_duplicates=allow_duplicates,
            apart=apart,
            deep=deep,
        )

    async def aconfirm(
        self: Calls,
        preview: Preview | str,
        *,
        approver: str = "",
        answer: Answer = "yes",
        lifetime: timedelta | None = None,
        key: str | None = None,
    ) -> Confirmation:
        """Do as `confirm`, without blocking the event loop."""
        return await asyncio.to_thread(
            self.confirm, preview, approver=approver, answer=answer, lifetime=lifetime, key=key
        )
