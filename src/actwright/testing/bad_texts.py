"""Bad replies of models: refusals, answers that are not whole, and text that is no document of the contract."""

from __future__ import annotations

from actwright.canonical import Json
from actwright.testing.bad_reply import (
    RECOVERS,
    BadReply,
    always,
    good,
    good_action,
    good_plan,
    once,
    planning,
    text,
)
from actwright.testing.replies import Reply

_INVALID = "model_reply_invalid"
_GOOD = text(good_plan())
_TOOL: dict[str, Json] = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "delete_everything", "arguments": "{}"},
}


def _says(name: str, what: str, said: str, *, mended: bool = False) -> BadReply:
    reply = Reply(text=said)
    return BadReply(
        name, what, once(reply) if mended else always(reply), RECOVERS if mended else _INVALID
    )


ENDINGS = (
    BadReply("cut at its length", "stops at the longest length, each time", always(Reply(text=_GOOD, finish="length")), _INVALID),
    BadReply("cut at its length once", "is shorter when told so", once(Reply(text=_GOOD[:90], finish="length")), RECOVERS),
    BadReply("content filter", "is held back by a filter", (Reply(text=None, finish="content_filter"),), "model_filtered"),
    BadReply("refusal", "declines in words", (Reply(text=None, refusal="I cannot help with that."),), "model_refused"),
    BadReply("refusal beside an answer", "declines, and answers", (Reply(text=_GOOD, refusal="No."),), "model_refused"),
    BadReply("a tool call", "calls a tool that is not there", always(Reply(text=None, finish="tool_calls", tool_calls=(_TOOL,))), _INVALID),
    BadReply("a tool call beside an answer", "answers, and calls a tool", once(Reply(text=_GOOD, tool_calls=(_TOOL,))), RECOVERS),
    BadReply("an unknown ending", "stops for a reason nobody knows", always(Reply(text=_GOOD, finish="bored")), _INVALID),
    BadReply("null content", "answers null, then well", once(Reply(text=None)), RECOVERS),
    BadReply("null content for ever", "answers null each time", always(Reply(text=None)), _INVALID),
)  # fmt: skip
"""How the answer ends."""

DOCUMENTS = (
    _says("prose around JSON", "explains itself", f"Here is the plan: {_GOOD} I hope it helps!"),
    _says("prose once", "explains itself, then stops", f"Sure! {_GOOD}", mended=True),
    BadReply("fenced JSON", "puts it in a fence", (Reply(text=f"```json\n{_GOOD}\n```"),), RECOVERS),
    BadReply("thinking aloud", "thinks before it answers", (Reply(text=f"<think>Let me {{see}}.</think>\n{_GOOD}"),), RECOVERS),
    _says("only thoughts", "thinks and does not answer", "<think>Hmm.</think>"),
    _says("two documents", "answers twice in one", f"{_GOOD}\n{_GOOD}"),
    _says("two fences", "answers in two fences", f"```json\n{_GOOD}\n```\n```json\n{_GOOD}\n```"),
    _says("truncated JSON", "ends in the middle, and says it is whole", _GOOD[:-40]),
    _says("keys twice", "gives a key twice", _GOOD.replace('"reason"', '"reason": "", "reason"')),
    _says("deep nesting", "nests ten thousand deep", '{"outcome": ' + "[" * 10_000 + "]" * 10_000 + "}"),
    _says("NaN", "writes a number that is none", _GOOD.replace('"reason": ""', '"reason": NaN')),
    _says("lone surrogates", "writes half a character", _GOOD.replace("Close the", "Close \\ud800")),
    _says("[null]", "answers a list of nothing", "[null]"),
    _says("a list", "answers a list of plans", f"[{_GOOD}]"),
    _says("a text", "answers a JSON text", '"done"'),
    _says("nothing but {}", "answers an empty object", "{}"),
    _says("an extra key", "adds a key of its own", text(planning(sudo=True))),
    _says("wrong types", "gives numbers for lists", text(planning(actions=7, checkpoint=[]))),
    _says("a wrong outcome", "names an outcome nobody knows", text(planning(outcome="done"))),
    _says("500 actions", "plans five hundred actions", text(planning(*[good_action()] * 500))),
    _says("a megabyte of text", "never comes to an end", "x" * 1_000_000),
    BadReply("two megabytes of text", "is longer than is read", (Reply(body=Reply(text="x" * 2_000_000).wire(stream=False).partition(b"\r\n\r\n")[2]),), _INVALID),
    BadReply("good", "does nothing wrong, so that the others mean something", (good(),), RECOVERS),
)  # fmt: skip
"""What the text holds."""
