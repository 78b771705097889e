"""Which package brings a module."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pixi_jupyter.notebook.imports import (
    conda_of,
    is_standard,
    package_for_module,
    successor_of,
)

ROOT = Path(__file__).parents[2]
MAPPING = ROOT.parent / "shared" / "data" / "mapping"


@pytest.mark.parametrize(
    ("module", "conda", "pypi"),
    [
        pytest.param("sklearn.cluster", "scikit-learn", "scikit-learn", id="known"),
        pytest.param("cv2", "opencv", "opencv-python", id="two names"),
        pytest.param("torch", "pytorch", "torch", id="conda's own name"),
        pytest.param("huggingface_hub", "huggingface_hub", "huggingface-hub", id="_"),
        pytest.param("dask_ml", "dask-ml", "dask-ml", id="dash"),
        pytest.param("numpy", "numpy", "numpy", id="same"),
        pytest.param(
            "google.cloud.storage",
            "google-cloud-storage",
            "google-cloud-storage",
            id="known namespace",
        ),
        pytest.param(
            "azure.identity.aio", "azure-identity", "azure-identity", id="namespace"
        ),
        pytest.param("smolagents", "", "smolagents", id="PyPI alone"),
        pytest.param("graph_tool.all", "graph-tool", "", id="conda alone"),
        pytest.param("mpl_toolkits.mplot3d", "matplotlib", "matplotlib", id="part"),
        pytest.param("mpl_toolkits.basemap", "basemap", "basemap", id="other part"),
    ],
)
def test_a_module_is_led_to_its_package(module: str, conda: str, pypi: str) -> None:
    found = package_for_module(module)

    assert found is not None
    assert (found.conda, found.pypi) == (conda, pypi)


@pytest.mark.parametrize(
    "module",
    [
        pytest.param("os.path", id="standard"),
        pytest.param("IPython.display", id="the kernel's"),
        pytest.param("google.colab", id="a service's"),
        pytest.param("google", id="a namespace"),
        pytest.param("utils", id="people's own"),
        pytest.param("core", id="called as something else's project"),
        pytest.param("nonexistent_package_xyz123", id="nobody's"),
        pytest.param("_private", id="private"),
    ],
)
def test_no_package_is_guessed_where_none_is_meant(module: str) -> None:
    assert package_for_module(module) is None


def test_what_is_standard_depends_on_python() -> None:
    assert is_standard("distutils", (3, 11))
    assert not is_standard("distutils", (3, 12))
    assert successor_of("distutils.core") == "setuptools"
    assert is_standard("tomllib", (3, 11))
    assert not is_standard("tomllib", (3, 10))


def test_a_project_is_led_to_its_conda_package() -> None:
    assert conda_of("Torch") == "pytorch"
    assert conda_of("rouge_score") == "rouge-score"
    assert conda_of("nobody-has-this") == ""


@pytest.mark.skipif(not MAPPING.exists(), reason="the mapping is not here")
def test_the_table_is_what_the_script_makes(tmp_path: Path) -> None:
    from tools import make_import_table

    before = json.loads(make_import_table.TABLE.read_text("utf-8"))
    table = tmp_path / "import_names.json"

    make_import_table.main(str(next(MAPPING.glob("*.zst"))), table)

    assert json.loads(table.read_text("utf-8")) == before
