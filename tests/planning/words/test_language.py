"""Goals in other languages are told from English goals with foreign names."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.planning.words.language import foreign_language
from actwright.planning.words.text import tokenize

FOREIGN = [
    ("Schließe die Acme Renewal als gewonnen ab", "German"),
    ("Bitte lege eine Aufgabe für Acme an", "German"),
    ("Ändere den Betrag von Acme Renewal auf 5000", "German"),
    ("Ferme l'opportunité Acme Renewal comme gagnée", "French"),
    ("Crée une tâche pour John Smith", "French"),
    ("change le montant de Acme Renewal à 5000", "French"),
    ("cierra la oportunidad Acme Renewal como ganada", "Spanish"),
    ("close la oportunidad Acme Renewal como ganada", "Spanish"),
    ("crea una tarea para John Smith", "Spanish"),
    ("chiudi la trattativa Acme Renewal come vinta", "Italian"),
    ("crea una nuova attività per il cliente Acme", "Italian"),
    ("feche a oportunidade Acme Renewal como ganha", "Portuguese"),
    ("crie uma tarefa para o João", "Portuguese"),
    ("sluit de kans Acme Renewal als gewonnen", "Dutch"),
    ("maak een nieuwe taak voor Acme", "Dutch"),
    ("関闭 Acme Renewal", "Chinese"),
    ("アクメを閉じる", "Japanese"),
    ("기회를 종료", "Korean"),
    ("закрой сделку Acme Renewal", "Russian"),
    ("κλείσε το Acme", "Greek"),
    ("أغلق الصفقة", "Arabic"),
    ("סגור את העסקה", "Hebrew"),
    ("सौदा बंद करो", "Hindi"),
    ("ปิดดีล", "Thai"),
]
NAMES = [
    "Société Générale", "Crédit du Nord", "Banco de la Nación Argentina", "Maison de la Presse", "L'Oréal",
    "Deutsche Bank", "Bayerische Motoren Werke", "Haus der Kunst", "Kaufhaus des Westens", "Die Zeit",
    "Volkswagen von Wolfsburg", "El Corte Inglés", "Casa de los Niños", "Telefónica de España", "Bodegas y Viñedos",
    "Banca Monte dei Paschi", "La Repubblica", "Assicurazioni Generali", "Ferrovie dello Stato", "Il Sole",
    "Companhia das Letras", "Caixa Geral de Depósitos", "Pão de Açúcar", "Casa do Alentejo", "Os Lusíadas",
    "Koninklijke Ahold", "Van der Valk", "De Bijenkorf", "Van Gogh Museum", "Het Parool",
    "Газпром", "Ελληνικά Πετρέλαια", "トヨタ自動車", "腾讯", "삼성전자", "بنك مصر", "בנק הפועלים", "टाटा",
    "Ångström & Sønner", "Łódź Kaliska",
]  # fmt: skip


@pytest.mark.parametrize(("goal", "language"), FOREIGN)
def test_the_language_is_named(goal: str, language: str, plans: Any) -> None:
    """A goal in another language is refused in one sentence that says which one was seen."""
    refusal = plans(goal).refusal
    assert refusal.code == "language"
    assert language in refusal.message
    assert "English" in refusal.hint


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "form",
    [
        "close {} Renewal as won",
        "create the account {}",
        "set the amount of the {} deal to 99000",
        'create a task for "{}" to send the contract',
        "create a case for {}: le client est content de la réponse",
    ],
)
def test_a_foreign_name_is_no_foreign_language(name: str, form: str, plans: Any) -> None:
    """Names of records, and texts to write down, may be in any language."""
    outcome = plans(form.format(name))
    assert outcome.refusal is None or outcome.refusal.code != "language"


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_no_list_of_names_makes_a_goal_foreign(names: list[str]) -> None:
    """However many names a goal holds, its own words decide."""
    goal = f"create a task for {' and '.join(names)} to send the contract"
    assert foreign_language(tokenize(goal), begun=True) is None


@pytest.mark.parametrize(
    "goal",
    ["set Maria de la Cruz's phone to +1 212 555 0100", "assign Acme to Jan van der Berg", "in any case, thanks", "lead the way"],
)  # fmt: skip
def test_english_is_english(goal: str, plans: Any) -> None:
    """Small words of names, and English that is not understood, are no other language."""
    refusal = plans(goal).refusal
    assert refusal is None or refusal.code != "language"
