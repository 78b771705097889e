"""Results as plain text, and the rows that all faces show of a difference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.commands import changes, packages
from pixi_jupyter.commands.render import render
from pixi_jupyter.commands.text import plain, size
from pixi_jupyter.install.outcome import InstallOutcome
from pixi_jupyter.lock.diff import LockDiff, diff_locks
from pixi_jupyter.lock.models import Lock, LockedEnvironment, LockedPackage
from pixi_jupyter.platforms import Platform
from pixi_jupyter.verbs.add import AddedDependency, AddResult
from pixi_jupyter.verbs.change import Changed
from pixi_jupyter.verbs.install import InstallResult
from pixi_jupyter.verbs.list import ListResult
from pixi_jupyter.verbs.lock import LockResult
from pixi_jupyter.verbs.remove import RemoveResult
from pixi_jupyter.workspace.environments import Installed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = ("default", "linux-64")
PLATFORMS = ("linux-64", "osx-arm64", "win-64")
SOLVED = tuple(("default", platform) for platform in PLATFORMS)


def package(name: str, version: str, **fields: Any) -> LockedPackage:
    url = f"https://channel.example/conda-forge/noarch/{name}-{version}-0.conda"
    return LockedPackage("conda", url, {"size": 1_000_000, **fields})


def lock_of(rows: Mapping[tuple[str, str], Sequence[LockedPackage]]) -> Lock:
    environments: dict[str, dict[str, tuple[LockedPackage, ...]]] = {}
    for (environment, platform), row in rows.items():
        environments.setdefault(environment, {})[platform] = tuple(row)
    return Lock(
        environments={
            name: LockedEnvironment(packages=each)
            for name, each in environments.items()
        }
    )


def difference(
    before: Sequence[LockedPackage],
    after: Sequence[LockedPackage],
    explicit: Sequence[str] = (),
    platforms: Sequence[str] = PLATFORMS,
) -> LockDiff:
    """Compare two locks of one environment that is the same on all platforms."""
    old, new = (
        lock_of({("default", platform): row for platform in platforms})
        for row in (before, after)
    )
    return diff_locks(old, new, {"default": set(explicit)})


NUMBA = difference(
    [package("numpy", "2.3.1"), package("zlib", "1.2"), package("gone", "1.0")],
    [
        package("numpy", "2.2.6"),
        package("zlib", "1.3"),
        package("llvmlite", "0.44.0"),
        package("numba", "0.61.2", depends=["llvmlite", "numpy >=1.24,<2.3"]),
    ],
    explicit=["numba", "numpy"],
)


def installed(environment: str = "default", **outcome: Any) -> Installed:
    return Installed(
        environment=environment,
        prefix=Path("/somewhere"),
        platform=Platform("linux-64", "linux-64"),
        packages=148,
        outcome=InstallOutcome(**{"changed": True, "seconds": 7.4, **outcome}),
    )


def added(diff: LockDiff | None = NUMBA, **changed: Any) -> AddResult:
    fields: dict[str, Any] = {
        "manifest": "pixi.toml",
        "diff": diff,
        "solved": SOLVED,
        "solve_seconds": 1.8,
        "installed": (installed(),),
    }
    return AddResult(
        added=(AddedDependency(name="numba", typed="numba", spec=">=0.61.2,<0.62"),),
        changed=Changed(**{**fields, **changed}),
    )


def listed(*rows: dict[str, Any]) -> ListResult:
    base = {"version": "1.0", "size_bytes": 9_400_000, "kind": "conda", "depends": []}
    base |= {"source": "https://u:secret@channel.example/t/token/conda-forge"}
    return ListResult(
        environment="default",
        platform="linux-64",
        packages=tuple({**base, "is_explicit": False, **row} for row in rows),
    )


def text(verb: str, result: Any, command: str = "pixi-jupyter") -> str:
    rendered = render(verb, result, command)
    return plain((*rendered.stderr, *rendered.stdout))


def test_what_was_asked_for_comes_first_then_what_was_lost_then_the_rest() -> None:
    rows = changes.change_rows(NUMBA, asked=["numba"], here=[HERE])

    assert [(row.name, row.kind) for row in rows] == [
        ("numba", "added"),
        ("gone", "removed"),
        ("numpy", "downgraded"),
        ("zlib", "upgraded"),
        ("llvmlite", "added"),
    ]


def test_add_reads_as_the_terminal_shows_it() -> None:
    assert text("add", added()) == (
        """\
