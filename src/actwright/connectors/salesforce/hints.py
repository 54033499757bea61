"""What a person can do about each of Salesforce's error codes."""

from __future__ import annotations

BUSY_CODES = frozenset({"REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE", "REQUEST_RUNNING_TOO_LONG"})
"""Codes that mean: not now."""

HINTS: dict[str, str] = {
    "INVALID_SESSION_ID": "Log in again.",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "Ask an administrator for edit access to the field, or leave it out.",
    "REQUIRED_FIELD_MISSING": "Give the named fields a value.",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "Choose one of the picklist's values.",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "The org's own rule refused the values; change them as its message says.",
    "FIELD_FILTER_VALIDATION_EXCEPTION": "The org's lookup filter refused the record; choose another.",
    "DUPLICATES_DETECTED": "A record like this exists already; use it, or change what makes them alike.",
    "DUPLICATE_VALUE": "Another record holds this unique value; choose another value, or change that record.",
    "ENTITY_IS_DELETED": "The record is in the recycle bin; restore it, or choose another.",
    "NOT_FOUND": "It is gone, or hidden from you; look it up again.",
    "INVALID_FIELD": "The field is hidden from you or does not exist; check its name and your permissions.",
    "INVALID_TYPE": "The object is hidden from you or does not exist; check its name and your permissions.",
    "MALFORMED_QUERY": "Report this query: the connector should not have sent it.",
    "MALFORMED_ID": "Copy the record's id again.",
    "UNABLE_TO_LOCK_ROW": "Somebody else is changing the same records; make a new preview in a moment.",
    "REQUEST_LIMIT_EXCEEDED": "The org's API limit is used up; wait for it to reset, or ask for a higher one.",
    "SERVER_UNAVAILABLE": "Salesforce is overloaded or in maintenance; wait a little, then try again.",
    "REQUEST_RUNNING_TOO_LONG": "Ask for fewer records at once.",
    "INSUFFICIENT_ACCESS_OR_READONLY": "Ask the record's owner or an administrator for access.",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "Ask for access to the record that is referred to.",
    "INVALID_CROSS_REFERENCE_KEY": "The record referred to is gone, hidden, or of another object; choose another.",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "An automation of the org refused; its message names it.",
    "PROCESSING_HALTED": "Another change of the same group failed; see that one.",
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": "Another change of the same group failed; see that one.",
    "PRECONDITION_FAILED": "Somebody changed the record since the preview; make a new preview.",
    "MULTIPLE_CHOICES": "Make the external id unique, or name the record by its id.",
    "MIXED_DML_OPERATION": "Split users, groups and permissions from the other records into plans of their own.",
    "STRING_TOO_LONG": "Shorten the text.",
    "NUMBER_OUTSIDE_VALID_RANGE": "Give a number the field can hold.",
    "INVALID_EMAIL_ADDRESS": "Give a valid e-mail address.",
    "JSON_PARSER_ERROR": "A value does not fit its field's type; check the values.",
    "INVALID_TYPE_ON_FIELD_IN_RECORD": "A value does not fit its field's type; check the values.",
    "INVALID_QUERY_FILTER_OPERATOR": "That field cannot be compared this way; use another operator.",
    "INVALID_QUERY_LOCATOR": "The result expired while it was read; ask again.",
    "DELETE_FAILED": "Other records depend on this one; remove or move them first.",
    "ENTITY_IS_LOCKED": "The record is locked by an approval; wait for it, or have it unlocked.",
    "STORAGE_LIMIT_EXCEEDED": "The org has no storage left; ask an administrator.",
    "API_DISABLED_FOR_ORG": "The org's edition or your profile has no API access; ask an administrator.",
    "API_CURRENTLY_DISABLED": "Your user has no API access; ask an administrator for 'API Enabled'.",
    "UNKNOWN_EXCEPTION": "Salesforce failed inside; try again, and give its support the number in the message.",
}

LOGIN_HINTS: dict[str, str] = {
    "invalid_client": "Check the client id and secret, and that the connected app allows this flow.",
    "invalid_client_id": "Check the client id; a new connected app needs some minutes to be known.",
    "invalid_client_credentials": "Check the client secret.",
    "invalid_grant": "Check the user name, the app's pre-authorised profiles and the IP policy; for a JWT, "
    "the key's certificate and the clock.",
    "unsupported_grant_type": "Enable this OAuth flow in the connected app, or use another.",
    "invalid_app_access": "Ask an administrator to pre-authorise this user for the connected app.",
    "inactive_user": "The user is inactive; ask an administrator.",
    "inactive_org": "The org is locked or expired.",
    "rate_limit_exceeded": "Too many logins; wait a little.",
    "INVALID_LOGIN": "Check user name, password and security token; prefer client credentials or a JWT.",
    "LOGIN_MUST_USE_SECURITY_TOKEN": "Add the security token from your personal settings.",
    "INVALID_OPERATION": "SOAP login is switched off in this org; use client credentials or a JWT.",
    "UNSUPPORTED_API_VERSION": "SOAP login is gone; use client credentials or a JWT.",
    "API_CURRENTLY_DISABLED": "The user has no API access; ask an administrator for 'API Enabled'.",
}
"""By OAuth error, or by SOAP exception code."""
