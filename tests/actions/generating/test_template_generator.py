"""Code from recipes: it reads well, passes the subset and the types, and does what the recipe says."""

from __future__ import annotations

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st
from tests.actions.generating.recipes import (
    CASE,
    constant,
    filled,
    given,
    of,
    open_deals,
    told,
    wanted,
)
from tests.memory_org import MemoryOrg

from actwright.actions.generated.capability import FieldsOf, WritesOf
from actwright.actions.generated.surface import signature_of
from actwright.actions.generating.generator import Wanted
from actwright.actions.generating.pipeline import Pipeline
from actwright.actions.generating.python_text import in_f_string, literal
from actwright.actions.generating.template_generator import TemplateGenerator
from actwright.blueprints.recipe_steps import (
    AggregateStep,
    ArithmeticStep,
    CreateStep,
    Function,
    ReadStep,
    TextPart,
    TextStep,
    UpdateStep,
    UpsertStep,
)
from actwright.errors import InputError
from actwright.sandbox import Sandbox

TOTAL = '''\
from decimal import Decimal

import org


def produce(CaseId: Opaque) -> None:
    """Create a Task from Case and Opportunity.

    - Read AccountId and Subject of the Case that CaseId names.
    - Read Amount of every Opportunity where AccountId = case_record.AccountId and IsClosed = false.
    - Work out figure, the sum of Amount over the Opportunity rows.
    - Write the text description with figure.
    - Create a Task: Description = description, Subject = case_record.Subject, WhatId = CaseId.
    """
    case_record = org.get("Case", CaseId, ["AccountId", "Subject"])
    if case_record["AccountId"] is None:
        raise ValueError("The Case has no AccountId.")
    deals = org.query(
        "Opportunity",
        ["Amount"],
        where=[["AccountId", "=", case_record["AccountId"]], ["IsClosed", "=", False]],
    )
    figure_values = [row["Amount"] for row in deals if row["Amount"] is not None]
    figure = sum(figure_values, Decimal(0))
    description = f"Total: {figure:,.2f}"
    org.create(
        "Task",
        {"Description": description, "Subject": case_record["Subject"], "WhatId": CaseId},
    )
'''

SHAPES: dict[str, Wanted] = {
    "copied": wanted(
        "Task",
        CASE,
        CreateStep(
            name="new_task", object="Task", values=filled(Subject=of("case_record", "Subject"))
        ),
        CaseId="Id",
    ),
    "linked": wanted(
        "Account",
        CreateStep(name="hooli", object="Account", values=filled(Name=given("Name"))),
        CreateStep(
            name="person",
            object="Contact",
            values=filled(LastName=given("LastName"), AccountId=of("hooli")),
        ),
        Name="String",
        LastName="String",
    ),
    "updated": wanted(
        "Account",
        ReadStep(
            name="deal",
            object="Opportunity",
            record=given("DealId"),
            fields=("AccountId", "Amount"),
        ),
        ArithmeticStep(name="share", left=of("deal", "Amount"), operator="/", right=given("Parts")),
        UpdateStep(
            name="account",
            object="Account",
            record=of("deal", "AccountId"),
            values=filled(AnnualRevenue=of("share")),
        ),
        DealId="Id",
        Parts="Decimal",
    ),
    "upserted": wanted(
        "Contact",
        UpsertStep(
            name="person",
            object="Contact",
            key="Email",
            values=filled(Email=given("Email"), LastName=given("LastName")),
        ),
        Email="Email",
        LastName="String",
    ),
    "two figures of one object": wanted(
        "Task",
        CASE,
        open_deals("Amount"),
        AggregateStep(name="number", function="count", rows="deals"),
        AggregateStep(name="least", function="min", rows="deals", field="Amount"),
        TextStep(
            name="text",
            parts=(
                TextPart(source=of("number"), format="number"),
                TextPart(source=constant(" deals, the least ")),
                TextPart(source=of("least"), format="money"),
            ),
        ),
        CreateStep(name="new_task", object="Task", values=filled(Subject=of("text"))),
        CaseId="Id",
    ),
}


def test_the_code_reads_as_a_person_would_write_it() -> None:
    """A typed signature, a docstring that says each step, plain names, and nothing more."""
    draft = TemplateGenerator().generate(told("sum", "Amount"), lambda _: ())
    assert draft.code == TOTAL
    assert draft.reads == (
        FieldsOf(object="Case", fields=("AccountId", "Subject")),
        FieldsOf(object="Opportunity", fields=("Amount", "AccountId", "IsClosed")),
    )
    assert draft.writes == (
        WritesOf(operation="CREATE", object="Task", fields=("Description", "Subject", "WhatId")),
    )


