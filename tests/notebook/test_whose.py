from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.errors import NotThisNotebookError
from pixi_jupyter.notebook.whose import notebook_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.ipynb", "b.ipynb", "sub/a.ipynb"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("environ", "arguments", "cwd", "found"),
    [
        ({"PIXI_JUPYTER_NOTEBOOK": "b.ipynb"}, ["x", "a.ipynb"], "", "b.ipynb"),
        ({"JPY_SESSION_NAME": "{}/b.ipynb"}, ["jupyter-lab"], "", "b.ipynb"),
        ({"JPY_SESSION_NAME": "{}/gone.ipynb"}, ["jupyter-lab"], "", "gone.ipynb"),
        (
            {"PYTEST_CURRENT_TEST": "sub/a.ipynb::Cell 0 (setup)"},
            ["pytest", "b.ipynb", "sub"],
            "sub",
            "sub/a.ipynb",
        ),
        ({}, ["jupyter-nbconvert", "--execute", "sub/a.ipynb"], "sub", "sub/a.ipynb"),
        ({}, ["jupyter-execute", "a.ipynb"], "sub", "a.ipynb"),
        ({}, ["nbconvert", "b.ipynb", "sub/a.ipynb"], "sub", "sub/a.ipynb"),
        ({}, ["/bin/papermill", "a.ipynb", "b.ipynb"], "", "a.ipynb"),
        ({}, ["papermill", "sub/a.ipynb", "new.ipynb"], "", "sub/a.ipynb"),
    ],
)
def test_a_kernel_finds_its_notebook(
    folder: Path,
    environ: dict[str, str],
    arguments: list[str],
    cwd: str,
    found: str,
) -> None:
    environ = {key: value.format(folder) for key, value in environ.items()}

    assert notebook_of(environ, folder / cwd, arguments, here=folder) == folder / found


@pytest.mark.parametrize(
    ("environ", "arguments"),
    [
        ({}, ["jupyter-console"]),
        ({}, ["nbconvert", "a.ipynb", "b.ipynb"]),
        ({}, ["nbconvert", "gone.ipynb"]),
        ({"JPY_SESSION_NAME": "console-1"}, ["jupyter-lab"]),
        ({"PYTEST_CURRENT_TEST": "tests/test_a.py::test_b (call)"}, ["pytest"]),
    ],
)
def test_a_notebook_is_never_guessed(
    folder: Path, environ: dict[str, str], arguments: list[str]
) -> None:
    with pytest.raises(NotThisNotebookError) as caught:
        notebook_of(environ, folder, arguments, here=folder)

    assert "PIXI_JUPYTER_NOTEBOOK" in caught.value.hints[0]
