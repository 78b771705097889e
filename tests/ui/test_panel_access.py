"""What the panel tells who cannot see it."""

from __future__ import annotations

import json
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

[tasks]
build = "echo building"

[tasks.fetch]
cmd = "echo {{{{ month }}}}"
args = ["month"]
"""

WALK = """panel => {
  const wrong = [];
  const text = id => document.getElementById(id)?.textContent ?? '';
  const nameOf = node =>
    node.getAttribute('aria-label')
    || (node.getAttribute('aria-labelledby') || '').split(' ').map(text).join('')
    || [...(node.labels ?? [])].map(each => each.textContent).join('')
    || (node.matches('input, select') ? '' : node.textContent.trim());
  const say = (node, what) => wrong.push(`${what}: ${node.outerHTML.slice(0, 120)}`);
  const named = 'button, input, select, [role=img], [role=log], [role=progressbar],'
    + '[role=grid], [role=treegrid], [role=listbox], [role=tablist]';
  for (const node of panel.querySelectorAll(named)) {
    if (!nameOf(node)) say(node, 'has no name');
  }
  const inside = {
    row: '[role=grid], [role=treegrid], [role=table]',
    gridcell: '[role=row]',
    tab: '[role=tablist]',
    option: '[role=listbox]',
  };
  for (const [role, owner] of Object.entries(inside)) {
    for (const node of panel.querySelectorAll(`[role=${role}]`)) {
      if (!node.parentElement.closest(owner)) say(node, `is not in ${owner}`);
    }
  }
  for (const node of panel.querySelectorAll('[role=grid], [role=treegrid]')) {
    const rows = [...node.querySelectorAll('[role=row]')];
    const stops = rows.filter(row => row.tabIndex === 0);
    if (rows.length && stops.length !== 1) say(node, `has ${stops.length} tab stops`);
  }
  for (const node of panel.querySelectorAll('[aria-describedby], [aria-controls]')) {
    const ids = ['aria-describedby', 'aria-controls'].map(name => node.getAttribute(name));
    for (const id of ids.join(' ').split(' ').filter(each => each && each !== 'null')) {
      if (!document.getElementById(id)) say(node, `points to nothing (${id})`);
    }
  }
  const ids = [...panel.querySelectorAll('[id]')].map(node => node.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`twice: ${id}`);
  return wrong;
}"""

ORDER = """panel => {
  const shown = node => node.offsetParent && node.tabIndex >= 0 && !node.disabled;
  const all = [...panel.querySelectorAll('button, input, select, [tabindex]')];
  return all.filter(shown).map(node => node.closest('section, header, .pj-Lock')?.className);
}"""


@pytest.fixture
def panel(page: Any, embedded_channel: str) -> Any:
    """Open the panel on a workspace that is locked and has everything to show."""
    manifest = MANIFEST.format(channel=embedded_channel, platform=host_subdir())
    Path("pixi.toml").write_text(manifest)
    page.reload()
    page.click("[data-id='pixi-jupyter-panel']", timeout=60_000)
    page.wait_for_selector("#pixi-jupyter-panel [data-task]", timeout=60_000)
    found = page.locator("#pixi-jupyter-panel")
    found.get_by_role("button", name="Update lock").click()
    page.wait_for_selector("#pixi-jupyter-panel [data-package]", timeout=60_000)
    return found


def test_everything_in_the_panel_has_a_name_and_a_place(panel: Any) -> None:
    assert panel.get_attribute("role") == "region"
    row = panel.locator("[data-task='fetch']")
    row.locator(".pj-Task-line").hover()
    row.get_by_role("button", name="Run", exact=True).click()
    panel.get_by_label("month").wait_for()
    panel.locator("[data-task='build']").press("Space")
    panel.page.wait_for_selector("[data-task='build'][data-state='succeeded']")
    panel.get_by_role("button", name="History").wait_for()
    wrong = panel.evaluate(WALK)
    assert not wrong, json.dumps(wrong, indent=1)


def test_the_tab_key_goes_from_the_top_of_the_panel_to_its_end(panel: Any) -> None:
    names = [str(name or "").split(" ")[0] for name in panel.evaluate(ORDER)]
    assert names[0] == "pj-Head"
    first = [name for at, name in enumerate(names) if name not in names[:at]]
    assert first[-1] == "pj-Sec"
    seen = panel.locator(":is(.pj-Sec-fold, [role='row'][tabindex='0'])")
    folds = [each.get_attribute("aria-expanded") for each in seen.all()]
    assert len(folds) >= 6  # a title and a row of each of the lists


def test_a_panel_is_used_at_its_least_width_without_cuts(panel: Any) -> None:
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")
    wide = panel.evaluate(
        "e => [...e.querySelectorAll('button')].filter(each =>"
        " each.getBoundingClientRect().right > e.getBoundingClientRect().right + 1)"
        ".map(each => each.outerHTML)"
    )
    assert wide == []
