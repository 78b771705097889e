"""A real JupyterLab in a real browser, both ended by the tests that started them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER = "/usr/bin/chromium"


@pytest.fixture
def base_url() -> str:
    """Say where below its host JupyterLab is; a test may have it elsewhere."""
    return "/"


@pytest.fixture
def lab(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base_url: str
) -> Iterator[str]:
    """Start JupyterLab in an empty folder of its own; give its address."""
    pytest.importorskip("jupyterlab")
    root = tmp_path / "root"
    root.mkdir()
    monkeypatch.chdir(root)
    words = ["-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1"]
    words += ["--ServerApp.port=0", "--IdentityProvider.token=", "--allow-root"]
    words += ["--LabApp.news_url=", f"--ServerApp.root_dir={root}"]
    words += [f"--ServerApp.base_url={base_url}"]
    words += ["--LabApp.expose_app_in_browser=True"]
    with subprocess.Popen(
        [sys.executable, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    yield found[0] + base_url
                    break
        finally:
            process.terminate()
            try:
                process.communicate(timeout=15)
            except subprocess.TimeoutExpired:
                # a worker thread of anyio can outlive the loop that it worked for
                process.kill()
                process.communicate()


@pytest.fixture
def page(lab: str) -> Iterator[Any]:
    """Open JupyterLab in a headless browser."""
    api = pytest.importorskip("playwright.sync_api")
    if not shutil.which(BROWSER):
        pytest.skip("chromium is not installed")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=arguments)
        opened = browser.new_page()
        opened.goto(f"{lab}lab?reset")
        yield opened
        browser.close()
