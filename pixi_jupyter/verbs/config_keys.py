"""The settings that pixi has, and what each may be.

Keys and types: pixi 0.77.0, configuration (read 2026-11).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import SettingNotFoundError, SettingValueError
from pixi_jupyter.platforms import SUBDIRS
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a setting may be."""

    fits: Callable[[Any], bool]
    expected: str
    """To end a sentence with."""
    example: str
    """As it is typed."""
    is_json: bool = False
    """Whether it is typed as JSON; else it is a text as it is."""


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _one_of(*words: str) -> Kind:
    return Kind(
        fits=lambda value: value in words,
        expected=f"one of {', '.join(words)}",
        example=words[0],
    )


_BOOLEAN = Kind(
    fits=lambda value: isinstance(value, bool),
    expected="true or false",
    example="true",
    is_json=True,
)
_TEXT = Kind(fits=lambda x: isinstance(x, str), expected="a text", example="TEXT")
_TEXTS = Kind(
    fits=_is_texts, expected="a list of texts", example="""'["A"]'""", is_json=True
)
_COUNT = Kind(fits=_is_count, expected="a number from 1 on", example="4", is_json=True)
_PATH_OR_TRUTH = Kind(
    fits=lambda value: isinstance(value, bool | str),
    expected="true, false or a path",
    example="true",
)

KEYS: Mapping[str, Kind] = {
    "default-channels": _TEXTS,
    "shell.change-ps1": _BOOLEAN,
    "shell.force-activate": _BOOLEAN,
    "shell.source-completion-scripts": _BOOLEAN,
    "tls-no-verify": _BOOLEAN,
    "tls-root-certs": _one_of("webpki", "system", "native", "legacy-native", "all"),
    "offline": _BOOLEAN,
    "authentication-override-file": _TEXT,
    "detached-environments": _PATH_OR_TRUTH,
    "pinning-strategy": _one_of(
        "semver", "no-pin", "exact-version", "major", "minor", "latest-up"
    ),
    "mirrors.*": _TEXTS,
    "proxy-config.https": _TEXT,
    "proxy-config.http": _TEXT,
    "proxy-config.non-proxy-hosts": _TEXTS,
    "repodata-config.disable-bzip2": _BOOLEAN,
    "repodata-config.disable-sharded": _BOOLEAN,
    "repodata-config.disable-zstd": _BOOLEAN,
    "repodata-config.*.disable-bzip2": _BOOLEAN,
    "repodata-config.*.disable-sharded": _BOOLEAN,
    "repodata-config.*.disable-zstd": _BOOLEAN,
    "pypi-config.index-url": _TEXT,
    "pypi-config.extra-index-urls": _TEXTS,
    "pypi-config.keyring-provider": _one_of("disabled", "subprocess"),
    "pypi-config.allow-insecure-host": _TEXTS,
    "s3-options.*.endpoint-url": _TEXT,
    "s3-options.*.region": _TEXT,
    "s3-options.*.force-path-style": _BOOLEAN,
    "concurrency.downloads": _COUNT,
    "concurrency.solves": _COUNT,
    "run-post-link-scripts": _one_of("false", "insecure"),
    "tool-platform": Kind(
        fits=lambda value: value in SUBDIRS,
        expected="a platform",
        example="linux-64",
    ),
    **{
        f"cache.{name}": _TEXT
        for name in (
            "root",
            "conda-packages",
            "repodata",
            "pypi-wheels",
            "pypi-mapping",
            "exec-environments",
            "build-tool-environments",
            "detached-environments",
        )
    },
    "cache.netfs-redirect": _one_of("auto", "always", "never"),
    "experimental.use-environment-activation-cache": _BOOLEAN,
    "experimental.conda-script": _BOOLEAN,
    "allow-symbolic-links": _BOOLEAN,
    "allow-hard-links": _BOOLEAN,
    "allow-ref-links": _BOOLEAN,
}
"""By the dotted name; a star stands for a name that a person chooses."""

