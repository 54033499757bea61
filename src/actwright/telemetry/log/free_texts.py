"""Names in free texts: which words of a text of somebody's own may be a person's name, and which inputs take such a text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from actwright.actions.generating.making import is_generated
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import Plan
from actwright.planning.words.lexicon import FREE_TEXT_FIELDS, ORDINARY, VERBS

WORD = re.compile(r"[^\W_]+(?:['\u2019.@+-][^\W_]+)*")
USUAL = frozenset(
    {
        "a", "an", "and", "any", "all", "as", "at", "but", "by", "do", "each", "every", "for", "from", "get",
        "give", "have", "if", "in", "into", "is", "it", "its", "make", "me", "my", "no", "not", "of", "off", "on",
        "one", "or", "our", "out", "over", "please", "set", "so", "that", "the", "their", "them", "then", "this",
        "those", "to", "until", "up", "us", "via", "was", "we", "were", "when", "which", "who", "whose", "will",
        "with", "within", "without", "would", "you", "your",
    }
)  # fmt: skip
"""Small words that say nothing of anybody."""
CALENDAR = frozenset(
    {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February",
        "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    }
)  # fmt: skip
"""What is written with a capital and names nobody."""
_ERRANDS = frozenset(
    {
        "ask", "book", "call", "check", "confirm", "contact", "contract", "demo", "discuss", "email", "follow",
        "invite", "invoice", "mail", "meet", "meeting", "note", "offer", "ping", "prepare", "quote", "remind",
        "reminder", "renew", "renewal", "reply", "review", "ring", "schedule", "send", "share", "sync", "talk",
        "visit", "wait", "write", "there", "what", "nothing", "these", "i", "how", "could", "should", "did",
        "does",
    }
)  # fmt: skip
"""Further words a note begins with."""
_OPENING = _ERRANDS | USUAL | ORDINARY | set(VERBS)
_FREE_TYPES = frozenset({"TextArea", "LongTextArea"})
_TELLING = re.compile(
    r"(?:name|title|city|state|country|code|number|type|site|sic|symbol|company|department|location|key|url|"
    r"status|stage|source|currency|size|level|tier|_id)$",
    re.IGNORECASE,
)
"""Names of fields that say what stands in them."""
_DOING = frozenset(
    {
        "is", "was", "has", "had", "will", "would", "can", "could", "should", "must", "may", "wants", "wanted",
        "needs", "needed", "says", "said", "asks", "asked", "calls", "called", "and", "or", "to", "from", "at",
        "writes", "wrote", "left", "joined", "told", "thinks",
    }
)  # fmt: skip
"""What stands behind a sentence's first word where that is somebody."""
_ENDS = frozenset(".!?:;\n\u2022\u2026")
_AROUND = " \t\"'`([{<*\u00ab\u201c\u201e\u2018-\u2013\u2014"
_NEAR = 8


def is_free_text(each: ActionInput) -> bool:
    """Tell whether an input takes a text of a person's own, in which anybody may be named."""
    if each.data_type in _FREE_TYPES or each.field_api_name in FREE_TEXT_FIELDS:
        return True
    return each.data_type == "String" and not is_telling(each.field_api_name)


def is_telling(path: str) -> bool:
    """Tell whether a field's name says what stands in it, such as a city or a company; a subject or a note does not."""
    return bool(_TELLING.search(path.rpartition(".")[2].removesuffix("__c")))


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are written."""
    return WORD.findall(text)


def is_small(word: str) -> bool:
    """Tell whether a word could have a capital and has none; Chinese, Arabic or Hindi names have none either."""
    unlettered = not any(map(str.isalpha, word))
    return word == word.lower() and (unlettered or word != word.upper())


def names_in(text: str, known: frozenset[str]) -> Iterator[str]:
    """Yield the words of a free text that may be a person's name.

    That is each word with a capital that nobody knows; a sentence's first word only where a name follows, or something
    that people do, or nothing at all.

    Args:
        text: The text. Hostile input.
        known: Words that name no person, as they are written.
    """
    words = list(WORD.finditer(text))
    lowered = _lowered(known)
    for place, found in enumerate(words):
        word, behind = found[0], words[place + 1] if place + 1 < len(words) else None
        if is_small(word) or word in known or word in CALENDAR or word == "I":
            continue
        if (
            not _opens(text, found.start())
            or not word.isascii()
            or (word.lower() not in lowered and _is_somebody(text, found, behind, known))
        ):
            yield word


@lru_cache(maxsize=8)
def _lowered(known: frozenset[str]) -> frozenset[str]:
    """Return what a sentence may begin with; many texts share what is known."""
    return _OPENING.union(each.lower() for each in known)


def _opens(text: str, start: int) -> bool:
    """Tell whether a sentence begins there, also within quotes."""
    before = text[max(start - _NEAR, 0) : start].rstrip(_AROUND)
    return before[-1:] in _ENDS if before else start <= _NEAR


def _is_somebody(
    text: str, found: re.Match[str], behind: re.Match[str] | None, known: Collection[str]
) -> bool:
    """Tell whether a sentence's first word may be a name, by what stands behind it."""
    if found[0].endswith(("'s", "\u2019s")) or behind is None:
        return True
    between = text[found.end() : behind.start()]
    if between.strip():
        return "," in between
    named = not is_small(behind[0]) and behind[0] not in known and behind[0] not in CALENDAR
    return named or behind[0] in _DOING


def own_words(plan: Plan) -> Iterator[str]:
    """Yield words that name no person: what the plan's blueprints, objects and inputs are called by their authors."""
    for action in plan.actions:
        blueprint = action.blueprint
        if is_generated(blueprint):
            continue
        texts = [blueprint.label, blueprint.summary, blueprint.target_s_object or ""]
        texts += [*blueprint.tags, *blueprint.synonyms, *blueprint.aliases]
        for text in (*texts, *(each.label for each in blueprint.inputs)):
            yield from words_of(text)
