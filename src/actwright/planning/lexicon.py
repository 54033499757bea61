"""The words the offline planner knows: verbs, small words, and everyday names of objects and fields."""

from __future__ import annotations

from typing import Literal

Manner = Literal[
    "create", "set", "move", "assign", "rename", "delete", "state", "date", "clear", "errand"
]
"""What a verb asks for. ``state``: the verb itself names a picklist value, as in ``close`` and ``escalate``.
``errand``: the verb is what is to be done at some time, as in ``call``."""

VERBS: dict[str, frozenset[Manner]] = {}
"""Verb, in its base form, to what it can ask for."""


def _verbs(words: str, *manners: Manner) -> None:
    for word in words.split():
        VERBS[word] = VERBS.get(word, frozenset()) | frozenset(manners)


_verbs("create add make open log book schedule register insert enter raise file new", "create")
_verbs("change update set modify adjust edit correct make raise lower reduce increase bump", "set")
_verbs("extend push postpone reschedule delay put switch", "set")
_verbs("move mark flag put set change switch advance transition turn update", "move")
_verbs("reschedule postpone delay push", "date")
_verbs("assign reassign transfer route give hand", "assign")
_verbs("rename", "rename")
_verbs("delete remove erase", "delete")
_verbs("clear empty blank unset remove delete erase", "clear")
_verbs("reopen", "state")

STATES: dict[str, tuple[str, ...]] = {
    "close": ("closed",),
    "win": ("closed", "won"),
    "lose": ("closed", "lost"),
    "escalate": ("escalated",),
    "qualify": ("qualified",),
    "disqualify": ("unqualified",),
    "complete": ("completed",),
    "finish": ("completed",),
    "defer": ("deferred",),
    "activate": ("activated",),
    "approve": ("approved",),
    "accept": ("accepted",),
    "reject": ("rejected",),
    "deny": ("denied",),
    "abort": ("aborted",),
}
"""A verb that says which value a status takes, and the words of that value."""

for _word in STATES:
    _verbs(_word, "state")

STATES["reopen"] = ()
"""Nobody can tell from the word alone where a reopened record is to stand."""

STATES["won"], STATES["lost"] = STATES["win"], STATES["lose"]

OTHER_STATES: dict[str, tuple[str, ...]] = {"close": ("completed",)}
"""What a verb says where no status has the value it says first: a task is completed, not closed."""

OPENINGS: dict[tuple[str, ...], str] = {
    ("we", "won"): "won",
    ("we", "lost"): "lost",
    ("remind", "me"): "remind",
    ("call",): "call",
}
"""How a clause may begin without a verb of its own, and what stands for it."""

OPENING_MANNERS: dict[str, frozenset[Manner]] = {
    "won": frozenset({"state"}),
    "lost": frozenset({"state"}),
    "remind": frozenset({"errand"}),
    "call": frozenset({"errand"}),
}

POLITE: tuple[tuple[str, ...], ...] = (
    ("please",),
    ("kindly",),
    ("hi",),
    ("hello",),
    ("hey",),
    ("now",),
    ("also",),
    ("then",),
    ("just",),
    ("go", "ahead", "and"),
    ("can", "you"),
    ("could", "you"),
    ("would", "you"),
    ("will", "you"),
    ("i", "want", "to"),
    ("i", "want", "you", "to"),
    ("i", "need", "to"),
    ("i", "need", "you", "to"),
    ("i'd", "like", "to"),
    ("i", "would", "like", "to"),
    ("i'd", "like", "you", "to"),
    ("let's",),
    ("we", "need", "to"),
    ("don't", "forget", "to"),
    ("do", "not", "forget", "to"),
    ("remember", "to"),
)
"""What may stand before the verb and means nothing."""

ASKING = frozenset({"can", "could", "would", "will", "please", "kindly"})
"""Openings after which a question mark means nothing."""

THANKS: tuple[tuple[str, ...], ...] = (
    ("thanks",),
    ("thank", "you"),
    ("many", "thanks"),
    ("thanks", "a", "lot"),
    ("please",),
)
"""What may stand at the end behind a comma or a full stop and means nothing."""

FILLERS = frozenset({"please", "thanks", "kindly", "too", "also", "new", "then"})
DETERMINERS = frozenset(
    {"a", "an", "the", "my", "our", "this", "that", "its", "their", "his", "her"}
)
PRONOUNS = frozenset({"it", "them", "him", "her", "that", "this"})
INERT_SYMBOLS = frozenset({",", ".", "!", ";"})
NEGATIONS = frozenset(
    {"not", "don't", "dont", "never", "no", "without", "except", "unless", "cannot", "can't"}
    | {"shouldn't", "won't", "neither", "nor"}
)
SWEEPING = frozenset({"all", "every", "each", "any", "everything", "everyone", "both"})
"""Words that ask for many records at once."""

COORDINATORS: tuple[tuple[str, ...], ...] = (
    ("and", "then"),
    ("and", "also"),
    ("and",),
    ("then",),
    ("also",),
    ("plus",),
    ("&",),
)

OBJECT_WORDS: dict[str, str] = {
    "deal": "Opportunity",
    "deals": "Opportunity",
    "opp": "Opportunity",
    "oppty": "Opportunity",
    "ticket": "Case",
    "tickets": "Case",
    "incident": "Case",
    "company": "Account",
    "customer": "Account",
    "client": "Account",
    "prospect": "Lead",
    "todo": "Task",
    "to do": "Task",
    "reminder": "Task",
    "call": "Task",
    "follow up": "Task",
    "followup": "Task",
    "meeting": "Event",
    "appointment": "Event",
    "queue": "Group",
}
"""Everyday words, beside the org's own labels, and the objects they name."""

SUBJECTS = {"call": "Call"}
"""Everyday words that say what a task is about."""

FIELD_WORDS: dict[str, tuple[str, ...]] = {
    "ActivityDate": ("due date", "due", "deadline"),
    "Amount": ("value", "amount"),
    "AnnualRevenue": ("revenue",),
    "CloseDate": ("closing date",),
    "Company": ("company name",),
    "Email": ("email address", "e mail", "mail"),
    "MobilePhone": ("mobile", "mobile number", "cell", "cell phone"),
    "NumberOfEmployees": ("headcount", "number of employees"),
    "OwnerId": ("owner",),
    "Phone": ("phone number", "telephone", "tel"),
    "StageName": ("sales stage",),
    "Title": ("job title",),
    "Website": ("web site", "homepage"),
}
"""Everyday words for standard fields, beside the org's own labels."""

DATE_FIELDS: dict[str, tuple[str, ...]] = {
    "Opportunity": ("CloseDate",),
    "Task": ("ActivityDate",),
}
"""The field a date belongs to where the goal names none."""

FREE_TEXT_FIELDS: tuple[str, ...] = ("Subject", "Description")
"""Where text behind a colon goes: the first of these that can be written."""

PRIMARY_OBJECTS: tuple[str, ...] = (
    "Opportunity",
    "Account",
    "Contact",
    "Lead",
    "Case",
    "Task",
    "Campaign",
)
"""The objects a record's name is looked for in where the goal names no object."""
