"""Scorecards: counted from their cases, kept by version, model and origin, and refused where they were edited."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError
from tests import scorecard_scene as scene

from actwright.errors import DocumentError
from actwright.regression.noise import Noise
from actwright.regression.scores.scorecard import Scorecard, totals_of
from actwright.regression.scores.scorecards import KeptScorecards, read_card


@pytest.fixture
def kept(tmp_path: Path) -> KeptScorecards:
    """Return an empty folder of scorecards."""
    return KeptScorecards(tmp_path / "scorecards")


def test_totals_are_counted_by_what_each_case_wanted() -> None:
    """Plans, questions, refusals and failures are counted apart, and those of them that are right."""
    totals = totals_of([*scene.first().cases, scene.wrong("other", scene.refused(), "plans it")])
    assert (totals.cases, totals.right) == (5, 4)
    assert (totals.plans, totals.questions, totals.refusals, totals.failures) == (2, 1, 2, 0)
    assert (totals.plans_right, totals.questions_right, totals.refusals_right) == (2, 1, 1)
    assert totals.tokens == 5_000


def test_a_cost_that_is_not_known_of_some_case_is_not_known_at_all() -> None:
    """A sum over some of the cases would pass for what all of them cost."""
    cases = [scene.case("one", scene.refused(), cost="0.01"), scene.case("two", scene.refused())]
    assert totals_of(cases).cost is None
    assert totals_of(cases[:1]).cost == "0.01"


def test_latency_is_taken_by_nearest_rank() -> None:
    """Of twenty cases, 95 in 100 are the first nineteen."""
    cases = [scene.case(f"c{each}", scene.refused(), seconds=float(each)) for each in range(1, 21)]
    totals = totals_of(cases)
    assert (totals.median_seconds, totals.high_seconds) == (10.0, 19.0)


def test_a_scorecard_survives_its_file(kept: KeptScorecards) -> None:
    """What is read is what was written, in a file that tells prompt, version, hash, model and origin."""
    card = scene.first()
    path = kept.write(card)
    assert path.name == "plan-v1-01010101-scripted-model-scripted.json"
    assert kept.all() == (card,)
    assert kept.like(card.model_copy(update={"at": "2030-01-01T00:00:00.000Z"})) == card


def test_a_model_whose_name_is_no_file_name_gets_one_of_its_own(kept: KeptScorecards) -> None:
    """``../a/b`` and ``.._a_b`` are two models, in two files inside the folder."""
    paths = {
        kept.write(scene.first().model_copy(update={"model": each})).resolve()
        for each in ("../a/b", ".._a_b")
    }
    assert len(paths) == 2
    assert len({each.parent for each in paths}) == 1
    assert len(kept.all()) == 2


def test_a_file_is_left_alone_where_only_the_moment_differs(kept: KeptScorecards) -> None:
    """Recording the same again makes no change in the repository; anything else does."""
    path = kept.write(scene.first())
    before = path.read_bytes()
    later = scene.first().model_copy(update={"at": "2030-01-01T00:00:00.000Z"})
    kept.write(later)
    assert path.read_bytes() == before
    kept.write(later.model_copy(update={"suite": "6b" * 32}))
    assert path.read_bytes() != before


def test_the_version_before_is_of_the_same_prompt_model_and_origin(kept: KeptScorecards) -> None:
    """Version 10 comes after version 9, and a live scorecard is never before a scripted one."""
    for version in ("9", "10", "11"):
        kept.write(scene.card(scene.first().cases, version=version))
    kept.write(scene.live("10", scene.first().cases, model="scripted-model"))
    eleven = scene.card(scene.first().cases, version="11")
    before = kept.before(eleven)
    assert before is not None
    assert (before.version, before.origin) == ("10", "scripted")
    assert kept.before(scene.card(scene.first().cases, version="9")) is None


def _edited(path: Path, **changes: object) -> Path:
    document = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")
    return path


def test_a_total_edited_by_hand_is_named_with_file_and_line(kept: KeptScorecards) -> None:
    """A better score than the cases bear is refused."""
    path = kept.write(scene.second())
    totals = json.loads(path.read_text(encoding="utf-8"))["totals"]
    _edited(path, totals={**totals, "right": 4})
    with pytest.raises(DocumentError) as caught:
        KeptScorecards(path.parent).all()
    assert "totals are not those of the cases: right" in caught.value.message
    assert f"{path}, line " in str(caught.value.where)


def test_another_form_is_named_with_its_line(kept: KeptScorecards) -> None:
    """A scorecard of a newer program says so, and where."""
    path = kept.write(scene.first())
    with pytest.raises(DocumentError) as caught:
        read_card(_edited(path, format=2))
    assert "format 2" in caught.value.message
    assert str(caught.value.where) == f"{path}, line 2"


def test_an_unknown_field_is_named_with_its_line(kept: KeptScorecards) -> None:
    """The line is that of the field in the file."""
    path = kept.write(scene.first())
    plain = path.read_text(encoding="utf-8")
    text = plain.replace('"wanted": "plan"', '"gravity": 1,\n      "wanted": "plan"', 1)
    path.write_text(text, encoding="utf-8")
    line = 1 + text[: text.index('"gravity"')].count("\n")
    with pytest.raises(DocumentError) as caught:
        read_card(path)
    assert "gravity: unknown field" in caught.value.message
    assert str(caught.value.where) == f"{path}, line {line}"


def test_a_renamed_file_is_refused(kept: KeptScorecards) -> None:
    """A scripted scorecard does not become a live one by its file's name."""
    path = kept.write(scene.first())
    other = path.rename(path.with_name(path.name.replace("scripted.json", "live.json")))
    with pytest.raises(DocumentError, match="renamed, or edited"):
        KeptScorecards(other.parent).all()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 1}', "null", '{"format": NaN}'])
