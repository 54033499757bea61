"""Redaction: secrets, the values a plan put into personal fields, and personal data of known forms, out of any text.

A value is found however it is spelled: in other cases, spacing and accents, escaped as JSON, HTML or web addresses
escape, within a longer name such as ``NotifyJaneSmith``. A name of several words is found by each of them, too. It takes
time in proportion to the text, whatever a hostile reply asks to take out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from actwright.guardrails.personal_data import without
from actwright.org.personal_data import PERSONAL_KINDS, PersonalKind
from actwright.telemetry.log.phone_numbers import without_phone_numbers
from actwright.telemetry.log.secrets import without_secrets
from actwright.telemetry.log.sought import Sought

_MOST_VALUES = 2_000
_LONGEST_VALUE = 2_000
"""Where there are more values, or longer ones, no text is kept."""
_LONGEST_TEXT = 1_000_000
"""Nothing of a longer text is kept either."""
_FIRST_MARK, _LAST_MARK = 0xE100, 0xF8FF
_MARK = re.compile(f"[{chr(_FIRST_MARK)}-{chr(_LAST_MARK)}]")
"""Characters without a meaning of their own: each stands for a label until all is found."""
_PHONE: PersonalKind = "phone"
_CHECKED = tuple(each for each in PERSONAL_KINDS if each != _PHONE)
"""What has a form that tells it from a phone number, and is looked for first."""
_SECRET, _SAID, _WITHHELD = "secret", "[{}]", "[{} characters withheld]"


class Redactor:
    """Takes out of texts what the log must not hold, and counts it.

    Args:
        values: What to take out beside secrets and personal data of known forms: each value with the label that is to
            stand in its place, such as ``Contact.Name``. The words of a value are looked for one by one, too.
        phrases: The same, as a whole only.
        region: The country phone numbers without a country code are read in: ``US``.
    """

    def __init__(
        self,
        values: Mapping[str, str] | None = None,
        phrases: Mapping[str, str] | None = None,
        *,
        region: str | None = None,
    ) -> None:
        self._region = region
        self._sought = _sought(tuple((values or {}).items()), tuple((phrases or {}).items()))
        self.counts: Counter[str] = Counter()
        """What was taken out so far, by label."""

    def text(self, text: str) -> str:
        """Return a text without what the log must not hold; nothing of it where that cannot be told."""
        if self._sought is None or len(text) > _LONGEST_TEXT:
            return _WITHHELD.format(len(text))
        kept, counts = _without_forms(_marked(self._sought, text), self._region)
        self.counts.update(dict(counts))
        return _MARK.sub(self._label, kept)

    def _label(self, found: re.Match[str]) -> str:
        assert self._sought is not None  # noqa: S101 - who has set a mark
        label = self._sought.labels[ord(found[0]) - _FIRST_MARK]
        self.counts[label] += 1
        return _SAID.format(label)


@lru_cache(maxsize=16)
def _sought(
    values: tuple[tuple[str, str], ...], phrases: tuple[tuple[str, str], ...]
) -> Sought | None:
    """Return what is to be looked for; None where that is more than can be."""
    given = (*values, *phrases)
    if len(given) > _MOST_VALUES or any(len(each) > _LONGEST_VALUE for each, _ in given):
        return None
    return Sought.of(dict(values), dict(phrases))


def _marked(sought: Sought, text: str) -> str:
    """Return a text with a mark instead of each value."""
    plain, at = _MARK.sub("\ufffd", text), 0
    kept = list[str]()
    for start, end, place in sought.spans(plain):
        kept += (plain[at:start], chr(_FIRST_MARK + place))
        at = end
    return "".join((*kept, plain[at:]))


@lru_cache(maxsize=32)
def _without_forms(text: str, region: str | None) -> tuple[str, tuple[tuple[str, int], ...]]:
    """Take out what has a form of its own; prompts repeat, and are read once."""
    kept, secrets = without_secrets(text)
    kept, checked = without(kept, _CHECKED, region=region)
    kept, numbers = without_phone_numbers(kept, _SAID.format("phone number removed"))
    kept, dialled = without(kept, (_PHONE,), region=region)
    counts = Counter({_SECRET: secrets, _PHONE: numbers})
    counts.update({each.kind: each.count for each in (*checked, *dialled)})
    return str(kept), tuple((label, count) for label, count in counts.items() if count)
