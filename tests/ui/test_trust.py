"""What a person is asked before the environment of a notebook is installed."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from support.carried import MANIFEST as PLAIN
from support.carried import carried
from support.opened import run_cell
from support.registry import MockChannel
from support.verified import cell

from pixi_jupyter.events import Operation
from pixi_jupyter.notebook.metadata import NotebookEnvironment, write_environment
from pixi_jupyter.notebook.specs import KERNEL_NAME, kernelspec
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.verbs.lock import LockRequest, lock

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.ui, pytest.mark.filterwarnings("default")]

MANIFEST = """\
[workspace]
name = "heat"
channels = ["{channel}"]
platforms = ["{platform}"]

[dependencies]
python = "*"
ipykernel = "*"

[tasks]
plot = "python plot.py"
"""
SCREENSHOTS = os.environ.get("PIXI_JUPYTER_SCREENSHOTS")
"""A folder; read here, because tests have variables of their own."""
DIALOG = ".jp-Dialog[role=alertdialog]"


@pytest.fixture
def channel(embedded_channel: str) -> Iterator[MockChannel]:
    """Serve the embedded channel where every request is seen."""
    with MockChannel(Path(urlsplit(embedded_channel).path)) as served:
        yield served


def shown(page: Any, environment: NotebookEnvironment | None, name: str) -> None:
    """Open a notebook that brings an environment."""
    data: dict[str, Any] = {
        "cells": [dict(cell("print(6 * 7)", count=None))],
        "metadata": {"kernelspec": kernelspec()},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    if environment is not None:
        write_environment(data, environment)
    else:
        data["metadata"]["kernelspec"] = {"name": "python3", "display_name": "P"}
    Path(name).write_text(json.dumps(data))
    page.goto(f"{page.url.partition('/lab')[0]}/lab/tree/{name}?reset")
    page.wait_for_selector(".jp-Notebook .cm-content", timeout=60_000)


@pytest.fixture
def study(
    channel: MockChannel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> NotebookEnvironment:
    """Lock an environment of the channel, and forget that it was asked."""
    # what another test has cached would not be asked for
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "author"
    folder.mkdir()
    text = MANIFEST.format(channel=channel.url, platform=host_subdir())
    (folder / "pixi.toml").write_text(text)
    asyncio.run(lock(LockRequest(manifest=folder), Operation()))
    channel.log.clear()
    locked = (folder / "pixi.lock").read_text()
    return NotebookEnvironment(manifest=text, lock=locked)


def kernels(page: Any) -> int:
    """Count the kernels that run."""
    return len(page.request.get(f"{page.url.partition('/lab')[0]}/api/kernels").json())


def picture(page: Any, name: str) -> None:
    """Keep what can be seen, in both themes and two widths, for who wants to look."""
    if not SCREENSHOTS:
        return
    for theme in ("Light", "Dark"):
        page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
            f"JupyterLab {theme}",
        )
        for width in (1280, 800):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(400)
            page.screenshot(path=f"{SCREENSHOTS}/{name}-{theme.lower()}-{width}.png")
    page.evaluate(
        "jupyterapp.commands.execute('apputils:change-theme',"
        " {theme: 'JupyterLab Light'})"
    )


def test_nothing_is_fetched_before_it_is_agreed_to_and_then_the_kernel_runs(
    study: NotebookEnvironment, channel: MockChannel, page: Any
) -> None:
    shown(page, study, "heat.ipynb")

    dialog = page.locator(DIALOG)
    dialog.wait_for(timeout=60_000)
    text = dialog.inner_text()
    assert "Install the environment of this notebook?" in text
    assert "heat.ipynb came from elsewhere" in text
    assert "Unknown channel" in text
    assert channel.url.rstrip("/") in text
    leave = dialog.get_by_role("button", name="Open without installing", exact=True)
    accept = dialog.get_by_role("button", name="Trust and install", exact=True)
    assert leave.evaluate("node => node === document.activeElement")
    assert "jp-mod-warn" in accept.get_attribute("class")
    picture(page, "trust")

    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    page.wait_for_selector("text=No Kernel")
    assert (channel.log, kernels(page)) == ([], 0)
    assert page.locator(".jp-Dialog").count() == 0

    page.evaluate("void jupyterapp.commands.execute('pixi-jupyter:trust-notebook')")
    dialog.wait_for()
    accept.click()
    run_when_begun(page)
    assert channel.log
    assert page.locator(".jp-Dialog").count() == 0

    page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")
    page.reload()
    page.wait_for_selector(".jp-Notebook .cm-content", timeout=60_000)
    wait_for_kernel(page)
    assert page.locator(".jp-Dialog").count() == 0


def wait_for_kernel(page: Any) -> None:
    """Wait until the kernel of the notebook can be used."""
    page.wait_for_function(
        "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status"
        " === 'idle'",
        timeout=60_000,
    )


def run_when_begun(page: Any) -> None:
    """Run the first cell; it waits for the kernel that is being installed."""
    begun = "() => jupyterapp.shell.currentWidget.sessionContext.session?.kernel"
    page.wait_for_function(begun, timeout=60_000)
    run_cell(page)
    page.wait_for_selector(".jp-OutputArea-output:has-text('42')", timeout=120_000)


def test_a_kernel_that_is_chosen_by_hand_asks_too(
    study: NotebookEnvironment, channel: MockChannel, page: Any
) -> None:
    shown(page, study, "chosen.ipynb")
    dialog = page.locator(DIALOG)
    dialog.wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")

    page.evaluate(
        "name => void jupyterapp.shell.currentWidget.sessionContext"
        ".changeKernel({name}).catch(() => null)",
        KERNEL_NAME,
    )

    dialog.wait_for(timeout=60_000)
    assert page.locator(".jp-Dialog").count() == 1
    assert channel.log == []


def test_what_nobody_can_agree_to_has_no_button_that_agrees(page: Any) -> None:
    bad = carried(PLAIN + '[activation]\nscripts = ["../../x.sh"]\n')
    shown(page, bad, "bad.ipynb")

    dialog = page.locator(DIALOG)
    dialog.wait_for(timeout=60_000)
    picture(page, "refused")
    buttons = dialog.get_by_role("button").all_inner_texts()

    assert [each for each in buttons if each.strip()] == ["Open without installing"]
    assert "Nothing is installed" in dialog.inner_text()
    dialog.get_by_role("button", name="Open without installing").click()
    page.wait_for_selector("text=No Kernel")
    assert kernels(page) == 0


def test_a_notebook_is_given_an_environment_of_its_own(page: Any) -> None:
    shown(page, None, "plain.ipynb")
    wait_for_kernel(page)
    page.wait_for_function(
        "() => jupyterapp.commands.isEnabled('pixi-jupyter:init-notebook')"
    )

    page.evaluate("void jupyterapp.commands.execute('pixi-jupyter:init-notebook')")

    page.wait_for_function(
        "() => jupyterapp.shell.currentWidget.context.model"
        ".getMetadata('pixi-jupyter')?.manifest"
    )
    assert page.locator(DIALOG).count() == 0
    written = json.loads(Path("plain.ipynb").read_text())["metadata"]
    assert written["kernelspec"]["name"] == KERNEL_NAME
