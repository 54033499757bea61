"""A watched reader: what an override reads an org with. It notes whose records were read, and can be shut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import final

from actwright.errors import ImplementationError
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import OrgReader, Record, RecordRead, RecordSnapshot
from actwright.org.query import RecordQuery
from actwright.org.schema import ObjectSchema, ObjectSummary, PicklistValue


@final
class WatchedReader:
    """Reads an org for one override.

    Args:
        reader: The org, read-only.
    """

    def __init__(self, reader: OrgReader) -> None:
        self.__reader = reader
        self.__seen: dict[str, None] = {}
        self.__shut = False

    @property
    def seen(self) -> tuple[str, ...]:
        """The objects whose records were read or counted, in order; also where there were none: that is known then."""
        return tuple(self.__seen)

    @property
    def is_shut(self) -> bool:
        """Whether it answers nothing more."""
        return self.__shut

    def shut(self) -> None:
        """Answer nothing more: whoever reads is waited for no longer."""
        self.__shut = True

    @property
    def identity(self) -> OrgIdentity:
        """Which org this is."""
        return self.__open().identity

    @property
    def user(self) -> RunningUser:
        """Whose rights count."""
        return self.__open().user

    @property
    def api_calls(self) -> int:
        """API calls made so far, without logins and describe revalidation."""
        return self.__open().api_calls

    def objects(self) -> Sequence[ObjectSummary]:
        """Return the objects the user may see.

        Raises:
            OrgError: The org cannot be asked.
        """
        return self.__open().objects()

    def describe(self, name: str) -> ObjectSchema:
        """Return one object's schema, by name in any case.

        Raises:
            NotFoundError: The object is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        return self.__open().describe(name)

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Answer several queries in as few calls as the org allows, in the given order.

        Raises:
            InputError: A field or object does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        self.__note(each.object for each in queries)
        return self.__open().query(queries)

    def count(self, query: RecordQuery) -> int:
        """Return how many rows a query has, without reading them.

        Raises:
            InputError: A field or object does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        self.__note((query.object,))
        return self.__open().count(query)

    def picklist_values(
        self, object_name: str, record_type: str
    ) -> Mapping[str, tuple[PicklistValue, ...]]:
        """Return the values each picklist of an object offers for one record type, by field name.

        Raises:
            NotFoundError: The object or the record type is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        return self.__open().picklist_values(object_name, record_type)

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Return versions, values and access of records by id; a record that is gone or hidden is absent.

        Raises:
            OrgError: The org cannot be asked.
        """
        self.__note(each.object for each in reads)
        return self.__open().read(reads)

    def __note(self, objects: Iterable[str]) -> None:
        self.__seen.update(dict.fromkeys(objects))

    def __open(self) -> OrgReader:
        if self.__shut:
            raise ImplementationError(
                "The override is waited for no longer, and reads nothing more."
            )
        return self.__reader
