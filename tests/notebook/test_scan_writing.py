"""A proposal is shown by each face, and written where it is wanted."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.commands import run_command
from support.scanned import MANIFEST, doubts, save, scan, taken

from pixi_jupyter.adapters.toml import parse_toml
from pixi_jupyter.commands.call import Command, read_words
from pixi_jupyter.commands.place import Place
from pixi_jupyter.errors import NotebookReadError
from pixi_jupyter.events import Operation

if TYPE_CHECKING:
    from collections.abc import Callable

NOTEBOOKS = Path(__file__).parents[3] / "shared" / "data" / "notebooks"


def test_nothing_is_written_unless_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = save(tmp_path / "a.ipynb", "import numpy")

    shown = run_command(capsys, "notebook", "scan", "--offline", str(file))

    assert shown.code == 0
    assert "Nothing was written" in shown.out
    assert "notebook scan --write" in shown.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.ipynb"]


def test_a_new_manifest_is_what_was_shown(tmp_path: Path) -> None:
    file = save(tmp_path / "a.ipynb", "import numpy", "!pip install zzz-project==1.0")
    shown = scan(file)

    written = scan(file, write=True)

    text = (tmp_path / "pixi.toml").read_text("utf-8")
    assert written.written
    assert text == written.text
    data = parse_toml(text).unwrap()
    assert data["dependencies"] == {"numpy": "*", "python": "*"}
    assert data["pypi-dependencies"] == {"zzz-project": "==1.0"}
    assert data["dependencies"] == parse_toml(shown.text).unwrap()["dependencies"]
    assert (tmp_path / ".gitignore").exists()


def test_a_manifest_that_is_there_gets_what_it_lacks(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = make_workspace(MANIFEST.format(channel=(tmp_path / "none").as_uri()))
    file = save(folder / "a.ipynb", "import numpy, pandas")

    first = run_command(
        capsys, "notebook", "scan", "--offline", "--write", "-m", str(folder), str(file)
    )
    again = scan(file)

    text = (folder / "pixi.toml").read_text("utf-8")
    assert first.code == 0
    assert 'numpy = ">=1"  # kept' in text
    assert 'pandas = "*"' in text
    assert again.present == {"numpy", "pandas", "python"}
    assert again.text == text


def test_the_json_form_says_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = save(tmp_path / "a.ipynb", "import numpy, nobody_knows_this")

    shown = run_command(capsys, "notebook", "scan", "--offline", "--json", str(file))

    data = json.loads(shown.out)
    assert [x["name"] for x in data["packages"]] == ["numpy", "python"]
    assert data["packages"][0]["why"] == ["import numpy (cell 1)"]
    assert data["unsure"][0]["what"] == "nobody_knows_this"
    assert not data["written"]
    assert not data["checked"]


def test_another_version_than_the_manifests_is_unsure(
    tmp_path: Path, make_workspace: Callable[..., Path]
) -> None:
    folder = make_workspace(MANIFEST.format(channel=(tmp_path / "none").as_uri()))

    found = scan(save(folder / "a.ipynb", "!pip install numpy==2.1"))

    assert doubts(found) == {
        "numpy": "pixi.toml asks for >=1, the notebooks for another version"
    }


def test_a_cell_scans_a_notebook_beside_it(tmp_path: Path) -> None:
    save(tmp_path / "a.ipynb", "import numpy")
    place = Place(cwd=tmp_path)

    command = read_words(["notebook", "scan", "--offline", "a.ipynb"], place)
    assert isinstance(command, Command)
    answer = asyncio.run(command.run(Operation()))

    assert "%pixi notebook scan --write a.ipynb" in answer.html
    assert answer.data["notebooks"][0]["notebook"] == "a.ipynb"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"../other.ipynb", "it is not JSON", id="no JSON"),
        pytest.param(b"\xff\xfe", "it is not UTF-8", id="no text"),
        pytest.param(b"[" * 200_000, "it is nested too deeply", id="deep"),
        pytest.param(b'{"nbformat": 4, "metadata": {}, "cells": 1}', "cells", id="odd"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "a.ipynb"
    file.write_bytes(content)

    with pytest.raises(NotebookReadError) as caught:
        scan(file)

    assert reason in caught.value.details[0]


def test_odd_values_in_a_notebook_are_passed_over(tmp_path: Path) -> None:
    file = save(
        tmp_path / "a.ipynb",
        "import numpy",
        kernelspec=[1],
        language_info={"name": 3, "version": None},
        uv={"dependencies": [1, None, "://"]},
    )
    data = json.loads(file.read_text("utf-8"))
    data["cells"] += [{"cell_type": "code", "source": 4}, {"source": ["x", 1]}, {}]
    file.write_text(json.dumps(data), "utf-8")

    assert set(taken(scan(file))) == {"conda numpy", "conda python"}


@pytest.mark.skipif(not NOTEBOOKS.exists(), reason="the notebooks are not here")
def test_every_real_notebook_is_read() -> None:
    refused = []
    for file in sorted(NOTEBOOKS.rglob("*.ipynb")):
        try:
            found = scan(file)
        except NotebookReadError:
            refused.append(file.read_bytes()[:3])
            continue
        assert found.taken or found.scans[0].language not in ("python", "r")

    assert refused == [b"../"] * 2  # links that were saved as files
