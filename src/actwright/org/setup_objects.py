"""Setup objects: people, groups and permissions, which the platform never writes in one transaction with data.

Salesforce answers such a mixture with ``MIXED_DML_OPERATION``.
"""

from __future__ import annotations

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
