from __future__ import annotations

import pytest
from support.manifests import composed


def platforms(text: str) -> dict[str, list[str]]:
    return {
        name: [platform.name for platform in environment.platforms]
        for name, environment in composed(text).environments.items()
    }


def test_an_environment_has_the_platforms_that_all_its_features_have() -> None:
    found = platforms(
        """
        [feature.unix]
        platforms = ["osx-arm64", "linux-64"]
        [feature.linux]
        platforms = ["linux-64"]
        [environments]
        unix = ["unix"]
        both = ["unix", "linux"]
        """
    )

    assert found == {
        "default": ["linux-64", "osx-arm64", "win-64"],
        "unix": ["linux-64", "osx-arm64"],
        "both": ["linux-64"],
    }


def test_a_subdir_of_a_feature_reaches_only_its_own_environments() -> None:
    found = platforms(
        """
        [feature.arm]
        platforms = ["linux-aarch64", "linux-64"]
        [environments]
        arm = ["arm"]
        """
    )

    assert found["default"] == ["linux-64", "osx-arm64", "win-64"]
    assert found["arm"] == ["linux-64", "linux-aarch64"]


def test_requirements_on_the_system_make_one_platform_for_each_subdir() -> None:
    composition = composed(
        """
        [system-requirements]
        linux = "5.10"
        macos = "14.0"
        cuda = "12"
        [feature.new.system-requirements]
        cuda = "12.4"
        libc = { family = "glibc", version = "2.35" }
        [feature.old.system-requirements]
        libc = 2.17
        [environments]
        new = ["new"]
        old = { features = ["old"], no-default-feature = true }
        """
    )

    def shown(name: str) -> dict[str, str]:
        return {
            platform.name: " ".join(map(str, platform.custom))
            for platform in composition.environment(name).platforms
        }

    assert shown("default") == {
        "linux-64-cuda-12-linux-5-10": "__cuda=12 __linux=5.10",
        "osx-arm64-macos-14-0": "__osx=14.0",
        "win-64-cuda-12": "__cuda=12",
    }
    assert shown("new") == {
        "linux-64-cuda-12-4-glibc-2-35-linux-5-10": (
            "__cuda=12.4 __glibc=2.35 __linux=5.10"
        ),
        "osx-arm64-macos-14-0": "__osx=14.0",
        "win-64-cuda-12-4": "__cuda=12.4",
    }
    assert shown("old") == {
        "linux-64-glibc-2-17": "__glibc=2.17",
        "osx-arm64": "",
        "win-64": "",
    }
    assert [platform.name for platform in composition.platforms] == [
        "linux-64-cuda-12-linux-5-10",
        "linux-64-cuda-12-4-glibc-2-35-linux-5-10",
        "linux-64-glibc-2-17",
        "osx-arm64",
        "osx-arm64-macos-14-0",
        "win-64",
        "win-64-cuda-12",
        "win-64-cuda-12-4",
    ]


def test_a_requirement_equal_to_the_baseline_changes_nothing() -> None:
    found = platforms("[system-requirements]\nlibc = '2.28'\nlinux = '4.18.0'\n")

    assert found == {"default": ["linux-64", "osx-arm64", "win-64"]}


RICH = """
[workspace]
channels = []
platforms = [
  "linux-64",
  { name = "gpu", platform = "linux-64", cuda = "12" },
  { name = "gpu13", platform = "linux-64", cuda = "13" },
  "osx-arm64",
]
"""


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ('["linux-64", "osx-arm64"]', ["linux-64", "osx-arm64"]),
        ('["gpu", "osx-arm64"]', ["gpu", "osx-arm64"]),
        ('["gpu", "gpu13"]', ["gpu", "gpu13"]),
        ('["osx-arm64"]', ["osx-arm64"]),
    ],
)
def test_declared_platforms_are_chosen_by_name(named: str, found: list[str]) -> None:
    text = f"{RICH}\n[feature.f]\nplatforms = {named}\n[environments]\ne = ['f']\n"

    assert platforms(text)["e"] == found
    assert platforms(text)["default"] == ["linux-64", "gpu", "gpu13", "osx-arm64"]


def test_a_subdir_names_all_its_platforms_unless_one_is_pinned() -> None:
    text = f"""{RICH}
[feature.linux]
platforms = ["linux-64"]
[feature.gpu]
platforms = ["gpu"]
[environments]
gpu = ["linux", "gpu"]
"""

    assert platforms(text)["gpu"] == ["gpu"]
