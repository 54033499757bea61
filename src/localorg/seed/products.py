"""The products of the demo org and its price book."""

from __future__ import annotations

from collections.abc import Iterator

from localorg.seed.row import Ref, Row, Value

PRODUCTS = {
    "platform": ("Actwright Platform", "PLAT-100", 48_000),
    "support": ("Premium Support", "SUP-200", 12_000),
    "onboarding": ("Onboarding Package", "ONB-300", 8_000),
}
"""Key -> name, product code, list price."""

Lines = tuple[tuple[str, int], ...]
"""Product key and quantity of each line, sold at list price."""


def product_rows() -> Iterator[Row]:
    """Yield the products, the standard price book and its entries."""
    for key, (name, code, _) in PRODUCTS.items():
        yield "Product2", {"Id": Ref(key), "Name": name, "ProductCode": code, "IsActive": True}
    yield "Pricebook2", _standard_book()
    for key in PRODUCTS:
        yield "PricebookEntry", _entry(key)


def total(lines: Lines) -> int:
    """Return what the lines cost together."""
    return sum(PRODUCTS[key][2] * quantity for key, quantity in lines)


def line_fields(key: str, quantity: int) -> dict[str, Value]:
    """Return the fields that a line of an opportunity, a quote or an order has alike."""
    price = PRODUCTS[key][2]
    return {
        "PricebookEntryId": Ref(f"entry_{key}"),
        "Product2Id": Ref(key),
        "Quantity": quantity,
        "UnitPrice": price,
        "ListPrice": price,
        "TotalPrice": price * quantity,
    }


def _standard_book() -> dict[str, Value]:
    return {
        "Id": Ref("standard_book"),
        "Name": "Standard Price Book",
        "IsActive": True,
        "IsStandard": True,
    }


def _entry(key: str) -> dict[str, Value]:
    name, code, price = PRODUCTS[key]
    return {
        "Id": Ref(f"entry_{key}"),
        "Name": name,
        "ProductCode": code,
        "Pricebook2Id": Ref("standard_book"),
        "Product2Id": Ref(key),
        "UnitPrice": price,
        "IsActive": True,
    }
