"""Lines: ``add 3 Premium Support at 11,000 each to the Northwind Platform deal``; for a price book, an entry of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from actwright.org.schema import FieldSchema
from actwright.planning.offline.assigning import Assigner
from actwright.planning.offline.phrases import record_phrase
from actwright.planning.words.amounts import UNITS, number
from actwright.planning.words.lexicon import DETERMINERS, INERT_SYMBOLS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import Assignment, Problem, Reading, RecordPhrase
from actwright.planning.words.scope import Scope
from actwright.planning.words.values import assigned, convert

_TO = frozenset({"to", "into", "in"})
_AT = frozenset({"at", "for", "@"})
_EACH = frozenset({"each", "apiece", "per", "unit", "piece"})
_BEHIND = frozenset({"with", ","}) | INERT_SYMBOLS
_PRODUCT_WORDS = frozenset(
    {"product", "products", "item", "items", "of", "x", "\N{MULTIPLICATION SIGN}"}
)


@dataclass(frozen=True, slots=True)
class LineKind:
    """What a line belongs to, and how it is written down.

    Attributes:
        object: The line's own object.
        parent: What it belongs to.
        parent_field: The field that takes the parent.
        product: What a product is looked up as.
        product_field: The field that takes the product.
        words: What tells the curated blueprint from others of its object.
    """

    object: str
    parent: str
    parent_field: str
    product: str
    product_field: str
    words: frozenset[str]


_SOLD = ("PricebookEntry", "PricebookEntryId", frozenset({"product"}))
KINDS = (
    LineKind("OpportunityLineItem", "Opportunity", "OpportunityId", *_SOLD),
    LineKind("QuoteLineItem", "Quote", "QuoteId", *_SOLD),
    LineKind("OrderItem", "Order", "OrderId", *_SOLD),
    LineKind(
        "PricebookEntry",
        "Pricebook2",
        "Pricebook2Id",
        "Product2",
        "Product2Id",
        frozenset({"book", "pric"}),
    ),
)
"""Every kind of line there is."""


@dataclass(frozen=True, slots=True)
class _Priced:
    """A phrase less the price at its end, the price's words, and the position behind both."""

    stop: int
    price: str
    behind: int


class LineReader:
    """Reads one clause as a line of one kind.

    Args:
        scope: The clause, less its verb.
        index: The fields of the line's own object.
        kind: What kind of line.
    """

    def __init__(self, scope: Scope, index: FieldIndex, kind: LineKind) -> None:
        self._scope = scope
        self._index = index
        self._kind = kind

    def readings(self) -> Iterator[Reading]:
        """Yield every way to read how many of which product go where, and at what price."""
        for mark in range(1, self._scope.end - 1):
            if self._scope.key(mark) in _TO and not self._field_of(mark + 1):
                for stop in self._ends(mark + 1):
                    yield from self._reading(mark, stop)

    def _field_of(self, at: int) -> bool:
        """Tell whether a field is named and not a record: ``add 5000 to the amount of`` a deal is no line of it."""
        start = self._scope.skip(at, DETERMINERS)
        fields = self._scope.fields(self._kind.parent)
        mention = fields.field_at(self._scope.tokens, start, self._scope.end)
        return mention is not None and self._scope.key(start + mention.length) == "of"

    def _ends(self, start: int) -> Iterator[int]:
        yield from (at for at in range(start + 1, self._scope.end) if self._ends_at(at))
        yield self._scope.end

    def _ends_at(self, at: int) -> bool:
        return self._scope.key(at) in _BEHIND

    def _reading(self, mark: int, stop: int) -> Iterator[Reading]:
        first, last = self._priced(0, mark), self._priced(mark + 1, stop)
        quantity = self._quantity()
        product = self._product(bool(quantity), first.stop)
        parent = record_phrase(self._scope, mark + 1, last.stop, (self._kind.parent,))
        fields = self._index.schema
        into, of = fields.field(self._kind.parent_field), fields.field(self._kind.product_field)
        if product is None or parent is None or into is None or of is None:
            return
        if first.behind != mark or last.behind != stop or (first.price and last.price):
            return
        price = first.price or last.price
        values = tuple(self._values(("Quantity", quantity), ("UnitPrice", price)))
        if len(values) != bool(quantity) + bool(price):
            return
        links = (
            Assignment(into, parent.words, record=parent),
            Assignment(of, product.words, record=product),
        )
        reading = Reading(
            "CREATE",
            self._index,
            None,
            (*links, *values),
            strong=bool(values) or parent.named_object,
            words=self._kind.words,
        )
        yield Assigner(self._scope, self._index, creating=True).finished(reading, stop)

    def _priced(self, start: int, stop: int) -> _Priced:
        """Cut ``at 11,000 each`` off the end of a phrase."""
        for at in range(start + 1, stop - 1):
            behind = self._scope.skip(at + 2, _EACH)
            said = self._scope.text(at + 1, at + 2)
            if self._scope.key(at) == "for" and behind == at + 2 and self._many():
                continue
            if self._scope.key(at) in _AT and number(said) is not None:
                return _Priced(at, said, behind)
        return _Priced(stop, "", stop)

    def _many(self) -> bool:
        """Tell whether several are added, so that ``for 33,000`` may be the price of all of them."""
        return self._quantity() not in {"", "1", "one"}

    def _quantity(self) -> str:
        token = self._scope.tokens[0]
        plain = token.kind == "number" and token.text.isdigit()
        return token.text if plain or self._scope.key(0) in UNITS else ""

    def _product(self, counted: bool, stop: int) -> RecordPhrase | None:  # noqa: FBT001 - one caller
        start = self._scope.skip(int(counted), _PRODUCT_WORDS | DETERMINERS)
        if start >= stop:
            start = int(counted)
        if start >= stop:
            return None
        phrase = record_phrase(self._scope, start, stop, (self._kind.product,))
        if phrase is None or phrase.rows is not None:
            return None
        one = tuple(each[:-1] for each in phrase.names if counted and each.endswith("s"))
        return replace(phrase, names=tuple(dict.fromkeys((*phrase.names, *one))))

    def _values(self, *said: tuple[str, str]) -> Iterator[Assignment]:
        for name, text in said:
            field: FieldSchema | None = self._index.schema.field(name)
            if text and field is not None:
                found = convert(field, text, self._scope.today)
                if not isinstance(found, Problem):
                    yield assigned(field, text, found)
