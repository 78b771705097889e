"""Channels: what goes into one, and what is said of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.channels import PYTHON, check, state

from pixi_jupyter.channel.build import (
    DEFAULT_NAMES,
    ChannelReport,
    build_channel,
)
from pixi_jupyter.channel.installed import catalogue
from pixi_jupyter.errors import ChannelBuildError, DistributionNotFoundError
from pixi_jupyter.events import Event, Operation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.distributions import Site


def test_the_default_channel_holds_a_kernel_and_what_is_installed_beside(
    real_channel: Path,
) -> None:
    packages = {path.name.rsplit("-", 2)[0] for path in real_channel.glob("*/*.conda")}

    wanted = {name for name in DEFAULT_NAMES if name in catalogue()}
    assert {"ipykernel", "ipywidgets", "tomlkit"} <= wanted
    assert wanted | {"python", "python_abi", "pyzmq", "traitlets"} <= packages
    assert check(real_channel) == len(list(real_channel.glob("*/*.conda")))


def test_what_a_distribution_needs_comes_along(
    build: Callable[..., ChannelReport], site: Site
) -> None:
    site.add("thing", metadata=["Requires-Dist: other"])
    site.add("other")
    site.add("third")

    assert [name.split("/")[1][:5] for name in build("thing").built] == [
        "other",
        "thing",
    ]


def test_an_unknown_name_gets_the_nearest_one(
    build: Callable[..., ChannelReport], channel: Path, site: Site
) -> None:
    site.add("numpy")
    before = state(channel)

    with pytest.raises(DistributionNotFoundError) as caught:
        build("nunpy")

    assert caught.value.hints == ("did you mean numpy?",)
    assert state(channel) == before


def test_python_may_be_named(build: Callable[..., ChannelReport]) -> None:
    assert len(build("python", "python_abi").reused) == PYTHON


@pytest.mark.parametrize(
    ("name", "words"), [("thing>=2", "1.0 is installed"), ("a b", "not the name")]
)
def test_a_name_that_asks_too_much_is_refused(
    build: Callable[..., ChannelReport], site: Site, name: str, words: str
) -> None:
    site.add("thing", "1.0")

    with pytest.raises(ChannelBuildError, match=words):
        build(name)


def test_an_editable_install_that_is_named_is_refused(
    build: Callable[..., ChannelReport], site: Site
) -> None:
    site.add("thing", editable=True)

    with pytest.raises(ChannelBuildError, match="editable"):
        build("thing")


def test_of_the_default_names_the_absent_are_reported(
    build: Callable[..., ChannelReport], site: Site
) -> None:
    site.add("ipykernel")
    site.add("click", editable=True)

    report = build(*DEFAULT_NAMES)

    reasons = {remark.name: remark.reason for remark in report.skipped}
    assert reasons.keys() == set(DEFAULT_NAMES) - {"ipykernel"}
    assert reasons["numpy"] == "it is not installed"
    assert "editable" in reasons["click"]
    assert len(report.built) == 1


def test_everything_means_all_but_ourselves_and_what_has_a_fault(
    build: Callable[..., ChannelReport], site: Site
) -> None:
    for name in ("one", "two", "pixi-jupyter"):
        site.add(name)
    site.add("linked", editable=True)

    report = build(every=True)

    assert [name.split("/")[1][:3] for name in report.built] == ["one", "two"]
    assert [remark.name for remark in report.skipped] == ["linked", "pixi-jupyter"]


def test_a_distribution_that_lacks_files_is_built_with_a_warning(
    channel: Path, site: Site
) -> None:
    site.add("thing", files={"thing.py": "", "more.py": ""})
    (site.folder / "more.py").unlink()
    events: list[Event] = []

    report = build_channel(
        channel, ["thing"], path=[str(site.folder)], operation=Operation(events.append)
    )

    (warning,) = [event.label for event in events if event.level == "warning"]
    assert warning == f"thing: {report.remarks[0].reason}"
    assert "1 of its files are gone" in warning
    assert len(report.built) == 1


def test_progress_counts_packages_to_the_end(channel: Path, site: Site) -> None:
    site.add("thing")
    events: list[Event] = []

    build_channel(
        channel, ["thing"], path=[str(site.folder)], operation=Operation(events.append)
    )

    counted = [event for event in events if event.done]
    assert [event.done for event in counted] == [1, 2, 3]
    assert {(event.total, event.unit) for event in counted} == {(3, "packages")}
    assert events[-1].state == "finished"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(ChannelBuildError) as caught:
        build_channel(tmp_path / "file" / "channel", [], operation=Operation())

    assert str(tmp_path / "file") in caught.value.message
