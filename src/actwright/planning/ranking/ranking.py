"""Ranking: how near a blueprint comes to what a goal says, and why one stands before another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from actwright.planning.planner import Recommendation
from actwright.planning.ranking.hearing import Heard, NamedField
from actwright.planning.ranking.profile import Profile
from actwright.planning.ranking.standing import Standing
from actwright.planning.ranking.vocabulary import asks_for

WORTH_SHOWING = 0.2
"""The least score of a recommendation."""

_OBJECT, _OPERATION, _WORDS = 0.4, 0.25, 0.35
_PLAIN_WORDS = 0.2
"""What a blueprint without words of its own gets for them: it fits any goal of its kind, none in particular."""

_MISSPELT = 0.6
"""What a misspelt word is worth of the word."""

_TAG_WORDS, _ENOUGH_TAGS = 0.5, 3
_FIELD, _VALUE = 0.15, 0.3
"""How much nearer a named field, or a value it allows, brings a blueprint to a full score."""

_OTHER_VALUE = 0.6
"""What is left of the score of a blueprint that cannot set the value the goal names."""

CANNOT = "but it cannot set"
"""How the reason begins that a blueprint cannot do what the goal says."""

_DERIVED = 0.9
_SPOKEN = 2
_NOTHING = "nothing in the goal speaks for it"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A blueprint's place in a ranking.

    Attributes:
        profile: The blueprint.
        score: How near it comes, 0 to 1, in hundredths.
        own: How many of its own words the goal says, which decides first between equals.
        named: Which of the named objects it is about, the first being 0; decides second.
        reasons: What speaks for it.
    """

    profile: Profile
    score: float
    own: int
    named: int
    reasons: tuple[str, ...]

    @property
    def place(self) -> tuple[float, int, int, str]:
        """What the ranking sorts by; the key comes last and decides only between full equals."""
        return (-self.score, -self.own, self.named, self.profile.key)

    def recommendation(self) -> Recommendation:
        """Return it as a recommendation."""
        blueprint = self.profile.blueprint
        return Recommendation(
            key=self.profile.key,
            name=blueprint.name,
            label=blueprint.label,
            score=self.score,
            rationale=f"the goal {' · '.join(self.reasons)}" if self.reasons else _NOTHING,
            source=self.profile.source,
            tags=blueprint.tags,
        )


def ranking(
    profiles: Iterable[Profile],
    heard: Heard,
    least: float = 0.0,
    most: int | None = None,
    standings: Mapping[str, Standing] | None = None,
) -> tuple[Ranked, ...]:
    """Return the blueprints, nearest first, with what decided between equals among their reasons.

    Args:
        profiles: The blueprints.
        heard: What the goal says.
        least: The least score of one that is returned; what people did with earlier plans does not count towards it.
        most: How many are returned; all where left out.
        standings: How plans with them fared for goals like this one, by blueprint name.
    """
    near = [each for each in (_rank(one, heard) for one in profiles) if each.score >= least]
    found = [_moved(each, standings) for each in near] if standings else near
    found.sort(key=lambda each: each.place)
    # One more than is shown, so that the last one too says what put it before the next.
    shown = found if most is None else found[: most + 1]
    return _with_ties(shown)[:most]


def _moved(ranked: Ranked, standings: Mapping[str, Standing]) -> Ranked:
    """Return a place as what people did moves it; what cannot do what the goal says is never moved up."""
    standing = standings.get(ranked.profile.blueprint.name)
    if standing is None or not standing.moves(hindered=hindered(ranked.reasons)):
        return ranked
    moved = replace(ranked, score=round(standing.moved(ranked.score), 2))
    return _because(moved, standing.reason)


def hindered(reasons: Iterable[str]) -> bool:
    """Tell whether reasons say that a blueprint cannot do what the goal says."""
    return any(CANNOT in each for each in reasons)


def _rank(profile: Profile, heard: Heard) -> Ranked:
    own = profile.own & heard.said.keys()
    slips = own & heard.slips.keys()
    target = profile.blueprint.target_s_object or ""
    named = list(heard.objects).index(target) if target in heard.objects else len(heard.objects)
    spoken = (each for each in profile.phrases if each[0] in heard.said)
    phrase = max(map(heard.phrase, spoken), key=len, default=())
    if target not in heard.objects and not _recognised(own, phrase, heard):
        return Ranked(profile, 0.0, len(own), named, ())
    score, reasons = _score(profile, heard, own, slips, phrase)
    weight = 1.0 if profile.source == "curated" else _DERIVED
    return Ranked(profile, round(min(score, 1.0) * weight, 2), len(own), named, tuple(reasons))


