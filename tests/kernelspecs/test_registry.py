from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from pixi_jupyter.errors import (
    KernelError,
    KernelspecNotFoundError,
    ManifestNotFoundError,
    ManifestParseError,
)
from pixi_jupyter.kernelspecs import (
    KernelSource,
    install_kernel,
    kernels_of,
    list_kernels,
    remove_kernel,
    remove_stale,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def source(manifest: Path, prefix: Path) -> KernelSource:
    (only,) = kernels_of(manifest, "climate", "default", prefix)
    return only


def test_a_registered_kernel_is_found_by_jupyter(
    source: KernelSource, data_dir: Path
) -> None:
    installed = install_kernel(source)

    folder = KernelSpecManager().find_kernel_specs()[source.name]
    assert folder == str(installed.folder) == str(data_dir / "kernels" / source.name)
    assert {path.name for path in installed.folder.iterdir()} == {
        "kernel.json",
        "logo-32x32.png",
        "logo-64x64.png",
        "logo-svg.svg",
    }


def test_what_was_registered_is_listed_and_nothing_else(
    source: KernelSource, data_dir: Path
) -> None:
    foreign = data_dir / "kernels" / "foreign"
    broken = data_dir / "kernels" / "broken"
    for folder, text in ((foreign, '{"argv": ["x"]}'), (broken, "{")):
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(text)

    installed = install_kernel(source)

    assert list_kernels() == [installed]
    assert installed.to_json() == {
        "name": source.name,
        "display_name": "climate: default",
        "workspace": str(source.manifest.parent),
        "environment": "default",
        "prefix": str(source.prefix),
        "installed": False,
        "stale": None,
    }


def test_registering_twice_replaces_and_leaves_no_other_file(
    source: KernelSource,
) -> None:
    folder = install_kernel(source).folder
    before = sorted(path.name for path in folder.iterdir())
    (folder / "kernel.json").write_text("{}")

    install_kernel(source)

    assert sorted(path.name for path in folder.iterdir()) == before
    assert json.loads((folder / "kernel.json").read_text())["language"] == "python"


@pytest.mark.skipif(sys.platform == "win32", reason="modes of unix")
def test_other_users_may_read_what_was_registered(source: KernelSource) -> None:
    folder = install_kernel(source).folder

    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}


def test_a_kernel_whose_manifest_is_gone_is_stale(source: KernelSource) -> None:
    install_kernel(source)
    source.manifest.unlink()

    (kernel,) = list_kernels()

    assert kernel.stale == f"{source.manifest} is gone"


def test_a_kernel_whose_environment_is_gone_is_stale(source: KernelSource) -> None:
    install_kernel(source)

    (kernel,) = list_kernels(lambda _: ["test"])

    assert kernel.stale == f"{source.manifest} has no environment default"
    assert list_kernels(lambda _: ["default"])[0].stale == ""


def test_a_manifest_that_cannot_be_read_condemns_no_kernel(
    source: KernelSource,
) -> None:
    def broken(path: Path) -> list[str]:
        raise ManifestParseError(path, reason="half written")

    def gone(path: Path) -> list[str]:
        raise ManifestNotFoundError(path)

    install_kernel(source)

    assert list_kernels(broken)[0].stale == ""
    assert list_kernels(gone)[0].stale


def test_a_manifest_is_read_once_for_all_its_kernels(
    source: KernelSource, package_kernel: Callable[..., Path]
) -> None:
    asked: list[Path] = []

    def environments(path: Path) -> list[str]:
        asked.append(path)
        return ["default"]

    package_kernel("ir", argv=["R"], language="R")
    for each in kernels_of(source.manifest, "climate", "default", source.prefix):
        install_kernel(each)

    assert len(list_kernels(environments)) == 2
    assert asked == [source.manifest]


def test_removing_takes_the_folder_and_nothing_else(source: KernelSource) -> None:
    folder = install_kernel(source).folder

    removed = remove_kernel(source.name)

    assert removed.name == source.name
    assert not folder.exists()
    assert source.manifest.exists()


def test_removing_a_name_that_is_not_there_names_the_nearest(
    source: KernelSource,
) -> None:
    install_kernel(source)

    with pytest.raises(KernelspecNotFoundError, match="did you mean"):
        remove_kernel(source.name + "x")


def test_only_stale_kernels_are_taken_away(
    source: KernelSource, manifest: Path
) -> None:
    install_kernel(source)
    (other,) = kernels_of(manifest, "climate", "gone", source.prefix)
    install_kernel(other)

    removed = remove_stale(lambda _: ["default"])

    assert [kernel.environment for kernel in removed] == ["gone"]
    assert [kernel.environment for kernel in list_kernels()] == ["default"]


def test_a_folder_that_cannot_be_written_is_an_error_of_ours(
    source: KernelSource, data_dir: Path
) -> None:
    data_dir.write_text("a file where a folder should be")

    with pytest.raises(KernelError, match="could not be registered"):
        install_kernel(source)

    assert data_dir.is_file()
