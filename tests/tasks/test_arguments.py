from __future__ import annotations

import pytest
from support.task_texts import planned, told

from pixi_jupyter.errors import (
    ArgumentChoiceError,
    MissingArgumentError,
    SurplusArgumentError,
)
from pixi_jupyter.tasks.arguments import Given, from_words
from pixi_jupyter.tasks.read import read_task

TASK = read_task(
    "t",
    {
        "cmd": "x",
        "args": [
            "a",
            {"arg": "b", "default": "B"},
            {"arg": "c", "default": "one", "choices": ["one", "two"]},
        ],
    },
)


def given(*words: str) -> Given:
    return from_words(TASK, words)


def test_words_fill_arguments_in_order_and_defaults_the_rest() -> None:
    assert given("1").arguments == {"a": "1", "b": "B", "c": "one"}
    assert given("1", "2", "two").arguments == {"a": "1", "b": "2", "c": "two"}


def test_what_stands_behind_two_dashes_is_passed_through() -> None:
    found = given("1", "--", "-x", "--", "y")

    assert found.arguments["a"] == "1"
    assert found.extra == ("-x", "--", "y")


def test_a_task_without_arguments_passes_all_through() -> None:
    task = read_task("t", "x")

    assert from_words(task, ["--", "-a", "b"]).extra == ("-a", "b")
    assert from_words(task, ["-a", "--", "b"]).extra == ("-a", "--", "b")


def test_a_value_that_the_manifest_says_needs_no_twin() -> None:
    assert set(given("1", "B", "two").twins) == {"a"}


def test_too_few_values_name_the_argument() -> None:
    with pytest.raises(MissingArgumentError) as caught:
        given()

    assert caught.value.argument == "a"


def test_too_many_values_name_the_first() -> None:
    with pytest.raises(SurplusArgumentError) as caught:
        given("1", "2", "two", "4")

    assert caught.value.argument == "4"


def test_a_value_outside_of_the_choices_names_the_nearest() -> None:
    with pytest.raises(ArgumentChoiceError) as caught:
        given("1", "2", "tow")

    assert caught.value.hints == ("did you mean two?",)


def test_words_for_an_alias_are_refused() -> None:
    with pytest.raises(SurplusArgumentError):
        from_words(read_task("t", {"depends-on": ["a"]}), ["x"])


def manifest(args: str) -> str:
    return f"""
        [tasks]
        low = {{ cmd = "x", args = ["a", {{ arg = "b", default = "B" }}] }}
        free = "y"
        top = {{ cmd = "z", args = ["v"], depends-on = [{{ task = {args} }}] }}
    """


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ('"low", args = ["1", "2"]', "low@default a=1 b=2"),
        ('"low", args = ["1", { b = "2" }]', "low@default a=1 b=2"),
        ('"low", args = [{ b = "2" }, { a = "1" }]', "low@default a=1 b=2"),
        (
            '"low", args = ["{{ v }}-{{ pixi.platform }}"]',
            "low@default a=V-linux-64 b=B",
        ),
        ('"free", args = ["1", { n = "2" }]', "free@default 1 n=2"),
    ],
)
def test_a_dependency_is_given_values(args: str, line: str) -> None:
    plan = planned(manifest(args), "top", "V")

    assert told(plan)[0] == line


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ('"low"', MissingArgumentError),
        ('"low", args = ["1", "2", "3"]', SurplusArgumentError),
        ('"low", args = ["1", { d = "3" }]', SurplusArgumentError),
    ],
)
def test_a_dependency_with_wrong_values_names_both_tasks(
    args: str, error: type[MissingArgumentError | SurplusArgumentError]
) -> None:
    with pytest.raises(error) as caught:
        planned(manifest(args), "top", "V")

    assert caught.value.message.startswith("Task low")
    assert "top" in "\n".join(caught.value.lines()[1:])
