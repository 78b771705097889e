from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from support.environments import install_environment

from pixi_jupyter.errors import KernelspecNotFoundError, NoKernelError
from pixi_jupyter.kernels.start import (
    BOOT,
    KernelTarget,
    installed_payload,
    kernel_start,
    without_host,
)

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="scripts of unix")


@pytest.fixture
def target(manifest: Path) -> KernelTarget:
    return KernelTarget(manifest=manifest, host="/host/python")


@pytest.fixture
def prefix(manifest: Path) -> Path:
    return manifest.parent / ".pixi" / "envs" / "default"


def test_an_installed_environment_needs_no_engine(target: KernelTarget) -> None:
    written = install_environment(target.manifest)

    assert installed_payload(target) == written


def test_one_that_is_not_there_does(target: KernelTarget) -> None:
    assert installed_payload(target) is None
    assert target.request == {
        "manifest": str(target.manifest),
        "environment": "default",
        "kernel": True,
    }


@pytest.mark.parametrize("name", ["pixi.toml", "pixi.lock"])
def test_so_does_one_whose_manifest_or_lock_changed(
    target: KernelTarget, name: str
) -> None:
    install_environment(target.manifest)
    with (target.manifest.parent / name).open("a") as file:
        file.write("# changed\n")

    assert installed_payload(target) is None


def test_so_does_one_that_was_never_made_ready_for_a_kernel(
    target: KernelTarget,
) -> None:
    install_environment(target.manifest, kernel=False)

    assert installed_payload(target) is None
    assert installed_payload(replace(target, kernel="ir")) is not None


def test_so_does_one_whose_python_or_overlay_is_gone(
    target: KernelTarget, prefix: Path, tmp_path: Path
) -> None:
    overlay = tmp_path / "overlay"
    overlay.mkdir()
    install_environment(target.manifest, overlay=str(overlay))
    assert installed_payload(target) is not None

    overlay.rmdir()
    assert installed_payload(target) is None

    overlay.mkdir()
    (prefix / "bin" / "python").unlink()
    assert installed_payload(target) is None


def test_the_command_is_boot_in_the_environments_python(
    target: KernelTarget, prefix: Path
) -> None:
    payload = install_environment(target.manifest, overlay="/over/lay")

    start = kernel_start(target, payload, os.environ)

    assert start.command == (
        str(prefix / payload["python"]),
        "-Xfrozen_modules=off",
        str(BOOT),
        "--host",
        "/host/python",
        "--manifest",
        str(target.manifest),
        "--environment",
        "default",
        "--overlay",
        "/over/lay",
        "--",
        "-f",
        "{connection_file}",
    )
    assert BOOT.is_file()


def test_the_environment_is_activated(target: KernelTarget, prefix: Path) -> None:
    payload = install_environment(target.manifest)

    environ = kernel_start(target, payload, {"PATH": "/bin", "MINE": "1"}).environ

    assert environ["CONDA_PREFIX"] == str(prefix)
    assert environ["FROM_MANIFEST"] == "yes"
    assert environ["MINE"] == "1"


def test_an_environment_without_python_says_what_to_add(
    target: KernelTarget,
) -> None:
    payload = install_environment(target.manifest, python=None)

    with pytest.raises(NoKernelError, match="add python"):
        kernel_start(target, payload, {})


@unix_only
def test_a_packaged_kernel_runs_by_its_own_words_in_the_environment(
    target: KernelTarget, prefix: Path
) -> None:
    payload = install_environment(target.manifest)
    folder = prefix / "share" / "jupyter" / "kernels" / "toy"
    folder.mkdir(parents=True)
    content = {
        "argv": ["python", "{resource_dir}/run", "{connection_file}"],
        "language": "toy",
        "env": {"TOY": "${CONDA_PREFIX}/toy"},
    }
    (folder / "kernel.json").write_text(json.dumps(content))

    start = kernel_start(replace(target, kernel="toy"), payload, {})

    assert start.command == (
        str(prefix / "bin" / "python"),
        f"{folder}/run",
        "{connection_file}",
    )
    assert start.environ["TOY"] == f"{prefix}/toy"


def test_a_packaged_kernel_that_is_gone_is_named_with_the_others(
    target: KernelTarget, prefix: Path
) -> None:
    payload = install_environment(target.manifest)
    folder = prefix / "share" / "jupyter" / "kernels" / "ir"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text('{"argv": ["R"], "language": "R"}')

    with pytest.raises(KernelspecNotFoundError, match="did you mean ir"):
        kernel_start(replace(target, kernel="irr"), payload, {})

    shutil.rmtree(prefix)


def test_what_belongs_to_the_hosts_python_is_taken_away() -> None:
    host = {
        "PYTHONPATH": "/host/lib",
        "PYTHONHOME": "/host",
        "VIRTUAL_ENV": "/host/venv",
        "EDITOR": "vi",
    }
    programs = Path(sys.executable).parent
    path = os.pathsep.join(
        ["/first", str(Path("/host/venv") / programs.name), "/usr/bin"]
    )

    kept = without_host({**host, "PATH": path}, host)

    assert kept == {"EDITOR": "vi", "PATH": os.pathsep.join(["/first", "/usr/bin"])}


def test_what_was_meant_for_the_kernel_stays() -> None:
    host = {"PYTHONPATH": "/host/lib"}

    kept = without_host({"PYTHONPATH": "/for/the/kernel"}, host)

    assert kept == {"PYTHONPATH": "/for/the/kernel"}
