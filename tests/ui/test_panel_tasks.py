"""What a person does with tasks in the panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
slow = {{ cmd = "echo begun; sleep 300", depends-on = ["build"] }}
broken = "echo no data; exit 3"
many = "seq 30000"
_hidden = "echo hidden"

[tasks.fetch]
cmd = "echo got {{{{ month }}}} {{{{ what }}}}"
args = ["month", {{ arg = "what", default = "t2m", choices = ["t2m", "tp"] }}]

[feature.one.tasks]
both = "echo in $PIXI_ENVIRONMENT_NAME"

[feature.two.tasks]
both = "echo in $PIXI_ENVIRONMENT_NAME"

[environments]
one = ["one"]
two = ["two"]
"""
WAIT = 60_000


@pytest.fixture
def panel(page: Any) -> Any:
    """Open the panel on a workspace with tasks."""
    Path("pixi.toml").write_text(MANIFEST.format(platform=host_subdir()))
    page.reload()
    show(page)
    return page.locator("#pixi-jupyter-panel")


def show(page: Any) -> None:
    page.wait_for_selector("[data-id='pixi-jupyter-panel']", timeout=WAIT)
    if not page.locator("#pixi-jupyter-panel").is_visible():
        page.click("[data-id='pixi-jupyter-panel']")
    page.wait_for_selector("#pixi-jupyter-panel [data-task]", timeout=WAIT)


def row(panel: Any, task: str) -> Any:
    return panel.locator(f"[data-task='{task}']")


def press(panel: Any, task: str, word: str) -> None:
    line = row(panel, task)
    line.locator(".pj-Task-line").hover()
    line.get_by_role("button", name=word, exact=True).click()


def becomes(panel: Any, task: str, state: str) -> None:
    selector = f"[data-task='{task}'][data-state='{state}']"
    panel.page.wait_for_selector(selector, timeout=WAIT)


def test_a_task_is_filled_in_and_run_and_its_log_is_read(panel: Any) -> None:
    assert row(panel, "_hidden").count() == 0
    press(panel, "fetch", "Run")
    panel.get_by_label("month").press("Enter")
    assert panel.get_by_label("month").get_attribute("aria-invalid") == "true"
    panel.get_by_label("month").fill("2026-10")
    panel.get_by_label("what").select_option("tp")
    assert "$ echo got 2026-10 tp" in row(panel, "fetch").inner_text()
    panel.get_by_label("month").press("Enter")
    becomes(panel, "fetch", "succeeded")
    text = row(panel, "fetch").get_by_role("log").inner_text()
    assert text.strip() == "Solving\ngot 2026-10 tp"  # there was no lock

    press(panel, "both", "Run")
    panel.get_by_label("environment", exact=True).select_option("two")
    press(panel, "both", "Run")
    becomes(panel, "both", "succeeded")
    assert "in two" in row(panel, "both").get_by_role("log").inner_text()

    press(panel, "broken", "Run")
    becomes(panel, "broken", "failed")
    assert "exit 3" in row(panel, "broken").inner_text()
    assert "no data" in row(panel, "broken").get_by_role("log").inner_text()
    live = panel.locator(".pj-Live")
    assert live.text_content() == "broken: Failed, exit 3"

    history = panel.get_by_role("grid", name="History")
    assert history.locator("[data-operation][data-state='failed']").count() == 1


def test_a_run_is_there_again_after_a_reload_and_can_be_cancelled(panel: Any) -> None:
    press(panel, "slow", "Run")
    page = panel.page
    page.wait_for_selector("[data-task='slow'] .pj-TaskLog >> text=begun", timeout=WAIT)
    page.reload()
    show(page)
    becomes(panel, "slow", "running")
    row(panel, "slow").press("ArrowRight")
    page.wait_for_selector("[data-task='slow'] .pj-TaskLog >> text=begun", timeout=WAIT)
    chain = row(panel, "slow").locator("[data-step]")
    states = [each.get_attribute("data-state") for each in chain.all()]
    assert states == ["succeeded", "running"]

    press(panel, "slow", "Cancel")
    becomes(panel, "slow", "cancelled")
    assert "begun" in row(panel, "slow").get_by_role("log").inner_text()


def test_a_log_follows_its_end_until_it_is_scrolled(panel: Any) -> None:
    press(panel, "many", "Run")
    becomes(panel, "many", "succeeded")
    log = row(panel, "many").get_by_role("log")
    panel.page.wait_for_selector("[data-task='many'] .pj-TaskLog >> text=30000")
    # events bring the newest lines; all that is kept is read when the run has ended
    panel.page.wait_for_function(
        "e => e.textContent.trim().split('\\n').length === 10_000",
        arg=log.element_handle(),
    )
    at_end = "e => e.scrollHeight - e.clientHeight - e.scrollTop < 8"
    assert log.evaluate(at_end)

    log.evaluate("e => { e.scrollTop = 0 }")
    row(panel, "many").get_by_role("button", name="Go to the end").click()
    assert log.evaluate(at_end)


def test_tasks_are_reached_and_run_from_the_keyboard(panel: Any) -> None:
    page = panel.page
    # JupyterLab takes the focus once more while it starts
    press(panel, "broken", "Run")
    becomes(panel, "broken", "failed")
    grid = panel.get_by_role("grid", name="Tasks")
    grid.locator("[tabindex='0'][role='row']").focus()
    page.keyboard.press("Home")
    page.keyboard.type("bu")
    assert row(panel, "build").evaluate("e => e === document.activeElement")
    page.keyboard.press("Space")
    becomes(panel, "build", "succeeded")
    assert row(panel, "build").get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowLeft")
    assert row(panel, "build").get_attribute("aria-expanded") == "false"
    assert grid.locator("[role='row'][tabindex='0']").count() == 1
