"""Show the whole way in a folder of its own: channel, lock, prefixes, kernel, notebook.

Needs no network: the channel is made from this Python and what is installed beside it.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import KernelError, ManifestExistsError
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.channel_build import ChannelBuildRequest, channel_build
from pixi_jupyter.verbs.install import InstallRequest, install
from pixi_jupyter.verbs.kernel import KernelInstallRequest, KernelRow, kernel_install
from pixi_jupyter.verbs.lock import LockRequest, lock
from pixi_jupyter.verbs.request import Request
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixi_jupyter.events import Operation

MARK = "# Made by `pixi-jupyter demo`"
"""First words of the demo's manifest; any other workspace is left alone."""

CELLS = (
    "import sys\n\nprint(sys.prefix)",
    (
        "import importlib.metadata\n\n"
        "names = sorted(each.name for each in importlib.metadata.distributions())\n"
        'print(len(names), "distributions, tomlkit among them:", "tomlkit" in names)'
    ),
    "import ipywidgets\n\nipywidgets.IntSlider(value=40, description='Answer')",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRequest(Request):
    """Where."""

    folder: Path | None = None
    """None: ``pixi-jupyter-demo`` in the current folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What was made, and how long each part took."""

    workspace: str
    channel: str
    lock: str
    environments: tuple[dict[str, str], ...]
    notebook: str
    """The executed notebook."""
    seconds: dict[str, float] = field(default_factory=dict)
    """channel, lock, install and kernel."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "workspace": self.workspace,
            "channel": self.channel,
            "lock": self.lock,
            "environments": [
                {key: each[key] for key in ("name", "prefix", "kernel")}
                for each in self.environments
            ],
            "notebook": self.notebook,
            "seconds": self.seconds,
        }


async def demo(request: DemoRequest, operation: Operation) -> DemoResult:
    """Make a channel and a workspace, lock, install, register, run a notebook.

    Run again it reuses what is there.

    Raises
    ------
    PixiJupyterError
        As the verbs that it is made of; `KernelError` where the notebook fails.
    """
    folder = (request.folder or Path("pixi-jupyter-demo")).absolute()
    seconds: dict[str, float] = {}
    manifest = folder / "pixi.toml"
    if manifest.exists() and not manifest.read_text("utf-8").startswith(MARK):
        raise ManifestExistsError(manifest)
    with _timed(seconds, "channel"):
        built = await channel_build(
            ChannelBuildRequest(folder=folder / "channel"), operation.child()
        )
        if not manifest.exists():
            transaction = Transaction()
            transaction.write(manifest, _manifest(built.folder))
            transaction.commit()
    with _timed(seconds, "lock"):
        locked = await lock(LockRequest(manifest=manifest), operation.child())
    with _timed(seconds, "install"):
        ready = await install(
            InstallRequest(manifest=manifest, all=True), operation.child()
        )
        registered = await kernel_install(
            KernelInstallRequest(manifest=manifest), operation.child()
        )
    kernels = {each.environment: each for each in registered.kernels}
    with _timed(seconds, "kernel"):
        operation.say("kernel", kernels["default"].display_name)
        notebook = await _execute(folder / "demo.ipynb", kernels["default"])
        operation.finish("kernel")
    return DemoResult(
        workspace=str(folder),
        channel=built.url,
        lock=str(folder / locked.path),
        environments=tuple(
            {
                "name": each.environment,
                "prefix": str(each.prefix),
                "kernel": kernels[each.environment].name,
                "display_name": kernels[each.environment].display_name,
            }
            for each in ready.installed
        ),
        notebook=str(notebook),
        seconds=seconds,
    )


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    seconds[name] = round(time.monotonic() - started, 3)


def _manifest(channel: Path) -> str:
    """Write the demo's manifest; the feature takes what the channel can offer."""
    subdir = host_subdir()
    names = {path.name.rsplit("-", 2)[0] for path in channel.glob("*/*.conda")}
    extra = next(name for name in ("numpy", "rich", "click") if name in names)
    return f"""\
{MARK}. Try `pixi-jupyter add tomlkit` in this folder.
[workspace]
name = "demo"
channels = ["./channel"]
platforms = ["{subdir}"]

[dependencies]
python = "*"
ipykernel = "*"
ipywidgets = "*"

[feature.analysis.dependencies]
{extra} = "*"

[environments]
analysis = ["analysis"]
"""


async def _execute(path: Path, kernel: KernelRow) -> Path:
    """Run a notebook in place with a kernel of ours, outputs and all."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = _notebook(path)
    notebook.metadata["kernelspec"] = {
        "name": kernel.name,
        "display_name": kernel.display_name,
        "language": "python",
    }
    client = NotebookClient(
        notebook,
        kernel_name=kernel.name,
        resources={"metadata": {"path": str(path.parent)}},
        # what ipykernel warns of (TCP on loopback) would stand between our lines
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    try:
        await client.async_execute()
    except (CellExecutionError, RuntimeError) as error:
        message = f"The notebook {path} did not run"
        raise KernelError(message, details=[str(error)]) from error
    nbformat.write(notebook, path)
    return path


def _notebook(path: Path) -> Any:  # noqa: ANN401  nbformat has no types
    """Read the demo's notebook, or make it."""
    import nbformat

    if path.exists():
        return nbformat.read(path, as_version=4)
    title = "# A notebook in its own locked environment"
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(title),
            *map(nbformat.v4.new_code_cell, CELLS),
        ]
    )
