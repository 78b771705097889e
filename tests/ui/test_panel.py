"""What a person does with environments and packages in the panel."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.opened import open_notebook, run_cell, write_workspace
from support.registry import Slow, Status, make_wheel

from pixi_jupyter.install.prefix import python_of
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.ui, pytest.mark.filterwarnings("default")]

WAIT = 90_000
PICTURES = os.environ.get("PIXI_JUPYTER_SCREENSHOTS")
"""Where pictures of the steps go; read now, since tests do not see it later."""

MANIFEST = """\
[workspace]
name = "climate"
channels = ["{channel}"]
platforms = ["{platform}"]

[dependencies]
"""


class Panel:
    """The panel as a person sees it."""

    def __init__(self, page: Any, pictures: Path) -> None:
        self.page = page
        self.all = page.locator("#pixi-jupyter-panel")
        self._pictures = pictures
        self._count = 0

    def show(self) -> None:
        """Bring it to the front."""
        self.page.wait_for_selector("[data-id='pixi-jupyter-panel']", timeout=WAIT)
        if not self.all.is_visible():
            self.page.click("[data-id='pixi-jupyter-panel']")
        self.sees(".pj-Head")

    def reload(self) -> None:
        """Load the page anew."""
        self.page.reload()
        self.show()

    def sees(self, selector: str) -> Any:
        """Wait for something in it."""
        found = self.all.locator(selector)
        found.first.wait_for(timeout=WAIT)
        return found

    def becomes(self, environment: str, state: str) -> Any:
        """Wait for a state, by the name that is told to who cannot see it."""
        row = f"[data-environment='{environment}']"
        self.sees(f"{row} .pj-st[aria-label='{state}']")
        return self.all.locator(row)

    def button(self, name: str) -> Any:
        return self.all.get_by_role("button", name=name, exact=True)

    def picture(self, name: str) -> None:
        self._count += 1
        self.page.screenshot(path=self._pictures / f"{self._count}-{name}.png")


@pytest.fixture
def panel(page: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Panel:
    """Give the panel; a test opens it when its workspace is there."""
    folder = Path(PICTURES or tmp_path / "pictures", request.node.originalname)
    folder.mkdir(parents=True, exist_ok=True)
    return Panel(page, folder)


def write(channel: str, *packages: str, more: str = "") -> None:
    """Make a workspace that asks for these packages."""
    head = MANIFEST.format(channel=channel, platform=host_subdir())
    lines = "".join(f'{name} = "*"\n' for name in packages)
    Path("pixi.toml").write_text(head + lines + more)


def installed(name: str, environment: str = "default") -> str:
    """Give what an installed stand-in says of itself, empty without it."""
    file = Path(".pixi/envs", environment, "share", f"{name}.txt")
    return file.read_text() if file.exists() else ""


def test_an_added_package_is_imported_by_the_running_kernel(
    panel: Panel, embedded_channel: str
) -> None:
    write_workspace(embedded_channel, "ipykernel")
    open_notebook(panel.page, "print(6 * 7)", "import tomlkit; print('got tomlkit')")
    run_cell(panel.page)
    panel.page.wait_for_selector(".jp-OutputArea-output:has-text('42')", timeout=WAIT)
    panel.show()
    row = panel.becomes("default", "Installed")
    assert "this notebook" in row.inner_text()

    panel.button("Add package").click()
    panel.all.get_by_label("Package", exact=True).fill("tomlki")
    panel.sees("[role='option'][data-package='tomlkit']").click()
    preview = panel.sees(".pj-Preview")
    assert "nothing done yet" in preview.inner_text()
    assert preview.locator("[data-change='added']").count() == 1
    assert "tomlkit" not in Path("pixi.toml").read_text()
    panel.picture("preview")
    buttons = [panel.button(name).bounding_box() for name in ("Cancel", "Add package")]
    assert buttons[0]["y"] == buttons[1]["y"]
    panel.button("Add package").click()
    panel.sees("[data-package='tomlkit'][data-explicit='true']")
    panel.picture("added")
    assert "tomlkit = " in Path("pixi.toml").read_text()

    # the first run went on to the second cell
    panel.page.click(".jp-Notebook .cm-content >> nth=1")
    panel.page.keyboard.press("Shift+Enter")
    said = ".jp-OutputArea-output:has-text('got tomlkit')"
    panel.page.wait_for_selector(said, timeout=WAIT)
    panel.picture("imported")


def test_an_install_outlives_a_reload_and_is_cancelled(
    panel: Panel, mock_channel: Callable[..., Any]
) -> None:
    channel = mock_channel({"name": "slow-to-come"}, {"name": "other"})
    more = "[feature.gpu.dependencies]\nslow-to-come = '*'\n"
    write(channel.url, "other", more=f"{more}[environments]\ngpu = ['gpu']\n")
    slow = channel.faults.put("*/slow-to-come*.conda", Slow())
    panel.reload()
    row = panel.becomes("gpu", "Not installed")
    panel.becomes("default", "Not installed")
    panel.picture("not-installed")

    row.get_by_role("button", name="Install", exact=True).click()
    panel.sees("[data-environment='gpu'] [role='progressbar']")
    assert slow.reached.wait(30)
    panel.picture("installing")
    panel.reload()
    panel.becomes("gpu", "Installing")
    assert row.get_by_role("progressbar").get_attribute("aria-valuetext")
    panel.picture("reloaded")

    row.get_by_role("button", name="Cancel", exact=True).click()
    panel.becomes("gpu", "Not installed")
    panel.becomes("default", "Not installed")
    assert panel.all.get_by_role("alert").count() == 0  # no error: it was wanted
    panel.picture("cancelled")
    assert not installed("slow-to-come", "gpu")

    channel.faults.clear()
    row.get_by_role("button", name="Install", exact=True).click()
    panel.becomes("gpu", "Installed")
    assert installed("slow-to-come", "gpu")
    panel.becomes("default", "Not installed")


def test_an_install_that_fails_says_why_and_is_tried_again(
    panel: Panel, mock_channel: Callable[..., Any]
) -> None:
    channel = mock_channel({"name": "gone-for-now"})
    write(channel.url, "gone-for-now")
    channel.faults.put("*/gone-for-now*.conda", Status(404))
    panel.reload()
    row = panel.becomes("default", "Not installed")
    row.get_by_role("button", name="Install", exact=True).click()

    note = panel.sees("[role='alert']")
    panel.picture("failed")
    assert "default could not be installed" in note.inner_text()
    assert "gone-for-now" in note.inner_text()
    assert "404" in note.inner_text()
    panel.becomes("default", "Not installed")

    channel.faults.clear()
    note.get_by_role("button", name="Try again", exact=True).click()
    panel.becomes("default", "Installed")
    panel.picture("tried-again")
    assert panel.all.get_by_role("alert").count() == 0
    assert installed("gone-for-now")


@pytest.mark.parametrize("base_url", ["/x/"])
def test_a_workspace_is_made_below_another_address(
    panel: Panel, base_url: str, mock_channel: Callable[..., Any]
) -> None:
    assert base_url + "lab" in panel.page.url
    panel.show()
    create = panel.button("Create workspace")
    create.wait_for(timeout=WAIT)
    panel.picture("no-workspace")
    assert not Path("pixi.toml").exists()
    assert panel.button("Open a terminal in default").count() == 0
    create.click()
    panel.becomes("default", "Not installed")
    panel.picture("created")
    assert "[workspace]" in Path("pixi.toml").read_text()
    assert panel.button("Open a terminal in default").count() == 1

    # the panel follows files that are changed outside it
    write(mock_channel({"name": "below"}).url, "below")
    panel.sees(".pj-Lock:has-text('No lock yet')")
    panel.button("Install").click()
    panel.becomes("default", "Installed")
    panel.sees("[data-package='below']")
    panel.picture("installed")
    assert installed("below")


def test_a_package_is_updated_and_removed(
    panel: Panel, mock_channel: Callable[..., Any]
) -> None:
    channel = mock_channel({"name": "tool", "depends": ["helps"]}, {"name": "helps"})
    write(channel.url, "tool")
    panel.reload()
    panel.becomes("default", "Not installed")
    panel.button("Install").click()
    panel.becomes("default", "Installed")
    channel.publish({"name": "tool", "version": "2.0", "depends": ["helps"]})

    tool = panel.sees("[data-package='tool']")
    assert "1.0" in tool.inner_text()
    tool.click()
    panel.sees(".pj-Detail:has-text('You asked: tool')")
    panel.picture("detail")
    panel.button("Update").click()
    panel.sees("[data-package='tool']:has-text('2.0')")
    panel.button("Remove").wait_for(timeout=WAIT)
    panel.picture("updated")
    assert installed("tool").startswith("tool 2.0")

    panel.button("Remove").click()
    preview = panel.sees(".pj-Preview")
    assert "nothing done yet" in preview.inner_text()
    assert preview.locator("[data-change='removed']").count() == 2
    panel.picture("removal")
    panel.button("Remove").click()
    tool.wait_for(state="detached", timeout=WAIT)
    panel.picture("removed")
    assert "tool" not in Path("pixi.toml").read_text()
    assert not installed("tool")
    assert not installed("helps")


def test_a_package_is_added_from_an_index_by_its_name(
    panel: Panel, embedded_channel: str, mock_index: Callable[[], Any], tmp_path: Path
) -> None:
    index = mock_index()
    index.add(make_wheel(tmp_path / "wheels", "spam"))
    more = f'[pypi-options]\nindex-url = "{index.simple_url}"\n'
    write(embedded_channel, "python", more=more)
    panel.reload()
    panel.becomes("default", "Not installed")

    panel.button("Add package").click()
    panel.all.get_by_label("Package", exact=True).fill("spam")
    panel.sees("text=No package of the channels has spam in its name.")
    panel.all.get_by_role("tab", name="PyPI").click()
    panel.picture("pypi")
    panel.sees("[role='option']:has-text('Add spam from PyPI')").click()
    preview = panel.sees(".pj-Preview:has-text('spam')")
    assert "nothing done yet" in preview.inner_text()
    panel.picture("preview")
    panel.button("Add package").click()
    panel.sees("[data-package='spam'][data-explicit='true']")
    panel.picture("added")
    assert "[pypi-dependencies]" in Path("pixi.toml").read_text()
    python = python_of(Path(".pixi/envs/default"))
    assert python.exists()
    assert list(Path(".pixi/envs/default").glob("lib/python*/site-packages/spam*"))
