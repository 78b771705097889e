"""What counts as the same output; the rules are nbval's."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat.v4 import new_output

from pixi_jupyter.notebook.comparison import Wanted, disagreements, wanted_of


def text(value: str, name: str = "stdout") -> Any:
    return new_output("stream", name=name, text=value)


def shown(kind: str = "execute_result", **data: Any) -> Any:
    named = {key.replace("_", "/"): value for key, value in data.items()}
    more = {"execution_count": 1} if kind == "execute_result" else {}
    return new_output(kind, named, **more)


def error(value: str, trace: str = "") -> Any:
    return new_output("error", ename="E", evalue=value, traceback=[trace])


WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}}


@pytest.mark.parametrize(
    ("made", "reference"),
    [
        ([], []),
        ([text("a\n"), text("b\n")], [text("a\nb\n")]),
        ([text("a", "stderr"), text("b")], [text("b"), text("a", "stderr")]),
        ([text("10%\r100%")], [text("50%\r100%")]),
        ([shown(text_plain="1")], [shown("display_data", text_plain="1")]),
        (
            [shown(text_plain="f", image_png="new")],
            [shown(text_plain="f", image_png="o")],
        ),
        ([new_output("display_data", WIDGET)], [new_output("display_data", {})]),
        ([error("x", "in 1")], [error("x", "in 2")]),
    ],
    ids=["none", "pieces", "order", "bar", "kind", "picture", "widget", "traceback"],
)
def test_what_does_not_matter_is_no_difference(
    made: list[Any], reference: list[Any]
) -> None:
    assert disagreements(made, reference) == []


@pytest.mark.parametrize(
    ("made", "reference", "expected"),
    [
        ([text("27\n")], [text("0\n")], ("stdout", "0\n", "27\n")),
        ([], [text("0")], ("stdout", "0", "")),
        ([text("x", "stderr")], [], ("stderr", "", "x")),
        ([shown(text_plain="1")], [shown(text_plain="2")], ("text/plain", "2", "1")),
        ([error("x")], [error("y")], ("evalue", "y", "x")),
        ([], [error("y")], ("ename", "E", "")),
        (
            [shown("display_data", text_plain="1")] * 2,
            [shown("display_data", text_plain="1")],
            ("text/plain", "1", "11"),
        ),
    ],
    ids=["text", "less", "more", "result", "error", "no-error", "number"],
)
def test_a_difference_has_both_sides(
    made: list[Any], reference: list[Any], expected: tuple[str, str, str]
) -> None:
    first = disagreements(made, reference)[0]

    assert (first["key"], first["shown"], first["made"]) == expected


def test_what_is_told_of_a_long_output_is_short() -> None:
    (found,) = disagreements([text("a" * 1_000_000)], [text("b" * 1_000_000)])

    assert len(found["made"]) < 3000


@pytest.mark.parametrize(
    ("source", "tags", "expected"),
    [
        ("1", [], Wanted()),
        ("# NBVAL_IGNORE_OUTPUT\n1", [], Wanted(check=False)),
        ("1", ["nbval-ignore-output"], Wanted(check=False)),
        ("# NBVAL_SKIP", [], Wanted(skip=True)),
        ("1", ["nbval-skip"], Wanted(skip=True)),
        ("1", ["raises-exception"], Wanted(raises=True)),
        ("# NBVAL_RAISES_EXCEPTION", [], Wanted(raises=True)),
    ],
)
def test_a_cell_says_how_it_is_checked(
    source: str, tags: list[str], expected: Wanted
) -> None:
    assert wanted_of(source, {"tags": tags}) == expected


@pytest.mark.parametrize(
    ("source", "checks"), [("1", False), ("# NBVAL_CHECK_OUTPUT\n1", True)]
)
def test_a_lax_look_compares_only_what_asks_for_it(source: str, checks: bool) -> None:  # noqa: FBT001
    assert wanted_of(source, {}, lax=True).check is checks
