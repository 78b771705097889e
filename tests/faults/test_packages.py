"""Packages that do not come whole, while an existing environment is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.installs import assert_whole
from support.registry import Content, Drop, Status, Truncated

if TYPE_CHECKING:
    from support.registry.faults import Fault
    from support.served import Served

SHOWN = "share/app.txt"


@pytest.fixture
def changing(served: Served) -> Served:
    """Install an environment, and ask for a change of what is in it."""
    served.good("install")
    served.channel.publish(
        {"name": "app", "version": "2.0", "depends": ["base", "extra"]},
        {"name": "extra"},
    )
    return served


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Status(404), "the channel does not have it any more"),
        (Status(500), "{host} answered 500 Internal Server Error"),
        (Truncated(300), "the answer broke off before its end"),
        (Content(), "what was sent is not a package"),
        (Drop(), "the answer broke off before its end"),
    ],
    ids=["404", "500", "truncated", "nonsense", "dropped"],
)
def test_a_package_that_fails_leaves_the_environment_and_the_next_install_finishes(
    changing: Served, fault: Fault, said: str
) -> None:
    before = changing.disk()
    changing.channel.faults.put("*/extra-*", fault)

    answer = changing.run("add", "app>=2")

    url = f"{changing.channel.url}noarch/extra-1.0-0.conda"
    assert answer.code == 1
    assert f"{url} could not be fetched" in answer.err
    assert said.format(host=changing.channel.host) in answer.err
    after = changing.disk()
    kept = {path: data for path, data in before.items() if path.startswith(".pixi/")}
    assert {path: after.get(path) for path in kept} == kept

    changing.channel.faults.clear()
    changing.good("install")
    assert (changing.prefix / SHOWN).read_text() == "app 2.0 0\n"
    assert_whole(changing.prefix)


def test_another_package_under_the_name_is_refused_by_its_hash(
    changing: Served,
) -> None:
    other = changing.channel.archive("base").read_bytes()
    changing.channel.faults.put("*/extra-*", Content(other))

    answer = changing.run("add", "app>=2")

    assert answer.code == 1
    assert "what was sent is not the package that is locked" in answer.err
    assert "hash mismatch" in answer.err
    assert (changing.prefix / SHOWN).read_text() == "app 1.0 0\n"


def test_a_network_that_is_lost_half_way_costs_no_file(changing: Served) -> None:
    before = changing.disk()
    changing.good("add", "app>=2", "--no-install")
    changing.channel.lost_after(1)

    answer = changing.run("install")

    assert answer.code == 1
    assert "the answer broke off before its end" in answer.err
    after = changing.disk()
    kept = {path: data for path, data in before.items() if path.startswith(".pixi/")}
    assert {path: after.get(path) for path in kept} == kept

    changing.channel.found()
    changing.good("install")
    assert (changing.prefix / SHOWN).read_text() == "app 2.0 0\n"
    assert_whole(changing.prefix)


def test_a_download_that_broke_off_once_is_no_matter(changing: Served) -> None:
    changing.channel.faults.put("*/extra-*", Truncated(300), times=1)

    changing.good("add", "app>=2", PIXI_JUPYTER_HTTP_RETRIES="1")

    assert (changing.prefix / SHOWN).read_text() == "app 2.0 0\n"


def test_packages_that_are_not_cached_are_named_offline(changing: Served) -> None:
    changing.good("add", "app>=2", "--no-install")
    before = changing.disk()
    changing.channel.log.clear()

    answer = changing.run("install", "--offline")

    assert answer.code == 1
    assert f"{changing.channel.url}noarch/extra-1.0-0.conda" in answer.err
    assert "is not in the cache" in answer.err
    assert changing.channel.log == []
    assert changing.disk() == before


def test_an_edit_of_a_cached_package_does_not_spread(served: Served) -> None:
    served.good("install")
    shown = served.prefix / SHOWN
    with shown.open("a") as file:
        file.write("edited by hand\n")
    second = served.folder / "second"
    second.mkdir()
    (second / "pixi.toml").write_bytes((served.root / "pixi.toml").read_bytes())
    manifest = str(second / "pixi.toml")

    offline = served.good("install", "--manifest-path", manifest, "--offline")
    there = second / ".pixi" / "envs" / "default" / SHOWN
    assert "edited" in there.read_text()
    assert "app in the package cache: files were edited there" in offline.err
    (second / "pixi.lock").unlink()
    for path in (second / ".pixi" / "envs" / "default" / "conda-meta").glob("app-*"):
        path.unlink()
    answer = served.good("install", "--manifest-path", manifest)

    assert "app in the package cache: files were edited there" in answer.err
    assert "unpacked anew" in answer.err
    assert there.read_text() == "app 1.0 0\n"
    assert "edited" in shown.read_text()
    assert not there.samefile(shown)


def test_a_first_install_does_not_take_an_edited_package_either(served: Served) -> None:
    served.good("install")
    with (served.prefix / SHOWN).open("a") as file:
        file.write("edited by hand\n")
    second = served.folder / "second"
    second.mkdir()
    (second / "pixi.toml").write_bytes((served.root / "pixi.toml").read_bytes())

    answer = served.good("install", "--manifest-path", str(second / "pixi.toml"))

    envs = second / ".pixi" / "envs"
    assert "unpacked anew" in answer.err
    assert (envs / "default" / SHOWN).read_text() == "app 1.0 0\n"
    assert [path.name for path in envs.iterdir()] == ["default"]
