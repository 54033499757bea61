"""A reader that cannot write: what planners and implementations are handed in the org's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import OrgReader, Record, RecordRead, RecordSnapshot
from actwright.org.query import RecordQuery
from actwright.org.schema import ObjectSchema, ObjectSummary, PicklistValue


class ReadOnly:
    """The reading half of an org; ``send`` is not there to be called.

    Args:
        org: The org to read from.
    """

    def __init__(self, org: OrgReader) -> None:
        self.__org = org

    @property
    def identity(self) -> OrgIdentity:
        """Which org this is."""
        return self.__org.identity

    @property
    def user(self) -> RunningUser:
        """Whose rights count."""
        return self.__org.user

    @property
    def api_calls(self) -> int:
        """API calls made so far, without logins and describe revalidation."""
        return self.__org.api_calls

    def objects(self) -> Sequence[ObjectSummary]:
        """Return the objects the user may see.

        Raises:
            OrgError: The org cannot be asked.
        """
        return self.__org.objects()

    def describe(self, name: str) -> ObjectSchema:
        """Return one object's schema, by name in any case.

        Raises:
            NotFoundError: The object is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        return self.__org.describe(name)

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Answer several queries in as few calls as the org allows, in the given order.

        Raises:
            InputError: A field or object does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        return self.__org.query(queries)

    def count(self, query: RecordQuery) -> int:
        """Return how many rows a query has, without reading them.

        Raises:
            InputError: A field or object does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        return self.__org.count(query)

    def picklist_values(
        self, object_name: str, record_type: str
    ) -> Mapping[str, tuple[PicklistValue, ...]]:
        """Return the values each picklist of an object offers for one record type, by field name.

        Raises:
            NotFoundError: The object or the record type is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        return self.__org.picklist_values(object_name, record_type)

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Return versions, values and access of records by id; a record that is gone or hidden is absent.

        Raises:
            OrgError: The org cannot be asked.
        """
        return self.__org.read(reads)
