from __future__ import annotations

from pathlib import Path

import pytest

from pixi_jupyter.errors import ManifestParseError, ScriptBlockNotFoundError
from pixi_jupyter.manifest.script_block import block_bytes, read_block, with_block

SCRIPT = """\
#!/usr/bin/env python
# -*- coding: utf-8 -*-
# /// script
# dependencies = ["six"]
#
# [tool.other]
# \n\
# x = 1
# \n\
# z = 3
# ///

# /// script is also in this comment
print("/// script\x0c\u2028")
"""
PATH = Path("a.py")


def test_the_lines_of_a_block_are_toml_on_their_own_lines() -> None:
    block = read_block(SCRIPT, PATH)

    assert block.toml == 'dependencies = ["six"]\n\n[tool.other]\n\nx = 1\n\nz = 3\n'
    assert block.view.split("\n")[3] == 'dependencies = ["six"]'


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "mark"])
@pytest.mark.parametrize("last", [True, False], ids=["newline", "no newline"])
def test_only_the_lines_that_differ_are_written_anew(
    ends: str, mark: str, *, last: bool
) -> None:
    text = mark + SCRIPT.replace("\n", ends)
    text = text if last else text.removesuffix(ends)
    block = read_block(text, PATH)

    assert block.with_toml(block.toml) == text
    changed = block.with_toml(block.toml.replace("x = 1", "x = 2\n\ny = 3"))

    assert changed == text.replace("# x = 1", f"# x = 2{ends}#{ends}# y = 3")


@pytest.mark.parametrize("toml", ["", "a = 1\n", "\n\n"], ids=["none", "one", "blank"])
def test_what_is_written_is_what_is_read(toml: str) -> None:
    text = read_block(SCRIPT, PATH).with_toml(toml)

    assert read_block(text, PATH).toml == toml


@pytest.mark.parametrize(
    ("lines", "place", "reason"),
    [
        (["# /// script", "# a = 1", "print()"], (2, 1), "no end"),
        (["# /// script", "#\ta = 1", "# ///"], (3, 1), "one space"),
        (["# /// script", "#a = 1", "# ///"], (3, 1), "one space"),
        (["# /// script", "# ///", "", "# /// script", "# ///"], (5, 1), "one block"),
        (["# /// script", "# ///", "# /// script", "# ///"], (4, 1), "one block"),
        (["# /// script", "# ///", "# text", "# ///"], (3, 1), "goes on"),
    ],
    ids=["unclosed", "tab", "no space", "two", "two in one comment", "two ends"],
)
def test_a_bad_block_is_refused_at_its_line(
    lines: list[str], place: tuple[int, int], reason: str
) -> None:
    with pytest.raises(ManifestParseError, match=reason) as caught:
        read_block("\n".join(["#!python", *lines]), PATH)

    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    "line", ["#/// script", "# /// Script", " # /// script", "# /// script "]
)
def test_a_line_that_is_almost_the_first_of_a_block_is_named(line: str) -> None:
    with pytest.raises(ScriptBlockNotFoundError, match="line 2 is not quite") as caught:
        read_block(f"print()\n{line}\n# ///\n", PATH)

    assert caught.value.almost == (2, line)


def test_a_second_opening_that_is_never_closed_is_only_a_comment() -> None:
    text = "# /// script\n# a = 1\n# ///\n\n# /// script\nprint()\n"

    assert read_block(text, PATH).toml == "a = 1\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("", "# /// script\n# a = 1\n# ///\n"),
        ("print()\n", "# /// script\n# a = 1\n# ///\n\nprint()\n"),
        ("\ufeffx", "\ufeff# /// script\n# a = 1\n# ///\n\nx"),
        ("#!sh", "#!sh\n#\n# /// script\n# a = 1\n# ///\n"),
        (
            "#!sh\r\n# coding: latin-1\r\nx",
            "#!sh\r\n# coding: latin-1\r\n#\r\n# /// script\r\n# a = 1\r\n# ///\r\n\r\nx",
        ),
        (
            "# who\n# vim: fileencoding=utf-8\n# more\n",
            "# who\n# vim: fileencoding=utf-8\n#\n# /// script\n# a = 1\n# ///\n\n# more\n",
        ),
        ("# who\n# what\n", "# /// script\n# a = 1\n# ///\n\n# who\n# what\n"),
    ],
    ids=["empty", "code", "mark", "only #!", "crlf", "encoding below", "comment"],
)
def test_a_new_block_goes_behind_what_has_to_be_first(
    script: str, expected: str
) -> None:
    text = with_block(script, "a = 1\n")

    assert text == expected
    assert read_block(text, PATH).toml == "a = 1\n"


def test_the_code_below_a_block_does_not_decide_about_the_environment() -> None:
    other = SCRIPT.replace("print", "exit")

    assert block_bytes(SCRIPT.encode()) == block_bytes(other.encode())
    assert block_bytes(SCRIPT.encode()) != block_bytes(
        SCRIPT.replace("six", "seven").encode()
    )
    assert block_bytes(b"# \xe9") == b"# \xe9"
