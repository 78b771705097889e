from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.manifests import composed

from pixi_jupyter.errors import EnvironmentNotFoundError, FeatureConflictError
from pixi_jupyter.platforms import Platform

if TYPE_CHECKING:
    from pixi_jupyter.manifest.compose import Environment, SolveGroup

LINUX = Platform("linux-64", "linux-64")
MAC = Platform("osx-arm64", "osx-arm64")
WINDOWS = Platform("win-64", "win-64")


def asked(part: Environment | SolveGroup, platform: Platform) -> list[str]:
    return [
        f"{requirement.feature}: {requirement.match_spec}"
        for requirement in part.requirements(platform)
    ]


def test_requirements_of_all_features_add_up_default_last() -> None:
    composition = composed(
        """
        [dependencies]
        python = ">=3.10"
        numpy = "*"
        [feature.py311.dependencies]
        python = "3.11.*"
        [feature.test.dependencies]
        pytest = "*"
        [environments]
        test = { features = ["test", "py311"], dependencies = { numpy = ">=2" } }
        lone = { features = ["test"], no-default-feature = true }
        """
    )
    test = composition.environment("test")

    assert test.features == ("@test", "test", "py311", "default")
    assert asked(test, LINUX) == [
        "@test: numpy >=2",
        "test: pytest *",
        "py311: python 3.11.*",
        "default: python >=3.10",
        "default: numpy *",
    ]
    assert asked(composition.environment("lone"), LINUX) == ["test: pytest *"]
    assert [requirement.table for requirement in test.requirements(LINUX)][:3] == [
        "environments.test.dependencies",
        "feature.test.dependencies",
        "feature.py311.dependencies",
    ]


def test_inside_a_feature_the_last_matching_target_replaces() -> None:
    composition = composed(
        """
        [dependencies]
        blas = { version = "*", build = "*netlib" }
        numpy = ">=1"
        [target.linux-64.dependencies]
        blas = "2.*"
        [target.unix.dependencies]
        blas = "*"
        mold = "*"
        [target.osx.constraints]
        numpy = "<2"
        """
    )
    default = composition.environment("default")

    assert asked(default, LINUX) == [
        "default: blas *",
        "default: numpy >=1",
        "default: mold *",
    ]
    assert asked(default, WINDOWS)[0] == 'default: blas[build="*netlib"]'
    assert [each.match_spec for each in default.constraints(MAC)] == ["numpy <2"]
    assert default.constraints(LINUX) == ()
    assert default.requirements(LINUX)[0].table == "target.unix.dependencies"


def test_a_feature_takes_no_part_where_it_is_not_made_for() -> None:
    composition = composed(
        """
        [feature.mac]
        platforms = ["osx-arm64"]
        dependencies = { appnope = "*" }
        [environments]
        a = { features = ["mac"], solve-group = "g" }
        b = { solve-group = "g", dependencies = { numpy = "*" } }
        """
    )
    group = composition.group_of("a")

    assert group.name == "g"
    assert group.environments == ("a", "b")
    assert group.platforms == (LINUX, MAC, WINDOWS)
    assert asked(group, MAC) == ["mac: appnope *", "@b: numpy *"]
    assert asked(group, LINUX) == ["@b: numpy *"]


def test_every_environment_is_in_one_group() -> None:
    composition = composed(
        """
        [feature.f.dependencies]
        x = "*"
        [environments]
        default = { solve-group = "shared" }
        a = { features = ["f"], solve-group = "shared" }
        b = ["f"]
        c = { features = ["f"], solve-group = "b" }
        """
    )

    members = [group.environments for group in composition.solve_groups.values()]
    assert members == [("default", "a"), ("b",), ("c",)]
    assert composition.group_of("b").environments == ("b",)
    assert composition.group_of("c").environments == ("c",)
    # what both environments have is asked for once
    assert [feature.name for feature in composition.group_of("a").parts] == [
        "default",
        "f",
    ]
    assert asked(composition.group_of("b"), LINUX) == asked(
        composition.environment("b"), LINUX
    )


