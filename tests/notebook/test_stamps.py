from __future__ import annotations

import base64
import zlib
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from pixi_jupyter.inkernel.stamps import packed
from pixi_jupyter.lock.file import parse_lock
from pixi_jupyter.notebook.metadata import (
    NotebookEnvironment,
    read_environment,
    write_environment,
)
from pixi_jupyter.notebook.stamps import (
    Stamp,
    mark_of,
    prune,
    read_stamps,
    recorder,
    stamp_cell,
    stamp_of_lock,
)

PACKAGES = ("numpy 2.3.1 py311_0", "python 3.11.7 0")


def reply(*packages: str, name: str = "default") -> dict[str, Any]:
    """Give the metadata of an answer as a kernel sends them."""
    stamp = stamp_of(packages, name)
    told = {
        "environment": stamp.mark,
        "name": name,
        "platform": "linux-64",
        "packages": packed("\n".join(packages)),
    }
    return {"pixi-jupyter": told}


def stamp_of(packages: tuple[str, ...], name: str = "default") -> Stamp:
    from hashlib import sha256

    mark = sha256("\n".join(packages).encode()).hexdigest()[:16]
    return Stamp(mark=mark, name=name, platform="linux-64", packages=packages)


def test_a_cell_keeps_the_mark_and_the_notebook_what_it_means() -> None:
    notebook = new_notebook(cells=[new_code_cell("1")])

    stamp = stamp_cell(notebook, notebook.cells[0], reply(*PACKAGES))

    assert stamp == stamp_of(PACKAGES)
    assert mark_of(notebook.cells[0]) == stamp.mark
    assert read_stamps(notebook) == {stamp.mark: stamp}
    nbformat.validate(notebook)


def test_a_stamp_goes_with_the_environment_that_a_notebook_carries() -> None:
    notebook = new_notebook(cells=[new_code_cell("1")])
    stamp_cell(notebook, notebook.cells[0], reply(*PACKAGES))
    environment = NotebookEnvironment(manifest="[workspace]\n", lock="version: 7\n")

    write_environment(notebook, environment)

    assert read_environment(notebook) == environment
    assert list(read_stamps(notebook)) == [stamp_of(PACKAGES).mark]


def test_a_kernel_of_somebody_else_takes_the_mark_away() -> None:
    notebook = new_notebook(cells=[new_code_cell("1")])
    stamp_cell(notebook, notebook.cells[0], reply(*PACKAGES))

    assert stamp_cell(notebook, notebook.cells[0], {"started": "now"}) is None
    prune(notebook)

    assert mark_of(notebook.cells[0]) is None
    assert read_stamps(notebook) == {}


def test_nbclient_marks_cells_and_forgets_what_no_cell_has() -> None:
    notebook = new_notebook(cells=[new_code_cell("1"), new_code_cell("2")])
    record = recorder(notebook)
    one, two = notebook.cells

    for cell, packages in ((one, PACKAGES), (two, PACKAGES), (one, ("a 1 0",))):
        answer = {"metadata": reply(*packages), "content": {}}
        record(cell=cell, cell_index=0, execute_reply=answer)
    assert set(read_stamps(notebook)) == {
        stamp_of(each).mark for each in (PACKAGES, ("a 1 0",))
    }
    record(cell=two, cell_index=1, execute_reply={"metadata": reply("a 1 0")})

    assert list(read_stamps(notebook)) == [stamp_of(("a 1 0",)).mark]


def test_a_lock_gives_the_mark_that_its_environment_will_have() -> None:
    text = """\
version: 7
environments:
  default:
    channels:
    - url: https://c.example/
    packages:
      linux-64:
      - conda: https://c.example/linux-64/numpy-2.3.1-py311_0.conda
      - conda: https://c.example/linux-64/python-3.11.7-0.conda
packages:
- conda: https://c.example/linux-64/numpy-2.3.1-py311_0.conda
  sha256: aa
- conda: https://c.example/linux-64/python-3.11.7-0.conda
  sha256: bb
"""
    lock = parse_lock(text, "pixi.lock")  # type: ignore[arg-type]  # for messages
    packages = lock.environments["default"].packages["linux-64"]

    stamp = stamp_of_lock(packages, name="default", platform="linux-64")

    assert stamp == stamp_of(PACKAGES)


def _bomb() -> str:
    return base64.b85encode(zlib.compress(bytes(50_000_000), 9)).decode()


@pytest.mark.parametrize(
    "told",
    [
        None,
        7,
        "text",
        {"packages": 7},
        {"packages": "not base85 \u2603"},
        {"packages": packed("another 1 0")},
        {"packages": _bomb()},
        {"name": "\x1b[31m", "platform": ["x"], "packages": ""},
    ],
)
def test_what_anybody_wrote_does_no_harm(told: object) -> None:
    mark = stamp_of(PACKAGES).mark
    table = {mark: told, "../../etc": {"packages": ""}, "": {}}
    notebook = {"metadata": {"pixi-jupyter": {"version": 1, "outputs": table}}}

    found = read_stamps(notebook)

    assert found in ({}, {mark: Stamp(mark=mark)})


@pytest.mark.parametrize("metadata", [None, 7, [], {"pixi-jupyter": 7}])
def test_a_notebook_without_marks_has_none(metadata: object) -> None:
    assert read_stamps({"metadata": metadata}) == {}
    assert mark_of({"metadata": metadata}) is None
