"""What a person sees in a notebook whose environment has to be installed first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.opened import open_notebook, run_cell, write_workspace

pytestmark = [pytest.mark.ui, pytest.mark.filterwarnings("default")]


def banner(page: Any, kind: str) -> Any:
    found = page.locator(f".pj-Banner[data-kind={kind}]")
    found.wait_for(timeout=120_000)
    return found


def test_a_start_is_watched_cancelled_and_taken_up_again(
    page: Any, embedded_channel: str
) -> None:
    write_workspace(embedded_channel, "ipykernel")
    open_notebook(page, "print(6 * 7)")

    text = banner(page, "busy").inner_text()
    assert "Installing default" in text
    assert "Cells you run now wait." in text
    assert page.locator(".pj-Badge[data-state=installing]").is_visible()
    banner(page, "busy").get_by_role("button", name="Cancel", exact=True).click()

    ended = banner(page, "idle")
    assert "Installation of default was cancelled" in ended.inner_text()
    page.wait_for_timeout(500)
    assert page.locator(".jp-Dialog").count() == 0
    ended.get_by_role("button", name="Install", exact=True).click()

    banner(page, "busy")
    run_cell(page)
    page.wait_for_selector(".jp-OutputArea-output:has-text('42')", timeout=120_000)
    page.locator(".pj-Banner").wait_for(state="hidden", timeout=30_000)
    page.wait_for_selector(".pj-Badge[data-state=installed]", timeout=30_000)


def test_a_start_that_fails_says_why_and_can_be_tried_again(
    page: Any, embedded_channel: str
) -> None:
    write_workspace(embedded_channel, "nosuchpackage")
    open_notebook(page, "print(6 * 7)")

    failed = banner(page, "bad")
    assert "No package named nosuchpackage" in failed.inner_text()
    page.wait_for_timeout(500)
    assert page.locator(".jp-Dialog").count() == 0
    write_workspace(embedded_channel, "ipykernel")
    failed.get_by_role("button", name="Try again", exact=True).click()

    banner(page, "busy")
    run_cell(page)
    page.wait_for_selector(".jp-OutputArea-output:has-text('42')", timeout=120_000)


def test_the_badge_switches_the_environment(page: Any, embedded_channel: str) -> None:
    write_workspace(embedded_channel, "ipykernel")
    with Path("pixi.toml").open("a") as file:
        file.write("\n[environments]\nmore = []\n")
    open_notebook(page, "import sys; print(sys.prefix)")
    page.wait_for_selector(".pj-Badge[data-environment=default]", timeout=60_000)

    page.click(".pj-Badge")
    page.click(".pj-BadgeMenu [data-environment=more]")

    page.wait_for_selector(".pj-Badge[data-environment=more]", timeout=30_000)
    run_cell(page)
    output = page.wait_for_selector(".jp-OutputArea-output", timeout=120_000)
    assert output.inner_text().strip().endswith("/.pixi/envs/more")
