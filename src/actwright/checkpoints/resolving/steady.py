"""A steady reader: the org's schema stands still for as long as one preview takes, however many rows ask for it.

What several parts of a preview will ask can be asked together beforehand, in one call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import final

from actwright.errors import InputError, NotFoundError
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import OrgReader, Record, RecordRead, RecordSnapshot
from actwright.org.query import RecordQuery
from actwright.org.schema import ObjectSchema, ObjectSummary, PicklistValue


@final
class SteadyReader:
    """Reads an org, and asks for each object's schema once.

    Args:
        org: The org to read from.
    """

    def __init__(self, org: OrgReader) -> None:
        self.__org = org
        self.__objects: tuple[ObjectSummary, ...] | None = None
        self.__schemas: dict[str, ObjectSchema | NotFoundError] = {}
        self.__answers: dict[str, Sequence[Record]] = {}

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
        if self.__objects is None:
            self.__objects = tuple(self.__org.objects())
        return self.__objects

    def describe(self, name: str) -> ObjectSchema:
        """Return one object's schema, by name in any case.

        Raises:
            NotFoundError: The object is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        found = self.__schemas.get(name)
        if found is None:
            found = self.__schemas[name] = self.__asked(name)
        if isinstance(found, NotFoundError):
            raise found
        return found

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Answer several queries in as few calls as the org allows, in the given order.

        Raises:
            InputError: A field or object does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        missing = {_key(each): each for each in queries if _key(each) not in self.__answers}
        found = self.__org.query(list(missing.values())) if missing else ()
        answers = self.__answers | dict(zip(missing, found, strict=True))
        return [answers[_key(each)] for each in queries]

    def ask_ahead(self, queries: Sequence[RecordQuery]) -> None:
        """Ask queries together whose answers will be wanted; none is kept where the org cannot answer all of them.

        Whoever wants the answers then asks by itself, and learns what is wrong with its own query.

        Raises:
            OrgError: The org cannot be asked.
        """
        wanted = {_key(each): each for each in queries}
        try:
            answers = self.__org.query(list(wanted.values())) if len(wanted) > 1 else ()
        except InputError:
            return
        self.__answers = dict(zip(wanted, answers, strict=False))

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

    def __asked(self, name: str) -> ObjectSchema | NotFoundError:
        try:
            return self.__org.describe(name)
        except NotFoundError as error:
            return error


def _key(query: RecordQuery) -> str:
    """Return what tells queries apart; to Python alone, a condition with ``true`` would be one with 1."""
    return query.model_dump_json()
