"""What page and terminal share: gathering, spreads, provenance, undo, links."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests import pages_scene as scene
from tests.memory_org import demo_schemas

from actwright.org.identity import OrgIdentity
from actwright.pages.gathering import currency_of, gathered, spread
from actwright.pages.links import record_url
from actwright.pages.provenances import by_provenance
from actwright.pages.summary import tally, together, undo_summary


def test_effects_that_are_alike_are_gathered_in_order() -> None:
    """The same fields of the same object belong together, wherever they stand; what differs stands alone."""
    many = [scene.update(number, scene.stage(), action=f"u{number}") for number in range(4)]
    found = gathered([many[0], scene.create_task(), *many[1:], scene.delete()], ())
    assert [(len(each.effects), each.many) for each in found] == [(4, True), (1, False), (1, False)]


def test_a_repeated_action_stays_apart_from_single_ones() -> None:
    """Rows an action was bound to are never mixed with other effects, and one row is told as rows too."""
    alone = scene.update(9, scene.stage(), action="b")
    bound = scene.update(1, scene.stage())
    found = gathered([bound, alone], (scene.bound(1),))
    assert [(bool(each.bound), each.many) for each in found] == [(True, True), (False, False)]


def test_a_few_values_are_counted_and_many_have_ends() -> None:
    """A few values have their counts, most first; more numbers have the least and the greatest, by size not by text."""
    stages = spread([scene.stage(before) for before in "aabbbc"], "before")
    assert [(count, each.before) for count, each in stages.counts] == [(3, "b"), (2, "a"), (1, "c")]
    amounts = spread(
        [scene.amount(each, 1) for each in (9, 80, 700, 6_000, 50_000)] + [scene.amount(None, 1)],
        "before",
    )
    assert amounts.ends is not None
    assert [each.before for each in amounts.ends] == [Decimal(9), Decimal(50_000)]
    texts = spread([scene.stage(str(each)) for each in range(9)], "before")
    assert (texts.ends, texts.counts, texts.different) == (None, (), 9)


def test_values_are_counted_by_where_they_come_from() -> None:
    """Doubtful ones first; the same value of the same source once, with its number; what a delete loses is no value."""
    found = by_provenance([*scene.many(6).effects, scene.delete(), scene.create_task()])
    assert [(each.provenance, each.count, each.doubtful) for each in found] == [
        ("model", 1, True),
        ("goal", 7, False),
        ("data", 6, False),
        ("lookup", 1, False),
    ]
    (stage, _due) = found[1].values
    assert (stage.count, stage.change.after) == (6, "Closed Lost")


def test_undo_of_many_is_a_handful_of_sentences() -> None:
    """Records that are taken back alike are counted; what cannot be undone is told apart."""
    found = undo_summary(scene.many(20))
    assert (found.ways, found.complete) == (("Set 20 Opportunity records back.",), True)
    assert undo_summary(scene.many(2)).ways == ("Set 2 Opportunity records back.",)
    few = undo_summary(scene.preview([scene.update(1, scene.stage())]))
    assert len(few.ways) == 1
    assert "records" not in few.ways[0]
    lost = undo_summary(scene.preview([scene.delete(f"d{each}") for each in range(3)]))
    assert not lost.complete
    assert lost.impossible[0].endswith("(3 times)")


def test_a_tally_counts_an_upsert_as_what_it_does() -> None:
    """An upsert that matched is a change, one that did not is a create."""
    matched = scene.update(1, scene.stage()).model_copy(update={"operation": "UPSERT"})
    found = tally([matched, matched.model_copy(update={"record_id": None}), scene.delete()])
    assert (found.created, found.changed, found.deleted) == (1, 1, 1)


@pytest.mark.parametrize(
    ("update", "words"),
    [
        ({}, "all or nothing"),
        ({"atomic": False, "carrier": "bulk"}, "each row for itself"),
        ({"atomic": False, "carrier": "graph"}, "parts stand apart"),
    ],
)
def test_whether_it_happens_whole_is_said(update: dict[str, object], words: str) -> None:
    """Only an atomic group is said to be all or nothing."""
    document = scene.few()
    group = document.groups[0].model_copy(update=update)
    assert together(document.model_copy(update={"groups": (group,)})) == words
    assert together(document.model_copy(update={"groups": ()})) == "nothing to do"


def test_the_currency_of_a_record_is_taken_from_its_effect() -> None:
    """An org with several currencies says on each record which one it is."""
    code = scene.stage("USD", "EUR").model_copy(update={"field": "CurrencyIsoCode"})
    assert currency_of(scene.update(1, code)) == "EUR"
    assert currency_of(scene.update(1, scene.stage())) is None


@pytest.mark.parametrize(
    ("url", "local", "record_id", "linked"),
    [
        ("https://acme.my.salesforce.com/", False, "006000000000001AAA", True),
        ("https://acme.my.salesforce.com", True, "006000000000001AAA", False),
        ("https://acme.my.salesforce.com", False, "006/../../x", False),
        ("https://acme.my.salesforce.com", False, None, False),
        ("javascript:alert(1)//", False, "006000000000001AAA", False),
        ("https:///x", False, "006000000000001AAA", False),
        ("https://a.example/\x1b]8;;x", False, "006000000000001AAA", False),
    ],
)
def test_only_a_real_id_of_a_lasting_org_is_linked(
    url: str,
    local: bool,  # noqa: FBT001 - parametrised
    record_id: str | None,
    linked: bool,  # noqa: FBT001 - parametrised
) -> None:
    """Nothing but an id is appended to nothing but a web address."""
    found = record_url(OrgIdentity(id="00D", url=url, local=local), record_id)
    assert found == ("https://acme.my.salesforce.com/006000000000001AAA" if linked else None)


def test_the_schema_tells_what_a_number_counts() -> None:
    """Money and percentages are known by their type; a plain number counts nothing in particular."""
    fields = demo_schemas()["Opportunity"].by_name
    assert fields["amount"].unit == "money"
    assert fields["probability"].unit == "percent"
    assert fields["name"].unit is None


def test_rows_of_two_actions_are_told_apart_from_those_of_one() -> None:
    """A record that several repeated actions write to is told under the conditions of all of them."""
    both = [
        scene.update(number, scene.stage()).model_copy(update={"also_for": ("b",)})
        for number in range(2)
    ]
    other = scene.bound(2).model_copy(update={"action_id": "b"})
    found = gathered([*both, scene.update(3, scene.stage())], (scene.bound(3), other))
    assert [[each.action_id for each in one.bound] for one in found] == [
        [scene.bound(3).action_id, "b"],
        [scene.bound(3).action_id],
    ]


def test_what_is_made_for_rows_is_not_called_by_their_name() -> None:
    """Tasks for opportunities are tasks."""
    tasks = [
        scene.create_task().model_copy(update={"action_id": scene.bound(2).action_id})
        for _ in range(2)
    ]
    (found,) = gathered(tasks, (scene.bound(2),))
    assert (found.label, found.own) == ("Task records", False)
