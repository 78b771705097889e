"""Other programs that read and write notebooks leave the environment in them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import nbformat
import papermill
import pytest

from pixi_jupyter.notebook.files import read_notebook, write_notebook
from pixi_jupyter.notebook.metadata import (
    NotebookEnvironment,
    read_environment,
    write_environment,
)
from pixi_jupyter.notebook.specs import kernelspec

if TYPE_CHECKING:
    from pathlib import Path

CARRIED = NotebookEnvironment(
    manifest='[workspace]\nname = "é"\n', lock="version: 7\n" * 500, overlay="a\n"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("a = 1", metadata={"tags": ["parameters"]})],
        metadata={"kernelspec": kernelspec()},
    )
    data = json.loads(nbformat.writes(notebook))
    write_environment(data, CARRIED)
    file = tmp_path / "a.ipynb"
    write_notebook(file, data)
    return file


def test_it_is_a_valid_notebook(path: Path) -> None:
    nbformat.validate(nbformat.read(path, as_version=4))


def test_nbformat_keeps_it_byte_for_byte(path: Path) -> None:
    before = path.read_bytes()

    nbformat.write(nbformat.read(path, as_version=4), path)

    assert path.read_bytes() == before


def test_papermill_keeps_it(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"

    papermill.execute_notebook(
        path, out, {"a": 2}, prepare_only=True, progress_bar=False
    )

    assert read_environment(read_notebook(out)) == CARRIED


def test_nbconvert_keeps_it(path: Path, tmp_path: Path) -> None:
    words = ["--to", "notebook", "--ClearOutputPreprocessor.enabled=True"]
    command = [sys.executable, "-m", "nbconvert", *words, "--output", "out", str(path)]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)

    assert read_environment(read_notebook(tmp_path / "out.ipynb")) == CARRIED


def test_a_pair_of_jupytext_keeps_it_in_the_notebook(path: Path) -> None:
    jupytext = pytest.importorskip("jupytext")
    combine = pytest.importorskip("jupytext.combine")
    notebook = nbformat.read(path, as_version=4)
    text = jupytext.writes(notebook, fmt="py:percent")
    edited = jupytext.reads(text.replace("a = 1", "a = 3"), fmt="py:percent")

    paired = combine.combine_inputs_with_outputs(edited, notebook)

    assert paired.cells[0].source == "a = 3"
    assert read_environment(json.loads(nbformat.writes(paired))) == CARRIED


def test_jupytext_alone_keeps_it_where_it_is_told_to(path: Path) -> None:
    jupytext = pytest.importorskip("jupytext")
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["jupytext"] = {"notebook_metadata_filter": "pixi-jupyter"}

    text = jupytext.writes(notebook, fmt="py:percent")
    back = json.loads(nbformat.writes(jupytext.reads(text, fmt="py:percent")))

    assert read_environment(back) == CARRIED
