"""Words become requests, and every command explains itself."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import click
import pytest

from pixi_jupyter.commands.registry import VERBS, load
from pixi_jupyter.commands.tree import main, parse


def commands(group: click.Group, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, (*words, name))
        else:
            found.append((*words, name))
    return found


ALL = commands(main)


def command_of(words: tuple[str, ...]) -> click.Command:
    command: click.Command = main
    for word in words:
        assert isinstance(command, click.Group)
        command = command.commands[word]
    return command


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_option_has_a_help_text(words: tuple[str, ...]) -> None:
    options = [
        parameter
        for parameter in command_of(words).params
        if isinstance(parameter, click.Option) and not parameter.hidden
    ]

    assert command_of(words).help
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_help_fits_a_terminal_of_80_columns(
    words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    parse([*words, "--help"])

    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_the_arguments_of_a_command_are_those_of_its_request(
    words: tuple[str, ...],
) -> None:
    needed = [
        parameter.type.choices[0] if isinstance(parameter.type, click.Choice) else "x"
        for parameter in command_of(words).params
        if isinstance(parameter, click.Argument) and parameter.required
    ]

    invocation = parse([*words, *needed])

    assert invocation is not None
    _, request = load(invocation.verb)
    assert set(invocation.arguments) <= {field.name for field in fields(request)}
    request.from_wire(invocation.arguments)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_can_be_loaded(verb: str) -> None:
    function, request = load(verb)

    assert callable(function)
    assert request.__name__.endswith("Request")


def test_options_of_pixi_are_read_as_pixi_reads_them() -> None:
    invocation = parse(
        ["add", "numpy", "-f", "test", "-p", "linux-64", "-m", "sub", "--locked", "-vv"]
    )

    assert invocation is not None
    assert invocation.verbose == 2
    assert invocation.arguments["specs"] == ("numpy",)
    assert invocation.arguments["feature"] == "test"
    assert invocation.arguments["platforms"] == ("linux-64",)
    assert invocation.arguments["manifest"] == Path("sub")
    assert invocation.arguments["locked"] is True


def test_options_after_the_command_of_run_belong_to_it() -> None:
    invocation = parse(["run", "-e", "test", "python", "-c", "1", "--json", "-e", "x"])

    assert invocation is not None
    assert invocation.arguments["environment"] == "test"
    assert invocation.arguments["command"] == ("python", "-c", "1", "--json", "-e", "x")


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    with pytest.raises(click.UsageError) as caught:
        parse(["instal"])

    assert "install" in caught.value.format_message()


def test_environment_variables_of_pixi_lock_and_freeze(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PIXI_FROZEN", "true")

    invocation = parse(["install"])

    assert invocation is not None
    assert invocation.arguments["frozen"] is True