def test_channels_follow_the_features_and_then_their_priority() -> None:
    composition = composed(
        """
        [workspace]
        channels = ["conda-forge", { channel = "low", priority = -1 }]
        platforms = ["linux-64"]
        [feature.gpu]
        channels = ["nvidia", { channel = "first", priority = 1 }, "conda-forge"]
        [feature.plain.dependencies]
        x = "*"
        [environments]
        gpu = ["gpu", "plain"]
        alone = { features = ["gpu"], no-default-feature = true }
        """
    )

    assert composition.environment("default").channels == ("conda-forge", "low")
    assert composition.environment("gpu").channels == (
        "first",
        "nvidia",
        "conda-forge",
        "low",
    )
    assert composition.environment("alone").channels == (
        "first",
        "nvidia",
        "conda-forge",
    )


def test_the_first_feature_decides_the_strategy() -> None:
    composition = composed(
        """
        [workspace]
        channels = []
        solve-strategy = "lowest"
        [feature.high]
        solve-strategy = "highest"
        [feature.direct]
        solve-strategy = "lowest-direct"
        [environments]
        a = ["direct", "high"]
        b = { features = [], no-default-feature = true }
        """
    )

    assert composition.environment("default").solve_strategy == "lowest"
    assert composition.environment("a").solve_strategy == "lowest-direct"
    assert composition.environment("b").solve_strategy == "highest"


def test_features_that_want_different_priorities_cannot_be_together() -> None:
    composition = composed(
        """
        [workspace]
        channels = []
        channel-priority = "flexible"
        [feature.off]
        channel-priority = "disabled"
        [environments]
        clash = ["off"]
        off = { features = ["off"], no-default-feature = true }
        none = { no-default-feature = true }
        """
    )

    assert composition.environment("default").channel_priority == "flexible"
    assert composition.environment("off").channel_priority == "disabled"
    assert composition.environment("none").channel_priority == "strict"
    with pytest.raises(FeatureConflictError) as caught:
        _ = composition.environment("clash").channel_priority
    assert caught.value.details == ("off says disabled", "default says flexible")


def test_activation_joins_scripts_and_lets_the_first_feature_set_a_variable() -> None:
    composition = composed(
        """
        [activation]
        scripts = ["default.sh"]
        env = { A = "default", B = "default" }
        [target.linux.activation]
        scripts = ["linux.sh"]
        env = { B = "linux" }
        [target.unix.activation]
        env = { C = "unix" }
        [feature.f.activation]
        scripts = ["f.sh"]
        env = { A = "f" }
        [environments]
        e = ["f"]
        """
    )
    on_linux = composition.environment("e").activation(LINUX)
    on_windows = composition.environment("e").activation(WINDOWS)

    assert on_linux.scripts == ("f.sh", "linux.sh")
    assert on_linux.env == {"A": "f", "B": "linux", "C": "unix"}
    assert on_windows.scripts == ("f.sh", "default.sh")
    assert on_windows.env == {"A": "f", "B": "default"}


def test_a_task_is_that_of_the_first_feature_and_the_last_target() -> None:
    composition = composed(
        """
        [tasks]
        build = "make"
        test = "pytest"
        [target.win.tasks]
        build = "nmake"
        [feature.f.tasks]
        test = "pytest -x"
        [environments]
        e = ["f"]
        """
    )
    environment = composition.environment("e")

    assert environment.tasks(LINUX) == {"test": "pytest -x", "build": "make"}
    assert environment.tasks(WINDOWS)["build"] == "nmake"


def test_pypi_requirements_of_all_features_are_kept_by_normalised_name() -> None:
    composition = composed(
        """
        [pypi-dependencies]
        Tide_Tables = ">=1"
        [target.linux.pypi-dependencies]
        tide-tables = ">=2"
        [feature.f.pypi-dependencies]
        tide-tables = "*"
        [environments]
        e = ["f"]
        """
    )
    environment = composition.environment("e")

    assert environment.pypi_requirements(LINUX) == {"tide-tables": ("*", ">=2")}
    assert environment.pypi_requirements(MAC) == {"tide-tables": ("*", ">=1")}


def test_an_unknown_environment_is_named_with_the_nearest() -> None:
    composition = composed("[environments]\ntest = []\n")

    with pytest.raises(EnvironmentNotFoundError, match="did you mean test"):
        composition.environment("tset")
