"""Names of people: told apart by what a reader sees, so that no look-alike counts as somebody else."""

from __future__ import annotations

import unicodedata
from typing import Final

from actwright.errors import InputError
from actwright.inert import inert

LONGEST_NAME: Final = 80

_TWINS: Final = str.maketrans(
    {
        **dict(zip("аеорсухіјѕһԁԛԝьвнкмтɡıɑ", "aeopcyxijshdqwbbhkmtgia", strict=True)),
        **dict(zip("αβγεικνορτυχωϲϳη", "abyeiknoptuxwcjn", strict=True)),
        **dict(zip("օսհոցյզգ", "ouhngjqq", strict=True)),
        **dict(zip("01!|i", "ollll", strict=True)),
    }
)
"""Letters and digits that look like another one, in small letters, by the one they are taken for."""


def person_key(name: str) -> str:
    """Return what two names have in common where a reader would take them for one person's.

    Case, accents, blanks, marks and look-alikes of other scripts make no difference. It is coarse on purpose: two who
    cannot be told apart count as one.
    """
    split = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", inert(name)).casefold())
    seen = split.translate(_TWINS)
    return "".join(each for each in seen if each.isalnum() or each == "l").replace("rn", "m")


def checked_name(name: str) -> str:
    """Return a person's name as it is kept.

    Raises:
        InputError: It is blank, too long, not of letters, or mixes scripts as names of people do not.
    """
    told = inert(name, limit=LONGEST_NAME).strip()
    if not told or len(name) > LONGEST_NAME or not person_key(told):
        raise InputError(
            f"An approver needs a name of up to {LONGEST_NAME} characters.", where="name"
        )
    scripts = {_script(each) for each in told if each.isalpha()} - {"MODIFIER"}
    if len(scripts - _TOGETHER) + bool(scripts & _TOGETHER) > 1:
        raise InputError(
            f"The name {told!r} mixes letters of {' and '.join(sorted(scripts))}: it may look like somebody else's.",
            where="name",
            hint="Write it in the letters of one script.",
        )
    return told


_TOGETHER: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
"""Scripts that stand in one name."""


def _script(letter: str) -> str:
    """Return the script of a letter, as its Unicode name begins."""
    first = unicodedata.name(letter, "NAMELESS").split()[0]
    return first.partition("-")[0]
