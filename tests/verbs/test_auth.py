"""Credentials are stored where py-rattler finds them, and told to nobody else."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from support.registry import Basic, Bearer, CondaToken
from support.served import Served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockChannel
    from support.registry.credentials import Credentials

SECRET = "hunter2secret"  # noqa: S105  it opens nothing
KEYRING = '''\
"""A keyring that is a file."""
import json, pathlib
_PATH = pathlib.Path(__file__).with_name("entries.json")
def _read():
    return json.loads(_PATH.read_text()) if _PATH.exists() else {}
def get_password(service, name):
    return _read().get(f"{service}/{name}")
def set_password(service, name, secret):
    _PATH.write_text(json.dumps({**_read(), f"{service}/{name}": secret}))
def delete_password(service, name):
    entries = _read()
    del entries[f"{service}/{name}"]
    _PATH.write_text(json.dumps(entries))
'''


@pytest.fixture
def served(tmp_path: Path, mock_channel: Callable[..., MockChannel]) -> Served:
    channel = mock_channel({"name": "app", "files": {"share/app.txt": "an app\n"}})
    served = Served(tmp_path, channel)
    served.write("app")
    return served


@pytest.fixture
def store(served: Served) -> Path:
    return served.home / ".rattler" / "credentials.json"


@pytest.mark.parametrize(
    ("credentials", "words"),
    [
        (Bearer(SECRET), ("--token", SECRET)),
        (CondaToken(SECRET), ("--conda-token", SECRET)),
        (Basic("ann", SECRET), ("--username", "ann", "--password", SECRET)),
    ],
    ids=["token", "conda-token", "basic"],
)
def test_a_login_opens_a_closed_channel_and_a_logout_closes_it(
    served: Served, store: Path, credentials: Credentials, words: tuple[str, ...]
) -> None:
    served.channel.credentials = credentials
    closed = served.run("lock")

    said = [served.good("auth", "login", served.channel.url, *words)]
    mode = stat.S_IMODE(store.stat().st_mode)
    said += [served.good("install", "-v"), served.good("auth", "status", "--details")]
    said += [served.good("auth", "status", "--json")]
    kept = served.files_with(SECRET)
    said += [served.good("auth", "logout", "127.0.0.1")]

    assert closed.code == 1
    assert (served.prefix / "share/app.txt").exists()
    assert mode == 0o600
    assert kept == ["home/.rattler/credentials.json"]
    assert served.files_with(SECRET) == []
    assert [x for x in said if SECRET in x.out + x.err] == []
    assert "127.0.0.1" in said[2].out
    assert json.loads(said[3].out)["entries"][0]["host"] == "127.0.0.1"


def test_a_login_goes_to_the_file_that_is_read(served: Served, store: Path) -> None:
    variable, setting = served.folder / "variable.json", served.folder / "setting.json"
    config = served.root / ".pixi" / "config.toml"
    config.parent.mkdir()

    served.good("auth", "login", "a.b.example", "--token", "1")
    served.good(
        "auth", "login", "a.b.example", "--token", "2", RATTLER_AUTH_FILE=str(variable)
    )
    config.write_text(f"authentication-override-file = {json.dumps(str(setting))}\n")
    served.good("auth", "login", "a.b.example", "--token", "3")

    found = [json.loads(path.read_text()) for path in (store, variable, setting)]
    assert found == [{"a.b.example": {"BearerToken": str(n)}} for n in (1, 2, 3)]
    assert served.good("auth", "token", "a.b.example").out == "3\n"


def test_what_was_stored_for_others_stays(served: Served, store: Path) -> None:
    others = {"x.y.example": {"OAuth": {"access_token": "o"}}, "strange": [1]}
    store.parent.mkdir()
    store.write_text(json.dumps(others))

    served.good("auth", "login", "https://example.org/a", "--token", SECRET)
    token = served.good("auth", "token", "conda.example.org")
    after_login = json.loads(store.read_text())
    served.good("auth", "logout", "example.org")

    assert token.out == f"{SECRET}\n"
    assert after_login == {**others, "*.example.org": {"BearerToken": SECRET}}
    assert json.loads(store.read_text()) == others
    assert [path.name for path in store.parent.iterdir()] == ["credentials.json"]


def test_s3_keys_are_kept_by_bucket(served: Served, store: Path) -> None:
    keys = ("--s3-access-key-id", "id", "--s3-secret-access-key", SECRET)

    served.good("auth", "login", "s3://bucket/channel/", *keys)
    none = served.run("auth", "token", "s3://bucket/channel")

    secret: dict[str, Any] = {"access_key_id": "id", "secret_access_key": SECRET}
    stored = {"S3Credentials": {**secret, "session_token": None}}
    assert json.loads(store.read_text()) == {"s3://bucket/channel": stored}
    assert none.code == 1
    assert SECRET not in none.out + none.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a.b.example",), "no way to log in"),
        (("a.b.example", "--token", SECRET, "--conda-token", SECRET), "several ways"),
        (("a.b.example", "--username", "ann"), "needs the password too"),
        (("s3://b", "--token", SECRET), "takes no such credentials"),
        (
            ("prefix.dev", "--conda-token", SECRET),
            "auth login prefix.dev --token TOKEN",
        ),
        (("anaconda.org", "--token", SECRET), "--conda-token TOKEN"),
        (("a.b.example", "--oauth"), "--oauth is not supported yet"),
        (("https://", "--token", SECRET), "names no host"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_credentials_that_do_not_fit_are_refused_and_not_repeated(
    served: Served, store: Path, words: tuple[str, ...], said: str
) -> None:
    answer = served.run("auth", "login", *words)

    assert answer.code in (1, 2)
    assert said in answer.err
    assert SECRET not in answer.out + answer.err
    assert not store.exists()


def test_a_store_that_cannot_be_read_is_not_written_over(
    served: Served, store: Path
) -> None:
    store.parent.mkdir()
    store.write_text(f'{{"a": "{SECRET}')

    answer = served.run("auth", "login", "a.b.example", "--token", "t", "--traceback")

    assert answer.code == 1
    assert "holds no credentials that can be read" in answer.err
    assert SECRET not in answer.err
    assert store.read_text() == f'{{"a": "{SECRET}'


def test_a_keyring_is_read_and_forgotten_where_there_is_one(served: Served) -> None:
    package = served.folder / "site" / "keyring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(KEYRING)
    entries = package / "entries.json"
    stored = json.dumps({"BearerToken": SECRET})
    entries.write_text(json.dumps({"rattler/*.example.org": stored, "other/x": "y"}))
    served.environ = {"PYTHONPATH": str(package.parent)}

    token = served.good("auth", "token", "conda.example.org")
    served.good("auth", "logout", "example.org")

    assert token.out == f"{SECRET}\n"
    assert json.loads(entries.read_text()) == {"other/x": "y"}


def test_all_can_be_forgotten_and_nothing_is_no_mistake(
    served: Served, store: Path
) -> None:
    nothing = served.good("auth", "logout", "a.b.example")
    for host in ("a.b.example", "example.org"):
        served.good("auth", "login", host, "--token", SECRET)

    unsaid = served.run("auth", "logout")
    served.good("auth", "logout", "--all")

    assert "Nothing is stored for a.b.example" in nothing.err
    assert unsaid.code == 2
    assert store.read_text() == "{}"
