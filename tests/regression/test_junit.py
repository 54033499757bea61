"""JUnit XML: whatever a goal holds, a CI system can read it."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

from hypothesis import given
from hypothesis import strategies as some
from tests import scorecard_scene as scene

from actwright.regression.comparing.comparing import compare
from actwright.regression.comparing.sets import SetDifference
from actwright.regression.noise import Noise
from actwright.regression.reports.junit import JUnitCase, junit_text
from actwright.regression.reports.report import report_of
from actwright.regression.reports.report_junit import difference_junit, report_junit


def _read(text: str) -> Element:
    return fromstring(text)  # noqa: S314 - our own text, written a moment ago


def _failed(root: Element) -> dict[str, str]:
    return {
        each.attrib["name"]: failure.attrib["message"]
        for each in root.iter("testcase")
        if (failure := each.find("failure")) is not None
    }


@given(some.text(), some.text(), some.text(), some.text())
def test_any_text_makes_a_document_that_can_be_read(
    name: str, classname: str, failure: str, details: str
) -> None:
    """Control characters, lone surrogates and markup arrive as plain text."""
    (case,) = _read(junit_text(name, [JUnitCase(name, classname, failure, details)])).iter(
        "testcase"
    )
    assert case.find("failure") is not None
    if name.isprintable():
        assert case.attrib["name"] == name


def test_results_are_counted_and_placed() -> None:
    """A CI system shows how many failed, how long it took, and where to look."""
    cases = [
        JUnitCase("one", "plan", seconds=0.5),
        JUnitCase("two", "plan", failure="broken", details="more", file="a.yaml", line=7),
    ]
    root = _read(junit_text("check", cases))
    assert (root.attrib["tests"], root.attrib["failures"]) == ("2", "1")
    assert root.attrib["time"] == "0.500"
    two = list(root.iter("testcase"))[1]
    assert (two.attrib["file"], two.attrib["line"]) == ("a.yaml", "7")
    failure = two.find("failure")
    assert failure is not None
    assert failure.text == "more"


def test_a_red_diff_fails_by_number_and_by_case() -> None:
    """The number that dropped and the case that lost its checkpoint text are failures, what stayed is none."""
    found = compare(scene.first(), scene.second(), Noise())
    failed = _failed(_read(difference_junit(SetDifference((found,), ("not there: x",)))))
    assert set(failed) == {
        "right",
        "plans right",
        "unneeded",
        "checkpoints lost",
        "close",
        "both sets",
    }
    assert failed["close"] == "checkpoint lost: the plan: Do it?"


def test_a_report_fails_what_makes_it_red() -> None:
    """Each case of the newest version is a result, in a class that tells which words and who answered."""
    root = _read(report_junit(report_of([scene.first(), scene.second()], Noise())))
    names = [each.attrib["name"] for each in root.iter("testcase")]
    assert {"close", "close-and-call", "weather", "which"} <= set(names)
    assert "plan v2 02020202.scripted-model.scripted" in {
        each.attrib["classname"] for each in root.iter("testcase")
    }
    assert _failed(root)["right"] == "4 -> 3, may get worse by 0"


def test_a_report_that_is_green_has_no_failure() -> None:
    """A known miss is told with what is wrong, and an accepted loss is none: CI that reads the file stays green."""
    known = report_of([scene.second()], Noise())
    reasons = report_of([scene.first(), scene.second()], Noise()).rows[0].reasons
    accepted = scene.second().model_copy(update={"accepted": reasons})
    for report in (known, report_of([scene.first(), accepted], Noise())):
        root = _read(report_junit(report))
        assert not report.red
        assert _failed(root) == {}
        assert [each.text for each in root.iter("system-out") if "known miss" in str(each.text)]