@pytest.mark.parametrize("function", ["sum", "count", "min", "max", "avg"])
@pytest.mark.parametrize("field", ["Amount", "CloseDate", "LastModifiedDate"])
def test_every_function_passes_its_review(
    function: Function, field: str, sandbox: Sandbox, org: MemoryOrg
) -> None:
    """Over rows, no rows, and rows without a value, the code comes to what the recipe figures out apart."""
    if field != "Amount" and function in {"sum", "avg"}:
        field = "Probability"
    made = Pipeline(TemplateGenerator(), sandbox, org).make(told(function, field))
    assert made.review.passed, made.review.faults
    assert [each.name for each in made.tests] == [
        "rows that fit among others",
        "no related rows",
        "a field without a value",
    ]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_shape_passes_its_review(shape: Wanted, sandbox: Sandbox, org: MemoryOrg) -> None:
    """Create, create and link, update, upsert, copy and compute: lint, types, dry run and tests find nothing."""
    made = Pipeline(TemplateGenerator(), sandbox, org).make(shape)
    assert made.review.passed, (made.review.faults, made.code)
    assert made.code.count("def ") == 1
    assert signature_of(shape.blueprint, made.opaque_inputs) in made.code


def test_what_is_only_passed_on_is_never_seen() -> None:
    """Ids and values that go straight into a field stay opaque; what is calculated with has to be seen."""
    passed = {
        name: TemplateGenerator().generate(shape, lambda _: ()).opaque_inputs
        for name, shape in SHAPES.items()
    }
    assert passed["linked"] == ("Name", "LastName")
    assert passed["updated"] == ("DealId",)
    assert passed["upserted"] == ("Email", "LastName")


def test_a_link_is_made_by_the_new_record_itself() -> None:
    """What the first create returns is the reference of the second."""
    draft = TemplateGenerator().generate(SHAPES["linked"], lambda _: ())
    assert 'hooli = org.create("Account", {"Name": Name})' in draft.code
    assert draft.tests[0].effects[1].links == {"AccountId": 1}


def test_no_word_of_a_goal_becomes_code(sandbox: Sandbox, org: MemoryOrg) -> None:
    """Quotes, braces, backslashes and line breaks of a text stay in it, and come out of it unchanged."""
    hostile = 'x"); import os\n{figure} {{}} \\N{BULLET} \' """ \u202e'
    made = Pipeline(TemplateGenerator(), sandbox, org).make(told("count", None, hostile))
    assert made.review.passed, made.review.faults
    assert made.tests[0].effects[0].values["Description"] == f"{hostile}3"


@example(st.text())
@settings(max_examples=50)
def test_a_constant_reads_back_as_it_was(text: str) -> None:
    """Whatever a constant holds, Python reads the same from its text, also within an f-string."""
    import ast  # noqa: PLC0415 - for this one test

    assert ast.literal_eval(literal(text)) == text
    joined = ast.parse(f'f"{in_f_string(text)}"', mode="eval").body
    assert isinstance(joined, ast.JoinedStr)
    assert "".join(ast.literal_eval(each) for each in joined.values) == text


def test_an_empty_reference_breaks_off_and_matches_nothing(
    sandbox: Sandbox, org: MemoryOrg
) -> None:
    """A case without an account is an error: a query by nothing would sum up all that belongs to nobody."""
    made = Pipeline(TemplateGenerator(), sandbox, org).make(told("sum", "Amount"))
    test = made.tests[0]
    (case,) = test.records["Case"]
    bare = test.model_copy(
        update={
            "records": {**test.records, "Case": ({**case, "AccountId": None},)},
            "effects": (),
            "fails": True,
        }
    )
    review = Pipeline(TemplateGenerator(), sandbox, org).review(
        made.model_copy(update={"tests": (bare, test)})
    )
    assert [each.passed for each in review.tests] == [True, True]


def test_without_a_recipe_there_is_no_code() -> None:
    """Words alone are for a model; the error says so."""
    bare = told("sum", "Amount")
    blueprint = bare.blueprint.model_copy(update={"recipe": None})
    with pytest.raises(InputError, match="no recipe") as caught:
        TemplateGenerator().generate(Wanted(blueprint, {}), lambda _: ())
    assert caught.value.error_code == "recipe_missing"
