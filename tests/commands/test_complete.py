"""What is expected at the cursor follows from the command tree."""

from __future__ import annotations

import pytest

from pixi_jupyter.commands.complete import MANY, Match, among, expect


def texts(line: str) -> list[str]:
    return [match.text for match in expect(line, len(line)).matches]


@pytest.mark.parametrize(
    ("line", "kind", "partial"),
    [
        ("%pixi add num", "channel_package", "num"),
        ("%pixi add numpy sci", "channel_package", "sci"),
        ("%pixi add 'num", "channel_package", "num"),
        ('%pixi add "num', "channel_package", "num"),
        ("%pixi add conda-forge::Num", "channel_package", "num"),
        ("%pixi search num", "channel_package", "num"),
        ("%pixi remove num", "dependency", "num"),
        ("%pixi list num", "locked_package", "num"),
        ("%pixi list -e ", "environment", ""),
        ("%pixi list -e te", "environment", "te"),
        ("%pixi list -ete", "environment", "te"),
        ("%pixi list -xe te", "environment", "te"),
        ("%pixi list --environment=te", "environment", "te"),
        ("%pixi list --environment te", "environment", "te"),
        ("%pixi install -e test -e d", "environment", "d"),
        ("%pixi add numpy -f ", "feature", ""),
        ("%pixi -q add -p linux-64 -p os", "platform", "os"),
        ("%pixi init -p ", "subdir", ""),
        ("%pixi search numpy -p ", "subdir", ""),
        ("%pixi init -c ", "channel", ""),
        ("%pixi lock -m ../", "manifest", "../"),
        ("%pixi add --script ../", "script", "../"),
        ("%pixi init sub", "folder", "sub"),
        ("%pixi channel build ", "folder", ""),
        ("%pixi kernel remove ", "kernel", ""),
        ("%pixi run -e test py", "runnable", "py"),
        ("%pixi run test fa", "task_argument", "fa"),
        ("%pixi run python --environment=", "task_argument", "--environment="),
        ("%pixi task remove te", "own_task", "te"),
        ("%pixi task add x --depends-on te", "task", "te"),
        ("%pixi task alias all te", "task", "te"),
        ("%pixi task alias al", "", "al"),
        ("%pixi task add x y --default-environment te", "environment", "te"),
        ("%%pixi run -e ", "environment", ""),
        ("rows = %pixi list --json -e ", "environment", ""),
        ("pixi-jupyter list -e ", "environment", ""),
        ("%pixi run -x -- py", "program", "py"),
        ("%pixi update -e test nu", "locked_package", "nu"),
        ("%pixi upgrade nu", "dependency", "nu"),
        ("%pixi upgrade --exclude nu", "dependency", "nu"),
        ("%pixi workspace channel remove co", "channel", "co"),
        ("%pixi workspace platform add li", "subdir", "li"),
        ("%pixi workspace platform move li", "platform", "li"),
        ("%pixi workspace platform move x --before li", "platform", "li"),
        ("%pixi workspace environment add x -f te", "feature", "te"),
        ("%pixi workspace feature remove te", "feature", "te"),
        ("%pixi workspace activation env remove a", "", "a"),
    ],
)
def test_a_word_names_what_its_place_says(line: str, kind: str, partial: str) -> None:
    spot = expect(line, len(line))

    assert (spot.kind, spot.partial) == (kind, partial)
    assert line[spot.start :].lower() == partial


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ",
        "%pixi",
        "%pixi nonsense ",
        "%pixi nonsense -e ",
        "%pixi add 'numpy >=",
        "%pixi add 'numpy >= ",
        "%pixi add numpy>=",
        "%pixi run -x python ",
        "%pixi run -x python -e ",
        "%pixi channel build here name",
        "%pixi add --nonsense=",
    ],
)
def test_where_nobody_can_know_nothing_is_offered(line: str) -> None:
    spot = expect(line, len(line))

    assert (spot.kind, spot.matches) == ("", ())


def test_verbs_and_what_is_below_them_are_offered_with_their_help() -> None:
    assert {"add", "remove", "kernel", "channel"} <= set(texts("%pixi "))
    assert texts("%pixi kernel ") == ["install", "list", "remove"]
    assert expect("%pixi rem", 9).matches == (
        Match("remove", "Remove packages from the workspace."),
    )


def test_flags_are_offered_once_and_hidden_ones_never() -> None:
    flags = texts("%pixi add numpy --")

    assert {"--feature", "--platform", "--json", "--help"} <= set(flags)
    assert "--traceback" not in flags
    again = texts("%pixi add numpy --json -f test -p linux-64 --")
    assert not {"--json", "--feature"} & set(again)
    assert "--platform" in again


def test_a_verb_without_arguments_offers_its_flags_at_once() -> None:
    assert "--environment" in texts("%pixi install ")
    assert texts("%pixi install x") == []


def test_a_choice_offers_its_words() -> None:
    assert texts("%pixi list --sort-by ") == ["size", "name", "kind"]
    assert texts("%pixi list --sort-by=n") == ["name"]
    assert texts("%pixi --color a") == ["auto", "always"]


def test_what_stands_behind_the_cursor_does_not_matter() -> None:
    line = "%pixi add nu --feature test"

    spot = expect(line, len("%pixi add nu"))

    assert (spot.kind, spot.partial, spot.start) == ("channel_package", "nu", 10)
    assert expect("%pixi add numpy", 12).partial == "nu"
    assert expect("%pixi add numpy", -3).matches == ()


def test_options_that_were_given_are_known() -> None:
    spot = expect("%pixi remove -f test --manifest-path=../a ", 42)

    assert spot.values == {"feature": "test", "manifest": "../a"}


def test_names_fit_by_their_beginning_and_are_not_offered_twice() -> None:
    spot = expect("%pixi remove numpy n", 20)

    found = spot.fitting([Match("numpy"), Match("Numba"), Match("scipy")])

    assert found == (Match("Numba"),)


def test_a_value_may_be_given_twice() -> None:
    spot = expect("%pixi run copy a a", 18)

    assert spot.fitting([Match("a"), Match("b")]) == (Match("a"),)


def test_too_many_names_are_cut_or_left_out() -> None:
    names = [Match(f"package-{number:04}") for number in range(MANY + 1)]

    assert expect("%pixi add ", 10).fitting(names) == ()
    assert len(expect("%pixi add pack", 14).fitting(names)) == MANY


def test_among_sorted_names_those_are_found_that_begin_alike() -> None:
    names = ["a", "num", "numba", "numpy", "nun", "z"]

    assert list(among(names, "num")) == ["num", "numba", "numpy"]
    assert list(among(names, "x")) == []
