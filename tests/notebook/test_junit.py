from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from pixi_jupyter.notebook.junit import junit_xml
from pixi_jupyter.notebook.verify import CellCheck, NotebookCheck

ODD = "\x1b[31m<&\x00\ud800 \u2603"


def test_a_report_has_a_suite_for_each_notebook_and_a_case_for_each_cell() -> None:
    difference = {"key": "stdout", "shown": "0", "made": ODD}
    cells = (
        CellCheck(place=0, seconds=0.5),
        CellCheck(place=2, status="skipped"),
        CellCheck(place=3, status="differs", reason="r", differences=(difference,)),
        CellCheck(place=4, status="fails", reason=ODD, source=ODD),
    )

    text = junit_xml(
        [
            NotebookCheck(notebook=Path("a.ipynb"), checks=cells, seconds=2.0),
            NotebookCheck(notebook=Path("b.ipynb"), reason="no lock", details=(ODD,)),
        ]
    )

    root = ET.fromstring(text.encode())  # noqa: S314  our own text
    counts = {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "1", "errors": "2", "skipped": "1"}
    first, second = root
    assert [case.get("name") for case in first] == [
        "Cell 1",
        "Cell 3",
        "Cell 4",
        "Cell 5",
    ]
    assert (first.get("name"), first.get("time")) == ("a.ipynb", "2.000")
    failure = first[2].find("failure")
    assert failure is not None
    assert "<&" in (failure.text or "")
    assert second[0][0].get("message") == "no lock"
