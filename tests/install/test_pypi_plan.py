"""What becomes of each distribution: the table of states, without a disk to change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pixi_jupyter.install.pypi_dists import InstalledDist, files_of, read_dists, sign
from pixi_jupyter.install.pypi_match import differs
from pixi_jupyter.install.pypi_plan import PypiPlan, plan_pypi
from pixi_jupyter.solve.pypi_record import PypiRecord

ROOT = Path("/ws")
SITE = ROOT / "site-packages"
COMMIT = "86fd30aa3baa9bde1491fb1468f767b93f3d5009"
SPAM = PypiRecord(
    location="https://files.example/spam-1.0-py3-none-any.whl",
    name="spam",
    version="1.0",
)


def dist(name: str = "spam", version: str = "1.0", **fields: Any) -> InstalledDist:
    given: dict[str, Any] = {"installer": "uv-pixi"}
    info = fields.pop("folder", f"{name}-{version}.dist-info")
    return InstalledDist(
        path=SITE / info, name=name, version=version, **{**given, **fields}
    )


def kinds(plan: PypiPlan) -> dict[str, list[str]]:
    found = {
        kind: [each.name for each in getattr(plan, kind)] for kind in plan.__slots__
    }
    return {kind: names for kind, names in found.items() if names}


@pytest.mark.parametrize(
    ("installed", "wanted", "expected"),
    [
        ([], [SPAM], {"added": ["spam"]}),
        ([dist()], [SPAM], {"kept": ["spam"]}),
        ([dist(version="0.9")], [SPAM], {"reinstalled": ["spam"]}),
        ([dist(installer="pip")], [SPAM], {"reinstalled": ["spam"]}),
        ([dist(installer="uv")], [SPAM], {"reinstalled": ["spam"]}),
        ([dist(installer="conda")], [SPAM], {"contested": ["spam"]}),
        ([dist()], [], {"removed": ["spam"]}),
        ([dist(installer="pip")], [], {"ignored": ["spam"]}),
        ([dist(installer="uv")], [], {"ignored": ["spam"]}),
        ([dist(installer="conda")], [], {"ignored": ["spam"]}),
        ([dist(has_record=False)], [], {"forgotten": ["spam"]}),
        (
            [dist(has_record=False)],
            [SPAM],
            {"forgotten": ["spam"], "added": ["spam"]},
        ),
        (
            [dist(), dist(installer="pip", folder="Spam-1.0.dist-info")],
            [],
            {"forgotten": ["spam"], "ignored": ["spam"]},
        ),
        (
            [dist(), dist(version="0.9")],
            [SPAM],
            {"forgotten": ["spam", "spam"], "added": ["spam"]},
        ),
    ],
    ids=map(str, range(1, 15)),
)
def test_each_state_has_its_decision(
    installed: list[InstalledDist],
    wanted: list[PypiRecord],
    expected: dict[str, list[str]],
) -> None:
    assert kinds(plan_pypi(wanted, installed, root=ROOT)) == expected


def test_what_an_install_did_not_end_is_ours(tmp_path: Path) -> None:
    half = dist(installer="", has_record=False)
    unsigned = dist("ham", installer="uv")
    theirs = dist("eggs", installer="uv")

    plan = plan_pypi(
        [SPAM], [half, unsigned, theirs], root=ROOT, suspects=["spam", "ham"]
    )

    assert kinds(plan) == {
        "added": ["spam"],
        "removed": ["ham"],
        "forgotten": ["spam"],
        "ignored": ["eggs"],
    }
    whole = plan_pypi([SPAM], [dist()], root=ROOT, suspects=["spam"])
    assert kinds(whole) == {"reinstalled": ["spam"]}


def test_what_is_to_be_installed_again_is() -> None:
    plan = plan_pypi([SPAM], [dist()], root=ROOT, reinstall=["spam"])

    assert kinds(plan) == {"reinstalled": ["spam"]}
    assert plan_pypi([SPAM], [dist()], root=ROOT).is_empty


GIT = replace(SPAM, location=f"git+https://git.example/spam?branch=main#{COMMIT}")
URL = replace(SPAM, location="direct+https://files.example/spam-1.0-py3-none-any.whl")
GIT_URL = {
    "url": "https://git.example/spam.git",
    "vcs_info": {"vcs": "git", "commit_id": COMMIT},
}


@pytest.mark.parametrize(
    ("record", "there", "expected"),
    [
        (SPAM, dist(), ""),
        (SPAM, dist(version="1.0.0"), ""),
        (SPAM, dist(direct_url={"url": "https://x.example"}), "from another place"),
        (
            replace(SPAM, requires_python=">=3.9,<4"),
            dist(requires_python="<4, >=3.9"),
            "",
        ),
        (
            replace(SPAM, requires_python=">=3.9"),
            dist(requires_python=">=3.8"),
            "made for another Python",
        ),
        (GIT, dist(direct_url=GIT_URL), ""),
        (GIT, dist(), "from another place"),
        (
            GIT,
            dist(direct_url={**GIT_URL, "vcs_info": {"commit_id": "0"}}),
            "another commit",
        ),
        (
            GIT,
            dist(direct_url={**GIT_URL, "subdirectory": "x"}),
            "another folder of the repository",
        ),
        (
            GIT,
            dist(direct_url={**GIT_URL, "url": "https://git.example/ham"}),
            "another repository",
        ),
        (URL, dist(direct_url={"url": URL.location[7:], "archive_info": {}}), ""),
        (
            URL,
            dist(direct_url={"url": "https://x.example/spam-1.0-py3-none-any.whl"}),
            "from another place",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_difference_has_a_word(
    record: PypiRecord, there: InstalledDist, expected: str
) -> None:
    assert differs(record, there, ROOT, is_editable=False) == expected


def test_a_folder_that_changed_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    record = PypiRecord(location="./", name="spam")
    url = {"url": tmp_path.as_uri(), "dir_info": {}}
    new = dist(direct_url=url, modified=1e12)

    def word(there: InstalledDist, *, is_editable: bool = False) -> str:
        return differs(record, there, tmp_path, is_editable=is_editable)

    assert word(new) == ""
    assert word(new, is_editable=True) == "editable, or not"
    assert word(replace(new, modified=1.0)) == "older than its project"
    other = {"url": "file:///elsewhere", "dir_info": {}}
    assert word(replace(new, direct_url=other)) == "from another folder"


def test_a_distribution_is_read_with_all_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "Half_a-1.0.dist-info").mkdir()
    (tmp_path / "not-a-dist").mkdir()

    (found,) = read_dists(tmp_path)

    assert (found.name, found.version, found.has_record) == ("half-a", "1.0", False)
    assert read_dists(tmp_path / "nowhere") == []


def test_signing_leaves_the_file_of_the_cache_as_it_was(tmp_path: Path) -> None:
    cached, info = tmp_path / "cached", tmp_path / "site" / "a-1.dist-info"
    info.mkdir(parents=True)
    text = "a-1.dist-info/INSTALLER,sha256=x,2\na-1.dist-info/REQUESTED,,\n../bin/a,,\n"
    cached.write_text(text)
    (info / "RECORD").hardlink_to(cached)
    (info / "METADATA").write_text("Name: a\nVersion: 1\n")
    (found,) = read_dists(info.parent)

    sign(found)

    assert cached.read_text() == text
    (signed,) = read_dists(info.parent)
    assert signed.is_ours
    assert list(files_of(signed, tmp_path)) == [
        "bin/a",
        "site/a-1.dist-info/INSTALLER",
    ]
