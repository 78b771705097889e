from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from pixi_jupyter.errors import ChangedMeanwhileError, NotebookReadError
from pixi_jupyter.notebook.files import read_notebook, write_notebook

if TYPE_CHECKING:
    from pathlib import Path

NOTEBOOK: dict[str, Any] = {
    "cells": [{"cell_type": "markdown", "metadata": {}, "source": ["é", "\n"]}],
    "metadata": {"of a later time": [1, 2.5, None]},
    "nbformat": 4,
    "nbformat_minor": 5,
    "unknown": {"kept": True},
}


def written_by_nbformat() -> str:
    text: str = nbformat.writes(nbformat.v4.new_notebook())
    return text + "\n"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(NOTEBOOK, indent=1, ensure_ascii=False) + "\n",
        json.dumps(NOTEBOOK, indent=2) + "\n",
        json.dumps(NOTEBOOK, indent="\t", ensure_ascii=False),
        json.dumps(NOTEBOOK),
        json.dumps(NOTEBOOK, separators=(",", ":")),
        (json.dumps(NOTEBOOK, indent=1) + "\n").replace("\n", "\r\n"),
        json.dumps({**NOTEBOOK, "unknown": "\ud800"}, indent=1),
        written_by_nbformat(),
    ],
    ids=[
        "as Jupyter writes it",
        "two blanks and escapes",
        "tabs, no end",
        "one line",
        "compact",
        "Windows",
        "half a character",
        "nbformat",
    ],
)
def test_an_unchanged_notebook_keeps_its_bytes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(text.encode())

    assert not write_notebook(path, read_notebook(path))
    assert path.read_bytes() == text.encode()


def test_a_change_leaves_the_other_lines_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(NOTEBOOK, indent=2) + "\n", encoding="utf-8")
    before = path.read_text(encoding="utf-8").splitlines()

    notebook = read_notebook(path)
    notebook["unknown"]["kept"] = False
    assert write_notebook(path, notebook)

    after = path.read_text(encoding="utf-8").splitlines()
    assert [x for x in zip(before, after, strict=True) if x[0] != x[1]] == [
        ('    "kept": true', '    "kept": false')
    ]


def test_a_new_notebook_is_written_as_nbformat_does(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"

    write_notebook(path, json.loads(written_by_nbformat()))

    assert path.read_text(encoding="utf-8") == written_by_nbformat()


@pytest.mark.skipif(os.name == "nt", reason="links and rights are POSIX")
def test_a_link_stays_a_link_and_rights_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.ipynb", tmp_path / "link.ipynb"
    real.write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)

    write_notebook(link, {**NOTEBOOK, "metadata": {}})

    assert link.is_symlink()
    assert read_notebook(real)["metadata"] == {}
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(x.name for x in tmp_path.iterdir()) == ["link.ipynb", "real.ipynb"]


def test_an_edit_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(NOTEBOOK), encoding="utf-8")

    with pytest.raises(ChangedMeanwhileError):
        write_notebook(path, {**NOTEBOOK, "metadata": {}}, was=b"before")

    assert read_notebook(path) == NOTEBOOK


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff", "UTF-8"),
        (b"{", "JSON"),
        (b"[]", "object"),
        (b"[" * 200_000, "deep"),
        (b'{"nbformat": 3}', "version 4"),
        (b'{"nbformat": 4, "metadata": [], "cells": []}', "metadata"),
        (b'{"nbformat": 4, "metadata": {}, "cells": [1]}', "cells"),
    ],
)
def test_what_is_no_notebook_is_refused(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(data)

    with pytest.raises(NotebookReadError) as caught:
        read_notebook(path)

    assert reason in caught.value.reason


def test_a_file_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)

    with pytest.raises(NotebookReadError, match="1000 MB"):
        read_notebook(path)


def test_a_notebook_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotebookReadError, match="no such file"):
        read_notebook(tmp_path / "a.ipynb")