def test_what_is_no_scorecard_is_refused_by_name(tmp_path: Path, text: str) -> None:
    """Whatever the file holds, the error names it."""
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_card(path)
    assert "broken.json" in str(caught.value.where)


_SCALARS = some.none() | some.booleans() | some.integers() | some.text(max_size=5)
_VALUES = some.recursive(
    _SCALARS,
    lambda inner: some.lists(inner, max_size=2) | some.dictionaries(some.text(max_size=5), inner),
    max_leaves=4,
)


def _paths(value: object, way: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """Yield the way to each part of a document."""
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value if isinstance(value, list) else ())
    )
    for key, inner in items:
        yield (*way, key)
        yield from _paths(inner, (*way, key))


@given(some.data())
def test_whatever_is_edited_it_is_read_as_a_scorecard_or_refused_by_name(
    tmp_path_factory: pytest.TempPathFactory, data: some.DataObject
) -> None:
    """No edit of a file makes anything but a scorecard whose totals are its cases', or an error with the place."""
    document: Any = scene.second().model_dump(mode="json")
    *way, last = data.draw(some.sampled_from(list(_paths(document))))
    part = document
    for key in way:
        part = part[key]
    part[last] = data.draw(_VALUES)
    path = tmp_path_factory.getbasetemp() / "edited.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    read = _read(path)
    if isinstance(read, Scorecard):
        assert read.totals == totals_of(read.cases)
    else:
        assert "edited.json" in str(read.where)


def _read(path: Path) -> Scorecard | DocumentError:
    try:
        return read_card(path)
    except DocumentError as error:
        return error


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "guessed"},
        {"cases": ()},
        {"cases": (scene.case("b", scene.refused()), scene.case("a", scene.refused()))},
        {"cases": (scene.case("a", scene.refused(), seconds=1.0),)},
    ],
)
def test_a_scorecard_that_cannot_be_is_refused(changes: dict[str, object]) -> None:
    """An unknown origin, no case, cases out of order, and times of a script are refused."""
    found = changes.get("cases", scene.first().cases)
    assert isinstance(found, tuple)
    with pytest.raises(ValidationError):
        Scorecard.model_validate(
            scene.first().model_dump() | {"totals": totals_of(found)} | changes
        )


def test_a_case_cannot_be_right_and_wrong() -> None:
    """A case with a difference is not right."""
    with pytest.raises(ValidationError):
        scene.case("a", scene.refused(), differences=("asks a1.Id",))


@pytest.mark.parametrize(
    "stated", [{"scripted": {"right": {"cases": 1}}}, {"live": {"grave": {"cases": 1}}}]
)
def test_no_band_excuses_what_is_no_noise(stated: dict[str, object]) -> None:
    """A script has no noise, and a grave case is none."""
    with pytest.raises(ValidationError, match="noise"):
        Noise.model_validate(stated)
