"""A manifest is proposed for notebooks, and written where it is wanted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from support.packages import make_channel
from support.scanned import MANIFEST, doubts, save, scan, taken

from pixi_jupyter.commands.html import to_html

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_conda_comes_first_and_pypi_has_the_rest(tmp_path: Path) -> None:
    file = save(
        tmp_path / "a.ipynb",
        "import os, sklearn, smolagents\nimport nobody_knows_this",
        "!pip install datasets==1.14 some-project>=2",
        language_info={"name": "python", "version": "3.12.4"},
    )

    found = scan(file)

    assert taken(found) == {
        "conda datasets": "==1.14",
        "conda python": "3.12.*",
        "conda scikit-learn": "*",
        "pypi smolagents": "*",
        "pypi some-project": ">=2",
    }
    assert "no package is known" in doubts(found)["nobody_knows_this"]


def test_what_is_optional_is_left_out_and_what_a_function_imports_is_unsure(
    tmp_path: Path,
) -> None:
    file = save(
        tmp_path / "a.ipynb",
        "try:\n    import ujson\nexcept ImportError:\n    import json",
        "def f():\n    import seaborn",
        "#!pip install polars",
        "from google.colab import drive",
    )

    found = scan(file)

    assert set(taken(found)) == {"conda python", "conda seaborn"}
    assert doubts(found) == {
        "ujson": "left out, it may be missing, the notebook says:"
        " try … except ImportError (cell 1)",
        "seaborn": "imported inside a function only (cell 2)",
        "polars": "left out, only in a comment (cell 3)",
        "google.colab.drive": "import (cell 4): only Google Colab has it",
    }


def test_modules_beside_the_notebook_are_read_and_not_proposed(tmp_path: Path) -> None:
    (tmp_path / "seaborn.py").write_text("import numpy\nimport inner", "utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "__init__.py").write_text("import scipy", "utf-8")

    found = scan(save(tmp_path / "a.ipynb", "import seaborn"))

    assert set(taken(found)) == {"conda numpy", "conda python", "conda scipy"}
    assert found.scans[0].own == ("inner", "seaborn")


def test_files_beside_the_notebook_keep_their_versions(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("numpy>=1.26\n", "utf-8")
    (tmp_path / "environment.yml").write_text(
        "dependencies: [python=3.11, 'pandas>=2', other::scipy, {pip: [a-project]}]",
        "utf-8",
    )

    found = scan(save(tmp_path / "a.ipynb", "import numpy"))

    assert taken(found) == {
        "conda numpy": ">=1.26",
        "conda pandas": ">=2",
        "conda python": "3.11.*",
        "conda scipy": "*",
        "pypi a-project": "*",
    }
    assert doubts(found)["scipy"] == "asked for from other"


def test_a_file_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("numpy\n", "utf-8")
    folder = tmp_path / "inside"
    folder.mkdir()

    found = scan(save(folder / "a.ipynb", "!pip install -r ../secret.txt"))

    assert set(taken(found)) == {"conda python"}
    assert "../secret.txt" in doubts(found)


def test_extras_become_conda_packages_where_they_are_known(tmp_path: Path) -> None:
    file = save(
        tmp_path / "a.ipynb", "!pip install transformers[sentencepiece] dask[odd]"
    )

    found = scan(file)

    assert taken(found)["pypi dask"] == {"version": "*", "extras": ["odd"]}
    assert {"conda transformers", "conda protobuf", "conda sentencepiece"} <= set(
        taken(found)
    )


def test_a_package_from_its_source_stands_for_the_one_that_is_imported(
    tmp_path: Path,
) -> None:
    file = save(
        tmp_path / "a.ipynb",
        "!pip install git+https://code.example/x/transformers.git@main",
        "import transformers, torch",
    )

    found = scan(file)

    assert taken(found) == {
        "conda python": "*",
        "conda pytorch": "*",
        "pypi transformers": {
            "git": "https://code.example/x/transformers.git",
            "rev": "main",
        },
    }


def test_an_address_with_a_secret_is_left_out_and_not_shown(tmp_path: Path) -> None:
    file = save(
        tmp_path / "a.ipynb",
        "!pip install git+https://me:hunter2@code.example/x/y.git",
        "!pip install -i https://me:hunter2@index.example/simple numpy",
        "!conda install -c https://me:hunter2@channel.example/c numpy",
    )

    found = scan(file)

    assert set(taken(found)) == {"conda numpy", "conda python"}
    assert "hunter2" not in json.dumps(found.to_json())
    assert "hunter2" not in to_html("notebook_scan", found)


def test_several_notebooks_are_one_proposal(tmp_path: Path) -> None:
    one = save(tmp_path / "one.ipynb", "import numpy")
    two = save(tmp_path / "two.ipynb", "import numpy, pandas")

    found = scan(one, two)

    assert set(taken(found)) == {"conda numpy", "conda pandas", "conda python"}
    [numpy] = [each for each in found.packages if each.name == "numpy"]
    assert numpy.why == ("import numpy (one.ipynb, cell 1 and 1 more)",)


def test_the_channels_know_better_than_the_table(
    tmp_path: Path, make_workspace: Callable[..., Path]
) -> None:
    names = ("numpy", "python", "my-tool")
    packages = [{"name": name, "version": "1.0"} for name in names]
    channel = make_channel(tmp_path / "channel", packages)
    folder = make_workspace(MANIFEST.format(channel=channel))
    file = save(folder / "a.ipynb", "import numpy, sklearn, my_tool, osgeo")

    found = scan(file, offline=False)

    assert found.checked
    assert set(taken(found)) == {
        "conda my-tool",
        "conda numpy",
        "conda python",
        "pypi gdal",
        "pypi scikit-learn",
    }
