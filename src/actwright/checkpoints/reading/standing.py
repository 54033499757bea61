"""Standing: what a plan would do, held against the records as they stand in the org."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from actwright.checkpoints.reading.before_images import with_before_images
from actwright.checkpoints.reading.cascade import with_cascades
from actwright.checkpoints.reading.pointers import with_pointers
from actwright.checkpoints.reading.snapshot import Snapshots, completed, located, take
from actwright.checkpoints.resolving.production import merged
from actwright.checkpoints.wording.effect_words import changes_nothing
from actwright.org.effect import Effect
from actwright.org.ports import OrgReader


@dataclass(frozen=True, slots=True)
class Standing:
    """Effects with their before-values, and what was read for them.

    Attributes:
        effects: What would happen, writes to one record brought together.
        snapshots: The records it would happen to.
        unchanged: By repeated action, the ids of the rows that hold the new values already and are left alone.
    """

    effects: tuple[Effect, ...]
    snapshots: Snapshots
    unchanged: Mapping[str, frozenset[str]]


def standing(
    reader: OrgReader,
    effects: Sequence[Effect],
    repeated: Collection[str],
    *,
    taking_back: bool = False,
) -> Standing:
    """Return the effects as the records stand.

    Args:
        reader: The org.
        effects: As the implementations produced them.
        repeated: The ids of the actions that are repeated for rows.
        taking_back: Whether they take a run back: what others lead to a record that goes is looked for then.

    Raises:
        RefusedError: Two actions contradict each other, a key matches several records, or a delete takes too much.
        OrgError: The org cannot be asked.
    """
    drafts = with_before_images(reader, located(reader, merged(effects)))
    drafts = with_cascades(reader, drafts)
    drafts = with_pointers(reader, drafts, drafts) if taking_back else drafts
    snapshots = take(reader, drafts)
    kept: list[Effect] = []
    unchanged: dict[str, set[str]] = defaultdict(set)
    for each in (completed(draft, snapshots) for draft in drafts):
        owners = (each.action_id, *each.also_for)
        if each.record_id in snapshots.records and _left_alone(each, owners, repeated):
            for owner in owners:
                unchanged[owner].add(each.record_id or "")
        else:
            kept.append(each)
    left = {owner: frozenset(ids) for owner, ids in unchanged.items()}
    return Standing(tuple(kept), snapshots, left)


def _left_alone(effect: Effect, owners: Sequence[str], repeated: Collection[str]) -> bool:
    return all(each in repeated for each in owners) and changes_nothing(effect)
