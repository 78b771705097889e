"""Environments that look installed, without a package of conda's."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pixi_jupyter.activation import ActivationPlan
from pixi_jupyter.install.fingerprint import write_stamp
from pixi_jupyter.install.state import write_state
from support.kernels import make_environment

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "climate"
version = "1.0"
channels = ["conda-forge"]
platforms = ["linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]

[dependencies]
python = "*"

[environments]
test = []
"""


def make_workspace(root: Path) -> Path:
    """Write a manifest with the environments default and test, and a lock."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "pixi.lock").write_text("version: 7\n")
    manifest = root / "pixi.toml"
    manifest.write_text(MANIFEST)
    return manifest


def install_environment(
    manifest: Path, name: str = "default", *, ipykernel: bool = True, **payload: Any
) -> dict[str, Any]:
    """Make an environment and stamp it; gives what the stamp holds.

    Keywords beyond are laid over that: ``overlay``, ``activation`` …
    """
    root = manifest.parent
    prefix = root / ".pixi" / "envs" / name
    if not prefix.exists():
        python = make_environment(prefix, ipykernel=ipykernel)
        payload.setdefault("python", python.relative_to(prefix).as_posix())
    write_state(prefix, "0123456789abcdef")
    activation = ActivationPlan(
        prefix=prefix,
        root=root,
        manifest=manifest,
        name="climate",
        environment=name,
        platforms=("linux-64",),
        env={"FROM_MANIFEST": "yes"},
    )
    content = {
        "activation": activation.to_wire(),
        "python": "Scripts/python.exe"
        if (prefix / "Scripts").exists()
        else "bin/python",
        "kernel": True,
        "overlay": None,
        **payload,
    }
    write_stamp(
        prefix,
        manifest_digest=hashlib.sha256(manifest.read_bytes()).hexdigest(),
        lock_digest=hashlib.sha256((root / "pixi.lock").read_bytes()).hexdigest(),
        payload=content,
    )
    return content
