from __future__ import annotations

from pathlib import Path, PureWindowsPath
from typing import cast

from pixi_jupyter.activation.shell import bash_text, cmd_text


def test_cmd_gets_each_script_by_call_and_then_lists_its_variables() -> None:
    path = cast("Path", PureWindowsPath(r"C:\100% mine\a.bat"))

    text = cmd_text([path], {"NAME": "%HOME%\\x"})

    assert text.splitlines() == [
        "@echo off",
        "chcp 65001 >nul",
        "echo \x010",
        r'call "C:\100%% mine\a.bat" 1>&2',
        "@echo off",
        r'set "NAME=%HOME%\x"',
        "echo \x02",
        "set",
        "exit /b 0",
    ]


def test_bash_expands_only_values_that_refer_to_others() -> None:
    text = bash_text([], {"A": "it's `plain`", "B": '$A "quoted"'})

    assert "export A='it'\"'\"'s `plain`'" in text
    assert 'export B="$A \\"quoted\\""' in text
