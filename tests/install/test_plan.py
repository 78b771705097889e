"""Plans: what differs, as pure values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from support.installs import make_record

from pixi_jupyter.install.plan import is_same_package, names, plan_install

if TYPE_CHECKING:
    from pixi_jupyter.adapters.rattler import PrefixRecord, RepoDataRecord
    from pixi_jupyter.install.plan import InstallPlan


def _plan(
    wanted: list[RepoDataRecord], installed: list[RepoDataRecord], **options: Any
) -> InstallPlan:
    return plan_install(wanted, cast("list[PrefixRecord]", installed), **options)


def test_equal_sides_need_nothing() -> None:
    plan = _plan(
        [make_record("b"), make_record("a")], [make_record("a"), make_record("b")]
    )

    assert plan.is_empty
    assert names(plan.unchanged) == ("a", "b")
    assert plan.touched == ()


def test_each_package_is_in_just_one_part() -> None:
    installed = [make_record("goes"), make_record("grows"), make_record("stays")]
    wanted = [make_record("comes"), make_record("grows", "2.0"), make_record("stays")]

    plan = _plan(wanted, installed)

    assert names(plan.added) == ("comes",)
    assert names(plan.removed) == ("goes",)
    assert [change.name for change in plan.changed] == ["grows"]
    assert names(plan.unchanged) == ("stays",)
    assert names(plan.to_link) == ("comes", "grows")
    assert plan.to_unlink == ("goes", "grows")
    assert plan.touched == ("comes", "goes", "grows")


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ({}, {}, True),
        ({}, {"version": "1.1"}, False),
        ({}, {"build": "1"}, False),
        ({}, {"subdir": "linux-64"}, False),
        ({}, {"sha256": "22" * 32}, False),
        ({}, {"url": "https://mirror.example/noarch/p-1.0-0.conda"}, True),
        ({"sha256": None, "md5": "11" * 16}, {"sha256": None, "md5": "22" * 16}, False),
        ({"sha256": None}, {"sha256": "22" * 32}, True),
    ],
    ids=["equal", "version", "build", "subdir", "sha256", "mirror", "md5", "unknown"],
)
def test_a_package_is_the_same_if_its_files_are(
    before: dict[str, Any], after: dict[str, Any], *, same: bool
) -> None:
    one, other = make_record("p", **before), make_record("p", **after)

    assert is_same_package(one, other) is same
    assert _plan([other], [one]).is_empty is same


def test_a_broken_package_is_repaired_only_if_it_stays() -> None:
    installed = [make_record("goes"), make_record("grows"), make_record("stays")]
    wanted = [make_record("grows", "2.0"), make_record("stays")]

    plan = _plan(wanted, installed, broken={"goes", "grows", "stays", "unknown"})

    assert names(plan.repaired) == ("stays",)
    assert not plan.is_empty


@pytest.mark.parametrize(
    ("version", "repaired"),
    [("3.11.9", ()), ("3.12.0", ("pure",))],
    ids=["patch", "minor"],
)
def test_noarch_python_packages_move_with_the_minor_version_of_python(
    version: str, repaired: tuple[str, ...]
) -> None:
    others = [
        make_record("pure", noarch="python"),
        make_record("data", noarch="generic"),
    ]
    before = [make_record("python", "3.11.0"), *others]
    after = [make_record("python", version), *others]

    assert names(_plan(after, before).repaired) == repaired
