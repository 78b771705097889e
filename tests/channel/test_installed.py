"""What is installed: names, faults, and what is needed by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

from pixi_jupyter.channel.installed import catalogue, closure

if TYPE_CHECKING:
    from pathlib import Path

    from support.distributions import Site


def reached(site: Site, *names: str) -> list[str]:
    found, _ = closure(map(Requirement, names), site.catalogue())
    return [each.name for each in found]


def test_names_are_normalized(site: Site) -> None:
    site.add("Typing.Extensions_X", "4.0")

    assert list(site.catalogue()) == ["typing-extensions-x"]


def test_the_first_folder_wins_as_at_import(site: Site, tmp_path: Path) -> None:
    from support.distributions import Site as AnotherSite

    second = AnotherSite(tmp_path / "second")
    site.add("thing", "1.0")
    second.add("thing", "2.0")

    found = catalogue([str(site.folder), str(second.folder)])

    assert str(found["thing"].version) == "1.0"


def test_what_pip_left_behind_is_no_distribution(site: Site) -> None:
    site.add("thing").rename(site.folder / "~hing-1.0.dist-info")

    assert site.catalogue() == {}


def test_this_interpreter_has_distributions() -> None:
    assert {"packaging", "zstandard", "filelock"} <= catalogue().keys()


def test_a_distribution_without_fault_has_none(site: Site) -> None:
    site.add("thing")

    assert site["thing"].fault == ""


def test_an_editable_install_is_a_fault(site: Site) -> None:
    site.add("thing", editable=True)

    assert "editable" in site["thing"].fault


def test_an_editable_install_is_known_by_its_finder_too(site: Site) -> None:
    site.add("thing", files={"__editable___thing_finder.py": ""})

    assert "editable" in site["thing"].fault


def test_a_distribution_without_record_is_a_fault(site: Site) -> None:
    (site.add("thing") / "RECORD").unlink()

    assert "RECORD" in site["thing"].fault


def test_an_egg_is_a_fault(site: Site) -> None:
    (site.folder / "thing-1.0.egg-info").mkdir()

    assert "RECORD" in site["thing"].fault


def test_a_distribution_whose_files_are_gone_is_a_fault(site: Site) -> None:
    site.add("thing")
    (site.folder / "thing.py").unlink()

    assert "none of its files" in site["thing"].fault


def test_a_distribution_that_never_had_files_is_none(site: Site) -> None:
    site.add("thing", files={})

    assert site["thing"].fault == ""


@pytest.mark.parametrize("version", ["", "best", "1.0-x y"])
def test_a_version_that_is_none_is_a_fault(site: Site, version: str) -> None:
    info = site.add("thing")
    text = f"Metadata-Version: 2.4\nName: thing\nVersion: {version}\n"
    (info / "METADATA").write_text(text, encoding="utf-8")

    assert "no version" in site["thing"].fault


def test_the_closure_follows_requirements_and_their_extras(site: Site) -> None:
    site.add("top", metadata=["Requires-Dist: middle[fast]>=1"])
    site.add(
        "middle",
        metadata=[
            "Requires-Dist: base",
            "Provides-Extra: fast",
            'Requires-Dist: engine; extra == "fast"',
            'Requires-Dist: tests; extra == "test"',
        ],
    )
    for name in ("base", "engine", "tests"):
        site.add(name)

    assert reached(site, "top") == ["base", "engine", "middle", "top"]
    assert reached(site, "middle") == ["base", "middle"]
    assert reached(site, "middle[test]") == ["base", "middle", "tests"]


def test_an_extra_may_name_other_extras_of_its_own(site: Site) -> None:
    site.add(
        "thing",
        metadata=[
            'Requires-Dist: thing[big_one]; extra == "all"',
            'Requires-Dist: engine; extra == "big-one"',
        ],
    )
    site.add("engine")

    assert reached(site, "thing[all]") == ["engine", "thing"]


def test_requirements_of_other_platforms_are_not_followed(site: Site) -> None:
    site.add("thing", metadata=['Requires-Dist: other; sys_platform == "plan9"'])
    site.add("other")

    assert reached(site, "thing") == ["thing"]


def test_requirements_in_a_circle_end(site: Site) -> None:
    site.add("a", metadata=["Requires-Dist: b"])
    site.add("b", metadata=["Requires-Dist: a"])

    assert reached(site, "a") == ["a", "b"]


def test_a_requirement_that_cannot_be_read_is_left_out(site: Site) -> None:
    site.add("thing", metadata=["Requires-Dist: other >=> 2"])

    assert reached(site, "thing") == ["thing"]


def test_what_is_missing_or_contradicts_is_told(site: Site) -> None:
    site.add("thing", metadata=["Requires-Dist: absent", "Requires-Dist: old>=2"])
    site.add("old", "1.0")

    _, remarks = closure([Requirement("thing")], site.catalogue())

    assert {each.name: each.reason for each in remarks} == {
        "absent": "thing needs it, and it is not installed",
        "old": "thing needs >=2, and 1.0 is installed",
    }
