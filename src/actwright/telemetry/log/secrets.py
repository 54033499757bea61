"""Secrets in a text: keys, tokens and session ids, told by their forms, in linear time."""

from __future__ import annotations

import re2

_NAMED = r"(?:api[_-]?key|token|session[_-]?id|secret|password|passwd|pwd|signature|set-cookie|authorization)"
_QUOTE = r"(?:\\*[\"']|&quot;|&#34;|%22)?"
_VALUE = r"(?:(?:bearer|basic)\s+)?[^\s\"'\\,;&}]{4,}"
_FORMS = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?",
    r"\bsk-[A-Za-z0-9][A-Za-z0-9_\-]{3,}|\b[pr]k-[A-Za-z0-9_\-]{8,}",
    r"\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{8,}",
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{20,}",
    r"\bgithub_pat_[A-Za-z0-9_]{20,}",
    r"\bglpat-[A-Za-z0-9_\-]{16,}",
    r"\bxox[abeoprs]-[A-Za-z0-9\-]{10,}",
    r"\bAIza[A-Za-z0-9_\-]{30,}",
    r"\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]*)?",
    r"\b00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?(?:!|%21|\\+u0021|&#33;)[A-Za-z0-9._%\-]{4,}",
    r"(?i:\b(?:bearer|basic)\s+[A-Za-z0-9._~+/\-]{12,}=*)",
    r"(?i:\bbearer\s+[A-Za-z.~+/\-]*\d[A-Za-z0-9._~+/\-]{6,})",
    r"\b(?:apk|plk)_[0-9a-f]{16}\.[A-Za-z0-9_\-]{20,}",
    rf"(?i:(?:\b|_){_NAMED}{_QUOTE}\s*(?:[:=]|%3D)\s*{_QUOTE}{_VALUE})",
    r"://[^/\s:@\"']+:[^/\s@\"']+@",
)
_SECRET = re2.compile("|".join(f"(?:{each})" for each in _FORMS))


def secrets_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return where secrets stand in a text: the first character of each, and the one behind its last."""
    return tuple(each.span() for each in _SECRET.finditer(text))


def without_secrets(text: str, mark: str = "[secret]") -> tuple[str, int]:
    """Return a text with ``mark`` instead of each secret, and how many there were."""
    kept, count = _SECRET.subn(mark, text)
    return str(kept), int(count)
