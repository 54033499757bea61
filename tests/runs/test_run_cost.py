"""What a run may cost: the declared prices of overrides and of API calls, and what an answer says it was instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from tests.runs.memory_app import Post, five_groups, memory_app, subjects
from tests.writable_org import WritableOrg, writable_org

from actwright import ActionRequest, Actwright
from actwright.actions.price import MOST, price_of
from actwright.checkpoints.digest import digest_of
from actwright.errors import ImplementationError
from actwright.org.query import JsonScalar
from actwright.runs.record.state import RunLimits


@dataclass
class Stamped(Post):
    """A mail service that has its price, and may say that it was another one."""

    price: Decimal | None = Decimal("1.50")
    was: str = ""
    breaks: bool = False

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Send it, and tell what it has cost."""
        told = {"cost": self.was} if self.was else {}
        sent = {**super().act(request), **told}
        if self.breaks:
            raise ConnectionError
        return sent


@pytest.fixture
def org() -> WritableOrg:
    """Give an org in memory."""
    return writable_org()


@pytest.fixture
def post() -> Stamped:
    """Give a mail service that has its price."""
    return Stamped()


@pytest.fixture
def app(tmp_path: Path, org: WritableOrg, post: Stamped) -> Iterator[Actwright]:
    """Give an Actwright over both; an API call costs a quarter."""
    made = memory_app(tmp_path, org, post)
    made.settings = made.settings.model_copy(update={"call_price": Decimal("0.25")})
    yield made
    made.close()


def costs(app: Actwright, run_id: str | None) -> list[str | None]:
    """Return what the answers of a run's groups have cost, as its journal says."""
    settled = (each for each in app.events(run_id or "") if each.kind == "group_settled")
    return [each.data.get("cost") for each in settled]


def test_a_preview_tells_the_declared_price_and_the_yes_is_to_it(app: Actwright) -> None:
    """Three calls that carry effects at a quarter, and two mails at one and a half; each price is digested."""
    preview, _ = five_groups(app)
    assert preview.cost.price == Decimal("3.75")
    free = [each.model_copy(update={"price": None}) for each in preview.groups[1].effects]
    group = preview.groups[1].model_copy(update={"effects": tuple(free)})
    groups = (preview.groups[0], group, *preview.groups[2:])
    assert digest_of(preview.model_copy(update={"groups": groups})) != preview.digest


def test_what_would_cost_more_than_is_left_is_not_sent(app: Actwright, org: WritableOrg, post: Stamped) -> None:  # fmt: skip
    """A call, a mail and a call leave too little for a second mail: the run ends, and says what each has cost."""
    envelope = app.run(*five_groups(app), limits=RunLimits(cost=Decimal("3.49")))
    assert (envelope.status, envelope.stopped_by) == ("failed", "limit_reached")
    assert "The run has cost 2 and what is next costs 1.5; at most 3.49 is allowed." in envelope.errors[0]  # fmt: skip
    assert (subjects(org), list(post.sent.values())) == (["a", "c"], ["b"])
    assert costs(app, envelope.run_id) == ["0.25", "1.50", "0.25"]


def test_what_an_answer_says_it_has_cost_counts_instead_of_the_price(app: Actwright, post: Stamped) -> None:  # fmt: skip
    """Cheaper mails leave room for all of them; an answer that is no amount leaves the price in force."""
    post.was = "0.10"
    envelope = app.run(*five_groups(app), limits=RunLimits(cost=Decimal("3.49")))
    assert envelope.success, envelope.errors
    assert costs(app, envelope.run_id) == ["0.25", "0.10", "0.25", "0.10", "0.25"]
    post.was = "-5"
    assert costs(app, app.run(*five_groups(app)).run_id)[1] == "1.50"


def test_a_limit_of_nothing_lets_only_what_has_no_price_out(app: Actwright, org: WritableOrg) -> None:  # fmt: skip
    """A limit of zero is a limit."""
    envelope = app.run(*five_groups(app), limits=RunLimits(cost=Decimal(0)))
    assert (envelope.stopped_by, subjects(org)) == ("limit_reached", [])


def test_a_price_that_has_moved_since_the_yes_is_not_paid(app: Actwright, post: Stamped) -> None:
    """The person said yes to what it cost then."""
    confirmed = five_groups(app)
    post.price = Decimal(9)
    envelope = app.run(*confirmed)
    assert envelope.stopped_by == "drift"
    assert "was 1.5 at the preview, and is 9 now" in envelope.errors[0]
    assert post.sent == {}


def test_what_is_found_out_later_costs_what_it_costs_once(app: Actwright, post: Stamped) -> None:
    """A mail whose answer was lost costs nothing until it is known to have been sent."""
    post.breaks = True
    envelope = app.run(*five_groups(app))
    assert envelope.success, envelope.errors
    assert costs(app, envelope.run_id) == ["0.25", "0", "0.25", "0", "0.25"]
    found = [each for each in app.events(envelope.run_id or "") if each.kind == "group_reconciled"]
    assert [each.data["cost"] for each in found] == ["1.50", "1.50"]


@pytest.mark.parametrize("price", [Decimal(-1), Decimal("NaN"), 1.5, "2", True])
def test_a_price_that_is_none_is_refused(price: object) -> None:
    """Only a Decimal or a whole number that is not negative is one."""
    post = Stamped()
    vars(post)["price"] = price
    with pytest.raises(ImplementationError, match="is no price"):
        price_of(post)


def test_no_answer_can_cost_so_much_that_the_run_cannot_be_told_any_more(app: Actwright, post: Stamped) -> None:  # fmt: skip
    """Two of them would overflow, and a run whose cost cannot be added up could never be read again."""
    post.was = "9E+999999"
    envelope = app.run(*five_groups(app))
    assert envelope.success, envelope.errors
    assert costs(app, envelope.run_id)[1::2] == [f"{MOST:f}"] * 2
    with pytest.raises(ImplementationError, match="no price"):
        price_of(Stamped(price=Decimal("1E+16")))
