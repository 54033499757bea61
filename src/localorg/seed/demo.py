"""The demo org: a small sales and service team with accounts, deals and cases to act on.

Everything is consistent and dated around the day it is seeded: probabilities follow stages, totals follow lines,
closed flags follow statuses. ``admin`` may do everything, ``alice`` manages sales, ``bob`` sells and may neither
delete nor edit ``Opportunity.Amount``, ``carol`` works on cases and ``dana`` only reads. Contoso has a list of old
deals to clean up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from localorg.schema.catalogue import load_catalogue
from localorg.seed.parties import party_rows
from localorg.seed.people import people_rows
from localorg.seed.products import product_rows
from localorg.seed.record_types import record_type_rows
from localorg.seed.rights import rights_rows
from localorg.seed.row import Ref, Row, Value
from localorg.seed.sales import sales_rows
from localorg.seed.service import service_rows

__all__ = ["Ref", "Row", "Value", "demo_rows"]


def demo_rows(today: dt.date) -> Iterator[Row]:
    """Yield every row of the demo org, each after the rows it refers to.

    Each row carries its own key as ``Id`` and all that the platform would compute for it, so that rows can be
    stored as they are.

    Args:
        today: The day that close dates, due dates and creation dates are counted from.
    """
    yield from people_rows()
    yield from rights_rows(load_catalogue())
    yield from record_type_rows(load_catalogue())
    yield from party_rows(today)
    yield from product_rows()
    yield from sales_rows(today)
    yield from service_rows(today)
