from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING

import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from support.environments import install_environment
from traitlets import Unicode
from traitlets.config import Configurable

from pixi_jupyter.kernels.specs import PixiSpecsMixin
from pixi_jupyter.kernelspecs import KernelSource, install_kernel, kernels_of
from pixi_jupyter.kernelspecs.files import logo_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[..., "Manager"]


class Server(Configurable):
    root_dir = Unicode()


class Manager(PixiSpecsMixin, KernelSpecManager):
    """What the server extension makes."""


@pytest.fixture
def make(manifest: Path) -> Make:
    def manager(root: Path = manifest.parent, **options: object) -> Manager:
        return Manager(parent=Server(root_dir=str(root)), **options)

    return manager


def source(manifest: Path, environment: str) -> KernelSource:
    prefix = manifest.parent / ".pixi" / "envs" / environment
    return kernels_of(manifest, "climate", environment, prefix)[0]


def ours(manager: Manager) -> dict[str, str]:
    """Display name and folder of what we list."""
    return {
        entry["spec"]["display_name"]: entry["resource_dir"]
        for entry in manager.get_all_specs().values()
        if "pixi_jupyter" in entry["spec"]["metadata"]
    }


def test_environments_are_listed_whether_they_are_installed_or_not(
    manifest: Path, make: Make
) -> None:
    install_environment(manifest, "test")

    listed = ours(make())

    assert listed == {
        "climate: default": str(logo_folder(installed=False)),
        "climate: test": str(logo_folder(installed=True)),
    }


def test_what_is_listed_can_be_started(manifest: Path, make: Make) -> None:
    name = source(manifest, "test").name

    spec = make().get_kernel_spec(name)

    assert spec.metadata["kernel_provisioner"] == {
        "provisioner_name": "pixi-jupyter",
        "config": {"manifest": str(manifest), "environment": "test"},
    }
    assert spec.resource_dir == str(logo_folder(installed=False))


def test_other_kernels_stay(make: Make) -> None:
    manager = make()

    assert manager.get_kernel_spec("python3").language == "python"
    assert "python3" in manager.get_all_specs()
    with pytest.raises(NoSuchKernel):
        manager.get_kernel_spec("nothing")


def test_a_workspace_above_the_servers_folder_counts(
    manifest: Path, make: Make
) -> None:
    deeper = manifest.parent / "notebooks" / "deep"
    deeper.mkdir(parents=True)

    assert "climate: default" in ours(make(deeper))


def test_without_a_workspace_there_is_nothing_and_no_word(
    make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert ours(make(tmp_path)) == {}
    assert caplog.records == []


def test_an_edit_of_the_manifest_is_seen(manifest: Path, make: Make) -> None:
    manager = make()
    ours(manager)

    manifest.write_text(manifest.read_text() + "gpu = []\n")

    assert "climate: gpu" in ours(manager)


def test_a_broken_manifest_is_told_once_and_the_last_good_list_stays(
    manifest: Path, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    manager = make()
    before = ours(manager)
    manager.log = logging.getLogger("server")

    manifest.write_text("[workspace")
    after = [ours(manager), ours(manager)]

    assert after == [before, before]
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert str(manifest) in record.getMessage()


def test_a_manifest_that_was_never_good_lists_nothing(
    manifest: Path, make: Make
) -> None:
    manifest.write_text("[workspace")

    assert ours(make()) == {}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads all")
def test_a_manifest_that_may_not_be_read_ends_nothing(
    manifest: Path, make: Make
) -> None:
    manifest.chmod(0)

    assert ours(make()) == {}


def test_an_environment_that_this_machine_cannot_run_is_not_listed(
    manifest: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIXI_OVERRIDE_PLATFORM", "linux-s390x")

    assert ours(make()) == {}


def test_a_list_of_allowed_kernels_is_heeded(manifest: Path, make: Make) -> None:
    name = source(manifest, "test").name

    manager = make(allowed_kernelspecs={name})

    assert list(ours(manager)) == ["climate: test"]
    with pytest.raises(NoSuchKernel):
        manager.get_kernel_spec(source(manifest, "default").name)


def test_one_that_is_registered_too_is_listed_once_and_shows_its_state(
    manifest: Path, make: Make
) -> None:
    install_kernel(source(manifest, "test"))

    assert ours(make())["climate: test"] == str(logo_folder(installed=False))


def test_a_workspace_of_the_same_name_makes_the_folder_above_be_told(
    manifest: Path, make: Make, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere" / "pixi.toml"
    other.parent.mkdir()
    other.write_text("")
    install_kernel(source(other, "default"))

    assert "climate (work): default" in ours(make())


def test_removing_never_touches_what_is_only_listed(manifest: Path, make: Make) -> None:
    manager = make()
    listed = source(manifest, "default")
    registered = install_kernel(source(manifest, "test"))

    with pytest.raises(NoSuchKernel):
        manager.remove_kernel_spec(listed.name)
    manager.remove_kernel_spec(registered.name)

    assert logo_folder(installed=False).is_dir()
    assert not registered.folder.exists()


def test_a_kernel_of_another_language_is_listed_once_it_is_installed(
    manifest: Path, make: Make
) -> None:
    install_environment(manifest)
    folder = manifest.parent / ".pixi/envs/default/share/jupyter/kernels/ir"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({"argv": ["R"], "language": "R"}))

    assert "climate: default (R)" in ours(make())
