"""Values from outside of the manifest never change what a command does."""

from __future__ import annotations

from typing import Any

import pytest
from support.task_texts import planned, refused, script

from pixi_jupyter.errors import ShellArgumentError
from pixi_jupyter.tasks.shell_text import script_of
from pixi_jupyter.tasks.template import context_of


def task(command: Any, **more: Any) -> dict[str, Any]:
    return {"cmd": command, "args": ["a", {"arg": "b", "default": ""}], **more}


@pytest.mark.parametrize(
    ("command", "value", "made"),
    [
        ("pytest {{ a }}", "-x -v", "pytest -x -v"),
        ("pytest {{ a }}", '-k "a and b"', 'pytest -k "a and b"'),
        ("pytest {{ a }}", "'a;b'", "pytest 'a;b'"),
        ("ls {{ a }}", "*.py ~/x {a,b}", "ls *.py ~/x {a,b}"),
        ("ls {{ a }}", "C:\\Users\\a", "ls C:\\Users\\a"),
        ("ls {{ a }}", "--opt=a#b", "ls --opt=a#b"),
        ('ls "{{ a }}"', "it's a;b|c>d #e", 'ls "it\'s a;b|c>d #e"'),
        ("ls '{{ a }}'", '$(id) `id` "x"', "ls '$(id) `id` \"x\"'"),
        ("python -m x {{ a }}", "a b", "python -m x a b"),
        ("bash -c 'x {{ a }}'", "a b", "bash -c 'x a b'"),
        ("A={{ a }} x", "1", "A=1 x"),
        ("x {{ a }} 2> f", "2", "x 2 2> f"),
        ("x {{ a|title }}", "one two", "x One Two"),
        ("x {{ a|replace(';', ',') }}", "1;2", "x 1,2"),
        (["x", "{{ a }}"], "a b; c", 'x "a b; c"'),
    ],
)
def test_a_value_is_inserted_as_text(command: Any, value: str, made: str) -> None:
    assert script(task(command), value) == made


@pytest.mark.parametrize(
    "value",
    [
        "a; evil",
        "a | evil",
        "a & evil",
        "a && evil",
        "a || evil",
        "a\nevil",
        "a\r\nevil",
        "a\u2028evil",
        "a > evil",
        "a < evil",
        "a 2> evil",
        "$(evil)",
        "`evil`",
        "$EVIL",
        "(evil)",
        "a # comment",
        "it's",
        '"',
        '"$(evil)"',
        "a\\",
        "\\; evil",
    ],
)
@pytest.mark.parametrize(
    "command", ["x {{ a }}", "x {{ a }} y", ["x", "{{ a }}"], "x {{ a|upper }}"]
)
def test_a_value_that_changes_the_command_is_refused(command: Any, value: str) -> None:
    error = refused(task(command), value)

    if isinstance(command, list) and error is None:
        # the elements of a list with blanks are put into quotes
        assert script(task(command), value).startswith('x "')
        return
    assert isinstance(error, ShellArgumentError)
    assert (error.argument, error.value, error.key) == ("a", value, "cmd")


@pytest.mark.parametrize(
    ("value", "character"),
    [("a b; c", ";"), ("a\nb", "\n"), ("a'b", "'"), ("a | b", "|"), ("`a`", "`")],
)
def test_the_error_names_the_character(value: str, character: str) -> None:
    error = refused(task("x {{ a }}"), value)

    assert isinstance(error, ShellArgumentError)
    assert error.character == character


