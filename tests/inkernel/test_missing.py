"""The line below a cell that could not import a module."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.inkernel import load_ipython_extension, options
from pixi_jupyter.inkernel.missing import is_foreign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "study"
channels = []
platforms = ["linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]
"""


@pytest.fixture
def kernel(
    shell: Any,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Any]:
    """Give a shell of a kernel of ours, with a real engine behind it."""
    from pixi_jupyter.inkernel import magics

    folder = make_workspace(MANIFEST)
    monkeypatch.chdir(folder)
    told = {"manifest": str(folder / "pixi.toml"), "host": sys.executable}
    for key, value in told.items():
        monkeypatch.setitem(options, key, value)
    load_ipython_extension(shell)
    yield shell
    magics.close()


def test_a_cell_is_told_what_would_bring_the_module(
    kernel: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    kernel.run_cell("import sklearn_not_here as _; 1")
    kernel.run_cell("import skbio.stats")

    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == (
        "skbio comes with scikit-bio, which no channel of default has: "
        "%pixi add --pypi scikit-bio"
    )
    assert any(line.endswith("%pixi add --pypi sklearn-not-here") for line in lines)


def test_nothing_is_said_of_what_a_cell_caught_or_meant_otherwise(
    kernel: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with open("helpers.py", "w"):  # noqa: PTH123  the shell's folder
        pass
    for cell in (
        "try:\n    import nowhere\nexcept ImportError:\n    pass",
        "import helper",
        "import json.nothing",
        "from email import nothing",
        "1 / 0",
    ):
        kernel.run_cell(cell)

    assert "%pixi" not in capsys.readouterr().out


def test_a_kernel_that_is_not_ours_is_left_alone(
    shell: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    load_ipython_extension(shell)

    shell.run_cell("import skbio")

    assert "%pixi" not in capsys.readouterr().out


def test_a_part_of_a_package_that_is_there_is_not_another_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shared_name").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)

    assert is_foreign("shared_name.other")  # a namespace has several packages
    assert not is_foreign("json.other")
    assert not is_foreign("sharedname")
    assert is_foreign("elsewhere")
