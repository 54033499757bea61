"""Names of a run's records: what people call what its results know by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actwright.checkpoints.groups.arranging import owners
from actwright.checkpoints.preview import Preview
from actwright.checkpoints.wording.effect_words import deed, new_name
from actwright.org.effect import Effect
from actwright.runs.record.envelope import ActionResult


def record_names(preview: Preview | None, results: Sequence[ActionResult]) -> Mapping[str, str]:
    """Return the names of records by id, as far as they are known without asking the org.

    Args:
        preview: What was carried out; None where it is gone.
        results: What became of each action.
    """
    if preview is None:
        return {}
    names = {
        each.record_id: each.record_name
        for each in preview.effects
        if each.record_id and each.record_name
    }
    for each in results:
        names |= _created(preview.effects, each)
    return names


def _created(effects: Sequence[Effect], result: ActionResult) -> Mapping[str, str]:
    """Return the names of what one action created; none where it is not sure which id is whose."""
    own = [each for each in effects if result.id in owners(each)]
    known = {each.record_id for each in own}
    new_ids = [each for each in result.record_ids if each not in known]
    made = [each for each in own if deed(each) == "CREATE"]
    return dict(_named(new_ids, made)) if len(new_ids) == len(made) else {}


def _named(ids: Sequence[str], effects: Sequence[Effect]) -> Iterator[tuple[str, str]]:
    for record_id, effect in zip(ids, effects, strict=True):
        name = new_name(effect)
        if name:
            yield record_id, str(name)
