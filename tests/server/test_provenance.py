"""The route that tells which outputs came from another environment."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from support.carried import FORGE, MANIFEST, carried, conda, lock, notebook

from pixi_jupyter.inkernel.stamps import packed
from pixi_jupyter.notebook.stamps import stamp_cell
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from pathlib import Path

    from support.asked import Asked

pytest_plugins = ["pytest_jupyter.jupyter_server"]

HERE = host_subdir()
NUMPY = conda(f"{FORGE}{HERE}/numpy-2.3.1-py312_0.conda")


def mark(path: Path, *packages: str) -> None:
    """Give a notebook one output, made in an environment of these packages."""
    data = json.loads(path.read_text())
    text = {"output_type": "stream", "name": "stdout", "text": "1"}
    cell: dict[str, Any] = {"cell_type": "code", "outputs": [text], "metadata": {}}
    data["cells"].append(cell)
    listed = "\n".join(packages)
    told = {
        "environment": sha256(listed.encode()).hexdigest()[:16],
        "name": "theirs",
        "platform": HERE,
        "packages": packed(listed),
    }
    stamp_cell(data, cell, {"pixi-jupyter": told})
    path.write_text(json.dumps(data))


def test_a_notebook_is_compared_with_the_lock_that_it_carries(
    server: Asked, jp_root_dir: Path
) -> None:
    text = lock(NUMPY, platform=HERE)
    path = notebook(jp_root_dir / "a.ipynb", carried(MANIFEST, text))
    mark(path, "numpy 2.3.1 py312_0")
    same = server.get("notebook/provenance", "a.ipynb")
    mark(path, "numpy 2.1.3 py312_0")

    found = server.get("notebook/provenance", "a.ipynb")

    assert same["provenance"]["elsewhere"] == 0
    assert found["notebook"] == "a.ipynb"
    assert found["provenance"]["sentences"] == [
        "1 of 2 outputs came from another environment",
        "Theirs had numpy 2.1.3, default has 2.3.1",
    ]
    assert found["provenance"]["others"][0]["cells"] == [1]


def test_a_notebook_without_an_environment_is_compared_with_nothing(
    server: Asked, jp_root_dir: Path
) -> None:
    mark(notebook(jp_root_dir / "a.ipynb", None), "numpy 2.1.3 py312_0")

    assert server.get("notebook/provenance", "a.ipynb")["provenance"] is None


def test_a_notebook_outside_of_the_root_is_not_read(server: Asked) -> None:
    assert server.refused("GET", "notebook/provenance", path="../x.ipynb")[0] == 404
