"""Plans for each way a group goes out: one composite, a composite of collections, a graph in parts, a bulk job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from tests.scenario import Rest, action, blueprint, plan_of, value

from actwright import Actwright, Confirmation, Preview

CARRIERS = ("composite", "collections", "parts", "bulk")
FEW, MANY, VERY_MANY = 3, 26, 36
"""Tasks in one call, in rows of one call, and enough for a job where that is asked for."""
_TASK = blueprint("CREATE", "Task", "Subject")


@dataclass(frozen=True)
class Cargo:
    """A confirmed plan whose first step is one task, and whose second one goes out as it was asked for.

    Attributes:
        name: What each task's subject begins with.
        admin: Counts them.
        preview: What is to be carried out.
        yes: The yes to it.
    """

    name: str
    admin: Rest
    preview: Preview
    yes: Confirmation

    @classmethod
    def of(cls, carrier: str, app: Actwright, admin: Rest) -> Cargo:
        """Prepare one.

        Args:
            carrier: One of `CARRIERS`; for ``bulk`` the least size of a job has to be made small before.
            app: Who prepares and carries it out.
            admin: Counts what came of it.
        """
        name = f"Cargo {uuid4().hex[:8]}"
        count = {"collections": MANY, "bulk": VERY_MANY}.get(carrier, FEW)
        tasks = [
            action(f"t{each}", _TASK, Subject=value(f"{name} {each}")) for each in range(count)
        ]
        preview = app.preview(plan_of(app, *tasks), apart=carrier == "parts")
        assert preview.blocked == ()
        return cls(name, admin, preview, app.confirm(preview, approver="Alice Archer"))

    @property
    def path(self) -> str:
        """The path its write goes to."""
        (group,) = self.preview.groups
        paths = {"graph": "*/composite/graph", "bulk": "*/jobs/ingest*"}
        return paths.get(group.carrier, "*/composite")

    @property
    def written(self) -> dict[str, str]:
        """The ids of the tasks there are, by the ids of the effects that made them; none is there twice."""
        found = self.admin.rows(f"SELECT Id, Subject FROM Task WHERE Subject LIKE '{self.name} %'")
        assert set(Counter(each["Subject"] for each in found).values()) <= {1}
        ids = {each["Subject"]: str(each["Id"]) for each in found}
        subjects = {
            each.id: str(next(one.after for one in each.changes if one.field == "Subject"))
            for each in self.preview.effects
        }
        return {key: ids[subject] for key, subject in subjects.items() if subject in ids}


Cargoes = Callable[[str, Actwright], Cargo]
