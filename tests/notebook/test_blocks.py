from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from pixi_jupyter.errors import ManifestParseError, NotPortableError
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.notebook.blocks import environment_of_block, has_block, write_block
from pixi_jupyter.platforms import host_subdir

PATH = Path("tides.ipynb").absolute()
JUV = """\
# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "polars>=1.2",
#     "requests[socks]",
# ]
# ///
"""
PIXI = """\
# /// script
# dependencies = ["rich"]
#
# [tool.pixi.workspace]
# channels = ["https://conda.uni.example/met"]
# platforms = ["linux-64", "osx-arm64"]
#
# [tool.pixi.dependencies]
# python = "3.12.*"
# eccodes = ">=2"
# ///
import eccodes
"""
CONDA = """\
# /// conda-script
# channels = ["conda-forge"]
# entrypoint = "python ${SCRIPT}"
#
# [dependencies]
# python = "3.13.*"
# xarray = "*"
#
# [tool.pixi.pypi-dependencies]
# httpx = "*"
# /// end-conda-script
import xarray
"""


def notebook(*sources: str | list[str]) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
        for source in sources
    ]
    title = {"cell_type": "markdown", "metadata": {}, "source": "# /// script"}
    return {
        "cells": [title, *cells],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def asked(data: dict[str, Any]) -> tuple[set[str], set[str], tuple[str, ...]]:
    """Give conda and PyPI names and channels of what a block asks for."""
    found = environment_of_block(data, PATH)
    assert found is not None
    manifest = parse_manifest(found.manifest, PATH.with_name("pixi.toml"))
    environment = compose(manifest).environments["default"]
    platform = environment.platforms[0]
    conda = {
        f"{x.name} {x.spec.version or '*'}" for x in environment.requirements(platform)
    }
    names = tuple(each.name for each in manifest.channels)
    return conda, set(environment.pypi_requirements(platform)), names


def test_a_block_of_juv_is_read() -> None:
    conda, pypi, channels = asked(notebook(JUV.splitlines(keepends=True), "x = 1"))

    assert conda == {"python >=3.12"}
    assert pypi == {"polars", "requests"}
    assert channels == ("conda-forge",)


def test_a_block_with_tables_of_pixi_is_read() -> None:
    conda, pypi, channels = asked(notebook(PIXI))

    assert conda == {"python 3.12.*", "eccodes >=2"}
    assert pypi == {"rich"}
    assert channels == ("https://conda.uni.example/met",)


def test_a_conda_script_block_is_read() -> None:
    conda, pypi, channels = asked(notebook(CONDA))

    assert conda == {"python 3.13.*", "xarray *"}
    assert pypi == {"httpx"}
    assert channels == ("conda-forge",)


def test_only_the_first_code_cell_counts() -> None:
    assert environment_of_block(notebook("x = 1", JUV), PATH) is None
    assert not has_block(notebook("x = 1", JUV))
    assert has_block(notebook(CONDA))
    assert environment_of_block({"cells": []}, PATH) is None


@pytest.mark.parametrize(
    "source",
    [
        JUV.removesuffix("# ///\n"),
        JUV.replace('"polars', "polars"),
        CONDA.replace("end-conda-script", ""),
        CONDA.replace('# xarray = "*"', "xarray"),
        CONDA.replace('"3.13.*"', "3"),
    ],
)
def test_a_block_that_breaks_a_rule_is_refused(source: str) -> None:
    with pytest.raises(ManifestParseError):
        environment_of_block(notebook(source), PATH)


def test_a_block_that_asks_for_files_is_refused() -> None:
    text = JUV.replace("# ///\n", '# [tool.pixi.pypi-dependencies]\n# a = {path="."}\n')

    with pytest.raises(NotPortableError, match=r"a is in \."):
        environment_of_block(notebook(text + "# ///\n"), PATH)


MANIFEST = f"""\
[workspace]
name = "tides"
channels = ["conda-forge"]
platforms = ["{host_subdir()}"]

[dependencies]
python = "3.12.*"

[pypi-dependencies]
rich = ">=13"
polars = {{ version = "*", extras = ["all"] }}
"""


def test_what_is_written_is_read() -> None:
    data = notebook("x = 1")

    write_block(data, MANIFEST, PATH)

    nbformat.validate(nbformat.from_dict({**data, "cells": data["cells"][:1]}))
    conda, pypi, channels = asked({**data, "cells": data["cells"]})
    assert conda == {"python 3.12.*"}
    assert pypi == {"rich", "polars"}
    assert channels == ("conda-forge",)
    assert data["cells"][-1]["source"] == "x = 1"


def test_a_block_is_replaced_and_the_code_below_it_stays() -> None:
    data = notebook(PIXI)

    write_block(data, MANIFEST, PATH)
    again = [dict(cell) for cell in data["cells"]]
    write_block(data, MANIFEST, PATH)

    source = "".join(data["cells"][1]["source"])
    assert source.endswith("# ///\nimport eccodes\n")
    assert "eccodes =" not in source
    assert data["cells"] == again


def test_what_a_block_cannot_say_is_refused() -> None:
    more = '[feature.a.dependencies]\nb = "*"\n[environments]\ndefault = ["a"]\n'

    with pytest.raises(NotPortableError, match="feature"):
        write_block(notebook("x"), f"{MANIFEST}\n{more}", PATH)


def test_a_changed_block_is_solved_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pixi_jupyter.events import Operation
    from pixi_jupyter.notebook.files import write_notebook
    from pixi_jupyter.verbs.notebook_open import open_notebook

    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    path = tmp_path / "a.ipynb"
    write_notebook(path, notebook(JUV))
    first = open_notebook(path, Operation(), trust=True)
    (first.manifest.parent / "pixi.lock").write_text("version: 7\n")
    same = open_notebook(path, Operation())
    write_notebook(path, notebook(JUV.replace("polars>=1.2", "polars>=1.3")))

    second = open_notebook(path, Operation(), trust=True)

    assert same.manifest == first.manifest == second.manifest
    assert "1.3" in second.manifest.read_text()
    assert not second.is_frozen
    # the lock of before is kept, to be preferred
    assert (second.manifest.parent / "pixi.lock").exists()
