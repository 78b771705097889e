"""The outcome of a verification as JUnit's XML, which every CI system reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # writes only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.notebook.verify import CellCheck, NotebookCheck

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def junit_xml(checks: Sequence[NotebookCheck]) -> str:
    """Give the text of a report: a suite for each notebook, a case for each cell."""
    root = ET.Element("testsuites", name="pixi-jupyter notebook verify")
    for each in checks:
        root.append(_suite(each))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _suite(check: NotebookCheck) -> ET.Element:
    suite = ET.Element("testsuite", name=_legal(str(check.notebook)))
    cases = [_case(check, each) for each in check.checks]
    if check.reason:
        case = _element("testcase", name="notebook", classname=str(check.notebook))
        text = "\n".join([check.reason, *check.details])
        case.append(_element("error", text, message=check.reason))
        cases.append(case)
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for key, tag in (
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        suite.set(key, str(sum(1 for case in cases if case.find(tag) is not None)))
    suite.set("time", f"{check.seconds:.3f}")
    return suite


def _case(check: NotebookCheck, cell: CellCheck) -> ET.Element:
    case = _element(
        "testcase",
        name=f"Cell {cell.place + 1}",
        classname=str(check.notebook),
        time=f"{cell.seconds:.3f}",
    )
    if cell.status == "skipped":
        case.append(_element("skipped"))
    elif cell.status != "ok":
        lines = [cell.source, "", cell.reason]
        for each in cell.differences:
            lines += ["", f"{each['key']}, in the notebook:", each["shown"]]
            lines += ["now:", each["made"]]
        tag = "failure" if cell.status == "differs" else "error"
        case.append(_element(tag, "\n".join(lines), message=cell.reason))
    return case


def _element(tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.Element(tag, {key: _legal(each) for key, each in attributes.items()})
    element.text = _legal(text) or None
    return element


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
