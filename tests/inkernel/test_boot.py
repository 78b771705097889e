from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import KernelManager, start_new_kernel
from support.kernels import SITE_PACKAGES, ask, make_environment, run_cell

import pixi_jupyter.inkernel
from pixi_jupyter.inkernel.boot import NAME, explain, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_client.blocking.client import BlockingKernelClient

    Kernel = tuple[KernelManager, BlockingKernelClient]

HERE = Path(pixi_jupyter.inkernel.__file__).parent
OPTIONS = ["--host", sys.executable, "--manifest", "/w/pixi.toml"]
OPTIONS += ["--environment", "test"]


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter without ipykernel."""
    return make_environment(tmp_path_factory.mktemp("bare") / "env", ipykernel=False)


@pytest.fixture(scope="module")
def start(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Kernel]]:
    """Start a kernel by the words that come before its connection file."""
    started: list[Kernel] = []
    patch = pytest.MonkeyPatch()
    data = tmp_path_factory.mktemp("jupyter")
    patch.setenv("JUPYTER_PATH", str(data))
    patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))

    def begin(*words: str) -> Kernel:
        name = f"kernel{len(started)}"
        folder = data / "kernels" / name
        folder.mkdir(parents=True)
        spec = {"argv": [*words, "-f", "{connection_file}"], "language": "python"}
        (folder / "kernel.json").write_text(json.dumps({**spec, "display_name": name}))
        started.append(start_new_kernel(kernel_name=name, startup_timeout=30))
        return started[-1]

    yield begin
    for manager, client in started:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.context.term()
    patch.undo()


@pytest.fixture(scope="module")
def booted(start: Callable[..., Kernel]) -> Kernel:
    return start(sys.executable, str(HERE / "boot.py"), *OPTIONS, "--")


@pytest.fixture(scope="module")
def plain(start: Callable[..., Kernel]) -> Kernel:
    return start(sys.executable, "-m", "ipykernel_launcher")


@pytest.mark.parametrize(
    "expression",
    [
        "sys.path",
        "sys.argv[:-1]",
        "sorted(name for name in globals() if not name.startswith('__'))",
        "sorted(name for name in os.environ if name != 'JPY_PARENT_PID')",
        "sorted(get_ipython().user_ns_hidden)",
        "sys.modules['__main__'].__dict__.get('__file__')",
        "get_ipython().execution_count",
    ],
)
def test_the_kernel_is_as_ipykernel_alone_leaves_it(
    booted: Kernel, plain: Kernel, expression: str
) -> None:
    modules = "(sys := __import__('sys')), (os := __import__('os'))"
    spelled = f"[{modules}, {expression}][-1]"

    # the walrus would leave names behind, so it stays inside a function
    seen = [ask(client, f"(lambda: {spelled})()") for _, client in (booted, plain)]

    assert seen[0] == seen[1]


def test_child_processes_see_what_those_of_ipykernel_see(
    booted: Kernel, plain: Kernel
) -> None:
    code = """
import subprocess, sys, multiprocessing
child = "import sys, os; print(sys.path, sorted(set(os.environ) - {'JPY_PARENT_PID'}))"
command = [sys.executable, "-c", child]
print(subprocess.run(command, capture_output=True, text=True).stdout)
with multiprocessing.get_context("spawn").Pool(1) as pool:
    print(pool.apply(len, ("four",)))
"""

    seen = [run_cell(client, code) for _, client in (booted, plain)]

    assert seen[0].split()[-1] == "4"
    assert seen[0] == seen[1]


def test_our_package_is_loaded_under_a_name_of_its_own(booted: Kernel) -> None:
    _, client = booted

    modules = ask(client, "sorted(__import__('sys').modules)")
    options = ask(client, f"__import__('sys').modules[{NAME!r}].options")

    assert NAME in modules
    assert "pixi_jupyter" not in modules
    assert options == {
        "host": sys.executable,
        "manifest": "/w/pixi.toml",
        "environment": "test",
    }


def test_the_client_can_be_loaded_there(booted: Kernel) -> None:
    _, client = booted

    loaded = ask(
        client, f"__import__('importlib').import_module('{NAME}.client').ARGUMENTS"
    )

    assert loaded == ["-m", "pixi_jupyter.engine"]


def test_an_overlay_serves_an_environment_without_ipykernel(
    start: Callable[..., Kernel], bare_python: Path
) -> None:
    words = [str(bare_python), str(HERE / "boot.py"), *OPTIONS]

    _, client = start(*words, "--overlay", SITE_PACKAGES, "--")

    path = ask(client, "__import__('sys').path")
    assert path[-1] == SITE_PACKAGES
    assert ask(client, "__import__('sys').prefix") == str(bare_python.parent.parent)
    seen = "__import__('subprocess').run([__import__('sys').executable, '-c', 'import ipykernel']).returncode"
    assert ask(client, seen) == 1


def test_interrupt_and_restart_work(start: Callable[..., Kernel]) -> None:
    manager, client = start(sys.executable, str(HERE / "boot.py"), *OPTIONS, "--")
    run_cell(client, "x = 1")
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
    assert run_cell(client, "print(x)") == "1\n"
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=30)
    assert run_cell(client, "print('x' in globals())") == "False\n"


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        ([], "Environment test has no ipykernel\n"),
        (["--overlay", "/nothing"], "no ipykernel, and /nothing has none either\n"),
    ],
    ids=["no overlay", "an empty one"],
)
def test_without_any_ipykernel_it_says_so(
    bare_python: Path, overlay: list[str], expected: str
) -> None:
    words = [str(bare_python), str(HERE / "boot.py"), *OPTIONS, *overlay, "--"]

    ended = subprocess.run(words, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert expected in ended.stderr
    assert "hint: pixi-jupyter add ipykernel" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_ipykernel_that_cannot_be_loaded_is_another_sentence() -> None:
    error = ImportError("no name TraitError in traitlets", name="traitlets")

    said = explain(error, {"environment": "old"})

    assert said.startswith("ipykernel cannot be loaded in environment old: no name")


def test_what_follows_the_dashes_is_for_ipykernel() -> None:
    words = ["--host", "/h", "--environment", "e", "--", "-f", "x", "--", "y"]

    assert split(words) == ({"host": "/h", "environment": "e"}, ["-f", "x", "--", "y"])


@pytest.mark.parametrize("path", sorted(HERE.glob("*.py")), ids=lambda path: path.name)
def test_every_file_is_python_3_8_and_imports_nothing_of_ours(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 8))

    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            imported.add((node.module or "").split(".")[0])
    assert imported <= {*sys.stdlib_module_names, "ipykernel", "IPython"}
