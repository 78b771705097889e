"""Notebooks run in environments that still have to be installed, with any tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

import asyncio
import os
import subprocess
import sys

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from pixi_jupyter.errors import NoKernelError, OverlayError, PixiJupyterError

# Sockets and event loops of kernels are closed by the libraries that opened them,
# sometimes only when the garbage is collected.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning",
    "ignore::DeprecationWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)

PREFIX = "import sys; print(sys.prefix)"


def outputs(path: Path) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    return [
        "".join(output.get("text", "") for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


async def run_cells(kernel: str, *cells: str) -> list[str]:
    """Execute cells with nbclient; give their texts."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells]
    )
    await NotebookClient(notebook, kernel_name=kernel).async_execute()
    return ["".join(o.get("text", "") for o in c.outputs) for c in notebook.cells]


async def test_nbclient_installs_the_environment_and_runs_in_it(
    workspace: Path, kernels: dict[str, str]
) -> None:
    assert not (workspace / ".pixi").exists()

    (prefix,) = await run_cells(kernels["default"], PREFIX)

    assert prefix.strip() == str(workspace / ".pixi/envs/default")
    assert (workspace / "pixi.lock").exists()


def test_nbconvert_executes_in_an_environment_that_is_not_there(
    workspace: Path, kernels: dict[str, str], write_notebook: Callable[..., Path]
) -> None:
    path = write_notebook(kernels["default"], PREFIX)

    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--execute", "--inplace",
         "--to", "notebook", str(path)],
        check=True,
        capture_output=True,
    )  # fmt: skip

    assert outputs(path)[0].strip() == str(workspace / ".pixi/envs/default")


def test_papermill_executes_in_an_environment_that_is_not_there(
    workspace: Path, kernels: dict[str, str], write_notebook: Callable[..., Path]
) -> None:
    path = write_notebook(kernels["default"], PREFIX)

    subprocess.run(
        [sys.executable, "-m", "papermill", str(path), str(path)],
        check=True,
        capture_output=True,
    )

    assert outputs(path)[-1].strip() == str(workspace / ".pixi/envs/default")


def test_nbval_runs_a_notebook_in_an_environment_that_is_not_there(
    workspace: Path, kernels: dict[str, str], write_notebook: Callable[..., Path]
) -> None:
    path = write_notebook(
        kernels["default"],
        f"import sys; assert sys.prefix == {str(workspace / '.pixi/envs/default')!r}",
    )

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c",
         os.devnull, "--nbval-lax", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


async def test_kernels_that_start_at_once_all_come_up(
    workspace: Path, kernels: dict[str, str]
) -> None:
    started = await asyncio.gather(
        *(run_cells(kernels["default"], PREFIX) for _ in range(3))
    )

    assert {cells[0].strip() for cells in started} == {
        str(workspace / ".pixi/envs/default")
    }


async def test_a_kernel_follows_a_manifest_that_was_changed(
    workspace: Path, kernels: dict[str, str]
) -> None:
    await run_cells(kernels["default"], PREFIX)
    manifest = workspace / "pixi.toml"
    manifest.write_text(
        manifest.read_text().replace('ipykernel = "*"', 'ipykernel = "*"\nclick = "*"')
    )

    await run_cells(kernels["default"], "import click")

    assert list((workspace / ".pixi/envs/default/conda-meta").glob("click-*.json"))


async def test_an_environment_without_ipykernel_gets_it_beside_its_prefix(
    workspace: Path, kernels: dict[str, str]
) -> None:
    manifest = (workspace / "pixi.toml").read_bytes()

    prefix, child = await run_cells(
        kernels["bare"],
        PREFIX,
        "import subprocess\n"
        "print(subprocess.run([sys.executable, '-c', 'import ipykernel'],"
        " stderr=subprocess.DEVNULL).returncode)",
    )

    installed = {path.name.rsplit("-", 2)[0]
                 for path in (workspace / ".pixi/envs/bare/conda-meta").glob("*.json")}  # fmt: skip
    assert prefix.strip() == str(workspace / ".pixi/envs/bare")
    assert child.strip() == "1"
    assert "ipykernel" not in installed
    assert (workspace / "pixi.toml").read_bytes() == manifest
    assert (workspace / ".pixi/overlays.lock").exists()


async def test_an_overlay_is_solved_and_made_once(
    workspace: Path, kernels: dict[str, str]
) -> None:
    await run_cells(kernels["bare"], PREFIX)
    lock = (workspace / ".pixi/overlays.lock").stat()
    made = sorted((workspace / ".pixi/overlays").iterdir())

    await run_cells(kernels["bare"], PREFIX)

    assert (workspace / ".pixi/overlays.lock").stat() == lock
    assert sorted((workspace / ".pixi/overlays").iterdir()) == made


