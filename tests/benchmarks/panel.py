"""Measure the panel in a real JupyterLab and browser; prints one table.

``python tests/benchmarks/panel.py [--rounds N] [--json]``

The large workspace is made of answers that the browser is given in the place of the
server's, so that what is measured is the panel alone.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import Row, print_rows
from playwright.sync_api import sync_playwright

from pixi_jupyter.channel.build import build_channel
from pixi_jupyter.events import Operation
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Iterator

BROWSER = "/usr/bin/chromium"
ENVIRONMENTS, PACKAGES, EXPLICIT = 40, 3000, 60
PANEL = "#pixi-jupyter-panel"

MANIFEST = """\
[workspace]
name = "bench"
channels = ["{channel}"]
platforms = ["{platform}"]

[dependencies]
python = "*"

[tasks]
hello = "echo hello"
"""

# seconds from a click to the first frame in which a selector is seen
CLICK = """([button, sign]) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error(`not seen: ${sign}`)), 20000);
  const target = document.querySelector(button);
  const began = performance.now();
  const look = () => document.querySelector(sign)
    ? requestAnimationFrame(() => resolve((performance.now() - began) / 1000))
    : requestAnimationFrame(look);
  target.click();
  look();
})"""

# seconds between frames while a list is scrolled from its top to its end
SCROLL = """frames => new Promise(resolve => {
  let box = document.querySelector('#pixi-jupyter-panel [data-package]');
  while (box && !(box.scrollHeight > box.clientHeight + 40
      && /auto|scroll/.test(getComputedStyle(box).overflowY))) box = box.parentElement;
  const times = [];
  const step = (box.scrollHeight - box.clientHeight) / frames;
  let before = performance.now(), most = 0;
  const frame = now => {
    times.push((now - before) / 1000);
    before = now;
    most = Math.max(most, box.querySelectorAll('[data-package]').length);
    box.scrollTop += step;
    if (times.length <= frames) requestAnimationFrame(frame);
    else resolve({ times: times.slice(1), most });
  };
  requestAnimationFrame(frame);
})"""


def environments() -> dict[str, Any]:
    states = ["installed", "none", "outdated", "broken"]
    return {
        "environments": [
            {
                "name": f"environment-{number:02}",
                "features": [],
                "platforms": ["linux-64"],
                "solve_group": None,
                "state": states[number % 4],
                "reason": "2 packages differ from the lock" if number % 4 > 1 else "",
                "runs_here": True,
                "size": 10**8 + number,
                "packages": PACKAGES,
                "kernel": f"kernel-{number}",
                "display_name": f"bench: environment-{number:02}",
                "operation": None,
            }
            for number in range(ENVIRONMENTS)
        ]
    }


def packages(environment: str) -> dict[str, Any]:
    return {
        "environment": environment,
        "platform": "linux-64",
        "packages": [
            {
                "name": f"package-{number:04}",
                "version": f"{number % 9}.{number % 7}.0",
                "build": "h1_0",
                "kind": "conda",
                "source": "made",
                "size": 1000 * number,
                "is_explicit": number < EXPLICIT,
                "requested": "*" if number < EXPLICIT else None,
                "where": "[dependencies], pixi.toml:9" if number < EXPLICIT else None,
                "line": 9 if number < EXPLICIT else None,
                "needed_by": [f"package-{number // 2:04}"],
                "needs": [],
            }
            for number in range(PACKAGES)
        ],
    }


def make_answers(page: Any) -> None:
    """Answer for a large workspace in the place of the server."""

    def give(data: object) -> Any:
        return lambda route: route.fulfill(json=data)

    page.route(re.compile(r"/pixi-jupyter/environments\?"), give(environments()))
    page.route(
        re.compile(r"/pixi-jupyter/environments/[^/]+/packages"),
        give(packages("environment-00")),
    )
    lock: dict[str, Any] = {"state": "fresh", "reasons": [], "error": None}
    page.route(re.compile(r"/pixi-jupyter/lock\?"), give(lock))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run JupyterLab in a folder with a home of its own."""
    words = ["-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1"]
    words += ["--ServerApp.port=0", "--IdentityProvider.token=", "--allow-root"]
    words += ["--LabApp.news_url=", f"--ServerApp.root_dir={folder}"]
    home = folder.parent / "home"
    home.mkdir()
    with subprocess.Popen(
        [sys.executable, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "HOME": str(home)},
    ) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                    yield found[0]
                    break
        finally:
            process.terminate()
            process.stderr.read()


