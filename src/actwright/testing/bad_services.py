"""Bad replies of services: refusals, overload, silence, broken connections, and answers that are no completion."""

from __future__ import annotations

import gzip
import json

from actwright.testing.bad_reply import RECOVERS, BadReply, good, once
from actwright.testing.replies import Reply

_TRIES = 4
_JSON = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"
_EVENTS = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
_WHOLE = good().wire(stream=False).partition(b"\r\n\r\n")[2]
_FORMAT = Reply.error(400, "Unknown parameter: 'response_format'.", param="response_format")


def _body(body: bytes, **options: str) -> tuple[Reply]:
    headers = {name.replace("_", "-"): value for name, value in options.items()}
    return (Reply(body=body, headers=headers),)


STATUSES = (
    BadReply(
        "429 with Retry-After",
        "asks to wait a moment, then answers",
        once(Reply.error(429, headers={"retry-after-ms": "30"})),
        RECOVERS,
    ),
    BadReply("429 for ever", "is over its limit on each try", (Reply.error(429),) * _TRIES, "model_busy"),
    BadReply(
        "429 for an hour",
        "asks to wait beyond the deadline",
        (Reply.error(429, headers={"retry-after": "3600"}),),
        "model_busy",
    ),
    BadReply("429 quota", "has no money left", (Reply.error(429, code="insufficient_quota"),), "model_busy"),
    BadReply("500 then good", "fails twice, then answers", (Reply.error(500), *once(Reply.error(500))), RECOVERS),
    BadReply("500 for ever", "fails on each try", (Reply.error(500),) * _TRIES, "model_busy"),
    BadReply("502 for ever", "its proxy fails", (Reply(status=502, body=b"<html>Bad Gateway"),) * _TRIES, "model_busy"),
    BadReply("503 for ever", "is overloaded", (Reply.error(503),) * _TRIES, "model_busy"),
    BadReply("504 for ever", "its proxy gives up", (Reply.error(504),) * _TRIES, "model_busy"),
    BadReply("408 for ever", "gives up waiting for us", (Reply.error(408),) * _TRIES, "model_timeout"),
    BadReply("409 then good", "has a conflict, then answers", once(Reply.error(409)), RECOVERS),
    BadReply("401", "does not know the key", (Reply.error(401),), "model_authentication"),
    BadReply("403", "does not let the key use the model", (Reply.error(403),), "model_authentication"),
    BadReply("404", "does not know the model", (Reply.error(404),), "model_unknown"),
    BadReply("400", "finds the request wrong", (Reply.error(400, "Bad."),), "model_request_refused"),
    BadReply("no json_schema", "knows plain JSON only", once(_FORMAT), RECOVERS),
    BadReply("no response_format", "knows text only", (_FORMAT, _FORMAT, good()), RECOVERS),
    BadReply(
        "redirect",
        "sends us to another host",
        (Reply(status=307, headers={"location": "http://127.0.0.1:1/v1"}, body=b""),),
        "model_redirected",
    ),
)  # fmt: skip
"""What is said by the status."""

CONNECTIONS = (
    BadReply("nobody there", "refuses the connection", None, "model_unreachable"),
    BadReply("silence", "accepts, and never answers", (Reply(silent=True),), "model_timeout", 0.8),
    BadReply("late", "answers after the deadline", (Reply(text="{}", delay=30),), "model_timeout", 0.8),
    BadReply("slow drip", "sends a byte now and then", (Reply(text="{}", drip=0.2),), "model_timeout", 0.8),
    BadReply(
        "slow drip for ever",
        "sends blanks without end",
        (Reply(raw=_JSON, drip=0.002, endless=True),),
        "model_timeout",
        0.8,
    ),
    BadReply("closed at once", "closes without a byte", (Reply(raw=b""),) * _TRIES, "model_unreachable"),
    BadReply("cut headers", "closes in the headers", (Reply(raw=b"HTTP/1.1 200 OK\r\nconte"),) * _TRIES, "model_unreachable"),
    BadReply("cut body", "closes in the body", (Reply(body=_WHOLE, cut=90),) * _TRIES, "model_unreachable"),
    BadReply("cut body, then good", "closes in the body once", once(Reply(body=_WHOLE, cut=90)), RECOVERS),
    BadReply("headers without end", "sends a megabyte of headers", (Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"x-more: y\r\n" * 100_000),) * _TRIES, "model_unreachable"),
    BadReply("no HTTP", "speaks another protocol", (Reply(raw=b"220 mail ready\r\n"),) * _TRIES, "model_unreachable"),
)  # fmt: skip
"""What happens to the connection."""

BODIES = (
    BadReply("empty body", "answers nothing", _body(b""), "model_reply_invalid"),
    BadReply("a page", "answers with a web page", _body(b"<html>Log in", content_type="text/html"), "model_reply_invalid"),
    BadReply("wrong content type", "calls its JSON a page", _body(_WHOLE, content_type="text/html"), RECOVERS),
    BadReply("no choices", "leaves the choices out", _body(b'{"id": "x"}'), "model_reply_invalid"),
    BadReply("choices: []", "gives no choice", _body(b'{"choices": []}'), "model_reply_invalid"),
    BadReply("choices: [null]", "gives nothing as its choice", _body(b'{"choices": [null]}'), "model_reply_invalid"),
    BadReply("parts as content", "answers with a list", _body(b'{"choices": [{"message": {"content": [1]}}]}'), "model_reply_invalid"),
    BadReply("keys twice in the wrapping", "names its choices twice", _body(b'{"choices": [], "choices": []}'), "model_reply_invalid"),
    BadReply("10 MB", "answers ten megabytes", _body(b"x" * 10_000_000), "model_reply_invalid"),
    BadReply("10 MB error", "fails with ten megabytes", (Reply(status=500, body=b"x" * 10_000_000),), "model_reply_invalid"),
    BadReply("gzip bomb", "unfolds to fifty megabytes", _body(gzip.compress(b" " * 50_000_000, 1), content_encoding="gzip"), "model_reply_invalid"),
    BadReply("cut stream", "closes in the middle of its events", (Reply(text="{}" * 99, cut=300),) * _TRIES, "model_unreachable"),
    BadReply("cut stream, then good", "closes in its events once", once(Reply(text="{}" * 99, cut=300)), RECOVERS),
    BadReply("garbage in a stream", "sends events that are no JSON", (Reply(raw=_EVENTS + b"data: what\n\n"),), "model_reply_invalid"),
    BadReply(
        "error in a stream",
        "breaks its answer off with an error",
        (Reply(raw=_EVENTS + b"data: " + json.dumps({"error": {"message": "overloaded"}}).encode() + b"\n\n"),) * _TRIES,
        "model_unreachable",
    ),
)  # fmt: skip
"""What the body holds."""
