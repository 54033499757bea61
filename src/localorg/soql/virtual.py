"""``UserRecordAccess``: rows that exist only while they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from localorg.errors import ApiError
from localorg.ids import parse_id
from localorg.permissions import Access, RecordAccess, load_access
from localorg.session import Session
from localorg.sharing import access_to
from localorg.soql.ast import Comparison, Condition, FieldPath, Junction, Query
from localorg.soql.lexer import syntax_error
from localorg.soql.scope import RIGHTS

MAX_RECORDS: Final = 200


def user_record_access(session: Session, source: str, query: Query) -> list[dict[str, object]]:
    """Answer which rights a user has on some records; records the running user may not read are left out.

    Raises:
        ApiError: The query has not the one form the platform allows.
    """
    names = [_field(session, source, each) for each in query.select]
    user_id, record_ids = _filters(query)
    access = session.access if user_id == session.user_id else _other(session, user_id)
    rows = []
    for record_id in dict.fromkeys(record_ids):
        own = access_to(session, session.access, record_id)
        theirs = access_to(session, access, record_id)
        if own is not None and own.read and theirs is not None:
            rows.append(_row(names, record_id, theirs))
    return rows


def _other(session: Session, user_id: str) -> Access:
    return load_access(session.connection, session.catalogue, user_id)


def _field(session: Session, source: str, item: object) -> str:
    virtual = session.catalogue.get("UserRecordAccess")
    if not isinstance(item, FieldPath) or virtual is None:
        raise _unsupported()
    found = virtual.field(item.parts[-1])
    if found is None or len(item.parts) > 1:
        message = f"No such column '{'.'.join(item.parts)}' on entity 'UserRecordAccess'."
        raise syntax_error(source, item.position, message, "INVALID_FIELD")
    return found.name


def _filters(query: Query) -> tuple[str, list[str]]:
    users: list[str] = []
    records: list[str] = []
    for each in _comparisons(query.where):
        target = {"userid": users, "recordid": records}.get(".".join(each.path.parts).lower())
        if target is None or target or each.operator not in {"=", "IN"}:
            raise _unsupported()
        values = each.value if isinstance(each.value, tuple) else (each.value,)
        target.extend(_record_id(value) for value in values)
    if len(users) != 1 or not records:
        raise _unsupported()
    if len(records) > MAX_RECORDS:
        message = f"UserRecordAccess is limited to {MAX_RECORDS} record ids in one query"
        raise ApiError(400, "MALFORMED_QUERY", message)
    return users[0], records


def _comparisons(condition: Condition | None) -> Iterator[Comparison]:
    if isinstance(condition, Junction) and condition.word == "AND":
        for each in condition.conditions:
            yield from _comparisons(each)
    elif isinstance(condition, Comparison):
        yield condition
    else:
        raise _unsupported()


def _record_id(value: object) -> str:
    found = parse_id(value)
    if found is None:
        raise ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {str(value)[:80]}")
    return found


def _row(names: list[str], record_id: str, access: RecordAccess) -> dict[str, object]:
    row: dict[str, object] = {"attributes": {"type": "UserRecordAccess"}}
    values: dict[str, object] = {name: getattr(access, right) for name, right in RIGHTS.items()}
    values |= {"RecordId": record_id, "MaxAccessLevel": access.level}
    return row | {name: values.get(name) for name in names}


def _unsupported() -> ApiError:
    return ApiError(
        400,
        "MALFORMED_QUERY",
        "UserRecordAccess is queried with UserId = '...' AND RecordId IN ('...'), and nothing else",
    )
