"""What a person does with the tasks of a workspace in JupyterLab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from pixi_jupyter.platforms import host_subdir

pytestmark = [pytest.mark.ui, pytest.mark.filterwarnings("default")]

MANIFEST = """\
[workspace]
name = "climate"
channels = []
platforms = ["{platform}"]

[tasks]
build = {{ cmd = "echo building; echo x > out", outputs = ["out"], description = "Regrid" }}
test = {{ cmd = "echo tested", depends-on = ["build"], description = "Run the tests" }}
slow = "sleep 300"
many = "seq 100000"

[tasks.fetch]
cmd = "echo got {{{{ month }}}} {{{{ what }}}}"
args = ["month", {{ arg = "what", default = "t2m", choices = ["t2m", "tp"] }}]
"""


@pytest.fixture
def notebook(page: Any) -> Any:
    """Open a notebook that has shown the tasks."""
    Path("pixi.toml").write_text(MANIFEST.format(platform=host_subdir()))
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    code = ["%load_ext pixi_jupyter", "%pixi tasks", "print(6 * 7)"]
    made.cells = [nbformat.v4.new_code_cell(each) for each in code]
    nbformat.write(made, "tasks.ipynb")
    page.goto(page.url.partition("/lab")[0] + "/lab/tree/tasks.ipynb?reset")
    page.wait_for_selector("text=/Python 3 .*\\| Idle/", timeout=120_000)
    page.click(".jp-Notebook .jp-Cell >> nth=0")
    for _ in range(2):
        page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".pjk-Tasks", timeout=60_000)
    return page


def row(page: Any, task: str) -> Any:
    mark = page.locator(f"[data-task='{task}']")
    return page.locator(".pjk-Item").filter(has=mark)


def button(page: Any, task: str, word: str) -> Any:
    return row(page, task).get_by_role("button", name=word, exact=True)


def becomes(page: Any, task: str, state: str) -> None:
    selector = f".pjk-Tasks [data-task='{task}'][data-state='{state}']"
    page.wait_for_selector(selector, timeout=60_000)


def test_tasks_are_run_filled_in_and_cancelled_with_buttons(notebook: Any) -> None:
    page = notebook
    button(page, "slow", "Run").click()
    becomes(page, "slow", "running")
    button(page, "test", "Run").click()
    becomes(page, "test", "succeeded")
    assert "building" in row(page, "test").inner_text()

    button(page, "fetch", "Run").click()
    page.get_by_label("month").fill("2026-10")
    page.get_by_label("what").select_option("tp")
    page.wait_for_selector("text=$ echo got 2026-10 tp")
    button(page, "fetch", "Run").press("Enter")
    becomes(page, "fetch", "succeeded")
    assert row(page, "fetch").get_by_role("log").inner_text().endswith("got 2026-10 tp")

    page.click(".jp-Cell >> nth=2")
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".jp-OutputArea-output:has-text('42')", timeout=30_000)
    button(page, "slow", "Cancel").click()
    becomes(page, "slow", "cancelled")


def test_a_log_follows_its_end_until_it_is_scrolled(notebook: Any) -> None:
    page = notebook
    button(page, "many", "Run").click()
    becomes(page, "many", "succeeded")

    log = row(page, "many").locator(".pjk-Scroll")
    text = log.inner_text().strip()
    assert text.splitlines()[-1] == "100000"
    assert len(text.splitlines()) == 10_000
    assert log.evaluate("each => each.scrollTop") == 0  # filled from below
    assert log.evaluate("each => each.scrollHeight") > 100_000


def test_after_a_restart_there_are_no_buttons_and_after_a_reload_the_table(
    notebook: Any,
) -> None:
    page = notebook
    button(page, "test", "Run").click()
    becomes(page, "test", "succeeded")

    page.locator(".jp-Cell").nth(0).click()
    for key in ("Escape", "Control+s", "0", "0"):
        page.keyboard.press(key)
    page.click(".jp-Dialog button.jp-mod-accept")
    button(page, "test", "Run").wait_for(state="hidden", timeout=30_000)
    assert "tested" in row(page, "test").inner_text()

    page.reload()
    page.wait_for_selector("td:has-text('Run the tests')", timeout=60_000)
    page.wait_for_selector("text=model not found", state="hidden")