@pytest.mark.parametrize(
    ("command", "values"),
    [
        ('x "{{ a }}"', ['" ; evil "']),
        ('x "{{ a }}"', ["a\\"]),
        ('x "{{ a }}"', ["$(evil)"]),
        ('x "{{ a }}"', ['"a b"']),
        ("x '{{ a }}'", ["' ; evil '"]),
        ("x '{{ a }}'", ["'\"'\"'"]),
        ("x {{ a }}{{ b }}", ["$", "(evil)"]),
        ("x {{ a }}{{ b }}", ["$", "HOME"]),
        ("x {{ a }} ; y {{ b }}", ["'", "'"]),
        ('x {{ a }}lit{{ b }} "', ['"', "; evil"]),
        ("x{{ a }} {{ b }}", ["=", "evil"]),
        ("A={{ a }} x", ["1 evil"]),
        ("A={{ a }}", ["1 evil"]),
        ("x > {{ a }}", ["f evil"]),
        ("x > {{ a }} {{ b }}", ["", "f"]),
        ("x > f {{ a }}", ["evil"]),
        ("(x) {{ a }}", ["evil"]),
        ("x {{ a }}> f", ["2"]),
        ("x \\{{ a }}", ["\\; evil"]),
        ("x $(y {{ a }})", ["a) evil"]),
        ("x {{ a[:1] }} '", ["'a'"]),
        ("sh -c 'x {{ a }}'", ["$(evil)"]),
        ("bash -lc 'x {{ a }}'", ["; evil"]),
        ("sh -c 'A={{ a }} x'", ["1 evil"]),
        ('env A=1 bash -c "x {{ a }}"', ["| evil"]),
        ("python -c 'print({{ a }})'", ["__import__('os')"]),
        ("ssh host 'x {{ a }}'", ["; evil"]),
        (["sh", "-c", "x {{ a }}"], ["a; evil"]),
    ],
)
def test_values_cannot_break_out_of_where_they_stand(
    command: Any, values: list[str]
) -> None:
    assert isinstance(refused(task(command), *values), ShellArgumentError)


@pytest.mark.parametrize("value", ['" ; evil "', '\\" ; evil "', "$(evil)", "`evil`"])
def test_values_cannot_break_out_of_variables(value: str) -> None:
    error = refused(task("x", env={"K": "a{{ a }}"}), value)

    assert isinstance(error, ShellArgumentError)
    assert error.key == "env.K"


def test_a_folder_cannot_change_a_command_either() -> None:
    error = refused("cd {{ pixi.init_cwd }} && x", cwd="/home/a; evil")

    assert isinstance(error, ShellArgumentError)
    assert error.argument == "pixi.init_cwd"
    assert "single quotes" in error.hints[0]
    assert refused("cd '{{ pixi.init_cwd }}' && x", cwd="/home/a; evil") is None


def test_what_the_manifest_says_itself_is_not_judged() -> None:
    argument = {"arg": "a", "default": "x && y", "choices": ["x && y", "z; w"]}
    written = {"cmd": "{{ a }}", "args": [argument]}

    assert script(written) == "x && y"
    assert script(written, "z; w") == "z; w"


def test_a_person_may_allow_it() -> None:
    assert script(task("x {{ a }}"), "$(y)", allow=True) == "x $(y)"


def test_a_value_stays_foreign_on_its_way_through_dependencies() -> None:
    plan = planned(
        """
        [tasks]
        low = { cmd = "x {{ v }}", args = ["v"] }
        mid = { args = ["v"], depends-on = [{ task = "low", args = ["{{ v }}!"] }] }
        top = { args = ["v"], depends-on = [{ task = "mid", args = ["a{{ v }}"] }] }
        said = [{ task = "low", args = ["a && b"] }]
        """,
        "top",
        "; evil",
    )
    low = plan.nodes[0]

    with pytest.raises(ShellArgumentError) as caught:
        script_of(low, context_of(low, platform=None))

    assert caught.value.value == "a; evil!"


def test_what_the_manifest_gives_a_dependency_is_not_judged() -> None:
    plan = planned(
        """
        [tasks]
        low = { cmd = "{{ v }}", args = ["v"] }
        top = [{ task = "low", args = ["a && b"] }]
        """,
        "top",
    )
    low = plan.nodes[0]

    assert script_of(low, context_of(low, platform=None)) == "a && b"


@pytest.mark.parametrize(
    ("command", "words", "made"),
    [
        ("x", ["it's", "a; b", "$(c)"], "x 'it'\"'\"'s' 'a; b' '$(c)'"),
        ("x\n", ["a"], "x 'a'"),
        ("x && y", ["a"], "x && y 'a'"),
        ({"cmd": ["x", "y z"]}, ["a\nb"], "x \"y z\" 'a\nb'"),
        ("x $HOME", [""], "x $HOME ''"),
    ],
)
def test_words_passed_through_are_quoted(
    command: Any, words: list[str], made: str
) -> None:
    assert script(command, *words) == made


@pytest.mark.parametrize(
    "command", ["x;", "x &&", "x |", "x > f", "(x)", "x # note", "x 'a", "x &"]
)
def test_words_that_would_be_a_command_of_their_own_are_refused(command: str) -> None:
    assert isinstance(refused(command, "evil\nevil"), ShellArgumentError)