Solved 1 environment for 3 platforms in 1.8 s
Installed default, 148 packages in 7.4 s

 + numba     0.61.2          conda-forge  1.0 MB
 - gone      1.0             conda-forge
 ~ numpy     2.3.1 -> 2.2.6  conda-forge  1.0 MB  downgrade
 ~ zlib      1.2 -> 1.3      conda-forge  1.0 MB
 + llvmlite  0.44.0          conda-forge  1.0 MB

✔ Added numba >=0.61.2,<0.62 to pixi.toml
note: numba 0.61.2 needs numpy >=1.24,<2.3, so numpy was downgraded"""
    )


def test_many_that_come_along_are_counted_and_nothing_lost_is() -> None:
    many = [package(f"lib{number:03}", "1.0") for number in range(139)]
    lost = [package(f"lost{number:03}", "1.0") for number in range(30)]
    diff = difference(lost, [*many, package("app", "1.0")], explicit=["app"])

    shown, folded = changes.fold(changes.change_rows(diff, asked=["app"]))
    told = text("add", added(diff))

    assert len(folded) == 136
    assert {row.kind for row in folded} == {"added"}
    assert [row.kind for row in shown].count("removed") == 30
    assert "and 136 more come with these, 136.0 MB" in told
    assert all(package.name in told for package in lost)


@pytest.mark.parametrize(("old", "new"), [("2.0", "1.0"), ("2.0", None)])
def test_nothing_that_was_lost_is_folded(old: str, new: str | None) -> None:
    names = [f"lib{number:02}" for number in range(30)]
    before = [package(name, old) for name in names]
    after = [package(name, new) for name in names] if new else []

    shown, folded = changes.fold(changes.change_rows(difference(before, after)))

    assert ([row.name for row in shown], folded) == (names, [])


def test_the_largest_of_those_that_are_folded_stay_in_sight() -> None:
    many = [
        package(f"lib{number}", "1.0", size=1000 * number) for number in range(1, 12)
    ]

    shown, _ = changes.fold(changes.change_rows(difference([], many)))

    assert sorted(row.name for row in shown) == ["lib10", "lib11", "lib9"]


def test_many_upgrades_are_counted_by_kind() -> None:
    before = [package(f"lib{number:02}", "1.0") for number in range(20)]
    after = [package(f"lib{number:02}", "1.1") for number in range(20)]
    diff = difference(before, [*after, package("new", "1.0")])

    assert "and 18 more: 1 added, 17 upgraded" in text("add", added(diff))


def test_what_changed_on_another_platform_only_says_so() -> None:
    diff = difference(
        [package("numpy", "2.3.1")], [package("numpy", "1.26.4")], platforms=["win-64"]
    )

    rows = changes.change_rows(diff, here=[HERE])

    assert [(row.is_here, row.note) for row in rows] == [
        (False, "downgrade, on win-64")
    ]


def test_a_row_that_is_not_everywhere_says_where() -> None:
    old = lock_of({(e, p): () for e in ("default", "test") for p in PLATFORMS})
    base, app = package("base", "1"), package("app", "1")
    new = lock_of(
        {
            **{("default", platform): [base] for platform in PLATFORMS},
            **{("test", platform): [base, app] for platform in PLATFORMS},
        }
    )

    rows = changes.change_rows(diff_locks(old, new))

    assert {row.name: row.note for row in rows} == {"base": "", "app": "in test"}


def test_the_size_is_that_of_the_build_that_was_installed() -> None:
    row = {
        ("default", "linux-64"): [package("numpy", "2.3.1", size=9_400_000)],
        ("default", "win-64"): [package("numpy", "2.3.1", size=12_000_000)],
    }

    rows = changes.change_rows(diff_locks(None, lock_of(row)), here=[HERE])

    assert [each.size_bytes for each in rows] == [9_400_000]


def test_a_downgrade_has_no_reason_where_no_record_gives_one() -> None:
    diff = difference([package("numpy", "2.3.1")], [package("numpy", "2.2.6")])

    assert changes.reasons(diff) == []


def test_another_build_of_the_same_version_is_called_so() -> None:
    url = "https://channel.example/conda-forge/noarch/numpy-2.3.1-1.conda"
    diff = difference(
        [package("numpy", "2.3.1")], [LockedPackage("conda", url, {"size": 1})]
    )

    (row,) = changes.change_rows(diff)

    assert (row.version, row.note) == ("2.3.1", "other build")


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("https://conda.anaconda.org/conda-forge/linux-64/a-1-0.conda", "conda-forge"),
        ("https://conda.anaconda.org/conda-forge/", "conda-forge"),
        ("https://user:secret@host.example/t/token/mine/noarch/a-1-0.conda", "mine"),
        (
            "https://conda.anaconda.org/pytorch/label/nightly/noarch/a-1-0.conda",
            "pytorch/label/nightly",
        ),
        (r"C:\channels\mine\win-64\a-1-0.conda", "mine"),
        ("/channels/mine/noarch/a-1-0.tar.bz2", "mine"),
        (None, ""),
    ],
)
def test_a_channel_is_shown_by_its_name(location: str | None, name: str) -> None:
    assert packages.channel_name(location) == name


def test_what_was_solved_and_stayed_as_it_was_is_counted_too() -> None:
    told = text("add", added(solved=(*SOLVED, ("test", "linux-64"))))

    assert told.startswith("Solved 2 environments for 3 platforms in 1.8 s\n")


def test_a_prefix_that_was_behind_its_lock_names_what_it_caught_up_with() -> None:
    behind = installed(added=("numba",), changed_names=("numpy", "python"))

    told = text("add", added(installed=(behind,)))

    assert "note: default also got what was locked before: python" in told


def test_a_change_that_installs_nothing_says_so() -> None:
    told = text("add", added(installed=()))

    assert "note: it is locked, no environment was installed" in told


def test_a_frozen_add_says_that_the_lock_was_left() -> None:
    told = text("add", added(None, installed=(), solved=()))

    assert told == (
        "✔ Added numba >=0.61.2,<0.62 to pixi.toml\nnote: the lock was left as it is"
    )


def test_a_removed_name_that_others_need_is_told_to_stay() -> None:
    changed = Changed(manifest="pixi.toml", diff=LockDiff(), installed=(installed(),))

    told = text("remove", RemoveResult(removed=("numpy",), changed=changed))

    assert "note: numpy stays locked, something else asks for it" in told


def test_install_tells_what_was_downloaded_and_what_is_up_to_date() -> None:
    result = InstallResult(
        installed=(
            installed("gpu", fetched=31, fetched_bytes=48_000_000),
            installed(changed=False),
        ),
        lock_written=True,
        skipped=("mac",),
    )

    assert text("install", result) == (
        """\
