"""Placing: finding the one place of a goal, or of its data, that a value can only have been read from."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.blueprints.argument import LookupArgument
from actwright.org.query import JsonScalar
from actwright.org.schema import FieldSchema
from actwright.planning.cache.binding import NotBoundError, Setting
from actwright.planning.cache.template import Place, Words

_NAMEABLE = frozenset({"name", "quoted", "code", "number"})
_COUNT = FieldSchema(name="Count", label="Count", type="int")


class Placing:
    """Finds the places of one goal's values.

    Args:
        setting: The goal, and what its places are read with.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._objects = dict.fromkeys(each.name for each in setting.objects.primary())

    @property
    def objects(self) -> tuple[str, ...]:
        """The objects a name is looked for in: those most records belong to, and those the plan is about."""
        return tuple(self._objects)

    def about(self, name: str) -> None:
        """Note an object that the plan is about."""
        if self._setting.objects.get(name) is not None:
            self._objects.setdefault(name)

    def nameable(self, place: Place) -> bool:
        """Tell whether a record could be called what stands at a place."""
        if place.data is not None:
            return True
        elements = self._setting.shape.elements[place.start : place.stop]
        return any(each.kind in _NAMEABLE for each in elements)

    def of_value(self, value: JsonScalar, field: FieldSchema) -> Place | None:
        """Return the one place that reads as ``value``; None where no slot and no data do.

        Raises:
            NotBoundError: There are several.
        """
        fitting = [each for each in self._places() if self._reads(each, field, value)]
        return self._only(fitting)

    def _reads(self, place: Place, field: FieldSchema, value: JsonScalar) -> bool:
        try:
            found = self._setting.value(place, field).value
        except NotBoundError:
            return False
        return type(found) is type(value) and found == value

    def of_record(self, argument: LookupArgument) -> Place | None:
        """Return the one place whose words find the very record; None where none do.

        Raises:
            NotBoundError: There are several.
        """
        lookup = argument.lookup
        if lookup.field != "Id" or self._setting.objects.get(lookup.object) is None:
            return None
        said = [each for each in self._places(every=True) if self._may_name(each, argument)]
        phrases = [(each, self._setting.phrase(each, (lookup.object,))) for each in said]
        self._setting.finder.look_up((lookup.object, phrase) for _, phrase in phrases)
        fitting: list[Place] = []
        for place, phrase in phrases:
            found = self._setting.finder.matches(lookup.object, phrase)
            if len(found) == 1 and found[0].where == lookup.where:
                fitting.append(place)
        return self._only(fitting)

    def _may_name(self, place: Place, argument: LookupArgument) -> bool:
        """Tell whether a place's words are the name that is looked up, or begin it."""
        value = argument.lookup.where[0].value
        try:
            text = " ".join(self._setting.text(place).split()).casefold()
        except NotBoundError:
            return False
        name = str(value).casefold()
        return name == text or name.startswith(f"{text} ") or name.lstrip("0") == text.lstrip("0")

    def says_number(self, value: int) -> bool:
        """Tell whether some place reads as a count."""
        return any(self._reads(each, _COUNT, value) for each in self._places())

    def source(self, text: str | None, place: Place | None) -> Words:
        """Return a source as words that stand around ``place``, or that never change.

        Raises:
            NotBoundError: They stand elsewhere, or in several places.
        """
        if text is None:
            return Words()
        if place is None:
            raise NotBoundError("a source stands nowhere")
        if place.data is not None:
            return self._data_source(text, place)
        if self._setting.text(place)[:300] == text:
            return Words(place=place)
        around = [
            each for each in self._spans() if each.start <= place.start and place.stop <= each.stop
        ]
        same = [each for each in around if self._setting.text(each)[:300] == text]
        if len(same) != 1:
            raise NotBoundError("a source stands elsewhere")
        return Words(place=same[0])

    def _data_source(self, text: str, place: Place) -> Words:
        if text in {place.data, f"data {place.data}"}:
            return Words(text=text)
        if str(self._setting.data.get(place.data or "")).strip()[:300] == text:
            return Words(place=place)
        raise NotBoundError("a source is not the data's name")

    def _only(self, fitting: list[Place]) -> Place | None:
        """Return the longest of several places where it holds all the others; else there is one too many."""
        if not fitting:
            return None
        longest = max(fitting, key=lambda each: (each.stop - each.start, each.data or ""))
        if not all(_within(each, longest) for each in fitting):
            raise NotBoundError("a value stands in several places")
        return longest

    def _places(self, *, every: bool = False) -> Iterator[Place]:
        """Yield every place with a slot, and those of words alone where ``every`` one is wanted; then the data."""
        yield from self._spans()
        if every:
            words = self._setting.shape.spans(slots=False)
            yield from (Place(start=start, stop=stop) for start, stop in words)
        yield from (Place(data=each) for each in self._setting.data)

    def _spans(self) -> Iterator[Place]:
        spans = self._setting.shape.spans(slots=True)
        yield from (Place(start=start, stop=stop) for start, stop in spans)


def _within(place: Place, whole: Place) -> bool:
    """Tell whether a place is a part of another one, or that one."""
    return place.data == whole.data and whole.start <= place.start and place.stop <= whole.stop
