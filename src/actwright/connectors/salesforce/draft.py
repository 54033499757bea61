"""One effect as the subrequests that carry it out: names from the schema, ids checked, values exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime

from pydantic import TypeAdapter

from actwright.connectors.salesforce.duplicates import HEADER
from actwright.errors import InputError, RefusedError, ValueInvalidError
from actwright.org.batch import Verb
from actwright.org.effect import Effect, FieldChange
from actwright.org.record_id import record_id
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.org.value import FieldValue, in_family

_WIRE: TypeAdapter[FieldValue] = TypeAdapter(FieldValue)
_REFERENCE = "@{"

PathOf = Callable[..., str]
"""Returns the path of a row from its segments, percent-encoded."""


@dataclass(frozen=True, slots=True)
class Write:
    """One effect made ready: its subrequests, the last of which does the work."""

    effect: Effect
    schema: ObjectSchema
    reference: str
    subrequests: tuple[Mapping[str, object], ...]

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The one effect."""
        return (self.effect,)


@dataclass(frozen=True, slots=True)
class Content:
    """What one effect puts into the org, whatever carries it there."""

    verb: Verb
    record_id: str | None
    """The record changed or deleted, checked; None for one that is made."""
    values: Mapping[str, object]
    """By field name as the schema spells it, as JSON carries them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One effect on its way to the wire: the schema it is checked by, and the ids it may link to.

    ``links`` holds, by ``ref``, a record's id or the reference that the org puts the new id in for. ``duplicates`` is
    the header that says how duplicate rules count, where it travels with the request. Where ``versioned`` is off, no
    request pins the version of its record.
    """

    effect: Effect
    schema: ObjectSchema
    reference: str
    links: Mapping[str, str]
    path_of: PathOf
    duplicates: str | None = None
    versioned: bool = True

    def write(self) -> Write:
        """Return the effect made ready as requests of its own.

        Raises:
            InputError: A name, an id, a value or a link does not fit.
            RefusedError: An upsert would create a record, and the org would not notice one with the same key.
        """
        content = self.content()
        if content.verb == "DELETE":
            requests = self._delete(content)
        else:
            path = self._path(content)
            requests = (self._request(content.verb, path, content.values),)
        return Write(self.effect, self.schema, self.reference, requests)

    def row(self) -> dict[str, object]:
        """Return the effect as a row of a collection that makes or changes records.

        Raises:
            InputError: A name, an id, a value or a link does not fit.
            RefusedError: An upsert would create a record, and the org would not notice one with the same key.
        """
        content = self.content()
        key = {} if content.record_id is None else {"id": content.record_id}
        return {"attributes": {"type": self.schema.name}, **key, **content.values}

    def content(self) -> Content:
        """Return what the effect puts into the org.

        Raises:
            InputError: A name, an id, a value or a link does not fit.
            RefusedError: An upsert would create a record, and the org would not notice one with the same key.
        """
        make = {
            "CREATE": self._create,
            "UPDATE": self._update,
            "UPSERT": self._upsert,
            "DELETE": self._gone,
        }[self.effect.operation]
        return make()

    def _create(self) -> Content:
        if self.effect.record_id is not None:
            raise InputError("A create names no record id.", where=self._where())
        return Content("POST", None, self._values())

    def _update(self) -> Content:
        values = self._values()
        if not values:
            raise InputError("An update changes at least one field.", where=self._where())
        return Content("PATCH", self._id(), values)

    def _upsert(self) -> Content:
        """Return the very change or create that was shown.

        The org's own upsert by key would change a record that appeared, or create where one vanished, unconfirmed.
        """
        key = self._field(self.effect.key_field or "")
        if not (key.external_id or key.id_lookup) or key.type == "id":
            raise InputError(
                f"{key.name} is no external id to match on.",
                where=self._where(key.name),
                hint="Match on a field that is marked as external id.",
            )
        values = self._values()
        if values.get(key.name) in {None, ""} or self._linked(key.name):
            raise InputError("The key to match on needs a value.", where=self._where(key.name))
        if self.effect.record_id is not None:
            del values[key.name]
            return Content("PATCH", self._id(), values)
        if not key.unique:
            raise RefusedError(
                f"{key.name} is not unique, so that a record which appears meanwhile would get a twin.",
                where=self._where(key.name),
                hint="Use a create or an update by id.",
                code="upsert_key_not_unique",
            )
        return Content("POST", None, values)

    def _gone(self) -> Content:
        return Content("DELETE", self._id(), {})

    def _delete(self, content: Content) -> tuple[Mapping[str, object], ...]:
        """Return the delete, and before it, where a version is pinned, a read that fails if the record moved on.

        Salesforce takes no precondition on a delete itself.
        """
        path = self._path(content)
        work = self._request("DELETE", path)
        if not (self.effect.version and self.versioned):
            return (work,)
        look = self._request("GET", path + "?fields=Id")
        return ({**look, "referenceId": f"{self.reference}v"}, work)

    def _request(
        self, method: str, url: str, body: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        request: dict[str, object] = {
            "method": method,
            "url": url,
            "referenceId": self.reference,
        }
        if body is not None:
            request["body"] = dict(body)
        headers = self._headers(method)
        if headers:
            request["httpHeaders"] = headers
        return request

    def _headers(self, method: str) -> dict[str, str]:
        headers = {}
        if self.versioned and self.effect.version and method in {"GET", "PATCH"}:
            headers["If-Unmodified-Since"] = self._version()
        if self.duplicates and method in {"POST", "PATCH"}:
            headers[HEADER] = self.duplicates
        return headers

    def _path(self, content: Content) -> str:
        if content.record_id is None:
            return self.path_of(self.schema.name)
        return self.path_of(self.schema.name, content.record_id)

    def _id(self) -> str:
        prefixes = (self.schema.key_prefix,) if self.schema.key_prefix else ()
        return record_id(self.effect.record_id or "", prefixes=prefixes, where=self._where())

    def _version(self) -> str:
        try:
            moment = datetime.fromisoformat(self.effect.version or "")
        except ValueError as error:
            raise ValueInvalidError(
                "A version is a moment in time.", where=self._where()
            ) from error
        if moment.tzinfo is None:
            raise ValueInvalidError("A version needs its time zone.", where=self._where())
        return format_datetime(moment.astimezone(UTC), usegmt=True)

    def _values(self) -> dict[str, object]:
        values: dict[str, object] = {}
        for change in self.effect.changes:
            found = self._field(change.field)
            if found.name in values:
                raise InputError("A field is changed twice.", where=self._where(found.name))
            values[found.name] = self._value(change, found)
        return values

    def _value(self, change: FieldChange, found: FieldSchema) -> object:
        where = self._where(found.name)
        if change.linked_to is not None:
            if change.linked_to not in self.links:
                raise InputError(
                    f"It links to {change.linked_to[:40]!r}, which this group does not create.",
                    where=where,
                    hint="Put both effects into one group, or bind the record's id first.",
                )
            return self.links[change.linked_to]
        return wire_value(change.after, found, where)

    def _field(self, name: str) -> FieldSchema:
        found = self.schema.field(name)
        if found is None:
            raise InputError(
                f"The field {name[:40]!r} is hidden from you or does not exist.",
                where=self._where(),
                hint="Check its API name and your permissions.",
            )
        return found

    def _linked(self, name: str) -> bool:
        change = self.effect.change(name)
        return change is not None and change.linked_to is not None

    def _where(self, name: str | None = None) -> str:
        place = self.schema.name if name is None else f"{self.schema.name}.{name}"
        return f"{self.effect.id}: {place}"


def wire_value(value: FieldValue, found: FieldSchema, where: str) -> object:
    """Return a field's value as JSON carries it to the org; a decimal as the number that is exactly it, else as text.

    Raises:
        ValueInvalidError: The value is not of the field's family, or holds ``@{``, which a composite call would take
            for a reference.
    """
    try:
        value = in_family(value, found.family)
        wire: object = _WIRE.dump_python(value, mode="json")
    except (ValueError, ArithmeticError) as error:
        raise ValueInvalidError(
            f"{str(value)[:40]!r} is no {found.family}.", where=where
        ) from error
    if isinstance(wire, str):
        return _wire_text(wire, found, where)
    return wire


def _wire_text(words: str, found: FieldSchema, where: str) -> str:
    if _REFERENCE in words:
        raise ValueInvalidError(
            "The text holds '@{', which Salesforce would take for a reference to another record.",
            where=where,
            hint="Write it differently, for instance with a space between.",
        )
    if not _encodable(words):
        raise ValueInvalidError("The text holds half of a surrogate pair.", where=where)
    if found.family == "id":
        return record_id(words, where=where)
    return _wire_time(words, where) if found.family == "time" else words


def _wire_time(words: str, where: str) -> str:
    """Return a time of day in the org's one form, ``15:30:00.000Z``, whose letter stands for no zone."""
    moment = time.fromisoformat(words.removesuffix("Z"))
    if moment.tzinfo is not None:
        raise ValueInvalidError("A time of day has no zone.", where=where)
    return moment.isoformat("milliseconds") + "Z"


def _encodable(words: str) -> bool:
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True