LISTS = ("default-channels", "pypi-config.extra-index-urls")
"""Settings to which one value can be added."""
_FREE = ("mirrors", "repodata-config", "s3-options")
_DEEPEST = 3
_UNREAD = ("build",)
"""Tables that pixi reads and nobody sets from here."""


def split_key(text: str) -> tuple[str, ...]:
    """Give the parts of a setting's name.

    Raises
    ------
    SettingNotFoundError
        If pixi has no such setting, nor a table of settings of that name.
    """
    first, _, rest = text.partition(".")
    first = first.replace("_", "-")
    known = _forms()
    if first not in _FREE:
        parts = tuple(part.replace("_", "-") for part in text.split("."))
    else:
        middle, _, last = rest.rpartition(".")
        last = last.replace("_", "-")
        if not rest:
            parts = (first,)
        elif middle and (first == "s3-options" or (first, "*", last) in known):
            parts = (first, middle, last)
        elif (first, last) in known and not middle:
            parts = (first, last)
        else:
            parts = (first, rest)
    if _form(parts) not in known:
        names = [name.replace("*", "NAME") for name in KEYS]
        raise SettingNotFoundError(text, available=[*names, *_tables()])
    return parts


def parse_value(key: str, parts: tuple[str, ...], text: str) -> Any:  # noqa: ANN401  any TOML value
    """Read a value as it is typed.

    Raises
    ------
    SettingValueError
    """
    kind = KEYS.get(".".join(_form(parts)))
    if kind is not None and not kind.is_json:
        truths = {"true": True, "false": False}
        value: Any = truths.get(text, text) if kind is _PATH_OR_TRUTH else text
    else:
        try:
            value = json.loads(text)
        except ValueError as error:
            raise _misfit(key, text, kind) from error
    for place, wrong, expected in problems(parts, value):
        where = ".".join(place)
        if expected:
            raise SettingValueError(
                where, value=json.dumps(wrong), expected=expected.expected,
                example=expected.example,
            )  # fmt: skip
        if place == parts:
            raise _misfit(key, text, kind)
        raise SettingNotFoundError(where, available=KEYS)
    return value


def problems(
    parts: tuple[str, ...], value: object
) -> Iterator[tuple[tuple[str, ...], object, Kind | None]]:
    """List what is wrong in a setting or a table of them.

    Yields
    ------
    tuple
        The setting, its value, and what it should be; None where there is no such
        setting, or where it should be a table.
    """
    known = _forms()
    form = _form(parts)
    kind = KEYS.get(".".join(form))
    if parts[:1] and parts[0] in _UNREAD:
        return
    if kind is not None:
        if not kind.fits(value):
            yield parts, value, kind
    elif form in known and isinstance(value, dict):
        for key, each in value.items():
            is_free = parts and parts[0] in ("mirrors", "s3-options")
            name = key if is_free and len(parts) == 1 else key.replace("_", "-")
            yield from problems((*parts, name), each)
    else:
        yield parts, value, None


def _misfit(key: str, text: str, kind: Kind | None) -> SettingValueError:
    expected = kind.expected if kind else "a table, written as JSON"
    example = kind.example if kind else "'{…}'"
    return SettingValueError(key, value=text, expected=expected, example=example)


def _forms() -> set[tuple[str, ...]]:
    """Give the names of all settings and of the tables above them."""
    names = [tuple(name.split(".")) for name in KEYS]
    return {name[:size] for name in names for size in range(_DEEPEST + 1)}


def _tables() -> list[str]:
    return sorted({name.partition(".")[0] for name in KEYS if "." in name})


def _form(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Put a star in the place of a name that a person chose."""
    if len(parts) < 2 or parts[0] not in _FREE or ".".join(parts) in KEYS:  # noqa: PLR2004  a table and a name in it
        return parts
    return (parts[0], "*", *parts[2:])
