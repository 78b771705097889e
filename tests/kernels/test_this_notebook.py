"""The kernel "Pixi: this notebook", from a Jupyter server and from programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbformat import from_dict
from traitlets import Unicode
from traitlets.config import Configurable

from pixi_jupyter.errors import ConsentNeededForNotebookError, NotThisNotebookError
from pixi_jupyter.kernels.specs import PixiSpecsMixin
from pixi_jupyter.notebook.files import read_notebook, write_notebook
from pixi_jupyter.notebook.specs import DISPLAY_NAME, KERNEL_NAME, kernel_json

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = Path(__file__).parents[2] / "jupyter-config" / "kernels"


class Server(Configurable):
    root_dir = Unicode()


class Manager(PixiSpecsMixin, KernelSpecManager):
    """What the server extension makes."""


def test_what_is_shipped_is_what_is_listed() -> None:
    shipped = json.loads((SHIPPED / KERNEL_NAME / "kernel.json").read_text())

    assert shipped == kernel_json()


def test_a_server_lists_it_without_any_file(tmp_path: Path) -> None:
    manager = Manager(parent=Server(root_dir=str(tmp_path)))

    assert manager.get_all_specs()[KERNEL_NAME]["spec"]["display_name"] == DISPLAY_NAME
    assert manager.get_kernel_spec(KERNEL_NAME).display_name == DISPLAY_NAME


def test_a_server_that_allows_only_others_does_not_list_it(tmp_path: Path) -> None:
    manager = Manager(
        parent=Server(root_dir=str(tmp_path)), allowed_kernelspecs={"other"}
    )

    assert KERNEL_NAME not in manager.get_all_specs()


@pytest.fixture
def registered(jupyter: Path) -> None:
    folder = jupyter / "kernels" / KERNEL_NAME
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(kernel_json()))


@pytest.fixture
def notebook(
    tmp_path: Path,
    embedded_channel: str,
    monkeypatch: pytest.MonkeyPatch,
    make_workspace: Callable[..., Path],
) -> Path:
    """A notebook that carries an environment, alone in a folder of its own."""
    from pixi_jupyter.platforms import host_subdir

    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder = make_workspace(
        f'[workspace]\nname = "w"\nchannels = ["{embedded_channel}"]\n'
        f'platforms = ["{host_subdir()}"]\n\n[dependencies]\npython = "*"\n'
        'ipykernel = "*"\n'
    )
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "a",
        "metadata": {},
        "outputs": [],
        "source": "import sys; print(sys.prefix)",
    }
    path = folder / "a.ipynb"
    data: dict[str, Any] = {"cells": [cell], "metadata": {}}
    write_notebook(path, {**data, "nbformat": 4, "nbformat_minor": 5})
    command = [sys.executable, "-m", "pixi_jupyter", "notebook", "embed", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    alone = tmp_path / "alone"
    alone.mkdir()
    return path.rename(alone / "a.ipynb")


def printed(data: Any) -> str:
    return "".join(data["cells"][0]["outputs"][0]["text"]).strip()


@pytest.mark.slow
@pytest.mark.usefixtures("registered")
def test_a_program_runs_a_notebook_in_what_it_carries(
    notebook: Path, tmp_path: Path
) -> None:
    words = ["execute", "--inplace", str(notebook)]
    command = [sys.executable, "-m", "jupyter", *words]
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.defpath}"}
    subprocess.run(command, check=True, capture_output=True, env=environ, cwd=tmp_path)

    prefix = Path(printed(read_notebook(notebook)))
    assert prefix.parts[-6] == "notebook-envs" or "notebook-envs" in prefix.parts


@pytest.mark.usefixtures("registered")
def test_what_was_not_agreed_to_is_not_started(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "somebody else"))
    monkeypatch.setenv("PIXI_JUPYTER_NOTEBOOK", str(notebook))
    client = NotebookClient(from_dict(read_notebook(notebook)))

    with pytest.raises(Exception, match="is not installed") as caught:
        client.execute()

    # a channel that is a folder cannot be agreed to; of others the text names --trust
    assert caught.type.__module__.startswith("pixi_jupyter.errors")
    assert ConsentNeededForNotebookError.code == "notebook-consent-needed"


@pytest.mark.usefixtures("registered")
def test_a_program_that_does_not_say_which_notebook_is_refused(
    notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    monkeypatch.setattr(sys, "argv", ["program"])
    client = NotebookClient(from_dict(read_notebook(notebook)))

    with pytest.raises(NotThisNotebookError, match="PIXI_JUPYTER_NOTEBOOK"):
        client.execute()
