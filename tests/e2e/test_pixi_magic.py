"""`%pixi` in real kernels: ours, one with an overlay, any other, and a terminal."""

from __future__ import annotations

import contextlib
import json
import re
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager, start_new_kernel
from nbclient import NotebookClient
from support.packages import make_channel

from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jupyter_client.blocking.client import BlockingKernelClient

# as in test_notebooks_in_environments
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning",
    "ignore::DeprecationWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)

LOADED = "%load_ext pixi_jupyter"


@dataclass
class Cell:
    """What became of a cell."""

    displays: list[dict[str, str]] = field(default_factory=list)
    """Each state of its one display, in the order of their coming."""
    outputs: int = 0
    """How many outputs a notebook would keep."""
    printed: str = ""
    error: str = ""
    first_seconds: float = 0.0
    """How long it took until anything was seen."""

    @property
    def text(self) -> str:
        """What is read at the end."""
        return self.displays[-1]["text/plain"] if self.displays else self.printed


class Kernel:
    """A running kernel and what it answers."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager, self.client = manager, client

    def run(
        self, code: str, *, on_display: Callable[[str], None] | None = None
    ) -> Cell:
        cell = Cell()
        began = time.monotonic()

        def hook(message: dict[str, Any]) -> None:
            kind, content = message["msg_type"], message["content"]
            if kind not in {"status", "execute_input"} and not cell.first_seconds:
                cell.first_seconds = time.monotonic() - began
            if kind in {"display_data", "update_display_data"}:
                cell.displays.append(content["data"])
                cell.outputs += kind == "display_data"
                if on_display is not None:
                    on_display(content["data"]["text/plain"])
            elif kind == "stream":
                cell.outputs += not cell.printed
                cell.printed += content["text"]
            elif kind == "error":
                cell.error = "\n".join(content["traceback"])

        self.client.execute_interactive(code, timeout=60, output_hook=hook)
        return cell

    def ask(self, expression: str) -> Any:
        """Evaluate something that JSON can hold."""
        return json.loads(
            self.run(f"print(__import__('json').dumps({expression}))").printed
        )

    def complete(self, code: str) -> list[str]:
        """Press Tab at the end of a line."""
        reply = self.client.complete(code, reply=True, timeout=20)
        return list(reply["content"]["matches"])


ENGINE = "__import__({!r}, fromlist=['_']).client({{}}).pid"
OUR_ENGINE = ENGINE.format("_pixi_jupyter_inkernel.magics")
THE_ENGINE = ENGINE.format("pixi_jupyter.inkernel.magics")


@contextlib.contextmanager
def held(prefix: Path) -> Iterator[Callable[[], None]]:
    """Let whoever would change a prefix wait, until that is released."""
    import fcntl

    with (prefix / "conda-meta/.pixi-environment-fingerprint").open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield lambda: fcntl.flock(file, fcntl.LOCK_UN)


@pytest.fixture
def start(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[str], Kernel]]:
    """Start kernels that end with the test."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    started: list[Kernel] = []

    def begin(name: str) -> Kernel:
        started.append(Kernel(*start_new_kernel(kernel_name=name, startup_timeout=60)))
        return started[-1]

    yield begin
    for kernel in started:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)
        kernel.manager.context.term()


def python_package(name: str, version: str, **more: Any) -> dict[str, Any]:
    files = {f"site-packages/{name}/__init__.py": f"version = {version!r}\n"}
    return {
        "name": name,
        "version": version,
        "noarch": "python",
        "depends": ["python"],
        **more,
        "files": {**files, **more.get("files", {})},
    }


