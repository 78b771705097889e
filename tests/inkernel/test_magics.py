from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from support import scripted_engine

from pixi_jupyter.inkernel import (
    load_ipython_extension,
    magics,
    unload_ipython_extension,
)
from pixi_jupyter.inkernel.client import Client
from pixi_jupyter.inkernel.failures import PixiError
from pixi_jupyter.inkernel.magics import Pixi


def test_loading_twice_leaves_one_and_unloading_leaves_none(shell: Any) -> None:
    transformers = list(shell.input_transformers_cleanup)
    matchers = list(shell.Completer.custom_matchers)
    names = set(shell.user_ns)

    load_ipython_extension(shell)
    first = shell.find_line_magic("pixi")
    load_ipython_extension(shell)

    assert shell.find_line_magic("pixi") is first
    assert len(shell.Completer.custom_matchers) == len(matchers) + 1
    assert set(shell.user_ns) == names
    unload_ipython_extension(shell)
    assert shell.find_line_magic("pixi") is None
    assert shell.find_cell_magic("pixi") is None
    assert shell.input_transformers_cleanup == transformers
    assert shell.Completer.custom_matchers == matchers


def test_another_magic_of_that_name_is_not_ours_to_take_away(shell: Any) -> None:
    shell.register_magic_function(len, "line", "pixi")

    unload_ipython_extension(shell)

    assert shell.find_line_magic("pixi") is len


def test_our_kernels_say_which_workspace_and_others_where_they_are(
    shell: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    ours = Pixi(shell, {"manifest": "/w/pixi.toml", "host": "/h"}).where
    other = Pixi(shell, {}).where

    folder = str(Path.cwd())
    assert ours == {"cwd": folder, "manifest": "/w/pixi.toml", "prefix": sys.prefix}
    assert other == {"cwd": folder, "manifest": None, "prefix": None}


def test_an_engine_that_knows_no_command_is_told_in_words(
    shell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(sys.executable, [str(scripted_engine.__file__)])
    magics._clients.append(client)
    try:
        with pytest.raises(PixiError) as caught:
            Pixi(shell, {}).run_line("fail")
    finally:
        magics.close()
        client.kill()

    assert caught.value._render_traceback_() == str(caught.value).splitlines()


def test_an_engine_that_cannot_start_is_told_in_words(shell: Any) -> None:
    try:
        with pytest.raises(PixiError, match="The engine could not be started"):
            Pixi(shell, {"host": "/nowhere/python"}).run_line("info")
    finally:
        magics.close()
