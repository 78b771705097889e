"""A workspace whose activation has everything that a shell could stumble over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from support.packages import make_channel

if TYPE_CHECKING:
    from pathlib import Path

STRANGE = """it's "$HOME" `id` \\ % ! {x} é"""
NO_NAME = "not-a-name; touch pwned"
MANIFEST = """\
[workspace]
name = "study $(touch pwned)"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64", "win-64"]

[dependencies]
tool = "*"

[feature.test.dependencies]
other = "*"

[activation]
scripts = ["setup.sh", "gone.sh"]
env = {{ DATA = "$CONDA_PREFIX/da ta/${{TOOL_HOME}}", PLAIN = "it's plain", HAD = "new", DB = "https://me:secret@db.example/" }}

[environments]
test = {{ features = ["test"], no-default-feature = true }}
"""
PACKAGES: list[dict[str, Any]] = [
    {
        "name": "tool",
        "files": {
            "bin/tool": "#!/bin/sh\necho a tool\n",
            "etc/conda/activate.d/tool.sh": 'export TOOL_HOME="$CONDA_PREFIX/tool"\n',
            "etc/conda/activate.d/tool.fish": "set -gx TOOL_HOME $CONDA_PREFIX/tool\n",
            "etc/conda/deactivate.d/tool.sh": "export TOOL_LEFT=yes\n",
            "etc/conda/env_vars.d/tool.json": json.dumps(
                {"TOOL_TEXT": STRANGE, NO_NAME: "x"}
            ),
            "share/bash-completion/completions/tool": "COMPLETED=yes\n",
        },
        "executable": ["bin/tool"],
    },
    {"name": "other"},
]


def make_active_study(folder: Path) -> None:
    """Install a workspace of two environments in a folder."""
    channel = make_channel(folder / "channel", PACKAGES)
    (folder / "pixi.toml").write_text(MANIFEST.format(channel=channel))
    (folder / "setup.sh").write_text('export SEEN="$TOOL_HOME"\n')
    subprocess.run(
        [sys.executable, "-m", "pixi_jupyter", "install", "--all"],
        cwd=folder,
        check=True,
    )


def surroundings(**more: str) -> dict[str, str]:
    """Give the variables of a shell that nothing is active in."""
    kept = ("PATH", "HOME", "RATTLER_CACHE_DIR", "PYTHONPATH", "LANG")
    return {name: os.environ[name] for name in kept if name in os.environ} | more
