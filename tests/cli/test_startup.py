"""Start-up stays fast because of what is not imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

SLOW = (
    "rattler",
    "tomlkit",
    "yaml",
    "pydantic",
    "rich",
    "httpx",
    "jinja2",
    "nbformat",
    "nbclient",
    "jsonschema",
    "jupyter_client",
    "jupyter_core",
    "jupyter_events",
    "jupyter_server",
    "IPython",
    "asyncio",
)


def loaded_after(statement: str) -> set[str]:
    code = (
        "import sys\n"
        "try:\n"
        f"    {statement}\n"
        "except SystemExit: pass\n"
        "print('MODULES', *sorted(m.split('.')[0] for m in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    line = next(x for x in done.stdout.splitlines() if x.startswith("MODULES"))
    return set(line.split())


@pytest.mark.parametrize(
    "statement",
    [
        "from pixi_jupyter.cli.main import main; main(['--help'])",
        "from pixi_jupyter.cli.main import main; main(['add', '--help'])",
        "from pixi_jupyter.cli.main import main; main(['--version'])",
        "import pixi_jupyter",
        "import pixi_jupyter.engine.worker",
    ],
    ids=["help", "add-help", "version", "package", "engine"],
)
def test_nothing_slow_is_imported(statement: str) -> None:
    slow = set(SLOW)
    if "engine" in statement:
        slow.discard("asyncio")

    assert not loaded_after(statement) & slow
