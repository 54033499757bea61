"""The language of a goal: English is planned; of any other it is said which one was seen.

Told by small closed sets of function words and by scripts, never by names: ``close Société Générale Renewal as won``
is English, whatever the company is called.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from actwright.planning.words.lexicon import (
    COORDINATORS,
    DETERMINERS,
    FILLERS,
    NEGATIONS,
    OPENINGS,
    POLITE,
    SWEEPING,
    VERBS,
)
from actwright.planning.words.text import Token

_FUNCTION_WORDS = {
    "German": (
        "der die das den dem des ein eine einen einem einer und oder als auf für mit von vom zu zum zur bei beim nach"
        " ist sind bitte nicht auch ich wir mir uns soll kann könntest lege erstelle schließe ändere setze lösche"
        " verschiebe weise neue neuen neues aufgabe im am um über"
    ),
    "French": (
        "le la les l' d' un une des du de et ou à au aux pour avec sur dans comme est sont ce cette mon ma mes nous"
        " je s'il vous plaît ne pas ferme fermer fermez crée créer créez change changer modifier modifiez supprime"
        " supprimer ajoute ajouter mets mettre nouvelle nouveau demain"
    ),
    "Spanish": (
        "el la los las un una unos unas y o de del al a en con por para como es son mi su nos yo favor no cierra"
        " cerrar cierre crea crear cambia cambiar elimina eliminar borra añade agrega pon mueve nueva nuevo mañana"
    ),
    "Italian": (
        "il lo la gli le un uno una e o di del della dei delle al alla alle in con per su come è sono mio mia noi"
        " chiudi chiudere crea creare cambia cambiare modifica elimina aggiungi sposta nuova nuovo domani favore"
    ),
    "Portuguese": (
        "o a os as um uma e ou de do da dos das ao à em no na com por para como é são meu minha nós feche fechar crie"
        " criar altere alterar mude exclua apague adicione nova novo amanhã"
    ),
    "Dutch": (
        "de het een en of van voor met naar op als bij aan in is zijn mijn ons niet ook graag sluit sluiten maak"
        " wijzig verander verwijder verplaats zet nieuwe nieuw morgen"
    ),
}
_WORDS = {name: frozenset(words.split()) for name, words in _FUNCTION_WORDS.items()}
_ENGLISH = (
    frozenset(VERBS)
    | frozenset(word for phrase in (*POLITE, *COORDINATORS, *OPENINGS) for word in phrase)
    | FILLERS
    | DETERMINERS
    | SWEEPING
    | NEGATIONS
    | frozenset(
        [
            "a",
            "i",
            "of",
            "to",
            "in",
            "on",
            "at",
            "for",
            "from",
            "with",
            "by",
            "as",
            "is",
            "are",
            "be",
            "it",
            "and",
            "or",
            "if",
            "do",
            "so",
            "was",
            "when",
            "who",
            "what",
            "than",
        ]
    )
)
_PARTICLES = frozenset(
    [
        "de",
        "la",
        "le",
        "les",
        "du",
        "des",
        "del",
        "della",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "van",
        "der",
        "den",
        "von",
        "zu",
        "y",
        "e",
        "et",
        "und",
        "el",
        "los",
        "las",
        "il",
        "lo",
        "gli",
        "ter",
        "ten",
        "al",
        "o",
        "a",
        "l'",
        "d'",
    ]
)
_TEXT_MARKS = frozenset({":", "saying", "about", "named", "called", "titled"})
_SCRIPTS = {
    "CYRILLIC": "Russian or another language in Cyrillic letters",
    "GREEK": "Greek",
    "ARABIC": "Arabic or another language in Arabic letters",
    "HEBREW": "Hebrew",
    "DEVANAGARI": "Hindi or another language in Devanagari letters",
    "THAI": "Thai",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CJK": "Chinese or Japanese",
}
_ENOUGH = 2


def foreign_language(tokens: Sequence[Token], *, begun: bool) -> str | None:
    """Return the language a goal is in, or None where it is English or nothing tells.

    Args:
        tokens: The tokens of the goal.
        begun: Whether the goal begins as English does: with a verb the planner knows. Then names and the texts that it
            only writes down say nothing, and the other language has to speak up more often than English does.
    """
    words = list(_telling(tokens) if begun else _unquoted(tokens))
    if not begun:
        script = next((found for each in words if (found := _script(each.text))), None)
        if script is not None:
            return script
    counts = {name: _count(words, known) for name, known in _WORDS.items()}
    name, most = max(counts.items(), key=lambda each: each[1])
    english = sum(each.key in _ENGLISH for each in words)
    return name if most > english and most >= (_ENOUGH if begun else 1) else None


def _count(words: Iterable[Token], known: frozenset[str]) -> int:
    return sum(not known.isdisjoint({each.key, *_elided(each.key)}) for each in words)


def _elided(key: str) -> tuple[str, ...]:
    """Return the article a word begins with: ``l'opportunité`` begins with ``l'``."""
    head, mark, _ = key.partition("'")
    return (f"{head}'",) if mark and len(head) == 1 else ()


def _unquoted(tokens: Sequence[Token]) -> Iterator[Token]:
    return (each for each in tokens if each.kind == "word")


def _telling(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the words in lower case that belong to no name and to no text to write down."""
    for at, each in enumerate(tokens):
        if each.key in _TEXT_MARKS:
            return
        if each.kind == "word" and not each.capital and not _in_name(tokens, at):
            yield each


def _in_name(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a small word stands before a capital, or between two: ``van der Berg``, ``Banco de la Nación``."""
    stop = at
    while stop < len(tokens) and tokens[stop].key in _PARTICLES and not tokens[stop].capital:
        stop += 1
    leads_on = stop > at and stop < len(tokens) and tokens[stop].capital
    key = tokens[at].key
    return leads_on and key not in _ENGLISH


def _script(text: str) -> str | None:
    for char in text:
        if char.isalpha() and ord(char) > 0x24F:  # noqa: PLR2004 - behind the Latin letters of Europe
            name = unicodedata.name(char, "").split()
            found = _SCRIPTS.get(name[0]) if name else None
            if found is not None:
                return found
    return None
