"""Setup objects: people, groups and permissions, which the platform never writes in one transaction with data."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import found, object_title
from actwright.guardrails.issue import Issue

_SETUP_OBJECTS = frozenset(
    each.lower()
    for each in (
        "FieldPermissions",
        "Group",
        "GroupMember",
        "GroupMemberRole",
        "MutingPermissionSet",
        "ObjectPermissions",
        "ObjectTerritory2AssignmentRule",
        "PermissionSet",
        "PermissionSetAssignment",
        "PermissionSetGroup",
        "PermissionSetGroupComponent",
        "Profile",
        "QueueSobject",
        "SetupEntityAccess",
        "Territory2",
        "Territory2Model",
        "User",
        "UserPackageLicense",
        "UserRole",
        "UserTerritory2Association",
    )
)


def is_setup_object(name: str) -> bool:
    """Tell whether writes to ``name`` must never share a transaction with writes to data objects."""
    return name.lower() in _SETUP_OBJECTS


def setup_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield a warning where the effect changes who may do what, rather than data."""
    if is_setup_object(context.effect.object):
        yield found(
            context,
            "setup_object",
            f"{object_title(context)} is a setup object: this changes people or permissions, not data.",
            hint="Make sure that this is what was meant; an administrator should know of it.",
            severity="warning",
        )
