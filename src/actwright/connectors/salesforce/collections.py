"""Up to 200 rows in one request: made, changed or deleted, each of them with an answer of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from actwright.connectors.salesforce.answer import OrgJson, mapping, rows
from actwright.connectors.salesforce.draft import Draft, PathOf
from actwright.connectors.salesforce.duplicates import HEADER
from actwright.connectors.salesforce.errors import faults_of
from actwright.errors import InputError, OrgProtocolError
from actwright.org.batch import Verb, verb_of
from actwright.org.effect import Effect
from actwright.org.outcome import Fault
from actwright.org.record_id import record_id
from actwright.org.schema import ObjectSchema


@dataclass(frozen=True, slots=True)
class RowsWrite:
    """Effects made ready as the rows of one collection, in order."""

    effects: tuple[Effect, ...]
    schemas: tuple[ObjectSchema, ...]
    verb: Verb
    reference: str
    subrequests: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What the org says of one row: the record's id where it succeeded, faults where it did not."""

    id: str | None
    faults: tuple[Fault, ...] = ()


def rows_write(
    verb: Verb, reference: str, drafts: Sequence[Draft], path_of: PathOf, duplicates: str
) -> RowsWrite:
    """Return drafts as one collection.

    Args:
        verb: What is done to all of them.
        reference: The request's name.
        drafts: The rows.
        path_of: Builds paths.
        duplicates: The header that says how duplicate rules count.

    Raises:
        InputError: A name, an id, a value or a link does not fit.
        RefusedError: An upsert would create a record, and the org would not notice one with the same key.
    """
    url = path_of().removesuffix("sobjects") + "composite/sobjects"
    request: dict[str, object] = {"method": verb, "url": url, "referenceId": reference}
    if verb == "DELETE":
        ids = ",".join(str(each.content().record_id) for each in drafts)
        request["url"] = f"{url}?{urlencode({'ids': ids, 'allOrNone': 'true'}, safe=',')}"
    else:
        request["httpHeaders"] = {HEADER: duplicates}
        request["body"] = {"allOrNone": True, "records": [each.row() for each in drafts]}
    return RowsWrite(
        effects=tuple(each.effect for each in drafts),
        schemas=tuple(each.schema for each in drafts),
        verb=verb,
        reference=reference,
        subrequests=(request,),
    )


def row_answers(write: RowsWrite, body: OrgJson) -> Iterator[RowAnswer]:
    """Yield what a collection's answer says of each row, in order.

    Raises:
        OrgProtocolError: It does not answer for each row, contradicts itself, or speaks of other records.
    """
    answers = rows(body, write.reference)
    if len(answers) != len(write.effects):
        raise OrgProtocolError(
            "The org's answer does not cover each row once.", where=write.reference
        )
    for effect, schema, answer in zip(write.effects, write.schemas, answers, strict=True):
        yield _answer(effect, schema, mapping(answer, write.reference), write.reference)


def proven_id(
    effect: Effect, schema: ObjectSchema, answer: Mapping[str, OrgJson], where: str
) -> str:
    """Return the id of the record that an answer says was written as asked.

    Raises:
        OrgProtocolError: It contradicts itself, says that another thing was done, or speaks of another record.
    """
    made = verb_of(effect) == "POST"
    if answer.get("success") is not True or answer.get("errors"):
        raise OrgProtocolError("The org's answer to a write contradicts itself.", where=where)
    if answer.get("created") not in {None, made}:
        raise OrgProtocolError("The org says that it did something else.", where=where)
    return _id(effect, schema, answer.get("id"), where)


def _answer(
    effect: Effect, schema: ObjectSchema, answer: Mapping[str, OrgJson], where: str
) -> RowAnswer:
    if answer.get("success") is False:
        return RowAnswer(None, faults_of(answer.get("errors")) or (_SILENT,))
    return RowAnswer(proven_id(effect, schema, answer, where))


def _id(effect: Effect, schema: ObjectSchema, told: OrgJson, where: str) -> str:
    prefixes = (schema.key_prefix,) if schema.key_prefix else ()
    try:
        found = record_id(str(told), prefixes=prefixes)
        known = record_id(effect.record_id) if effect.record_id else found
    except InputError as error:
        raise OrgProtocolError("The org's answer names no record.", where=where) from error
    if found != known:
        raise OrgProtocolError("The org's answer speaks of another record.", where=where)
    return found


_SILENT = Fault(code="UNKNOWN_EXCEPTION", message="The org gave no reason.")
