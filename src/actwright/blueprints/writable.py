"""Which fields of an object people can be given the right to write, whatever the running person may do.

A describe tells what *this* person may write. A field that is closed to them may be closed to everybody (``IsWon``) or
may only lack a permission (``Amount``): the difference decides between "no such input" and "you need this permission".
"""

from __future__ import annotations

from typing import Literal

from actwright.org.schema import FieldSchema, ObjectSchema

WriteOperation = Literal["CREATE", "UPDATE"]
"""The two ways to write a field."""

_UNWRITABLE_TYPES = frozenset(
    {"address", "location", "id", "base64", "anytype", "complexvalue", "json"}
)

_AUDIT = frozenset(
    {
        "CreatedById",
        "CreatedDate",
        "IsDeleted",
        "LastActivityDate",
        "LastModifiedById",
        "LastModifiedDate",
        "LastReferencedDate",
        "LastViewedDate",
        "MasterRecordId",
        "PhotoUrl",
        "SystemModstamp",
    }
)

_KEPT: dict[str, frozenset[str]] = {
    "Campaign": frozenset(
        {
            "AmountAllOpportunities",
            "AmountWonOpportunities",
            "NumberOfContacts",
            "NumberOfConvertedLeads",
            "NumberOfLeads",
            "NumberOfOpportunities",
            "NumberOfResponses",
            "NumberOfWonOpportunities",
        }
    ),
    "CampaignMember": frozenset(
        {
            "City",
            "CompanyOrAccount",
            "Country",
            "Description",
            "DoNotCall",
            "Email",
            "Fax",
            "FirstName",
            "FirstRespondedDate",
            "HasOptedOutOfEmail",
            "HasOptedOutOfFax",
            "HasResponded",
            "LastName",
            "LeadOrContactId",
            "LeadOrContactOwnerId",
            "LeadSource",
            "MobilePhone",
            "Name",
            "Phone",
            "PostalCode",
            "Salutation",
            "State",
            "Street",
            "Title",
            "Type",
        }
    ),
    "Case": frozenset(
        {"ClosedDate", "ContactEmail", "ContactFax", "ContactMobile", "ContactPhone", "IsClosed"}
    ),
    "Contact": frozenset({"IsEmailBounced", "LastCURequestDate", "LastCUUpdateDate"}),
    "Contract": frozenset({"EndDate", "LastApprovedDate", "StatusCode"}),
    "Event": frozenset({"AccountId", "EndDate", "GroupEventType", "IsArchived", "IsChild"}),
    "Lead": frozenset(
        {"ConvertedAccountId", "ConvertedContactId", "ConvertedDate", "ConvertedOpportunityId"}
    ),
    "Opportunity": frozenset(
        {
            "ExpectedRevenue",
            "Fiscal",
            "FiscalQuarter",
            "FiscalYear",
            "ForecastCategory",
            "HasOpenActivity",
            "HasOpportunityLineItem",
            "HasOverdueTask",
            "IsClosed",
            "IsWon",
            "LastStageChangeDate",
        }
    ),
    "Order": frozenset({"TotalAmount"}),
    "PricebookEntry": frozenset({"IsArchived", "Name", "ProductCode"}),
    "Product2": frozenset({"IsArchived"}),
    "Quote": frozenset(
        {
            "AccountId",
            "CanCreateQuoteLineItems",
            "Discount",
            "GrandTotal",
            "IsSyncing",
            "LineItemCount",
            "Subtotal",
            "TotalPrice",
        }
    ),
    "QuoteLineItem": frozenset({"ListPrice", "Subtotal", "TotalPrice"}),
    "Task": frozenset(
        {
            "AccountId",
            "CompletedDateTime",
            "IsArchived",
            "IsClosed",
            "IsHighPriority",
            "RecurrenceActivityId",
        }
    ),
}
"""Object -> the fields whose values the platform works out itself."""

_KEPT_LATER: dict[str, frozenset[str]] = {"Lead": frozenset({"IsConverted"})}
"""Object -> the fields a create may give, and no update."""


def never_written(object_name: str, field_name: str, operation: WriteOperation) -> bool:
    """Tell by name alone, where no schema is at hand, whether nobody can write a field; in any case of letters."""
    closed = _AUDIT | _in_any_case(_KEPT, object_name)
    if operation == "UPDATE":
        closed |= _in_any_case(_KEPT_LATER, object_name)
    return field_name.lower() in {each.lower() for each in closed}


def _in_any_case(table: dict[str, frozenset[str]], object_name: str) -> frozenset[str]:
    wanted = object_name.lower()
    return next((each for name, each in table.items() if name.lower() == wanted), frozenset())


def grantable(schema: ObjectSchema, field: FieldSchema, operation: WriteOperation) -> bool:
    """Tell whether somebody can be given the right to write ``field`` of ``schema`` by ``operation``.

    True wherever the running person may write it already. Otherwise the platform's own fields are left out, and what
    carries field-level security is taken in. A field without field-level security is closed by its nature where the
    object is open to the person, and by the object's permission where it is not.
    """
    if _open(field, operation):
        return True
    if _by_nature_closed(schema, field):
        return False
    object_open = schema.createable if operation == "CREATE" else schema.updateable
    if not object_open:
        return True
    other: WriteOperation = "UPDATE" if operation == "CREATE" else "CREATE"
    return field.permissionable and not _open(field, other)


def needed_on_create(schema: ObjectSchema, field: FieldSchema) -> bool:
    """Tell whether nobody can create a record without giving ``field``."""
    given = field.nillable or field.defaulted_on_create or field.family == "boolean"
    return not given and grantable(schema, field, "CREATE")


def _open(field: FieldSchema, operation: WriteOperation) -> bool:
    return field.createable if operation == "CREATE" else field.updateable


def _by_nature_closed(schema: ObjectSchema, field: FieldSchema) -> bool:
    kept = field.name in _AUDIT or field.name in _KEPT.get(schema.name, frozenset())
    computed = field.calculated or field.auto_number or field.type.lower() in _UNWRITABLE_TYPES
    return kept or computed or _composed_name(schema, field)


def _composed_name(schema: ObjectSchema, field: FieldSchema) -> bool:
    """A person's full name, which the platform puts together out of its parts."""
    return field.name == "Name" and schema.field("LastName") is not None
