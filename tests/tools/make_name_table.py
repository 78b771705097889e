"""Make the small table of conda packages whose name on PyPI is another one.

Run it with the path or URL of parselmouth's compressed mapping of conda-forge, as JSON
or as JSON in zstandard::

    python tests/tools/make_name_table.py compressed_mapping.json

The mapping says of a conda package which projects of PyPI lie in it, or null. Kept are
those that are called otherwise, and of the others those that a guess by name would
take for a project.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

STRAY = {"pip", "setuptools", "wheel", "tzdata", "typing-extensions"}
"""They lay in some packages by mistake."""
TABLE = Path(__file__).parents[2] / "pixi_jupyter" / "data" / "conda_pypi_names.json"


def normalised(name: str) -> str:
    """Give the form in which PyPI names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def table_of(mapping: dict[str, list[str] | None]) -> dict[str, list[str]]:
    """Choose what has to be shipped."""
    projects = {normalised(name) for names in mapping.values() for name in names or ()}
    found: dict[str, list[str]] = {}
    for conda, names in sorted(mapping.items()):
        like = normalised(conda)
        if names is None:
            if like in projects or "py" in conda:
                found[conda] = []
            continue
        own = {normalised(name) for name in names}
        kept = {name for name in own if name not in STRAY or name in like}
        if kept != {like}:
            found[conda] = sorted(kept)
    return found


def main(path: str) -> None:
    """Read the mapping, write the table."""
    data = Path(path).read_bytes()
    if not data.lstrip().startswith(b"{"):
        import zstandard

        data = zstandard.ZstdDecompressor().stream_reader(data).read()
    mapping: dict[str, Any] = json.loads(data)
    lines = [
        f"{json.dumps(conda)}: {json.dumps(names)}"
        for conda, names in table_of(mapping).items()
    ]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
