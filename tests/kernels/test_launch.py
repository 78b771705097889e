from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from jupyter_client.manager import start_new_kernel
from support.environments import install_environment
from support.kernels import ask

from pixi_jupyter.kernelspecs import install_kernel, kernels_of

if TYPE_CHECKING:
    from pathlib import Path

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="the process stays")


@unix_only
def test_a_tool_without_provisioners_starts_the_kernel_in_the_same_process(
    manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_environment(manifest)
    prefix = manifest.parent / ".pixi" / "envs" / "default"
    (source,) = kernels_of(manifest, "climate", "default", prefix)
    path = install_kernel(source).folder / "kernel.json"
    content = json.loads(path.read_text())
    del content["metadata"]["kernel_provisioner"]
    path.write_text(json.dumps(content))
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for name in ("json", "argparse", "pathlib"):
        (notebooks / f"{name}.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    manager, client = start_new_kernel(
        kernel_name=source.name, startup_timeout=30, cwd=str(notebooks)
    )

    try:
        assert ask(client, "[__import__('sys').prefix, __import__('os').getpid()]") == [
            str(prefix),
            getattr(manager.provisioner, "pid", None),
        ]
        environ = ask(client, "dict(__import__('os').environ)")
        assert environ["FROM_MANIFEST"] == "yes"
        assert "PYTHONPATH" not in environ
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.context.term()


def test_what_cannot_start_ends_with_our_words(tmp_path: Path) -> None:
    words = ["--workspace", str(tmp_path / "pixi.toml"), "-f", "x.json"]

    ended = subprocess.run(
        [sys.executable, "-m", "pixi_jupyter.kernels.launch", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert ended.returncode == 1
    assert str(tmp_path / "pixi.toml") in ended.stderr.splitlines()[0]
    assert "hint: pixi-jupyter init" in ended.stderr
    assert "Traceback" not in ended.stderr
