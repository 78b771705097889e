"""Which project of PyPI a conda package is, and which is none."""

from __future__ import annotations

from typing import Any

import pytest
from tools.make_name_table import table_of

from pixi_jupyter.names import ChannelNames, locations, projects, purls, read_names

FORGE = "https://conda.example/conda-forge/"


def record(name: str, version: str = "1.0", **fields: Any) -> dict[str, Any]:
    return {"name": name, "version": version, "channel": FORGE, **fields}


def python(name: str, version: str = "1.0", **fields: Any) -> dict[str, Any]:
    return record(name, version, depends=["python >=3.10"], **fields)


@pytest.mark.parametrize(
    ("conda", "expected"),
    [
        (record("pytorch", "2.4"), {"torch": "2.4"}),
        (record("python-graphviz"), {"graphviz": "1.0"}),
        (python("graphviz"), {}),
        (record("tzdata", "2024a"), {}),
        (python("jupyter_core"), {"jupyter-core": "1.0"}),
        (record("zlib"), {}),
        (python("lib-foo"), {}),
        (record("python", "3.12.1", depends=["python"]), {}),
        (record("uses-abi", depends=["python_abi 3.12"]), {}),
        (record("x", purls=["pkg:pypi/Y.z@2.0?source=hash-mapping"]), {"y-z": "2.0"}),
        (python("x", purls=[]), {}),
        (python("x", purls=["pkg:github/x/y"]), {}),
        (python("openssl-like", "1.1.1w"), {}),
    ],
    ids=lambda value: value.get("name") if isinstance(value, dict) else None,
)
def test_a_package_is_known_on_pypi_by(
    conda: dict[str, Any], expected: dict[str, str]
) -> None:
    found = projects([conda], {})

    assert {name: each.version for name, each in found.items()} == expected


def test_two_packages_of_one_project_count_once() -> None:
    rows = [record("matplotlib-base", "3.9.1"), python("matplotlib", "3.9.2")]

    for order in (rows, rows[::-1]):
        found = projects(order, {})["matplotlib"]

        assert (found.version, found.conda_name) == ("3.9.2", "matplotlib")
        assert found.channel == FORGE


def test_what_the_workspace_says_comes_first() -> None:
    names = {FORGE: ChannelNames(mapping={"pytorch": ("my-torch",), "numpy": ()})}
    rows = [record("pytorch"), python("numpy"), python("scipy")]

    assert projects(rows, names).keys() == {"my-torch", "scipy"}
    only = {FORGE: ChannelNames(mapping={"pytorch": ("my-torch",)}, replaces=True)}
    assert projects(rows, only).keys() == {"my-torch"}
    other = {"https://conda.example/other/": names[FORGE]}
    assert projects(rows, other).keys() == {"torch", "numpy", "scipy"}


def test_a_guess_by_name_can_be_forbidden_and_demanded() -> None:
    never = {FORGE: ChannelNames(same_name=False)}
    always = {FORGE: ChannelNames(same_name=True)}

    assert projects([python("scipy")], never) == {}
    assert projects([record("thing")], always).keys() == {"thing"}


def test_purls_say_where_they_are_from() -> None:
    names = {FORGE: ChannelNames(mapping={"mine": ("theirs",)})}

    assert purls(record("pytorch"), {}) == ["pkg:pypi/torch?source=compressed-mapping"]
    assert purls(record("mine"), names) == [
        "pkg:pypi/theirs?source=project-defined-mapping"
    ]
    assert purls(python("scipy"), {}) == ["pkg:pypi/scipy"]
    assert purls(record("zlib"), {}) == []
    kept = ["pkg:pypi/y?source=hash-mapping", "pkg:github/a/b"]
    assert purls(record("x", purls=kept), {}) == kept


def test_a_map_of_the_manifest_is_read() -> None:
    table = {
        "conda-forge": {
            "location": "names.json",
            "mapping": {"Qt-Py": ["pyqt5", "pyqt5-sip"], "zlib": False},
            "mapping-mode": "replace",
        },
        "internal": "https://names.example/map.json",
        "none": False,
    }
    texts = {
        "names.json": '{"pytorch": "torch", "zlib": "zlib"}',
        "https://names.example/map.json": '{"a": "b"}',
    }
    urls = {name: f"https://conda.example/{name}" for name in table}

    names = read_names(table, urls, texts)

    assert set(locations(table)) == texts.keys()
    assert names[FORGE].mapping == {
        "pytorch": ("torch",),
        "zlib": (),
        "qt-py": ("pyqt5", "pyqt5-sip"),
    }
    assert names[FORGE].replaces
    assert names["https://conda.example/internal/"].mapping == {"a": ("b",)}
    none = names["https://conda.example/none/"]
    assert none.replaces
    assert not none.mapping


def test_no_map_at_all_means_no_project_at_all() -> None:
    table = False

    names = read_names(table, {"conda-forge": FORGE}, {})

    assert projects([python("scipy"), record("pytorch")], names) == {}


def test_a_map_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no table"):
        read_names({"c": "x.json"}, {}, {"x.json": "[]"})


def test_the_table_keeps_what_a_guess_would_get_wrong() -> None:
    mapping = {
        "numpy": ["numpy"],
        "jupyter_core": ["jupyter-core"],
        "pytorch": ["torch"],
        "docker": None,
        "docker-py": ["docker", "docker-py", "pip"],
        "zlib": None,
        "gst-python": None,
    }

    assert table_of(mapping) == {
        "pytorch": ["torch"],
        "docker": [],
        "docker-py": ["docker", "docker-py"],
        "gst-python": [],
    }
