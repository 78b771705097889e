"""Requirements of Python packages, spelled as locks have them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rattler import LockFile

from pixi_jupyter.adapters.rattler.failures import mapped
from pixi_jupyter.errors import LockParseError

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDER = "https://requirements.example/"


def canonical_requirements(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Spell requirements (PEP 508) as uv and pixi spell them.

    Parameters
    ----------
    rows
        What each of several packages requires.

    Returns
    -------
    list of list of str
        A row with a requirement that nobody can read comes back as it was.

    Notes
    -----
    py-rattler does this to whatever it reads from a lock, so it is given one.
    """
    try:
        return _through_a_lock(rows)
    except LockParseError:
        if len(rows) == 1:
            return [list(rows[0])]
        return [found for row in rows for found in canonical_requirements([row])]


def _through_a_lock(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    urls = [f"{_FOLDER}p{number}-0-py3-none-any.whl" for number in range(len(rows))]
    document = {
        "version": 7,
        "platforms": [{"name": "linux-64"}],
        "environments": {
            "default": {
                "channels": [],
                "indexes": [_FOLDER],
                "packages": {"linux-64": [{"pypi": url} for url in urls]},
            }
        },
        "packages": [
            {"pypi": url, "name": f"p{number}", "version": "0", "requires_dist": row}
            for number, (url, row) in enumerate(zip(urls, map(list, rows), strict=True))
        ],
    }
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-") as folder:
        path = Path(folder) / "pixi.lock"
        # JSON is YAML
        path.write_text(json.dumps(document), encoding="utf-8")
        with mapped("requirements"):
            for _, environment in LockFile.from_path(path).environments():
                packages = environment.packages(environment.platforms()[0]) or []
                found = {each.location: list(each.requires_dist) for each in packages}  # type: ignore[attr-defined]  # these are PyPI packages
                return [found[url] for url in urls]
    return []
