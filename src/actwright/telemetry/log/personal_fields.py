"""Which fields hold personal data: by the object they are of, by their names, and by the types the org gives them."""

from __future__ import annotations

import re

_NAMES = frozenset({"name", "firstname", "lastname", "middlename", "alias"})
"""Fields that name a person, on a record that is one."""
_NAMELESS = frozenset(
    {
        "account", "asset", "businesshours", "campaign", "case", "contentdocument", "contentversion", "contract",
        "dashboard", "document", "emailtemplate", "entitlement", "event", "folder", "group", "location",
        "opportunity", "opportunitylineitem", "order", "orderitem", "organization", "parent", "pricebook2",
        "pricebookentry", "product", "product2", "profile", "queue", "quote", "quotelineitem", "recordtype", "report",
        "servicecontract", "solution", "task", "territory2", "userrole", "what", "workorder", "worktype",
    }
)  # fmt: skip
"""Objects and relationships whose records are no people; whoever is not among them may be one."""
_PERSON = re.compile(
    r"contact|person|member|user|lead|individual|employee|candidate|attendee|participant|patient|student|customer|"
    r"applicant|guest|donor|relation",
    re.IGNORECASE,
)
"""What the name of a custom object says, whose records are people."""
_ANYWHERE = re.compile(
    r"(?:first|last|middle|maiden|nick|user|full)_?name|supplied_?(?:name|email|phone|company)|assistant|"
    r"e_?mail|phone|mobile|fax|street|postal_?code|zip|birth|salutation|"
    r"passport|ssn|social_?security|national_?id|tax_?id|iban|card_?number|gender|religion",
    re.IGNORECASE,
)
"""Names that say what a field holds, whatever it is a field of."""
_TYPES = frozenset({"email", "phone"})
_OF_PEOPLE = re.compile(
    r"name|person|contact|customer|recipient|lead|owner|attendee", re.IGNORECASE
)


def is_personal(object_name: str, path: str, kind: str = "") -> bool:
    """Tell whether a field holds personal data; where nobody knows whether a record is a person, its name does.

    Args:
        object_name: The object the path begins at; empty where there is none.
        path: A field, or a parent's field such as ``Owner.Name``.
        kind: The field's type as the org or the blueprint gives it, where it is known.
    """
    *parents, field = path.split(".")
    if kind.lower() in _TYPES or _ANYWHERE.search(field):
        return True
    if field.lower().removesuffix("__c") not in _NAMES:
        return False
    if not parents and object_name.endswith("__c"):
        return bool(_PERSON.search(object_name))
    holder = parents[-1].removesuffix("__r") if parents else object_name
    return holder.lower() not in _NAMELESS


def is_personal_name(name: str) -> bool:
    """Tell whether a piece of named data sounds personal: ``contact_email``, ``customer``."""
    return bool(_ANYWHERE.search(name) or _OF_PEOPLE.search(name))