Installed gpu, 148 packages in 7.4 s, 31 of them downloaded, 48.0 MB
Environment default is up to date, 148 packages
note: the lock was brought up to date
note: mac cannot run on this computer"""
    )


def test_list_says_why_each_package_is_there() -> None:
    result = listed(
        {"name": "numpy", "is_explicit": True, "depends": ["python >=3.10"]},
        {"name": "pandas", "is_explicit": True, "depends": ["numpy", "python"]},
        {"name": "python", "depends": ["zlib", "__glibc >=2.17"], "size_bytes": 17_000},
        {"name": "scipy", "depends": ["numpy", "python"]},
        {"name": "zlib", "size_bytes": None, "kind": "pypi"},
    )

    assert text("list", result) == (
        """\
default   5 packages, 2 of them explicit, 28.2 MB, linux-64

package  version  source         size  why
numpy    1.0      conda-forge  9.4 MB  explicit, pandas, scipy
pandas   1.0      conda-forge  9.4 MB  explicit
python   1.0      conda-forge   17 kB  numpy, pandas +1
scipy    1.0      conda-forge  9.4 MB
zlib     1.0      PyPI                 python"""
    )


def test_a_list_of_a_part_counts_nobody_who_needs_it() -> None:
    needs = {"name": "scipy", "depends": ["numpy", "left-out"]}

    told = text("list", listed({"name": "numpy"}, needs))

    assert told.splitlines()[-2:] == [
        "numpy    1.0      conda-forge  9.4 MB",
        "scipy    1.0      conda-forge  9.4 MB",
    ]


@pytest.mark.parametrize("need", ["base>=1", "mine::base 1.*", "base[version='>=1']"])
def test_whoever_needs_a_package_is_found_however_it_is_written(need: str) -> None:
    rows = listed({"name": "app", "depends": [need]}, {"name": "base"}).packages

    assert packages.why(rows) == {"app": "", "base": "app"}


def test_a_lock_that_is_not_written_says_how_to_write_it_in_this_face() -> None:
    result = LockResult(
        path="pixi.lock",
        diff=NUMBA,
        is_current=False,
        written=False,
        environments=3,
        platforms=3,
        seconds=1.8,
        dry_run=True,
    )

    told = text("lock", result, "%pixi").splitlines()

    assert told[-2].startswith("pixi.lock would be written anew: 3 environments")
    assert told[-1] == "hint: %pixi lock   keeps every version that still fits"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (None, ""),
        (915, "915 B"),
        (17_300, "17 kB"),
        (9_400_000, "9.4 MB"),
        (2_000_000_000, "2.0 GB"),
    ],
)
def test_sizes_are_decimal(count: int | None, words: str) -> None:
    assert size(count) == words
