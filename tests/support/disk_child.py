"""Commands on disks of their own, in a process that has its own mounts.

Started by `support.disks`; prints what each command said and left, as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def disk(folder: str, size: str) -> None:
    """Put a small empty disk at a folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    mount("-t", "tmpfs", "-o", f"size={size}", "none", folder)


def grow(folder: str, size: str) -> None:
    mount("-o", f"remount,size={size}", folder)


def shut(folder: str) -> None:
    """Make a folder read-only, for root too."""
    mount("--bind", folder, folder)
    mount("-o", "remount,bind,ro", folder)


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def fill(folder: str) -> None:
    """Leave no room on the disk of a folder."""
    with (Path(folder) / "filling").open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def free(folder: str) -> None:
    (Path(folder) / "filling").unlink()


def look(folder: str) -> dict[str, str]:
    """Give the hash of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def run(folder: str, words: list[str], environ: dict[str, str]) -> dict[str, Any]:
    """Run a command in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "pixi_jupyter", *words],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    return {"code": done.returncode, "out": done.stdout, "err": done.stderr}


STEPS = {
    each.__name__: each for each in (disk, grow, shut, write, fill, free, look, run)
}

if __name__ == "__main__":
    found = [STEPS[name](*values) for name, *values in json.loads(sys.argv[1])]
    sys.stdout.write(json.dumps(found))
