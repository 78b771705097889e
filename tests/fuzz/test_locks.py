"""Whatever a lock file says, it is read, or refused with its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.fuzz import json_values, mutated, pieces, refused, replaced
from support.manifests import FOLDER

from pixi_jupyter.adapters.rattler import channel_urls, read_lock_records
from pixi_jupyter.lock.diff import diff_locks
from pixi_jupyter.lock.emit import environment_hash
from pixi_jupyter.lock.file import format_lock, parse_lock, read_lock
from pixi_jupyter.lock.platforms import match_platforms
from pixi_jupyter.lock.satisfy import disagreements
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.workspace.pypi_rules import pypi_rules

MANIFEST = """\
[workspace]
channels = ["https://conda.example/forge"]
name = "tides"
platforms = ["linux-64", "osx-arm64"]
[dependencies]
python = ">=3.12"
[pypi-dependencies]
click = "*"
"""
FORGE = "https://conda.example/forge"
SHA = "5aaa366385d716557e365f0a4e9c3fca43ba196872abbbe3d56bb610d131e192"
WHOLE: dict[str, Any] = {
    "version": 7,
    "platforms": [
        {"name": "linux-64"},
        {"name": "p1", "subdir": "osx-arm64", "virtual-packages": ["__osx=14.0"]},
    ],
    "environments": {
        "default": {
            "channels": [{"url": f"{FORGE}/"}],
            "indexes": ["https://pypi.example/simple"],
            "options": {"strategy": "highest"},
            "packages": {
                "linux-64": [
                    {"conda": f"{FORGE}/linux-64/python-3.12.1-h1_0.conda"},
                    {"conda": f"{FORGE}/noarch/tzdata-2025b-h78e105d_0.conda"},
                    {"pypi": "https://pypi.example/click-8.1.8-py3-none-any.whl"},
                ],
                "p1": [{"conda": f"{FORGE}/noarch/tzdata-2025b-h78e105d_0.conda"}],
            },
        }
    },
    "packages": [
        {
            "conda": f"{FORGE}/linux-64/python-3.12.1-h1_0.conda",
            "sha256": SHA,
            "md5": SHA[:32],
            "depends": ["tzdata", "__glibc >=2.17", 'x[when="python <3"]'],
            "constrains": ["y <2"],
            "size": 122968,
            "timestamp": 1742727099393,
        },
        {
            "conda": f"{FORGE}/noarch/tzdata-2025b-h78e105d_0.conda",
            "sha256": SHA,
            "purls": ["pkg:pypi/tzdata"],
        },
        {
            "pypi": "https://pypi.example/click-8.1.8-py3-none-any.whl",
            "name": "click",
            "version": "8.1.8",
            "sha256": SHA,
            "requires_dist": ["colorama ; sys_platform == 'win32'"],
        },
    ],
}
TEXT = f"""\
version: 7
platforms:
- name: linux-64
environments:
  default:
    channels:
    - url: {FORGE}/
    packages:
      linux-64:
      - conda: {FORGE}/linux-64/python-3.12.1-h1_0.conda
packages:
- conda: {FORGE}/linux-64/python-3.12.1-h1_0.conda
  sha256: {SHA}
  depends:
  - tzdata
  size: 122968
"""
BOMB = "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9) if level else 'lol'}]\n"
    for level in range(12)
)
_DATA = Path(__file__).parents[3] / "shared" / "data" / "locks" / "head"


def real_texts() -> list[str]:
    """Give small locks that pixi wrote, of any version, where they are."""
    files = sorted(_DATA.glob("*/*.lock"))
    return [TEXT, *(file.read_text(encoding="utf-8") for file in files)]


@pytest.fixture(scope="session")
def lock_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzzed") / "pixi.lock"


COMPOSITION = compose(parse_manifest(MANIFEST, FOLDER / "pixi.toml"))


def use(path: Path) -> None:
    """Do all with a lock that a verb does."""
    lock = read_lock(path)
    lock, records = match_platforms(
        lock, read_lock_records(path), COMPOSITION.platforms
    )
    disagreements(
        lock,
        records,
        COMPOSITION,
        urls=lambda name: channel_urls([name], root=FOLDER)[0],
        manifest_text=MANIFEST,
        pypi=pypi_rules(),
    )
    diff_locks(lock, lock, {})
    diff_locks(None, lock, {})
    for name in lock.environments:
        for platform in lock.platforms:
            environment_hash(lock, name, platform.name)
    parse_lock(format_lock(lock), path)


def check(data: bytes, path: Path) -> None:
    path.write_bytes(data)

    error = refused(lambda: use(path))

    assert error is None or "pixi.lock" in str(error), error


@given(tree=replaced(WHOLE, json_values))
def test_strange_values_of_a_lock(tree: Any, lock_path: Path) -> None:
    # what is JSON is YAML too
    check(json.dumps(tree).encode(), lock_path)


@given(tree=replaced(WHOLE, json_values))
def test_strange_values_of_a_lock_that_is_written_as_pixi_does(
    tree: Any, lock_path: Path
) -> None:
    import yaml

    text = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
    check(text.encode("utf-8", "surrogatepass"), lock_path)


@given(text=mutated(st.sampled_from(real_texts())))
@example(text=f"version: 7\n{BOMB}packages: *a11\n")
@example(text="version: 7\nplatforms: &a [*a]\n")
@example(text="version: 7\nplatforms: &a\n- *a\n")
@example(text="version: 7\npackages: " + "[" * 20_000)
@example(text="version: 7\npackages: " + "{a: " * 5000)
@example(text="version: 7\nx: !!python/object/apply:os.system [ls]\n")
@example(text="version: 7\n<<: [{a: 1}]\n? [a, b]\n: c\n")
@example(text="version: " + "9" * 5000)
@example(text=TEXT.replace("122968", "9" * 5000))
@example(text=TEXT.replace("tzdata\n", "(" * 20_000 + "\n"))
@example(text=TEXT.replace("\n", "\r\n"))
@example(text=TEXT.replace("\n", "\r"))
@example(text="\ufeff" + TEXT)
def test_damaged_locks(text: str, lock_path: Path) -> None:
    check(text.encode("utf-8", "surrogatepass"), lock_path)


@given(text=st.lists(pieces, max_size=30).map("".join))
def test_pieces_of_yaml(text: str, lock_path: Path) -> None:
    check(b"version: 7\n" + text.encode("utf-8", "surrogatepass"), lock_path)


@given(data=st.binary())
@example(data=TEXT.encode("utf-16"))
@example(data=b"")
@example(data=b"\0" * 1000)
def test_bytes_of_a_lock(data: bytes, lock_path: Path) -> None:
    check(data, lock_path)