async def test_an_overlay_that_does_not_fit_says_why_and_what_to_add(
    workspace: Path, kernels: dict[str, str]
) -> None:
    with pytest.raises(PixiJupyterError) as caught:
        await run_cells(kernels["old"], PREFIX)

    assert caught.value.code == OverlayError.code
    assert "traitlets 4.3.3" in str(caught.value)
    assert "add ipykernel" in str(caught.value)


async def test_an_environment_without_python_says_what_to_add(
    workspace: Path, kernels: dict[str, str]
) -> None:
    with pytest.raises(PixiJupyterError) as caught:
        await run_cells(kernels["nothing"], PREFIX)

    assert caught.value.code == NoKernelError.code
    assert "add python" in str(caught.value)


async def test_a_failed_install_is_told_in_our_words(
    workspace: Path, kernels: dict[str, str]
) -> None:
    manifest = workspace / "pixi.toml"
    manifest.write_text(
        manifest.read_text().replace('ipykernel = "*"', 'ipykernl = "*"')
    )

    with pytest.raises(PixiJupyterError, match="No package named ipykernl"):
        await run_cells(kernels["default"], PREFIX)


async def test_nothing_of_ours_shows_in_the_kernel(
    workspace: Path, kernels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/outside")
    monkeypatch.delenv("PIXI_JUPYTER_BYTECODE")

    (told,) = await run_cells(
        kernels["default"],
        "import os, sys\n"
        "print([n for n in dir() if 'pixi' in n.lower()],"
        " [p for p in sys.path if 'pixi_jupyter' in p],"
        " sorted(n for n in os.environ if n.startswith(('PYTHONPATH', 'VIRTUAL_ENV',"
        " 'MALLOC_ARENA', 'PIXI_JUPYTER'))))",
    )

    assert told.strip() == "[] [] []"


async def test_the_kernel_runs_in_the_activated_environment(
    workspace: Path, kernels: dict[str, str]
) -> None:
    manifest = workspace / "pixi.toml"
    manifest.write_text(manifest.read_text() + '\n[activation.env]\nGREETING = "hi"\n')

    (told,) = await run_cells(
        kernels["default"],
        "import os, shutil\n"
        "print(os.environ['CONDA_PREFIX'], os.environ['GREETING'],"
        " os.environ['PIXI_ENVIRONMENT_NAME'], shutil.which('python'))",
    )

    prefix = workspace / ".pixi/envs/default"
    assert told.split() == [str(prefix), "hi", "default", f"{prefix}/bin/python"]


async def test_interrupt_restart_and_shutdown_work(
    workspace: Path, kernels: dict[str, str]
) -> None:
    manager = AsyncKernelManager(kernel_name=kernels["default"])
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        running = client.execute("import time; print('begun'); time.sleep(60)")
        while True:
            message = await client.get_iopub_msg(timeout=30)
            if message["header"]["msg_type"] == "stream":
                break
        await manager.interrupt_kernel()
        reply = await client.get_shell_msg(timeout=30)
        while reply["parent_header"].get("msg_id") != running:
            reply = await client.get_shell_msg(timeout=30)

        await manager.restart_kernel()
        await client.wait_for_ready(timeout=60)
        alive = await manager.is_alive()
    finally:
        client.stop_channels()
        await manager.shutdown_kernel()

    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert alive
    assert not await manager.is_alive()


async def test_a_kernel_of_another_language_in_the_prefix_is_offered_and_starts(
    workspace: Path,
) -> None:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.verbs.install import InstallRequest, install
    from pixi_jupyter.verbs.kernel import KernelInstallRequest, kernel_install

    manifest = workspace / "pixi.toml"
    manifest.write_text(
        manifest.read_text().replace('ipykernel = "*"', 'toy-kernel = "*"')
    )
    await install(InstallRequest(manifest=workspace), Operation())

    done = await kernel_install(
        KernelInstallRequest(manifest=workspace, environments=("default",)), Operation()
    )
    (toy,) = [each for each in done.kernels if "Toy" in each.display_name]
    (prefix,) = await run_cells(toy.name, PREFIX)

    assert prefix.strip() == str(workspace / ".pixi/envs/default")


async def test_a_cell_that_fails_fails_the_run(
    workspace: Path, kernels: dict[str, str]
) -> None:
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        await run_cells(kernels["default"], "1 / 0")
