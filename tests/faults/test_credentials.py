"""Channels that ask who we are: what is said, what is used, what is never told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.registry import Basic, Bearer, CondaToken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockChannel
    from support.registry.credentials import Credentials
    from support.served import Served

SECRET = "hunter2secret"  # noqa: S105  it opens nothing


@pytest.mark.parametrize(
    ("status", "asks"),
    [(401, "asks for credentials"), (403, "does not let us in")],
)
def test_a_closed_channel_is_named_with_the_places_for_credentials(
    served: Served, status: int, asks: str
) -> None:
    served.good("lock")
    before = served.disk()
    served.channel.credentials = Bearer(SECRET)
    served.channel.denial = status

    answer = served.run("add", "more")

    assert answer.code == 1
    assert f"channel {served.channel.url} {asks}" in answer.err.lower()
    assert served.channel.host in answer.err
    for place in ("RATTLER_AUTH_FILE", "~/.rattler/credentials.json", "~/.netrc"):
        assert place in answer.err
    assert '{"127.0.0.1": {"BearerToken": "…"}}' in answer.err
    assert served.disk() == before


def test_a_package_behind_a_door_says_the_same(served: Served) -> None:
    served.good("install")
    served.good("add", "more", "--no-install")
    before = served.disk()
    served.channel.credentials = Bearer(SECRET)

    answer = served.run("install")

    assert answer.code == 1
    assert f"{served.channel.url}noarch/more-1.0-0.conda could not be" in answer.err
    assert f"{served.channel.host} asks for credentials" in answer.err
    assert "~/.netrc" in answer.err
    assert served.disk() == before


def _in_the_home(served: Served, stored: dict[str, object]) -> dict[str, str]:
    path = served.home / ".rattler" / "credentials.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"127.0.0.1": stored}))
    return {}


def _in_a_file(served: Served, stored: dict[str, object]) -> dict[str, str]:
    path = served.folder / "auth.json"
    path.write_text(json.dumps({"127.0.0.1": stored}))
    return {"RATTLER_AUTH_FILE": str(path)}


def _in_the_settings(served: Served, stored: dict[str, object]) -> dict[str, str]:
    path = served.folder / "auth.json"
    path.write_text(json.dumps({"127.0.0.1": stored}))
    (served.home / ".pixi").mkdir()
    text = f"authentication-override-file = {json.dumps(str(path))}\n"
    (served.home / ".pixi" / "config.toml").write_text(text)
    return {}


def _in_netrc(served: Served, stored: dict[str, object]) -> dict[str, str]:
    path = served.home / ".netrc"
    path.write_text(f"machine 127.0.0.1\nlogin ann\npassword {SECRET}\n")
    path.chmod(0o600)
    return {}


BASIC = {"BasicHTTP": {"username": "ann", "password": SECRET}}


@pytest.mark.parametrize(
    ("credentials", "stored", "keep"),
    [
        (Basic("ann", SECRET), BASIC, _in_the_home),
        (Bearer(SECRET), {"BearerToken": SECRET}, _in_a_file),
        (CondaToken(SECRET), {"CondaToken": SECRET}, _in_the_settings),
        (Basic("ann", SECRET), {}, _in_netrc),
    ],
    ids=["home", "variable", "settings", "netrc"],
)
def test_stored_credentials_open_repodata_and_packages(
    served: Served, credentials: Credentials, stored: dict[str, object], keep: object
) -> None:
    assert callable(keep)
    served.channel.credentials = credentials
    served.environ = keep(served, stored)

    served.good("install")

    assert (served.prefix / "share" / "base.txt").exists()
    assert 401 not in {each.status for each in served.channel.log}
    kept = {"home/.rattler/credentials.json", "home/.netrc"}
    assert set(served.files_with(SECRET)) <= kept


def _with_password(served: Served) -> str:
    return served.channel.url.replace("//", f"//ann:{SECRET}@")


def _with_token(served: Served) -> str:
    return f"{served.channel.url}t/{SECRET}/"


@pytest.mark.parametrize(
    ("credentials", "spell"),
    [(Basic("ann", SECRET), _with_password), (CondaToken(SECRET), _with_token)],
    ids=["password", "token"],
)
def test_a_secret_in_a_url_opens_the_channel_and_is_kept_nowhere(
    served: Served, credentials: Credentials, spell: object
) -> None:
    assert callable(spell)
    served.channel.credentials = credentials
    served.write("app", channel=spell(served))

    said = [
        served.good("install", "-v"),
        served.good("list"),
        served.good("list", "--json"),
        served.good("info"),
        served.good("info", "--json"),
        served.good("lock", "--check"),
        served.good("search", "more", "--json"),
    ]

    assert (served.prefix / "share" / "base.txt").exists()
    assert served.files_with(SECRET) == ["workspace/pixi.toml"]
    assert [x for x in said if SECRET in x.out + x.err] == []


def test_a_password_in_one_url_leaves_the_file_of_the_settings_to_others(
    served: Served, mock_channel: Callable[..., MockChannel]
) -> None:
    served.channel.credentials = Basic("ann", SECRET)
    other = mock_channel({"name": "far"})
    other.credentials = Bearer(SECRET)
    _in_the_settings(served, {"BearerToken": SECRET})
    path = served.folder / "auth.json"
    path.write_text(json.dumps({"localhost": {"BearerToken": SECRET}}))
    far = other.url.replace("127.0.0.1", "localhost")
    both = f'{_with_password(served)}", "{far}'
    served.write("app", "far", channel=both)

    served.good("install")

    assert (served.prefix / "share" / "far.txt").exists()
    assert (served.prefix / "share" / "base.txt").exists()


@pytest.mark.parametrize("spell", [_with_password, _with_token])
def test_a_secret_that_does_not_fit_is_not_told_either(
    served: Served, spell: object
) -> None:
    assert callable(spell)
    served.channel.credentials = Bearer("another")
    served.write("app", channel=spell(served))

    answer = served.run("lock")
    debugged = served.run("lock", "--traceback")

    assert answer.code == 1
    assert "asks for credentials" in answer.err
    assert SECRET not in answer.out + answer.err
    assert SECRET not in debugged.out + debugged.err
    assert not (served.root / "pixi.lock").exists()


def test_the_prefix_of_a_url_with_a_secret_finishes_without_asking_again(
    served: Served, tmp_path: Path
) -> None:
    served.channel.credentials = CondaToken(SECRET)
    served.write("app", channel=_with_token(served))
    served.good("install")
    served.channel.log.clear()

    answer = served.good("install", "--locked")

    assert "up to date" in answer.err
    assert served.channel.log == []
