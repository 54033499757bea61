"""Recommendations learn from what people confirmed, from the goal in words to the run, and unlearn with the log."""

from __future__ import annotations

from actwright import Actwright
from actwright.testing import LocalOrg

LIKE = "close the Globex Pilot as won"
DONE = {
    "alice": ("Acme Renewal", "Acme Expansion"),
    "bob": ("Initech Upgrade",),
}


def close(app: Actwright, deal: str) -> None:
    """Ask for a deal to be closed, and carry it out."""
    outcome = app.plan(f"Please close the {deal} as won")
    assert outcome.plan is not None, outcome
    preview = app.preview(outcome.plan)
    envelope = app.run(preview, app.confirm(preview, approver="Somebody"))
    assert envelope.success, envelope.errors


def test_recommendations_learn_from_what_people_carried_out(shared_org: LocalOrg) -> None:
    """Three deals closed by two people move the blueprint up for the next one, unless the settings say not to learn."""
    for user, deals in DONE.items():
        with shared_org.as_user(user) as app:
            for each in deals:
                close(app, each)
    alice, plain = shared_org.as_user(), shared_org.as_user(settings={"learn": False})
    silent = shared_org.as_user(settings={"telemetry": "off"})
    learned, unlearned = (each.recommend(LIKE, top=20) for each in (alice, plain))
    assert silent.recommend(LIKE, top=20) == unlearned
    (raised,) = (each for each in learned if "moved up by what 2 people did" in each.rationale)
    (before,) = (each for each in unlearned if each.key == raised.key)
    assert "3 carried out" in raised.rationale
    assert before.score <= raised.score <= before.score * 1.1
    assert "people did" not in "".join(each.rationale for each in unlearned)
    planned = [each.plan(LIKE).plan for each in (alice, plain)]
    assert planned[0] == planned[1]
