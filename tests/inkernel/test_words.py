from __future__ import annotations

import pytest

from pixi_jupyter.inkernel.failures import PixiError
from pixi_jupyter.inkernel.words import help_lines, names_command, split


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('add "numpy >=2" scipy', ["add", "numpy >=2", "scipy"]),
        ("add 'a b'  c\\ d", ["add", "a b", "c d"]),
        ("run python -c 'print(1)  # not a remark'", ["run", "python", "-c", "print(1)  # not a remark"]),
        ("search numpy#1", ["search", "numpy#1"]),
        ("", []),
    ],
    ids=["double", "single", "code", "hash", "nothing"],
)  # fmt: skip
def test_words_are_split_as_a_shell_does(line: str, expected: list[str]) -> None:
    assert split(line) == expected


def test_a_quotation_without_an_end_is_an_error_of_ours() -> None:
    with pytest.raises(PixiError, match="cannot be split into words"):
        split('add "numpy')


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["%pixi add?\n"], ["%pixi add --help\n"]),
        (["%pixi kernel list??\n"], ["%pixi kernel list --help\n"]),
        (["%pixi?\n"], ["%pixi?\n"]),
        (["%pixi search num?y\n"], ["%pixi search num?y\n"]),
        (["x = 1\n", "%pixi add?\n"], ["x = 1\n", "%pixi add?\n"]),
    ],
    ids=["verb", "two words", "the magic", "a glob", "more lines"],
)
def test_a_question_mark_asks_for_help(lines: list[str], expected: list[str]) -> None:
    assert help_lines(lines) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], False),
        (["-e", "test"], False),
        (["--environment=test", "-x"], False),
        (["-e", "test", "bash"], True),
        (["--", "bash"], True),
        (["--help"], True),
    ],
    ids=["nothing", "flag", "flags", "command", "dashes", "help"],
)
def test_a_cell_without_a_command_is_a_script(
    words: list[str], *, expected: bool
) -> None:
    assert names_command(words) is expected
