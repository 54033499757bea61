"""Guardrails that reach into a run: rates reserved as a group is intended, and texts redacted before the digest."""

from __future__ import annotations

from tests.scenario import Rest, action, blueprint, confirmed, lookup, new_deal, previewed, value

from actwright import Actwright
from actwright.canonical import Json
from actwright.errors import exit_code_of


def _note(deal: str, text: str, *guardrails: Json, name: str) -> dict[str, Json]:
    entry = blueprint("UPDATE", "Opportunity", "Id", "NextStep", guardrails=list(guardrails))
    assert isinstance(entry, dict)
    record = lookup("Opportunity", "Name", deal)
    return action("a1", entry | {"name": name}, Id=record, NextStep=value(text))


def test_the_last_use_is_taken_once(app: Actwright, admin: Rest, deal: str) -> None:
    """Of two confirmed previews that both had room, one runs; the other sends nothing and journals no intent."""
    limit: Json = {"type": "RATE_LIMIT", "params": {"max": 1, "per": "day"}}
    late, yes = confirmed(app, _note(deal, "one", limit, name="RareNote"))
    rival, rival_yes = confirmed(app, _note(new_deal(admin), "two", limit, name="RareNote"))
    assert app.run(rival, rival_yes).success
    envelope = app.run(late, yes)
    assert (envelope.stopped_by, exit_code_of(envelope.stopped_by)) == ("refused", 5)
    assert "1 record was written by it within the last day" in envelope.errors[0]
    assert "There is room for it from" in (envelope.hint or "")
    (result,) = envelope.results
    assert (result.status, [each.code for each in result.issues]) == ("refused", ["rate_limited"])
    kinds = [each.kind for each in app.journal.events(envelope.run_id or "")]
    assert kinds == ["run_started", "group_refused", "run_ended"]
    assert admin.field("Opportunity", deal, "NextStep") is None
    again = previewed(app, _note(deal, "one", limit, name="RareNote"))
    assert [each.code for each in again.blocked] == ["rate_limited"]


def test_what_is_confirmed_is_the_redacted_text(app: Actwright, admin: Rest, deal: str) -> None:
    """The question, the effect and the record hold the text without its personal data."""
    redact: Json = {"type": "PII_REDACT", "params": {"fields": ["NextStep"], "mode": "redact"}}
    note = "write to jo@example.com"
    preview, yes = confirmed(app, _note(deal, note, redact, name="CleanNote"))
    assert "jo@example.com" not in preview.question
    assert [(each.code, each.severity) for each in preview.issues] == [("pii_redacted", "warning")]
    envelope = app.run(preview, yes)
    assert envelope.success, envelope.errors
    assert admin.field("Opportunity", deal, "NextStep") == "write to [email address removed]"
