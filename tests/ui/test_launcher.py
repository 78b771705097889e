"""What a person sees of the main job in JupyterLab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pixi_jupyter.platforms import host_subdir

pytestmark = [pytest.mark.ui, pytest.mark.filterwarnings("default")]

MANIFEST = """\
[workspace]
name = "climate"
channels = ["{channel}"]
platforms = ["{platform}"]

[dependencies]
python = "*"
ipykernel = "*"
"""


def test_an_environment_is_offered_and_installs_itself_when_it_is_chosen(
    page: Any, embedded_channel: str
) -> None:
    manifest = MANIFEST.format(channel=embedded_channel, platform=host_subdir())
    Path("pixi.toml").write_text(manifest)
    page.reload()

    page.click(".jp-LauncherCard[title='climate: default'] >> nth=0", timeout=60_000)
    # JupyterLab drops what is run before it has connected
    page.wait_for_selector("text=/climate: default \\| Idle/", timeout=120_000)
    page.click(".jp-Notebook .cm-content")
    page.keyboard.type("import sys; print(sys.prefix)")
    page.keyboard.press("Shift+Enter")
    output = page.wait_for_selector(".jp-OutputArea-output", timeout=90_000)

    assert output.inner_text().strip() == str(Path(".pixi/envs/default").absolute())