@pytest.fixture(scope="session")
def toys(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give a channel of packages that are there to be imported."""
    needy = {"depends": ["python", "toy >=2"]}
    many = {f"site-packages/heavy/m{number}.py": "" for number in range(3000)}
    data = {
        "site-packages/toy_data/words.txt": "hello",
        "site-packages/toy_data/__init__.py": (
            "from importlib.resources import files\n"
            "words = (files(__name__) / 'words.txt').read_text()\n"
        ),
    }
    spaces = [
        {
            "name": f"toy-{part}",
            "noarch": "python",
            "depends": ["python"],
            "files": {f"site-packages/toy_space/{part}.py": f"name = {part!r}\n"},
        }
        for part in ("one", "two")
    ]
    return make_channel(
        tmp_path_factory.mktemp("toys"),
        [
            python_package("toy", "1.0"),
            python_package("toy", "2.0"),
            python_package("needy", "1.0", **needy),
            python_package("heavy", "1.0", files=many),
            python_package("toy_data", "1.0", files=data),
            *spaces,
        ],
    )


@pytest.fixture
def study(workspace: Path, toys: str) -> Path:
    """Give the workspace, which has toys now."""
    manifest = workspace / "pixi.toml"
    manifest.write_text(
        manifest.read_text().replace("channels = [", f'channels = ["{toys}", ')
    )
    return workspace


@pytest.fixture
def kernel(
    study: Path, kernels: dict[str, str], start: Callable[[str], Kernel]
) -> Kernel:
    """A kernel of the default environment, which has ipykernel itself."""
    return start(kernels["default"])


@pytest.fixture
def plain(
    make_workspace: Callable[..., Path],
    toys: str,
    embedded_channel: str,
    monkeypatch: pytest.MonkeyPatch,
    start: Callable[[str], Kernel],
) -> Kernel:
    """A kernel that is none of ours, in the folder of a workspace."""
    folder = make_workspace(
        f'[workspace]\nname = "plain"\nchannels = ["{toys}", "{embedded_channel}"]\n'
        f'platforms = ["{host_subdir()}"]\n'
    )
    monkeypatch.chdir(folder)
    kernel = start("python3")
    kernel.run(LOADED)
    return kernel


def test_a_package_that_was_added_is_imported_in_the_next_cell(kernel: Kernel) -> None:
    assert "ModuleNotFoundError" in kernel.run("import toy").error

    added = kernel.run("%pixi add toy")

    assert not added.error
    assert added.outputs == 1
    assert "Added toy >=2.0" in added.text
    assert "restart" not in added.text
    assert "toy" in added.displays[-1]["text/html"]
    assert kernel.run("import toy; print(toy.version)").printed == "2.0\n"


def test_packages_of_every_kind_are_imported_without_a_restart(kernel: Kernel) -> None:
    first = kernel.run("%pixi add toy-one toy_data")
    seen = kernel.run("import toy_space.one, toy_data; print(toy_data.words)")
    second = kernel.run("%pixi add toy-two click")

    assert seen.printed == "hello\n"
    assert "restart" not in first.text + second.text
    assert kernel.run("import toy_space.two, click; print('yes')").printed == "yes\n"


def test_a_module_that_changed_after_its_import_is_named(kernel: Kernel) -> None:
    kernel.run("%pixi add toy toy_data")
    kernel.run("import toy, toy_data")

    changed = kernel.run('%pixi add "toy<2"')
    unchanged = kernel.run("%pixi add toy-one")
    removed = kernel.run("%pixi remove toy_data")

    said = (
        "{} was imported before it changed: restart the kernel to use the new version"
    )
    assert said.format("toy") in changed.text
    assert said.format("toy") in changed.displays[-1]["text/html"]
    assert "restart" not in unchanged.text
    assert said.format("toy_data") in removed.text


def test_what_cannot_be_ends_the_cell_in_our_words(study: Path, kernel: Kernel) -> None:
    kernel.run('%pixi add "toy<2"')
    before = [(study / name).read_bytes() for name in ("pixi.toml", "pixi.lock")]

    conflict = kernel.run("%pixi add needy")
    unknown = kernel.run("%pixi add toi")
    misused = kernel.run("%pixi addd toy")
    unclosed = kernel.run('%pixi add "toy')
    usage = kernel.run("%%pixi list\nx = 1")

    assert "toy" in conflict.error
    assert "No package named toi" in unknown.error
    assert "hint: %pixi add toy" in unknown.error
    assert "did you mean 'add'" in misused.error.lower()
    assert "cannot be split into words" in unclosed.error
    assert "A cell is for %%pixi run, not for list" in usage.error
    for cell in (conflict, unknown, misused, unclosed, usage):
        assert "Traceback" not in cell.error
        assert "\x1b" not in cell.error
    after = [(study / name).read_bytes() for name in ("pixi.toml", "pixi.lock")]
    assert after == before


def test_an_interrupt_leaves_the_workspace_as_it_was(
    study: Path, kernel: Kernel
) -> None:
    kernel.run("%pixi add toy")
    names = ("pixi.toml", "pixi.lock")
    before = [(study / name).read_bytes() for name in names]
    handler = "__import__('signal').getsignal(2).__name__"
    normal, engine = kernel.ask(handler), kernel.ask(OUR_ENGINE)
    seen: list[str] = []

    with held(study / ".pixi/envs/default") as release:

        def interrupt(text: str) -> None:
            if not seen:
                assert [(study / name).read_bytes() for name in names] != before
                kernel.manager.interrupt_kernel()
            elif "Cancelling" in text:
                release()
            seen.append(text)

        cell = kernel.run("%pixi add toy-one", on_display=interrupt)

    assert cell.error == "%pixi add toy-one was cancelled, nothing was changed"
    assert any("Cancelling" in text for text in seen)
    assert [(study / name).read_bytes() for name in names] == before
    assert kernel.ask(handler) == normal
    assert kernel.ask(OUR_ENGINE) == engine
    assert "ModuleNotFoundError" in kernel.run("import toy_space.one").error
    assert kernel.run("%pixi add toy-one").error == ""


def test_a_value_is_given_and_nothing_is_shown(kernel: Kernel) -> None:
    cell = kernel.run("rows = %pixi list --json")
    names = kernel.ask("[row['name'] for row in rows]")

    assert cell.outputs == 0
    assert "ipykernel" in names
    assert kernel.run("x = %pixi info\nprint(x is None)").printed.endswith("True\n")


def test_the_first_sign_of_life_comes_at_once_and_it_moves(
    study: Path, kernel: Kernel
) -> None:
    listed = kernel.run("%pixi list")
    seen: list[str] = []

    with held(study / ".pixi/envs/default") as release:

        def wait(text: str) -> None:
            seen.append(text)
            if len(seen) > 3:
                release()

        added = kernel.run("%pixi add toy", on_display=wait)

    assert listed.outputs == added.outputs == 1
    assert listed.first_seconds < 1
    assert added.first_seconds < 0.5
    assert len(set(seen)) == len(seen) > 3
    assert "Interrupt the cell to cancel" in seen[0]
    assert "Wait" in seen[2]
    assert "Interrupt" not in added.text


def test_a_saved_notebook_has_one_output(
    study: Path, kernels: dict[str, str], write_notebook: Callable[..., Path]
) -> None:
    path = write_notebook(kernels["default"], "%pixi add heavy", "import heavy")
    notebook = nbformat.read(path, as_version=4)

    NotebookClient(notebook).execute()

    (output,) = notebook.cells[0].outputs
    assert "Added heavy" in output.data["text/plain"]
    assert output.data["text/html"]


def test_commands_run_in_an_environment(kernel: Kernel, study: Path) -> None:
    here = kernel.run("%pixi run python -c 'import sys; print(sys.prefix)'")
    kernel.run("import os; os.environ['GREETING'] = 'hi'; name = 'bare'")
    other = kernel.run(
        "%%pixi run -e $name\nimport os, sys\n"
        "print(sys.prefix, os.environ['GREETING'])\nprint('é', file=sys.stderr)"
    )
    failed = kernel.run("%pixi run -e {name} python -c 'raise SystemExit(3)'")

    assert here.printed == f"{study}/.pixi/envs/default\n"
    # what goes to stderr may come between two pieces of what goes to stdout
    assert "é" in other.printed
    rest = other.printed.replace("é", "").split()
    assert "".join(rest) == f"{study}/.pixi/envs/barehi"
    assert failed.error.endswith("ended with exit code 3")


def test_an_interrupt_ends_a_command_and_all_it_started(
    kernel: Kernel, tmp_path: Path
) -> None:
    import psutil

    code = (
        "%%pixi run\nimport os, subprocess, sys, time\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "get = os.getppid\nprint('begun', flush=True)\ntime.sleep(600)"
    )
    request = kernel.client.execute(code)
    while True:
        message = kernel.client.get_iopub_msg(timeout=30)
        if message["msg_type"] == "stream" and "begun" in message["content"]["text"]:
            break

    kernel.manager.interrupt_kernel()
    reply: dict[str, Any] = {}
    while reply.get("parent_header", {}).get("msg_id") != request:
        reply = kernel.client.get_shell_msg(timeout=30)

    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    _, alive = psutil.wait_procs(
        [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=5
    )
    assert reply["content"]["ename"] == "PixiError"
    assert not alive


def test_a_kernel_with_an_overlay_brings_its_own_environment_up_to_date(
    study: Path, kernels: dict[str, str], start: Callable[[str], Kernel]
) -> None:
    kernel = start(kernels["bare"])
    kernel.run("import comm")

    added = kernel.run("%pixi add -f python toy comm")

    assert not added.error
    assert kernel.run("import toy; print(toy.version)").printed == "2.0\n"
    assert list((study / ".pixi/envs/bare/conda-meta").glob("toy-2.0-*.json"))
    # the environment's own is found before the overlay's from now on
    assert "comm was imported before it changed" in added.text
    assert added.outputs == 1


def test_a_kernel_that_is_not_ours_uses_the_workspace_of_its_folder(
    plain: Kernel, tmp_path: Path
) -> None:
    added = plain.run("%pixi add python toy")
    told = plain.run("%pixi info")
    table = plain.run("%pixi list")

    folder = tmp_path / "demo-workspace"
    assert "Added toy" in added.text
    assert str(folder / "pixi.toml") in told.text
    assert re.search(r"^toy +2\.0 ", table.text, re.MULTILINE)
    assert (folder / ".pixi/envs/default/conda-meta").is_dir()
    assert (
        f"{folder}/.pixi/envs/default"
        in plain.run("%pixi run python -c 'import sys; print(sys.prefix)'").printed
    )


def test_without_a_workspace_it_says_so(plain: Kernel, tmp_path: Path) -> None:
    plain.run(f"import os; os.chdir({str(tmp_path)!r})")

    cell = plain.run("%pixi list")

    assert "hint: %pixi init" in cell.error
    assert "Traceback" not in cell.error


STATE = (
    "[sys.path, dict(os.environ), sorted(n for n in globals() if n[0] != '_'),"
    " get_ipython().run_line_magic('who_ls', ''), signal.getsignal(2).__name__,"
    " asyncio.get_event_loop() is loop,"
    " sorted(n for n in get_ipython().user_ns_hidden if n[:2] != '_i')]"
)


def test_nothing_of_the_interpreter_is_changed(plain: Kernel) -> None:
    plain.run("import asyncio, os, signal, sys\nloop = asyncio.get_event_loop()")
    before = plain.ask(STATE)

    for line in (
        "%pixi add python toy",
        "%pixi list",
        "%pixi add toi",
        "%%pixi run\n1",
    ):
        plain.run(line)

    assert plain.ask(STATE) == before


def test_a_dead_engine_is_replaced(plain: Kernel) -> None:
    plain.run("%pixi list")
    pid = plain.ask(THE_ENGINE)
    import psutil

    engine = psutil.Process(pid)
    engine.kill()
    psutil.wait_procs([engine], timeout=5)

    assert plain.run("%pixi info").error == ""


def test_the_engine_goes_with_the_kernel(plain: Kernel) -> None:
    import psutil

    plain.run("%pixi info")
    pid = plain.ask(THE_ENGINE)
    engine = psutil.Process(pid)

    plain.manager.shutdown_kernel()

    _, alive = psutil.wait_procs([engine], timeout=5)
    assert not alive


def test_help_is_text(plain: Kernel) -> None:
    plain.run("%pixi info")
    words = plain.run("%pixi --help")
    command = plain.run("%pixi add?")

    assert "Usage: %pixi" in words.printed
    assert "Usage: %pixi add" in command.printed
    assert not words.displays + command.displays
    reply = plain.client.inspect("%pixi", reply=True, timeout=20)
    assert "%pixi add numpy" in reply["content"]["data"]["text/plain"]


def test_completion_offers_what_fits_and_nothing_else(plain: Kernel) -> None:
    plain.run("%pixi add python toy")

    assert plain.complete("%pixi ad") == ["add"]
    assert plain.complete("rows = %pixi li") == ["list"]
    assert plain.complete("%pixi remove to") == ["toy"]
    assert plain.complete("%%pixi run -e de") == ["default"]
    assert "--feature" in plain.complete("%pixi add --")
    assert plain.complete("text = 'x %pixi li") == []


def test_it_can_be_unloaded(plain: Kernel) -> None:
    plain.run("%pixi info")

    plain.run("%unload_ext pixi_jupyter")

    assert (
        "not found" in plain.run("%pixi info").error + plain.run("%pixi info").printed
    )
    plain.run(LOADED)
    assert plain.run("%pixi info").error == ""


def test_a_terminal_shows_text(
    make_workspace: Callable[..., Path], embedded_channel: str, tmp_path: Path
) -> None:
    pexpect = pytest.importorskip("pexpect")
    folder = make_workspace(
        f'[workspace]\nname = "terminal"\nchannels = ["{embedded_channel}"]\n'
        f'platforms = ["{host_subdir()}"]\n'
    )
    words = [
        "-m",
        "IPython",
        "--simple-prompt",
        "--no-banner",
        "--ipython-dir",
        str(tmp_path),
    ]
    shell = pexpect.spawn(
        sys.executable, words, cwd=str(folder), encoding="utf-8", timeout=30
    )
    try:
        for line, answer in [
            ("%load_ext pixi_jupyter", r"In \[2\]"),
            ("%pixi add python", r"Added python >="),
            ("%pixi list", r"python +3\.\d+"),
            ("%pixi add nonsense", "No package named nonsense"),
            ("value = %pixi list --json", r"In \[\d+\]"),
            ("print(len(value), 'package')", "1 package"),
        ]:
            shell.sendline(line)
            shell.expect(answer)
            assert "Traceback" not in shell.before
        shell.sendline("exit()")
        shell.expect(pexpect.EOF)
    finally:
        with contextlib.suppress(OSError):
            shell.close(force=True)
