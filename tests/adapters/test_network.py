"""How channels are reached: mirrors, proxies, forms of repodata, wrong settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.adapters.rattler import Network, Session, secrets_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockChannel

ABSENT = "http://channel.example/"


async def _names(url: str, cache: Path, **settings: Any) -> list[str]:
    session = Session(cache, network=Network(settings=settings, retries=0))
    return await session.names([url], subdirs=["linux-64", "noarch"])


async def test_a_mirror_stands_in_for_a_channel(
    mock_channel: Callable[..., MockChannel], tmp_path: Path
) -> None:
    channel = mock_channel({"name": "app"})

    found = await _names(ABSENT, tmp_path / "c", mirrors={ABSENT: [channel.url]})

    assert found == ["app"]


async def test_a_proxy_of_the_settings_is_used(
    mock_channel: Callable[..., MockChannel], tmp_path: Path
) -> None:
    channel = mock_channel({"name": "app"})

    found = await _names(
        ABSENT, tmp_path / "c", **{"proxy-config": {"http": channel.url}}
    )

    assert found == ["app"]
    assert channel.log[0].headers["host"] == "channel.example"


@pytest.mark.parametrize("where", ["all", "one"])
async def test_forms_of_repodata_can_be_forbidden(
    mock_channel: Callable[..., MockChannel], tmp_path: Path, where: str
) -> None:
    channel = mock_channel({"name": "app"})
    table: dict[str, Any] = {"disable-sharded": True, "disable-zstd": True}

    await _names(
        channel.url,
        tmp_path / "c",
        **{"repodata-config": table if where == "all" else {channel.url: table}},
    )

    assert {path.rpartition("/")[2] for path in channel.paths()} == {"repodata.json"}


async def test_a_setting_of_the_wrong_kind_does_not_cost_the_others(
    mock_channel: Callable[..., MockChannel], tmp_path: Path
) -> None:
    channel = mock_channel({"name": "app"})

    found = await _names(
        ABSENT,
        tmp_path / "c",
        **{
            "mirrors": {ABSENT: [channel.url], "other": 3},
            "proxy-config": {"http": "::"},
            "tls-no-verify": "perhaps",
            "repodata-config": 7,
        },
    )

    assert found == ["app"]


def test_only_urls_with_secrets_are_secrets() -> None:
    found = secrets_of(["https://c.example/x/", "https://u:p@c.example/y/"])

    assert found == {"https://c.example/y/": "https://u:p@c.example/y/"}


def test_a_session_does_not_show_its_secrets(tmp_path: Path) -> None:
    network = Network(secrets={"https://c.example/": "https://u:hunter2@c.example/"})

    assert "hunter2" not in repr(Session(tmp_path, network=network))
