"""The forms of secrets: keys of services, tokens, session ids, private keys, passwords in addresses."""

from __future__ import annotations

from collections.abc import Iterator

from tools.leaks.needle import Needle

_FORMS = {
    "the key of a model's service": r"\bsk-[A-Za-z0-9][A-Za-z0-9_-]{3,}",
    "the key of a paid service": r"\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{8,}",
    "a bearer token": r"(?i:\bbearer)\s+(?:[\w.~+/-]{20,}|[A-Za-z.~+/-]*\d[\w.~+/-]{6,})",
    "an org's session id": r"\b00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?(?:!|%21|\\u0021)[\w.%-]{4,}",
    "a name and a password in a header": r"(?i:\bbasic)\s+[A-Za-z0-9+/]{12,}={0,2}",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}",
    "a key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{30,}",
    "a token of a forge": r"\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}",
    "a token of a messenger": r"\bxox[abeprs]-[A-Za-z0-9-]{8,}",
    "a password in an address": r"\b[a-z][a-z0-9+]{2,}://[^\s/:@\"']{1,80}:[^\s/:@\"']{1,80}@",
    "a credential in a header or a form": (
        r"(?i:\b(?:set-cookie|x-api-key|client_secret|proxy-authorization))"
        r"\\?[\"']?\s*[:=]\s*\\?[\"']?[\w.~+/=-]{4,}"
    ),
}


def secret_needles() -> Iterator[Needle]:
    """Yield what a secret looks like, whoever it belongs to."""
    for what, pattern in _FORMS.items():
        yield Needle("secret", what, pattern)
    yield Needle("handed", "an approver's key", r"\b(?:apk|plk)_[0-9a-f]{16}\.[\w-]{20,}")
