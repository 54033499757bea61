"""JUnit XML: what CI systems read results from, one element a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters no XML 1.0 document may hold, also not as a reference."""


@dataclass(frozen=True, slots=True)
class JUnitCase:
    """One result.

    Attributes:
        name: What was looked at, such as a case's id.
        classname: What it belongs to, such as the prompt, the model and the origin.
        failure: What is wrong, in one line; None where nothing is.
        details: More about it, in several lines; of a failure its text, else what it has to say.
        seconds: How long it took.
        file: The file to look at.
        line: The line in it.
    """

    name: str
    classname: str
    failure: str | None = None
    details: str = ""
    seconds: float = 0.0
    file: str | None = None
    line: int | None = None


def junit_text(name: str, cases: Sequence[JUnitCase]) -> str:
    """Return results as a JUnit XML document.

    Args:
        name: What the whole is called.
        cases: The results. Their texts may be anybody's: what XML cannot hold is written as an escape.
    """
    failed = sum(1 for each in cases if each.failure is not None)
    counts = {"tests": str(len(cases)), "failures": str(failed), "errors": "0"}
    seconds = {"time": f"{sum(each.seconds for each in cases):.3f}"}
    root = Element("testsuites", {"name": _safe(name), **counts, **seconds})
    suite = SubElement(root, "testsuite", {"name": _safe(name), **counts, **seconds})
    for each in cases:
        _add(suite, each)
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add(suite: Element, case: JUnitCase) -> None:
    heading = {
        "classname": _safe(case.classname),
        "name": _safe(case.name),
        "time": f"{case.seconds:.3f}",
    }
    if case.file is not None:
        heading["file"] = _safe(case.file)
    if case.line is not None:
        heading["line"] = str(case.line)
    element = SubElement(suite, "testcase", heading)
    if case.failure is not None:
        failure = SubElement(element, "failure", {"message": _safe(case.failure)})
        failure.text = _safe(case.details or case.failure)
    elif case.details:
        SubElement(element, "system-out").text = _safe(case.details)


def _safe(text: str) -> str:
    return _NO_XML.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
