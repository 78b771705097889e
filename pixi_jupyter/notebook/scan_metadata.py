"""What a notebook says itself that it needs: a script block, other tools' metadata.

Read are the block of PEP 723 in the first cell with code (``# /// script``), and the
lists that nteract keeps: ``uv.dependencies`` and ``conda.dependencies``, also below
``runt``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.toml import TomlError, parse_toml
from pixi_jupyter.notebook.scan_installers import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BLOCK = re.compile(r"(?m)^# /// script$\n(?P<text>(?:^#(?:| .*)$\n)+?)^# ///$")
_SAID = "the notebook's metadata"


def asked_in_metadata(notebook: Mapping[str, Any]) -> Iterator[Asked]:
    """Find what the metadata asks for."""
    metadata = _table(notebook.get("metadata"))
    for place in (metadata, _table(metadata.get("runt"))):
        uv, conda = _table(place.get("uv")), _table(place.get("conda"))
        yield from (Asked("pypi", x, _SAID) for x in _texts(uv.get("dependencies")))
        yield from (Asked("conda", x, _SAID) for x in _texts(conda.get("dependencies")))
        yield from (Asked("channel", x, _SAID) for x in _texts(conda.get("channels")))


def asked_in_block(text: str) -> Iterator[Asked]:
    """Find what a script block asks for; one that cannot be read asks for nothing."""
    found = _BLOCK.search(f"{text}\n")
    if found is None:
        return
    lines = [line[2:] for line in found["text"].splitlines()]
    try:
        data = parse_toml("\n".join(lines))
    except TomlError:
        return
    said = "# /// script"
    yield from (Asked("pypi", x, said) for x in _texts(data.get("dependencies")))
    pixi = _table(_table(data.get("tool")).get("pixi"))
    for name, version in _table(pixi.get("dependencies")).items():
        spec = version if isinstance(version, str) and version != "*" else ""
        yield Asked("conda", f"{name} {spec}".strip(), said)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, str) and each.strip())