def opened(page: Any, url: str) -> float:
    """Load the application; give the seconds from a click to a panel with rows."""
    # what it shows is read by then: it is the drawing that is measured
    last = re.compile(r"/pixi-jupyter/environments/[^/]+/packages")
    with page.expect_response(last, timeout=60_000):
        page.goto(f"{url}lab?reset")
    page.wait_for_selector("[data-id='pixi-jupyter-panel']", timeout=60_000)
    if page.locator(PANEL).is_visible():
        page.click("[data-id='pixi-jupyter-panel']")  # JupyterLab had it open
    page.evaluate(
        "() => document.addEventListener('pointerdown',"
        " () => { window.began = performance.now() }, true)"
    )
    page.locator("[data-id='pixi-jupyter-panel']").click()
    seconds: float = page.evaluate(
        """([panel]) => new Promise(resolve => {
          const look = () => document.querySelector(`${panel} [data-environment]`)
            ? requestAnimationFrame(() =>
                resolve((performance.now() - window.began) / 1000))
            : requestAnimationFrame(look);
          look();
        })""",
        [PANEL],
    )
    return seconds


def real_rows(page: Any, url: str, rounds: int) -> list[Row]:
    """Measure with the real server: a click, and the first sign that it works."""
    opened(page, url)
    page.wait_for_selector(f"{PANEL} [data-task='hello']", timeout=60_000)
    row = f"{PANEL} [data-environment='default']"
    sign = f"{row}:is([data-state='installing'], [data-state='installed'])"
    page.wait_for_selector(f"{row}[data-state='none']", timeout=60_000)
    install = page.evaluate(CLICK, [f"{row} button", sign])
    page.wait_for_selector(f"{row}[data-state='installed']", timeout=60_000)
    task = []
    done = f"{PANEL} [data-task='hello'][data-state='succeeded']"
    row = f"{PANEL} [data-task='hello']"
    for _ in range(rounds):
        signs = ":is([data-state='running'], [data-state='waiting'])"
        press = f"{row} .pj-Task-act button"
        task.append(page.evaluate(CLICK, [press, f"{row}{signs}"]))
        page.wait_for_selector(done, timeout=60_000)
    goal = {"goal": "<= 0.3 s", "most": 0.3}
    return [
        Row("Install: click to first sign", install, **goal),
        Row("Run: click to first sign", statistics.median(task), **goal),
    ]


def large_rows(page: Any, url: str, rounds: int) -> list[Row]:
    """Measure with 40 environments and 3,000 packages."""
    make_answers(page)
    first = [opened(page, url) for _ in range(rounds)]
    page.wait_for_selector(f"{PANEL} [data-package]", timeout=60_000)
    tab = page.locator(f"{PANEL} [role='tab']").last
    tab.evaluate("each => { each.dataset.bench = 'all' }")
    whole = page.evaluate(
        CLICK,
        [
            f"{PANEL} [data-bench='all']",
            f"{PANEL} [role='tab'][aria-selected='true'][data-bench='all']",
        ],
    )
    found = page.evaluate(SCROLL, 120)
    frames = sorted(found["times"])
    what = f"{ENVIRONMENTS} environments, {PACKAGES:,} packages"
    return [
        Row(
            f"{what}: click to paint",
            statistics.median(first),
            goal="<= 0.3 s",
            most=0.3,
        ),
        Row("all packages: click to paint", whole, goal="<= 0.1 s", most=0.1),
        Row("scrolling, frame, median", statistics.median(frames)),
        Row(
            "scrolling, frame, 95 of 100",
            frames[int(len(frames) * 0.95)],
            goal="<= 0.05 s",
            most=0.05,
        ),
        Row("rows mounted, most", found["most"], goal="<= 120", unit="", most=120),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-bench-") as name:
        folder = Path(name, "root")
        folder.mkdir()
        url = build_channel(Path(name, "channel"), operation=Operation()).url
        manifest = MANIFEST.format(channel=url, platform=host_subdir())
        (folder / "pixi.toml").write_text(manifest)
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        with served(folder) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=BROWSER, args=arguments
            )
            size: Any = {"width": 1280, "height": 900}
            rows = real_rows(browser.new_page(viewport=size), url, given.rounds)
            rows += large_rows(browser.new_page(viewport=size), url, given.rounds)
            browser.close()
    for row in rows:
        row.channel = "panel"
    if given.json:
        print(json.dumps({"load": load, "rows": [row.to_json() for row in rows]}))
    else:
        print_rows(rows)
        print(f"load of the machine before: {load:.1f} of {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
