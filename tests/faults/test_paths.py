"""Workspaces whose path is long, or holds what shells and URLs take for their own."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from support.faulty import Place

if TYPE_CHECKING:
    from pathlib import Path

PLACEHOLDER = "/opt/placeholder" + "_placeholder" * 25
NARROW = "/opt/" + "n" * 90
ACTIVATION = """
[activation]
scripts = ["activate.sh"]
env = { FROM_MANIFEST = "$PIXI_PROJECT_ROOT" }
"""

PACKAGES: list[dict[str, Any]] = [
    {
        "name": "python",
        "version": "3.11.0",
        "subdir": "linux-64",
        "files": {
            "bin/script": f"#!{PLACEHOLDER}/bin/python3\nprint('script ran')\n",
            "share/prefix.txt": f"{PLACEHOLDER}\n",
            "etc/conda/activate.d/python.sh": 'export FROM_PACKAGE="$CONDA_PREFIX"\n',
        },
        "links": {
            "bin/python": sys.executable,
            "bin/python3": sys.executable,
            "bin/python3.11": sys.executable,
        },
        "executable": ["bin/script"],
        "placeholder": PLACEHOLDER,
    },
    {
        "name": "greeter",
        "noarch": "python",
        "depends": ["python"],
        "files": {"site-packages/greeter.py": "def main():\n    print('greeted')\n"},
        "link": {
            "noarch": {"type": "python", "entry_points": ["greet = greeter:main"]},
            "package_metadata_version": 1,
        },
    },
    {
        "name": "narrow",
        "files": {"lib/narrow.so": b"\x7fELF" + NARROW.encode() + b"/lib\0" * 9},
        "placeholder": NARROW,
    },
    {"name": "small"},
    {"name": "small", "version": "2.0"},
]

NAMES = {
    "blanks-and-signs": "it's #1, 100%25 of [a] {b} *; ~x & y=z? (yes!) <|>",
    "shell": '$a`b"c',
    "letters": "é 日本 e\u0301 \u202fﬁ",
    "dash": "-rf",
    "shebang": "x" * 120,
}


def make(folder: Path, name: str) -> Place:
    place = Place(folder / name / "study", folder / "channel", folder / "cache")
    place.publish(*PACKAGES)
    return place


@pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
def test_everything_works_at_an_odd_path(tmp_path: Path, name: str) -> None:
    place = make(tmp_path, name)
    text = place.depend(greeter="*")
    (place.root / "pixi.toml").write_text(text + ACTIVATION, encoding="utf-8")
    script = place.root / "activate.sh"
    script.write_text('export FROM_SCRIPT="$CONDA_PREFIX"\n', encoding="utf-8")
    show = "import json, os; print(json.dumps(dict(os.environ)))"
    site = str(place.prefix / "lib/python3.11/site-packages")

    installed = place("install")
    seen = place("run", "python", "-c", show)
    ran = place("run", "script")
    greeted = place("run", "greet", PYTHONPATH=site)
    kernel = place("kernel", "install", "--json", HOME=str(tmp_path / "home"))

    assert installed.code == 0, installed.err
    assert place.read("share/prefix.txt") == f"{place.prefix}\n"
    environ = json.loads(seen.out)
    assert environ["FROM_PACKAGE"] == environ["FROM_SCRIPT"] == str(place.prefix)
    assert environ["FROM_MANIFEST"] == str(place.root)
    assert environ["PATH"].startswith(f"{place.prefix}/bin:")
    assert (ran.out, greeted.out) == ("script ran\n", "greeted\n"), greeted.err
    assert kernel.code == 0, kernel.err
    specs = list((tmp_path / "home").rglob("kernel.json"))
    assert str(place.root / "pixi.toml") in specs[0].read_text("utf-8").replace(
        "\\\\", "\\"
    ).replace('\\"', '"')


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("two:parts", "it separates the folders of PATH"),
        ("two\nlines", "the first lines of programs cannot hold it"),
        ("back\\slash", "it is taken for a slash when programs are linked"),
        ("both $ and blank", "the first lines of programs cannot hold both"),
    ],
    ids=["colon", "line-break", "backslash", "shell-in-shebang"],
)
def test_a_path_that_no_environment_can_have_is_refused(
    tmp_path: Path, name: str, why: str
) -> None:
    place = make(tmp_path, name)
    place.depend(small="*")

    refused = place("install")

    assert refused.code == 1
    assert "no environment can work at a path with" in refused.err
    assert why in refused.err
    assert "rename that folder" in refused.err
    assert not place.prefix.exists()


def test_a_path_that_is_too_long_for_a_package_is_refused_before_anything_is_there(
    tmp_path: Path,
) -> None:
    place = make(tmp_path, "long" * 30)
    place.depend(narrow="*")
    size = len(str(place.prefix))

    refused = place("install")

    assert refused.code == 1
    assert f"a path of {size} bytes is too long for package narrow" in refused.err
    assert f"has room for {len(NARROW)}" in refused.err
    assert str(place.prefix) in refused.err
    assert f"a path that is {size - len(NARROW)} bytes shorter" in refused.err
    assert not place.prefix.exists()


@pytest.mark.parametrize("cached", [False, True], ids=["cold", "warm"])
def test_an_environment_at_a_path_that_is_too_long_for_a_new_package_stays(
    tmp_path: Path, *, cached: bool
) -> None:
    if cached:
        near = Place(tmp_path / "n", tmp_path / "channel", tmp_path / "cache")
        near.publish(*PACKAGES)
        near.depend(narrow="*")
        # too long everywhere, perhaps: what counts is that it is in the cache
        near("install")
    place = make(tmp_path, "long" * 30)
    place.depend(small="1.0")
    assert place("install").code == 0
    before = place.files()
    place.depend(small="2.0", narrow="*")

    refused = place("install")
    kept = place.files()
    place.depend(small="2.0")
    finished = place("install")

    assert refused.code == 1
    assert "is too long for package narrow, which has room for" in refused.err
    assert kept == before
    assert finished.code == 0, finished.err
    assert place.read("share/small.txt") == "small 2.0 0\n"


def test_a_path_that_the_system_cannot_have_is_refused_in_words(
    tmp_path: Path,
) -> None:
    deep = tmp_path
    while len(str(deep)) < 3800:
        deep /= "d" * 200
    place = Place(
        deep / ("e" * (4040 - len(str(deep)))),
        tmp_path / "channel",
        tmp_path / "cache",
    )
    place.publish(*PACKAGES)
    place.depend(small="*")

    refused = place("install")

    assert refused.code == 1
    assert "Traceback" not in refused.err
    assert "File name too long" in refused.err or "too long" in refused.err
