from __future__ import annotations

import struct
import sys
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from pixi_jupyter import __version__
from pixi_jupyter.kernelspecs.files import (
    KernelSource,
    kernel_json,
    kernels_of,
    logo_folder,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def source(manifest: Path, prefix: Path) -> KernelSource:
    (only,) = kernels_of(manifest, "climate", "default", prefix)
    return only


def test_kernel_json_starts_by_our_provisioner_and_by_an_argv(
    source: KernelSource, manifest: Path, prefix: Path
) -> None:
    content = kernel_json(source)

    config = {"manifest": str(manifest), "environment": "default"}
    assert content == {
        "argv": [
            sys.executable,
            "-m",
            "pixi_jupyter.kernels.launch",
            "--workspace",
            str(manifest),
            "--environment",
            "default",
            "-f",
            "{connection_file}",
        ],
        "display_name": "climate: default",
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {
            "debugger": True,
            "kernel_provisioner": {
                "provisioner_name": "pixi-jupyter",
                "config": config,
            },
            "pixi_jupyter": {
                "version": __version__,
                **config,
                "workspace": "climate",
                "prefix": str(prefix),
            },
        },
    }


def test_the_name_does_not_say_whether_it_is_installed(
    source: KernelSource, prefix: Path
) -> None:
    before = (source.name, source.display_name, source.is_installed)
    (prefix / "conda-meta").mkdir(parents=True)
    assert not source.is_installed
    (prefix / "conda-meta" / "python-3.12.1-0.json").write_text("{}")

    assert before == (source.name, source.display_name, False)
    assert source.is_installed


def test_a_kernel_of_another_language_is_offered_beside_python(
    manifest: Path, prefix: Path, package_kernel: Callable[..., Path]
) -> None:
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "python-3.12.1-0.json").write_text("{}")
    package_kernel(
        "ir",
        argv=["R", "{connection_file}"],
        language="R",
        interrupt_mode="message",
        metadata={"own": 1},
    )

    python, r = kernels_of(manifest, "climate", "default", prefix)

    content = kernel_json(r)
    assert (r.name, r.display_name) == (f"{python.name}.ir", "climate: default (R)")
    assert content["language"] == "R"
    assert content["interrupt_mode"] == "message"
    assert content["metadata"]["own"] == 1
    assert content["metadata"]["kernel_provisioner"]["config"]["kernel"] == "ir"
    assert content["argv"][-4:] == ["--kernel", "ir", "-f", "{connection_file}"]


def test_an_installed_environment_without_python_offers_no_python(
    manifest: Path, prefix: Path, package_kernel: Callable[..., Path]
) -> None:
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "r-base-4.4-0.json").write_text("{}")
    package_kernel("ir", argv=["R"], language="R")

    kernels = kernels_of(manifest, "climate", "default", prefix)

    assert [kernel.display_name for kernel in kernels] == ["climate: default (R)"]


def test_a_packaged_kernel_keeps_its_logos_and_one_without_gets_ours(
    source: KernelSource, prefix: Path, package_kernel: Callable[..., Path]
) -> None:
    package_kernel("ir", argv=["R"], language="R", logos=("logo-svg.svg",))
    package_kernel("sh", argv=["sh"], language="bash")

    r, shell = kernels_of(source.manifest, "climate", "default", prefix)[1:]

    assert [logo.parent.name for logo in r.logos] == ["ir"]
    assert shell.logos == source.logos


@pytest.mark.parametrize("installed", [True, False], ids=["installed", "missing"])
def test_our_logo_is_a_p_of_pixels_in_three_sizes(*, installed: bool) -> None:
    folder = logo_folder(installed=installed)

    svg = ET.fromstring((folder / "logo-svg.svg").read_text())  # noqa: S314  our own file
    sizes = []
    for size in (32, 64):
        data = (folder / f"logo-{size}x{size}.png").read_bytes()
        assert data.startswith(b"\x89PNG")
        sizes.append(struct.unpack(">II", data[16:24]))

    group = svg.find("{http://www.w3.org/2000/svg}g")
    assert group is not None
    assert len(group) == 9
    assert sizes == [(32, 32), (64, 64)]


def test_the_host_is_an_absolute_path(source: KernelSource) -> None:
    assert kernel_json(source)["argv"][0] == sys.executable
    assert kernel_json(replace(source, host="/h/python"))["argv"][0] == "/h/python"