def _recognised(own: frozenset[str], phrase: Sequence[str], heard: Heard) -> bool:
    """Tell whether words alone are enough, where no object is named.

    Several are. A single one is where the goal says nothing else that would have to mean something: ``win``, but not
    ``close the window``.
    """
    if len(own) >= _SPOKEN or len(phrase) >= _SPOKEN:
        return True
    return bool(own or phrase) and not heard.objects and heard.content <= own


def _score(
    profile: Profile,
    heard: Heard,
    own: frozenset[str],
    slips: frozenset[str],
    phrase: Sequence[str],
) -> tuple[float, list[str]]:
    blueprint, reasons = profile.blueprint, list(_words(heard, own, slips, phrase))
    tags = profile.tags & heard.said.keys()
    share = (len(own) - len(slips) * (1 - _MISSPELT)) / len(profile.own) if profile.own else 0.0
    words = max(share, 1.0 if phrase else 0.0, min(1, len(tags) / _ENOUGH_TAGS) * _TAG_WORDS)
    score = _WORDS * words
    named = heard.objects.get(blueprint.target_s_object or "")
    verb = next((each for each in heard.verbs if asks_for(each, blueprint.operation)), None)
    if named is not None:
        score += _OBJECT
        reasons.append(f"names its object, {blueprint.target_s_object} ({named!r})")
    elif own or phrase:
        score += _OBJECT / 2 * words
    if verb is not None and (named is not None or own or phrase):
        score += _OPERATION
        reasons.append(f"asks to {blueprint.operation.lower()} ({verb!r})")
    if tags:
        reasons.append(f"says {_said(heard, tags)} of its tags")
    if not profile.own and named is not None and verb is not None:
        score += _PLAIN_WORDS
    return _with_fields(score, profile, heard, reasons), reasons


def _with_fields(score: float, profile: Profile, heard: Heard, reasons: list[str]) -> float:
    """Return the score with the fields and values the goal names taken into account."""
    mentions = [each for each in heard.fields if _is_about(profile, each)]
    refused = [each for each in mentions if not _allows(profile, each)]
    if refused:
        reasons.append(f"{CANNOT} {refused[0].label} to {min(refused[0].values)!r}")
        return score * _OTHER_VALUE
    if not mentions:
        return score
    best = next((each for each in mentions if each.values), mentions[0])
    value = f" and its value {min(best.values)!r}" if best.values else ""
    reasons.append(f"names its field {best.label}{value}")
    return score + (1 - score) * (_VALUE if best.values else _FIELD)


def _is_about(profile: Profile, mention: NamedField) -> bool:
    target = profile.blueprint.target_s_object
    return target == mention.object and mention.name.lower() in profile.fields


def _allows(profile: Profile, mention: NamedField) -> bool:
    allowed = profile.allowed.get(mention.name.lower())
    return allowed is None or not mention.values or bool(allowed & mention.values)


def _words(
    heard: Heard, own: Iterable[str], slips: frozenset[str], phrase: Sequence[str]
) -> Iterator[str]:
    plain = [each for each in own if each not in slips]
    if plain:
        yield f"says {_said(heard, plain)}"
    if len(phrase) > len(plain):
        yield f"says {' '.join(phrase)!r}, as people do for it"
    for each in sorted(slips):
        yield f"says {heard.slips[each]!r}, read as a misspelt word of its name"


def _said(heard: Heard, stems: Iterable[str]) -> str:
    """Return the words of the goal that have these stems, as they stand there and in that order."""
    places = sorted(heard.said[each][0] for each in stems)
    return ", ".join(repr(word) for _, word in places)


def _with_ties(found: Sequence[Ranked]) -> tuple[Ranked, ...]:
    told = list(found)
    for at, (before, after) in enumerate(pairwise(found)):
        if before.score and before.score == after.score:
            why = _decided(before, after)
            first, second = before.profile.key, after.profile.key
            if not at or found[at - 1].score != before.score:
                told[at] = _because(told[at], f"as near as {second}, before it {why}")
            told[at + 1] = _because(told[at + 1], f"as near as {first}, behind it {why}")
    return tuple(told)


def _because(ranked: Ranked, reason: str) -> Ranked:
    return replace(ranked, reasons=(*ranked.reasons, reason))


def _decided(before: Ranked, after: Ranked) -> str:
    if before.own != after.own:
        return f"by more of the first's own words ({before.own} against {after.own})"
    if before.named != after.named:
        return "by the object the goal names first"
    return "in the order of the alphabet"
