"""What a person is offered whose import found no module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.opened import open_notebook, run_cell, write_workspace

pytestmark = [pytest.mark.ui, pytest.mark.filterwarnings("default")]


def test_a_missing_module_is_added_and_the_cell_run_again(
    page: Any, embedded_channel: str
) -> None:
    write_workspace(embedded_channel, "ipykernel")
    open_notebook(page, "import tomlkit; print(tomlkit.__name__, 6 * 7)")
    run_cell(page)
    offer = page.locator(".pj-Missing")
    offer.wait_for(timeout=120_000)
    assert "tomlkit is not in default: %pixi add tomlkit" in offer.inner_text()

    offer.get_by_role("button", name="Add and run again", exact=True).click()

    page.wait_for_selector(
        ".jp-OutputArea-output:has-text('tomlkit 42')", timeout=120_000
    )
    assert "tomlkit = " in Path("pixi.toml").read_text()
