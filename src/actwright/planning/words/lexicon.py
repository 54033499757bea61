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


_verbs(
    "create add make open log book schedule register insert enter raise file new draft", "create"
)
_verbs("change update set modify adjust edit correct make raise lower reduce increase bump", "set")
_verbs("extend push postpone reschedule delay put switch move", "set")
_verbs("move mark flag put set change switch advance transition turn update", "move")
_verbs("reschedule postpone delay push extend prolong", "date")
_verbs("assign reassign transfer route give hand link attach", "assign")
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
    "deactivate": ("deactivated",),
}
"""A verb that says which value a status takes, and the words of that value."""

for _word in STATES:
    _verbs(_word, "state")

STATES["reopen"] = ()
"""Nobody can tell from the word alone where a reopened record is to stand."""

STATES["won"], STATES["lost"] = STATES["win"], STATES["lose"]

OTHER_STATES: dict[str, tuple[str, ...]] = {"close": ("completed",)}
"""What a verb says where no status has the value it says first: a task is completed, not closed."""

EVERYDAY_STATES: dict[str, tuple[str, ...]] = {
    "done": ("completed", "closed"),
    "finished": ("completed", "closed"),
    "solved": ("closed",),
    "resolved": ("closed",),
}
"""What people say for a value of a status that has another name, likeliest first."""

FLAG_VERBS = {"activate": True, "deactivate": False}
"""Verbs that set the flag ``active`` where no status has the value they say."""

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
    ("pls",),
    ("plz",),
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
    ("thx",),
    ("cheers",),
    ("thank", "you"),
    ("many", "thanks"),
    ("thanks", "a", "lot"),
    ("please",),
)
"""What may stand at the end behind a comma or a full stop and means nothing."""

FILLERS = frozenset(
    {"please", "pls", "plz", "thx", "thanks", "kindly", "too", "also", "new", "then"}
)
DETERMINERS = frozenset(
    {"a", "an", "the", "my", "our", "this", "that", "its", "their", "his", "her"}
)
PRONOUNS = frozenset({"it", "them", "him", "her", "that", "this"})
_SMALL = "as at be by for from i in is me of on or and so to us was we with you can could would will want need please"
SMALL_WORDS = DETERMINERS | PRONOUNS | frozenset(_SMALL.split())
"""Words that say nothing about what is to be done."""

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
    "demo": "Event",
    "queue": "Group",
    "list price": "PricebookEntry",
}
"""Everyday words, beside the org's own labels, and the objects they name."""

SUBJECTS = {"call": "Call", "meeting": "Meeting", "appointment": "Appointment", "demo": "Demo"}
"""Everyday words that say what a task or an event is about."""

FIELD_WORDS: dict[str, tuple[str, ...]] = {
    "ActivityDate": ("due date", "due", "deadline"),
    "Amount": ("value", "amount"),
    "AnnualRevenue": ("revenue",),
    "CloseDate": ("closing date",),
    "Company": ("company name",),
    "ContractTerm": ("term",),
    "EffectiveDate": ("effective", "effective from"),
    "Email": ("email address", "e mail", "mail"),
    "EndDate": ("ending", "ends"),
    "ExpirationDate": ("valid until", "valid through", "expiring", "expires"),
    "MobilePhone": ("mobile", "mobile number", "cell", "cell phone"),
    "NumberOfEmployees": ("headcount", "number of employees"),
    "OwnerId": ("owner",),
    "Phone": ("phone number", "telephone", "tel"),
    "StageName": ("sales stage",),
    "StartDate": ("starting", "starts"),
    "Title": ("job title",),
    "UnitPrice": ("list price", "price"),
    "Website": ("web site", "homepage"),
}
"""Everyday words for standard fields, beside the org's own labels."""

UNITS: dict[str, frozenset[str]] = {"ContractTerm": frozenset({"month", "months"})}
"""Words behind a number that only say the unit its field has anyway."""

DATE_FIELDS: dict[str, tuple[str, ...]] = {
    "Opportunity": ("CloseDate",),
    "Task": ("ActivityDate",),
    "Event": ("StartDateTime",),
    "Quote": ("ExpirationDate",),
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

_ORDINARY_WORDS = (
    "about abroad above accent advice arise back bake ball band bank bark base bead bear been bend best bill black blind"
    " bold bond boom boot border both brook burn bush cage cake calm came cape care cash cast cause cell center centre"
    " chance charge chase chose clean clone closer closet cloze cold come compete content contest contrast cook copy cost"
    " could cover crate credit cricket dark data dead dear debate decay deep defy dent deter differ dive does done door"
    " dump each early ease east easy eating edge eject even ever except exit expect extent face fact fail fair fake fall"
    " fame farm fast fate feel feet fell felt fill film find fine fire firm five flap flat flood flow flower form"
    " found four free from full game gate gave gift girl given glad goal gold gone good grow hall hang hard harm hate have"
    " head heal hear heat held help here hide hold home hope host hour house huge hunt hurt idea improve inject inset"
    " insect invert jump just keep kind king kiss knew know lack lake land lane last late leaf lean leap left lend"
    " less life lift like lime line link lion lips list live load loan lock long look loose lord love luck made mail main"
    " male mall many mass mate meal mean meat meet mile milk mind mine miss mode moon more most mount mouse movie much"
    " must near neck need news nice night none noon nose note older once only oven over pack page paid pain pair park"
    " part pass past path pick pile pink plan play plus poem pole pool poor post pour power pray press price pride print"
    " prize produce proof prove pull pump pure quick quiet quite quota race rain rang rank rare rate read real rear refer"
    " relay remake remand remote rent rest rewind rice rich ride ring rise risk road rock role roll roof room root rope"
    " rose round rout ruin rule rush safe said sail sale salt same sand save scale scene school seal seat seed seem seen"
    " self sell send sent share ship shoe shop shot show shut sick side sigh sign silk sing site size skin sleep slip slow"
    " slower snow soap soft soil sold some song soon sort soul soup space speak spend stake stand star stay stem stop"
    " store stitch such suit sure swim tail take tale talk tall tank tape team tear tell tend tent term test text than"
    " that them then they thin thing think this those throw tile time tiny told tone took tool torn total tour tower town"
    " trade train tree trip true try tune type tyre ugly under unit upon used user very view visit voice wage wait wake"
    " walk walking wall want ward warm warn wash wave weak wear week well went were west what when whom whose wide wife"
    " wild will wind wine wing wipe wire wise wish with wood word wore work world worn yard year zone"
)
ORDINARY = frozenset(_ORDINARY_WORDS.split())
"""English words that a slip could turn into one the planner knows, and that mean something else as they stand."""
