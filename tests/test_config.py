"""Settings come from pixi's files, in pixi's order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pixi_jupyter.config import merge, overridden, read_settings
from pixi_jupyter.errors import UsageError


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home")}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text)


def test_the_workspaces_file_wins_over_the_users(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    write(
        tmp_path / "home/.pixi/config.toml", 'default-channels = ["a"]\noffline = true'
    )
    write(tmp_path / "ws/.pixi/config.toml", 'default-channels = ["b"]')

    settings = read_settings(tmp_path / "ws", environ=environ)

    assert settings.default_channels == ("b",)
    assert settings.offline is True
    assert len(settings.sources) == 2


def test_the_users_files_can_be_left_out(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    write(tmp_path / "home/.pixi/config.toml", 'default-channels = ["a"]')

    settings = read_settings(environ={**environ, "PIXI_NO_CONFIG": "1"})

    assert settings.default_channels == ("conda-forge",)


def test_old_spellings_are_read(tmp_path: Path, environ: dict[str, str]) -> None:
    write(tmp_path / "home/.pixi/config.toml", 'pinning_strategy = "minor"')

    assert read_settings(environ=environ).pinning_strategy == "minor"


def test_a_file_that_cannot_be_read_is_skipped(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    write(tmp_path / "home/.pixi/config.toml", "default-channels = [")

    assert read_settings(environ=environ).default_channels == ("conda-forge",)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"PIXI_CACHE_DIR": "/p", "RATTLER_CACHE_DIR": "/r"}, "/p"),
        ({"RATTLER_CACHE_DIR": "/r"}, "/r"),
    ],
    ids=["pixi-first", "rattler"],
)
def test_the_cache_is_where_pixi_and_rattler_have_it(
    environ: dict[str, str], variables: dict[str, str], expected: Any
) -> None:
    settings = read_settings(environ={**environ, **variables})

    assert settings.cache_dir == Path(expected)


def test_the_cache_is_in_pixis_folder_where_that_exists(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "home/.cache/pixi").mkdir(parents=True)

    settings = read_settings(environ=environ)

    assert settings.cache_dir == tmp_path / "home/.cache/pixi"


def test_the_command_line_can_only_turn_the_network_off(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    write(tmp_path / "home/.pixi/config.toml", "offline = true")

    assert read_settings(offline=False, environ=environ).offline is True


def test_an_unknown_word_for_bytecode_means_all(environ: dict[str, str]) -> None:
    settings = read_settings(environ={**environ, "PIXI_JUPYTER_BYTECODE": "some"})

    assert settings.bytecode == "all"


def test_what_is_said_of_the_network_is_kept_for_the_client(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    write(
        tmp_path / "home/.pixi/config.toml",
        'tls-no-verify = true\n[mirrors]\n"https://a.example" = ["https://b.example"]\n',
    )
    write(
        tmp_path / "ws/.pixi/config.toml",
        '[mirrors]\n"https://c.example" = ["https://d.example"]\n',
    )

    settings = read_settings(tmp_path / "ws", environ=environ)

    assert settings.network == {
        "tls-no-verify": True,
        "mirrors": {
            "https://a.example": ["https://b.example"],
            "https://c.example": ["https://d.example"],
        },
    }


@pytest.mark.parametrize(
    ("value", "retries"), [("", 3), ("0", 0), ("7", 7), ("99", 10), ("-1", 3), ("²", 3)]
)
def test_retries_are_a_small_number(
    environ: dict[str, str], value: str, retries: int
) -> None:
    environ["PIXI_JUPYTER_HTTP_RETRIES"] = value

    assert read_settings(environ=environ).http_retries == retries


def test_what_the_command_line_says_stands_over_all_files(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    write(
        tmp_path / "ws/.pixi/config.toml",
        'pinning-strategy = "minor"\n[concurrency]\nsolves = 3\ndownloads = 4\n',
    )
    said = {
        "pinning-strategy": "major",
        "concurrency": {"downloads": 9},
        "authentication-override-file": tmp_path / "auth.json",
    }

    with overridden(said):
        settings = read_settings(tmp_path / "ws", environ=environ)
    after = read_settings(tmp_path / "ws", environ=environ)

    assert settings.pinning_strategy == "major"
    assert (settings.concurrent_solves, settings.concurrent_downloads) == (3, 9)
    assert settings.network == {
        "authentication-override-file": str(tmp_path / "auth.json")
    }
    assert after.pinning_strategy == "minor"


def test_a_file_of_the_command_line_stands_in_place_of_the_users(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    write(tmp_path / "home/.pixi/config.toml", 'default-channels = ["a"]')
    write(tmp_path / "ws/.pixi/config.toml", "offline = true")
    only = tmp_path / "only.toml"
    only.write_text('pinning-strategy = "minor"')

    with overridden({"config-file": only}):
        settings = read_settings(tmp_path / "ws", environ=environ)
    with overridden({"no-config": True}):
        bare = read_settings(tmp_path / "ws", environ=environ)
    with pytest.raises(UsageError), overridden({"config-file": tmp_path / "gone"}):
        pass

    assert settings.sources == (only, tmp_path / "ws/.pixi/config.toml")
    assert settings.default_channels == ("conda-forge",)
    assert (bare.pinning_strategy, bare.offline) == (None, True)


def test_lists_of_indexes_are_joined_and_buckets_keep_their_names(
    tmp_path: Path,
) -> None:
    low = {
        "default_channels": ["a"],
        "pypi_config": {"extra_index_urls": ["x"], "index_url": "i"},
        "s3_options": {"my_bucket": {"force_path_style": True}},
    }
    high = {
        "default-channels": [],
        "pypi-config": {"extra-index-urls": ["x", "y"]},
        "s3-options": {"my_bucket": {"region": "eu"}},
    }

    assert merge(merge({}, low), high) == {
        "default-channels": ["a"],
        "pypi-config": {"extra-index-urls": ["x", "y"], "index-url": "i"},
        "s3-options": {"my_bucket": {"force-path-style": True, "region": "eu"}},
    }
