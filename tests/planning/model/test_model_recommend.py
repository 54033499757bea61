"""The model's opinion moves the ranking, and brings nothing in that was not there."""

from __future__ import annotations

import pytest
from tests.memory_org import demo_org
from tests.model_replies import LIBRARY, PROMPTS, Document, FakeChat, Log

from actwright.canonical import Json
from actwright.errors import ModelReplyError
from actwright.model.settings import ModelSettings
from actwright.planning.model.recommender import ModelRecommender
from actwright.planning.planner import Recommendation
from actwright.planning.ranking.recommend import recommend

GOAL = "The Acme Renewal is in the bag"


def item(key: str, score: Json = 0.9, rationale: str = "in the bag") -> Json:
    """Return one item of a reply."""
    return {"key": key, "score": score, "rationale": rationale}


def recommended(
    *replies: Document, goal: str = GOAL, top: int = 5
) -> tuple[tuple[Recommendation, ...], FakeChat]:
    """Return what is recommended, and what was asked."""
    chat = FakeChat(list(replies))
    made = ModelRecommender(chat, PROMPTS, ModelSettings(model="fake"), log=Log())
    return made.recommend(goal, LIBRARY, demo_org(), top), chat


def test_a_model_brings_up_what_the_words_do_not() -> None:
    """A figure of speech is the model's to read; the source says whose idea it was."""
    found, _ = recommended({"items": [item("oppty_closed_won")]})
    assert found[0].key == "oppty_closed_won"
    assert "the model" in found[0].rationale
    assert 0 <= found[0].score <= 1


def test_without_an_opinion_the_rules_stand() -> None:
    """An empty list changes nothing."""
    found, _ = recommended({"items": []}, goal="Close the Acme Renewal as won")
    assert [each.key for each in found] == [
        each.key for each in recommend("Close the Acme Renewal as won", LIBRARY, demo_org(), 5)
    ]


@pytest.mark.parametrize(
    "items",
    [
        [item("drop_everything")],
        [item("oppty_closed_won"), item("oppty_closed_won")],
        [item("oppty_closed_won", 7)],
        [item("oppty_closed_won", "high")],
        [None],
    ],
)
def test_what_is_no_recommendation_is_refused(items: list[Json]) -> None:
    """Unknown keys, doubles, scores outside of 0 to 1 and nulls never get into the ranking."""
    with pytest.raises(ModelReplyError):
        recommended({"items": items}, {"items": items}, {"items": items})


def test_a_rationale_is_inert() -> None:
    """A model's words cannot move the cursor."""
    found, _ = recommended({"items": [item("oppty_closed_won", rationale="\x1b[2Jbag\u202e")]})
    assert "\x1b" not in found[0].rationale
    assert "\u202e" not in found[0].rationale


def test_no_record_is_sent() -> None:
    """The model sees the goal and the candidates."""
    _, chat = recommended({"items": []})
    org = demo_org()
    sent = chat.sent()
    names = {str(row["Name"]) for rows in org.rows.values() for row in rows if row.get("Name")}
    assert [
        name for name in names if " " in name and name in sent.replace("Acme Renewal", "")
    ] == []


def test_nothing_is_asked_for_nothing() -> None:
    """Of no places, none is filled, and no request is made."""
    found, chat = recommended(top=0)
    assert found == ()
    assert chat.requests == []
