"""What JupyterLab writes into a notebook about where its outputs were made."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from pixi_jupyter.inkernel.stamps import packed
from pixi_jupyter.kernelspecs.names import kernel_name
from pixi_jupyter.notebook.stamps import mark_of, read_stamps, stamp_cell
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.ui, pytest.mark.filterwarnings("default")]

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["{platform}"]

[dependencies]
python = "*"
ipykernel = "*"
"""


@pytest.fixture
def notebook(page: Any, embedded_channel: str) -> Callable[[], dict[str, Any]]:
    """Open a notebook of a workspace; give what saves it and reads it again."""
    text = MANIFEST.format(channel=embedded_channel, platform=host_subdir())
    Path("pixi.toml").write_text(text)
    # the browser has the event loop of this process
    command = [sys.executable, "-m", "pixi_jupyter", "install"]
    subprocess.run(command, check=True, capture_output=True)
    made = nbformat.v4.new_notebook()
    name = kernel_name("study", Path.cwd(), "default")
    made.metadata["kernelspec"] = {"name": name, "display_name": name}
    made.cells = [nbformat.v4.new_code_cell(x) for x in ("print(6 * 7)", "'not run'")]
    nbformat.write(made, "a.ipynb")
    page.goto(page.url.partition("/lab")[0] + "/lab/tree/a.ipynb?reset")
    page.wait_for_selector("text=/study.*\\| Idle/", timeout=120_000)

    def saved() -> dict[str, Any]:
        page.keyboard.press("Control+s")
        page.wait_for_selector(".lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)")
        found: dict[str, Any] = json.loads(Path("a.ipynb").read_text())
        return found

    return saved


def test_a_cell_that_is_run_says_in_which_environment(
    page: Any, notebook: Callable[[], dict[str, Any]]
) -> None:
    page.click(".jp-Notebook .jp-Cell >> nth=0")
    page.keyboard.press("Shift+Enter")
    # the answer comes after the output
    page.wait_for_selector(".jp-InputPrompt:text-is('[1]:')")

    found = notebook()

    ran, other = found["cells"]
    stamp = read_stamps(found)[mark_of(ran) or ""]
    assert (stamp.name, stamp.platform) == ("default", host_subdir())
    assert any(each.startswith("python ") for each in stamp.packages or ())
    assert mark_of(other) is None


def test_outputs_of_another_environment_are_told_over_the_notebook(
    page: Any, notebook: Callable[[], dict[str, Any]]
) -> None:
    data = notebook()
    theirs = "python 2.7 0"
    told = {
        "environment": sha256(theirs.encode()).hexdigest()[:16],
        "name": "old",
        "platform": host_subdir(),
        "packages": packed(theirs),
    }
    output = {"output_type": "stream", "name": "stdout", "text": "41\n"}
    data["cells"][0] |= {"outputs": [output], "execution_count": 1}
    stamp_cell(data, data["cells"][0], {"pixi-jupyter": told})
    Path("b.ipynb").write_text(json.dumps(data))

    page.goto(page.url.partition("/lab")[0] + "/lab/tree/b.ipynb?reset")
    banner = page.locator(".pj-Banner[data-kind='attn']")
    banner.wait_for(timeout=60_000)
    banner.get_by_role("button", name="Show difference").click()

    assert "1 of 1 output came from another environment" in banner.inner_text()
    assert "python  2.7 0 → 3." in banner.get_by_role("region").inner_text()

    # once it was run here there is nothing to be told
    page.wait_for_selector("text=/study.*\\| Idle/", timeout=120_000)
    page.click(".jp-Notebook .jp-Cell >> nth=0")
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector("text=/^42/")
    page.wait_for_function("() => !document.querySelector('[data-status=busy]')")
    page.keyboard.press("Control+s")
    banner.wait_for(state="hidden", timeout=30_000)
