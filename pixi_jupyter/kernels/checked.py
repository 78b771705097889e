"""Runs one notebook in one environment and tells, cell by cell, what it gave.

``HOSTPY -m pixi_jupyter.kernels.checked``: reads a job from stdin, one line of JSON, and
writes one line of JSON for each event, for each cell, and at the end. It lives as long as
its stdin is open: whoever asked need not be alive to end it and the kernel.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.kernelspecs.files import KernelSource, kernel_json
from pixi_jupyter.kernelspecs.packaged import packaged_kernels
from pixi_jupyter.manifest.script_place import home_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tell = Callable[[Mapping[str, Any]], None]

NAME = "pixi-jupyter-checked"
_IOPUB_SECONDS = 10
_ENGINE_SECONDS = 15.0
_POLL_SECONDS = 0.05


def main() -> None:
    """Do the job on stdin."""
    # the kernel writes wherever it likes, our lines stay our own
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    lock = threading.Lock()

    def tell(message: Mapping[str, Any]) -> None:
        with lock, contextlib.suppress(BrokenPipeError, ValueError):
            ours.write(json.dumps(message) + "\n")

    job = json.loads(sys.stdin.readline())
    asyncio.run(_guarded(job, tell))


async def _guarded(job: Mapping[str, Any], tell: Tell) -> None:
    """Check, until that is done or nobody wants it any more."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(check(job, tell))

    def watch() -> None:
        sys.stdin.read()
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(task.cancel)

    _listen(task)
    threading.Thread(target=watch, daemon=True).start()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def check(job: Mapping[str, Any], tell: Tell) -> None:
    """Install the environment, run the cells, compare."""
    from pixi_jupyter.errors import PixiJupyterError
    from pixi_jupyter.inkernel.client import CallError

    try:
        prefix = await _installed(job, tell)
        await _run(job, prefix, tell)
    except CallError as error:
        tell({"error": error.data or {"message": str(error)}})
    except PixiJupyterError as error:
        tell({"error": error.to_wire()})
    except Exception as error:  # noqa: BLE001  whatever a kernel's start can raise is this notebook's result
        text = str(error) or type(error).__name__
        tell({"error": {"message": f"The kernel did not start: {text}"}})


async def _installed(job: Mapping[str, Any], tell: Tell) -> Path:
    """Let an engine install exactly what is locked; give the prefix."""
    from pixi_jupyter.inkernel.client import Client

    is_python = job["language"] in ("", "python")
    if is_python and (prefix := _ready(job)) is not None:
        return prefix
    client = Client(sys.executable, environ=dict(os.environ))
    request = {
        "manifest": job["manifest"],
        "environment": job["environment"],
        "kernel": is_python,
        # what a notebook carries is taken as it is
        job["mode"]: True,
        "offline": bool(job.get("offline")),
    }
    params = {"verb": "ensure_installed", "request": request}
    try:
        answer = await client.acall(
            "verb", params, lambda event: tell({"event": dict(event)})
        )
    except BaseException:
        await asyncio.shield(_let_go(client))
        raise
    client.close()
    return Path(answer["prefix"])


def _ready(job: Mapping[str, Any]) -> Path | None:
    """Give the prefix of an environment that was installed from this very lock."""
    from pixi_jupyter.kernels.start import KernelTarget, installed_payload

    manifest, name = Path(job["manifest"]), job["environment"]
    target = KernelTarget(manifest=manifest, environment=name)
    if installed_payload(target) is None:
        return None
    prefix: Path = home_of(manifest) / ".pixi" / "envs" / name
    return prefix


async def _let_go(client: Any) -> None:  # noqa: ANN401  inkernel has no types for others
    """End the engine, and wait until it has put things in order."""
    client.close()
    end = time.monotonic() + _ENGINE_SECONDS
    # a process that is not asyncio's has no event
    while client.pid is not None and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(_POLL_SECONDS)


def _spec(job: Mapping[str, Any], prefix: Path) -> dict[str, Any]:
    """Give the kernelspec of the environment, which no file has to hold."""
    source = KernelSource(
        manifest=Path(job["manifest"]),
        workspace="",
        environment=job["environment"],
        prefix=prefix,
        display_name=job["environment"],
        kernel=_packaged(prefix, job["language"], job.get("kernel", "")),
    )
    return kernel_json(source)


def _packaged(prefix: Path, language: str, name: str) -> Any:  # noqa: ANN401  a kernel or None
    """Find the kernel that a notebook in another language than Python needs."""
    if language in ("", "python"):
        return None
    from pixi_jupyter.errors import KernelspecNotFoundError

    found = packaged_kernels(prefix)
    fitting = [each for each in found if each.language.lower() == language]
    named = [each for each in fitting if each.name == name]
    if not fitting:
        raise KernelspecNotFoundError(language, available=[x.name for x in found])
    return (named or fitting)[0]


async def _run(job: Mapping[str, Any], prefix: Path, tell: Tell) -> None:
    import nbformat
    from nbclient import NotebookClient

    from pixi_jupyter.kernels.cells import Cells

    path = Path(job["notebook"])
    notebook = nbformat.read(path, as_version=4)
    manager = _manager(_spec(job, prefix))
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=job["timeout"],
        iopub_timeout=_IOPUB_SECONDS,
        raise_on_iopub_timeout=True,
        allow_errors=True,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    # what a person has installed beside all environments is not locked
    environ = {**os.environ, "PYTHONNOUSERSITE": "1"}
    try:
        async with client.async_setup_kernel(env=environ):
            _listen(asyncio.current_task())
            await Cells(client, job, tell).run()
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        if manager.has_kernel:
            await asyncio.shield(manager.shutdown_kernel(now=True))


def _manager(spec: Mapping[str, Any]) -> Any:  # noqa: ANN401  jupyter_client has no types
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class Manager(AsyncKernelManager):
        """Knows one kernel, which is registered nowhere."""

        kernel_spec = KernelSpec(resource_dir="", **spec)

    return Manager(kernel_name=NAME)


def _listen(task: asyncio.Task[Any] | None) -> None:
    """End a task by a signal; nbclient puts handlers of its own in their place."""
    if task is None:
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


if __name__ == "__main__":
    main()
