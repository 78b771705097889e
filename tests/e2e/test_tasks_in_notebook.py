"""Tasks in a real kernel: what is printed, what buttons do, what a notebook keeps."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import nbformat
import psutil
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from support.notebook import Page

from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    # as in test_notebooks_in_environments
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning",
        "ignore::DeprecationWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
    ),
    pytest.mark.skipif(sys.platform == "win32", reason="the tasks are for sh"),
]

MANIFEST = """\
[workspace]
name = "climate"
channels = []
platforms = ["{platform}"]

[tasks]
build = {{ cmd = "echo building; echo x > out", outputs = ["out"], description = "Regrid" }}
test = {{ cmd = "echo tested", depends-on = ["build"] }}
bad = "echo wrong >&2; exit 3"
many = "seq 100000"
_hidden = "echo hidden"

[tasks.fetch]
cmd = "echo got {{{{ month }}}} {{{{ what }}}}"
args = ["month", {{ arg = "what", default = "t2m", choices = ["t2m", "tp"] }}]

[tasks.slow]
cmd = "sh -c 'sleep 300 & echo $! > pid; echo begun; wait'"
"""
VIEW = "application/vnd.jupyter.widget-view+json"


def begin() -> Page:
    page = Page(*start_new_kernel(kernel_name="python3", startup_timeout=60))
    page.run("%load_ext pixi_jupyter")
    return page


def end(page: Page) -> None:
    page.client.stop_channels()
    page.manager.shutdown_kernel(now=True)
    page.manager.context.term()


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        page = begin()
    yield page
    end(page)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    manifest = MANIFEST.format(platform=host_subdir())
    (tmp_path / "pixi.toml").write_text(manifest)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def page(kernel: Page, folder: Path) -> Page:
    kernel.models.clear()
    kernel.run(f"import os; os.chdir({str(folder)!r})")
    return kernel


def sleeper(folder: Path) -> psutil.Process:
    """Give what the slow task started, which has to end with it."""
    return psutil.Process(int((folder / "pid").read_text()))


def ends(process: psutil.Process) -> bool:
    gone, _ = psutil.wait_procs([process], timeout=10)
    return bool(gone)


def test_a_task_says_what_it_says_where_it_says_it(page: Page) -> None:
    output = page.run("%pixi run test")

    assert output.stdout.split("\n") == [
        "build  Regrid",
        "  $ echo building; echo x > out",
        "building",
        "test",
        "  $ echo tested",
        "tested",
        "",
    ]
    assert (output.stderr, output.error) == ("", "")
    assert page.run("print(_exit_code)").stdout == "0\n"
    assert "build  unchanged" in page.run("%pixi run test").stdout


def test_a_task_that_fails_fails_the_cell_in_one_line(page: Page) -> None:
    output = page.run("%pixi run bad")

    assert output.stderr == "wrong\n"
    assert output.error == "%pixi run bad ended with exit code 3"
    assert page.run("print(_exit_code)").stdout == "3\n"
    caught = page.run(
        "try:\n    get_ipython().run_line_magic('pixi', 'run bad')\n"
        "except Exception as error:\n    print(error.exit_code)"
    )
    assert caught.stdout == "3\n"


def test_an_interrupt_ends_a_task_and_all_it_started(page: Page, folder: Path) -> None:
    interrupted: list[str] = []

    def interrupt(said: str) -> None:
        if "begun" in said and not interrupted:
            interrupted.append(said)
            page.manager.interrupt_kernel()

    output = page.run("%pixi run slow", on_stdout=interrupt)

    assert output.error.startswith("%pixi run slow was cancelled")
    assert ends(sleeper(folder))


def test_a_table_is_kept_beside_the_widgets(page: Page) -> None:
    table, widgets = page.run("%pixi tasks").displays

    assert set(table) == {"text/plain", "text/html"}
    assert "Regrid" in table["text/plain"]
    assert "<table" in table["text/html"]
    # elsewhere than on a page with a kernel they leave no trace
    model = widgets.pop(VIEW)["model_id"]
    assert widgets == {"text/plain": "", "text/html": ""}
    assert model in page.models
    assert model in table["text/html"]
    with pytest.raises(IndexError):
        page.row("_hidden")


def test_a_button_runs_a_task_and_what_comes_before_it(page: Page) -> None:
    page.run("%pixi tasks")
    assert page.words("test") == "after build"

    page.press("test", "Run")
    page.wait(lambda: page.state("test") == "succeeded")

    assert page.words("test").endswith(" s")
    assert "Runs before" in page.text("test")
    assert "building\n" in page.text("test")
    page.press("build", "Run")
    page.wait(lambda: page.words("build") == "unchanged")


def test_a_form_is_filled_in_before_a_task_that_needs_it(page: Page) -> None:
    page.run("%pixi tasks")

    page.press("fetch", "Run")
    page.wait(lambda: "needed" in page.text("fetch"))
    page.press("fetch", "Run")
    page.wait(lambda: "pjk-bad" in page.text("fetch"))
    page.fill("fetch", "month", "2026;ls")
    page.wait(lambda: "cannot be put" in page.text("fetch"))
    page.fill("fetch", "month", "2026-10")
    page.fill("fetch", "what", "tp")
    page.wait(lambda: "$ echo got 2026-10 tp" in page.text("fetch"))
    page.press("fetch", "Run")
    page.wait(lambda: page.state("fetch") == "succeeded")

    assert "\ngot 2026-10 tp" in page.text("fetch")


def test_other_cells_run_while_a_task_does_until_it_is_cancelled(
    page: Page, folder: Path
) -> None:
    page.run("%pixi tasks")
    page.press("slow", "Run")
    page.wait(lambda: "\nbegun" in page.text("slow"))

    assert page.run("print(6 * 7)").stdout == "42\n"
    assert "tested" in page.run("%pixi run test").stdout
    assert page.state("slow") == "running"
    # a panel that is shown anew goes on with what runs
    page.run("%pixi tasks")
    page.press("slow", "Cancel")
    page.wait(lambda: page.state("slow") == "cancelled")

    assert ends(sleeper(folder))
    page.press("slow", "Run")
    page.wait(lambda: page.state("slow") == "running")
    page.press("slow", "Cancel")
    page.wait(lambda: page.state("slow") == "cancelled")


def test_a_task_that_fails_keeps_its_log(page: Page) -> None:
    page.run("%pixi tasks")

    page.press("bad", "Run")
    page.wait(lambda: "wrong" in page.text("bad") and page.state("bad") == "failed")

    assert page.words("bad") == "exit 3"


def test_many_lines_hold_up_neither_kernel_nor_page(page: Page, folder: Path) -> None:
    page.run("%pixi tasks")
    before = page.bytes

    page.press("many", "Run")
    page.wait(lambda: page.state("many") == "running")
    began = time.monotonic()
    page.run("6 * 7")
    seconds = time.monotonic() - began
    page.wait(lambda: page.state("many") == "succeeded")

    text = page.text("many")
    assert ">100000<" in text
    assert ">90001\n" in text
    assert "The last 10,000 of 100,001 lines" in text
    (kept,) = folder.glob(".pixi/operations/*.txt")
    assert kept.name in text
    assert kept.read_text().endswith("\n99999\n100000\n")
    assert page.bytes - before < 2_000_000
    assert seconds < 2


def test_a_task_ends_with_the_kernel_that_runs_it(folder: Path) -> None:
    page = begin()
    try:
        page.run("%pixi tasks")
        page.press("slow", "Run")
        page.wait(lambda: "\nbegun" in page.text("slow"))
        process = sleeper(folder)
    finally:
        end(page)

    assert ends(process)


def test_without_ipywidgets_there_is_the_table(page: Page) -> None:
    hidden = "import sys; sys.modules['ipywidgets'] = None\n"
    forget = "for name in [n for n in sys.modules if n.endswith('tasks.panel')]:\n"
    page.run(f"{hidden}{forget}    del sys.modules[name]")
    try:
        (shown,) = page.run("%pixi tasks").displays
    finally:
        page.run("del sys.modules['ipywidgets']")

    assert set(shown) == {"text/plain", "text/html"}


def test_a_notebook_that_is_executed_without_anybody_keeps_the_table(
    folder: Path,
) -> None:
    notebook = nbformat.v4.new_notebook()
    code = ["%load_ext pixi_jupyter", "%pixi tasks", "%pixi run test"]
    notebook.cells = [nbformat.v4.new_code_cell(each) for each in code]

    NotebookClient(notebook, timeout=60).execute()

    table, widgets = (each["data"] for each in notebook.cells[1].outputs)
    assert "Regrid" in table["text/plain"]
    assert "<table" in table["text/html"]
    models = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]
    assert widgets[VIEW]["model_id"] in models["state"]
    said = [each.get("text", "") for each in notebook.cells[2].outputs]
    assert "tested" in "".join(said)
