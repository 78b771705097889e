from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import psutil
import pytest
from jupyter_client.manager import AsyncKernelManager, KernelManager
from nbclient import NotebookClient
from support.environments import install_environment
from support.kernels import SITE_PACKAGES, ask, run_cell

from pixi_jupyter.errors import OperationCancelledError, OverlayError
from pixi_jupyter.kernels.manager import PixiKernelsMixin
from pixi_jupyter.kernels.progress import SCHEMA_ID
from pixi_jupyter.kernels.provisioner import PixiProvisioner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_client.blocking.client import BlockingKernelClient

    Kernel = tuple[KernelManager, BlockingKernelClient]
    Register = Callable[..., str]
    Start = Callable[..., Kernel]

NO_ENGINE = ["-c", "raise SystemExit('an engine was started')"]
unix_only = pytest.mark.skipif(sys.platform == "win32", reason="scripts of unix")


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a kernel by its name, as any tool does."""
    started: list[Kernel] = []

    def begin(name: str, **options: Any) -> Kernel:
        manager = KernelManager(kernel_name=name)
        manager.start_kernel(**options)
        client = manager.client()
        client.start_channels()
        started.append((manager, client))
        client.wait_for_ready(timeout=30)
        return manager, client

    yield begin
    for manager, client in started:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.context.term()


def test_an_installed_environment_starts_without_an_engine(
    manifest: Path, register: Register, start: Start
) -> None:
    install_environment(manifest)

    _, client = start(register(engine=NO_ENGINE))

    prefix = manifest.parent / ".pixi" / "envs" / "default"
    assert ask(client, "__import__('sys').prefix") == str(prefix)


def test_the_kernel_sees_its_environment_and_nothing_of_the_host(
    manifest: Path,
    register: Register,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    monkeypatch.setenv("MINE", "kept")
    install_environment(manifest)

    _, client = start(register(engine=NO_ENGINE))

    environ = ask(client, "dict(__import__('os').environ)")
    prefix = manifest.parent / ".pixi" / "envs" / "default"
    assert environ["CONDA_PREFIX"] == str(prefix)
    assert environ["FROM_MANIFEST"] == "yes"
    assert environ["MINE"] == "kept"
    assert not environ.keys() & {"PYTHONPATH", "VIRTUAL_ENV"}
    path = environ["PATH"].split(os.pathsep)
    assert Path(path[0]).parent == prefix
    assert str(Path(sys.executable).parent) not in path


def test_an_environment_that_is_not_there_is_installed_first(
    manifest: Path, register: Register, start: Start
) -> None:
    _, client = start(register("test"))

    assert ask(client, "__import__('os').environ['PIXI_ENVIRONMENT_NAME']") == "test"
    assert (manifest.parent / "log").read_text() == "install test kernel=True\n"


def test_a_restart_installs_what_changed_and_only_then(
    manifest: Path, register: Register, start: Start
) -> None:
    manager, client = start(register())
    run_cell(client, "x = 1")

    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=30)
    assert (manifest.parent / "log").read_text().count("install") == 1

    with manifest.open("a") as file:
        file.write("# changed\n")
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=30)

    assert (manifest.parent / "log").read_text().count("install") == 2
    assert run_cell(client, "print('x' in globals())") == "False\n"


def test_an_environment_without_ipykernel_starts_by_its_overlay(
    manifest: Path, register: Register, start: Start
) -> None:
    install_environment(manifest, ipykernel=False, overlay=SITE_PACKAGES)

    _, client = start(register(engine=NO_ENGINE))

    assert ask(client, "__import__('sys').path[-1]") == SITE_PACKAGES


@unix_only
def test_interrupt_and_shutdown_reach_the_kernel(
    manifest: Path, register: Register, start: Start
) -> None:
    install_environment(manifest)
    manager, client = start(register(engine=NO_ENGINE))
    pid = ask(client, "__import__('os').getpid()")
    request = client.execute(
        "print('begun', flush=True); __import__('time').sleep(60)",
        # else a kernel aborts what comes right after the interrupted cell
        stop_on_error=False,
    )
    while client.get_iopub_msg(timeout=20)["msg_type"] != "stream":
        pass

    manager.interrupt_kernel()
    reply: dict[str, Any] = {}
    while reply.get("parent_header", {}).get("msg_id") != request:
        reply = client.get_shell_msg(timeout=20)
    assert reply["content"]["ename"] == "KeyboardInterrupt"

    manager.shutdown_kernel()
    assert not psutil.pid_exists(pid)


@unix_only
def test_a_kernel_of_another_language_runs_in_the_activated_environment(
    manifest: Path, register: Register, start: Start
) -> None:
    install_environment(manifest, kernel=False)
    prefix = manifest.parent / ".pixi" / "envs" / "default"
    program = prefix / "bin" / "toy"
    program.write_text(
        '#!/bin/sh\nTOY="$1" exec python -m ipykernel_launcher -f "$2"\n'
    )
    program.chmod(0o755)
    folder = prefix / "share" / "jupyter" / "kernels" / "toykernel"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(
        '{"argv": ["toy", "hello", "{connection_file}"], "language": "toy"}'
    )

    name = register(engine=NO_ENGINE)
    _, client = start(name)

    assert name.endswith(".toykernel")
    assert ask(client, "__import__('os').environ['TOY']") == "hello"
    assert ask(client, "__import__('sys').prefix") == str(prefix)


def test_why_nothing_can_start_is_an_error_of_ours_with_its_hint(
    manifest: Path, register: Register
) -> None:
    (manifest.parent / "fail").write_text("traitlets 5.0 is too old")
    manager = KernelManager(kernel_name=register())

    with pytest.raises(OverlayError) as caught:
        manager.start_kernel()

    assert "traitlets 5.0 is too old" in str(caught.value)
    assert "hint: pixi-jupyter add ipykernel" in str(caught.value)


def test_an_engine_that_dies_is_told_with_its_last_words(
    register: Register,
) -> None:
    manager = KernelManager(kernel_name=register(engine=NO_ENGINE))

    with pytest.raises(Exception, match="an engine was started") as caught:
        manager.start_kernel()

    assert getattr(caught.value, "code", "") == "engine-ended"


async def _logged(manifest: Path, text: str) -> None:
    log = manifest.parent / "log"
    while not (log.exists() and text in log.read_text()):  # noqa: ASYNC110  another process writes it
        await asyncio.sleep(0.01)


async def test_whoever_offers_cancel_ends_the_start_in_words(
    manifest: Path, register: Register
) -> None:
    (manifest.parent / "wait").write_text("/never")
    manager = AsyncKernelManager(kernel_name=register())
    task = asyncio.ensure_future(manager.start_kernel())
    await asyncio.wait_for(_logged(manifest, "install"), 10)
    (installation,) = PixiProvisioner.running.values()

    installation.cancel()

    with pytest.raises(OperationCancelledError, match="Installation of default"):
        await asyncio.wait_for(task, 10)
    await asyncio.wait_for(_logged(manifest, "cancelled"), 10)
    assert PixiProvisioner.running == {}


async def test_a_start_that_nobody_wants_any_more_cancels_the_install(
    manifest: Path, register: Register
) -> None:
    (manifest.parent / "wait").write_text("/never")
    manager = AsyncKernelManager(kernel_name=register())
    task = asyncio.ensure_future(manager.start_kernel())
    await asyncio.wait_for(_logged(manifest, "install"), 10)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 10)
    await asyncio.wait_for(_logged(manifest, "cancelled"), 10)
    assert PixiProvisioner.running == {}


def heard_of(name: str) -> list[dict[str, Any]]:
    """Start a kernel as a server does; gives what the server was told."""
    from jupyter_events import EventLogger
    from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

    from pixi_jupyter.errors import PixiJupyterError
    from pixi_jupyter.kernels.progress import register as make_known

    heard: list[dict[str, Any]] = []

    async def listen(logger: EventLogger, schema_id: str, data: dict[str, Any]) -> None:
        heard.append(data)

    async def run() -> None:
        event_logger = EventLogger()
        manager = ServerKernelManager(kernel_name=name, event_logger=event_logger)
        make_known(event_logger)
        event_logger.add_listener(schema_id=SCHEMA_ID, listener=listen)
        with contextlib.suppress(PixiJupyterError):
            await manager.start_kernel()
        await event_logger.gather_listeners()
        await manager.shutdown_kernel(now=True)

    asyncio.run(run())
    return heard


def steps(heard: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(data["event"]["phase"], data["event"]["state"]) for data in heard]


def test_a_server_hears_how_far_it_is_and_how_it_ended(
    manifest: Path, register: Register
) -> None:
    heard = heard_of(register())

    assert steps(heard) == [
        ("", "running"),
        ("fetch", "running"),
        ("link", "finished"),
        ("", "finished"),
    ]
    assert heard[0]["environment"] == "default"
    assert heard[1]["event"]["total"] == 2
    assert {data["error"] for data in heard} == {None}


def test_a_server_hears_why_a_kernel_cannot_start(
    manifest: Path, register: Register
) -> None:
    (manifest.parent / "fail").write_text("traitlets 5.0 is too old")

    heard = heard_of(register())

    assert steps(heard)[-1] == ("", "failed")
    error = heard[-1]["error"]
    assert error["code"] == OverlayError.code
    assert "traitlets 5.0 is too old" in "\n".join(error["details"])
    assert error["hints"][0].startswith("%pixi add ipykernel")


def test_a_server_hears_nothing_where_nothing_is_to_be_installed(
    manifest: Path, register: Register
) -> None:
    install_environment(manifest)

    assert heard_of(register(engine=NO_ENGINE)) == []


async def test_a_server_can_close_a_kernel_whose_environment_is_being_installed(
    manifest: Path, register: Register
) -> None:
    from jupyter_server.services.kernels.kernelmanager import (
        AsyncMappingKernelManager,
    )

    (manifest.parent / "wait").write_text("/never")
    kind: Any = type("Kernels", (PixiKernelsMixin, AsyncMappingKernelManager), {})
    kernels = kind(use_pending_kernels=True)
    kernel = await kernels.start_kernel(kernel_name=register())
    await asyncio.wait_for(_logged(manifest, "install"), 10)

    await asyncio.wait_for(kernels.shutdown_kernel(kernel), 10)

    await asyncio.wait_for(_logged(manifest, "cancelled"), 10)

    async def gone() -> None:
        while kernels.list_kernel_ids():  # noqa: ASYNC110  it is removed by a task
            await asyncio.sleep(0.01)

    await asyncio.wait_for(gone(), 10)
    assert PixiProvisioner.running == {}


def test_a_notebook_runs_while_its_environment_is_installed(
    manifest: Path, register: Register
) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import sys; print(sys.prefix)")]
    )

    NotebookClient(notebook, kernel_name=register(), timeout=60).execute()

    prefix = manifest.parent / ".pixi" / "envs" / "default"
    assert notebook.cells[0].outputs[0].text == f"{prefix}\n"


@pytest.mark.parametrize("is_closed", [True, False])
async def test_a_server_can_end_after_a_kernel_that_could_not_start(
    manifest: Path, register: Register, *, is_closed: bool
) -> None:
    from jupyter_server.services.kernels.kernelmanager import (
        AsyncMappingKernelManager,
    )

    (manifest.parent / "fail").write_text("traitlets 5.0 is too old")
    kind: Any = type("Kernels", (PixiKernelsMixin, AsyncMappingKernelManager), {})
    kernels = kind(use_pending_kernels=True)
    kernel = await kernels.start_kernel(kernel_name=register())
    with pytest.raises(OverlayError):
        await asyncio.wait_for(kernels.get_kernel(kernel).ready, 20)
    if is_closed:
        await asyncio.wait_for(kernels.shutdown_kernel(kernel), 10)

    await asyncio.wait_for(kernels.shutdown_all(), 10)

    assert kernels.list_kernel_ids() == []
