from __future__ import annotations

import pytest
from support.manifests import parse, refusal

from pixi_jupyter.errors import ManifestParseError


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (
            "[feature.lonely.dependencies]\nx = '*'\n",
            "feature `lonely` is in no environment (line 6)",
        ),
        (
            "[project]\nchannels = []\n",
            "[project] is deprecated; its name is [workspace]",
        ),
        (
            "[tasks]\na = 'b'\nc = { cmd = 'd', depends_on = ['a'] }\n",
            "`depends_on` is deprecated; its name is `depends-on` (line 8)",
        ),
        (
            "[system-requirements]\ncuda = '12'\n",
            "`system-requirements` is deprecated; `platforms` can say the same (line 6)",
        ),
        (
            "[target.linux-aarch64.tasks]\nx = 'y'\n",
            "target `linux-aarch64` matches no platform of the workspace (line 6)",
        ),
        (
            "[feature.f.target.'gpu-*'.tasks]\n[environments]\ne = ['f']\n",
            "target `gpu-*` matches no platform of the workspace (line 6)",
        ),
        (
            (
                "[feature.a]\nplatforms = ['win-64']\n[feature.b]\nplatforms = ['osx-arm64']\n"
                "[environments]\ne = ['a', 'b']\n"
            ),
            "environment `e` has no platform that all its features have",
        ),
    ],
)
def test_what_is_doubtful_is_said_and_read(text: str, warning: str) -> None:
    assert parse(text).warnings == (warning,)


def test_a_selector_for_a_platform_that_is_composed_is_no_doubt() -> None:
    manifest = parse(
        """
        [system-requirements]
        cuda = "12"
        [target.linux-64-cuda-12.dependencies]
        x = "*"
        """
    )

    assert not [each for each in manifest.warnings if "target" in each]


def test_a_plain_workspace_takes_subdirs_from_its_features() -> None:
    manifest = parse(
        "[feature.f]\nplatforms = ['linux-aarch64']\n[environments]\ne=['f']\n"
    )

    assert manifest.features["f"].platforms == ("linux-aarch64",)


RICH = """
[workspace]
channels = []
platforms = ["osx-64", { name = "gpu", platform = "linux-64", cuda = "12" }]
"""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "[feature.f]\nplatforms = ['win-64']",
            "`win-64` is not one of the workspace's",
        ),
        ("[feature.f]\nplatforms = ['linux']", "`linux` is a family"),
        ("[system-requirements]\ncuda = '12'", "remove this table"),
    ],
)
def test_a_workspace_with_platforms_of_its_own_declares_them_all(
    text: str, reason: str
) -> None:
    error = refusal(f"{RICH}\n{text}\n")

    assert isinstance(error, ManifestParseError)
    assert reason in error.reason


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (
            "libc = { family = 'musl', version = '1.2' }",
            "libc = '2.30'",
            "different libc: musl, glibc",
        ),
        ("archspec = 'x86_64_v3'", "archspec = 'x86_64_v4'", "different archspec"),
    ],
)
def test_features_of_an_environment_have_to_agree_on_the_system(
    one: str, other: str, reason: str
) -> None:
    text = (
        f"[feature.a.system-requirements]\n{one}\n"
        f"[feature.b.system-requirements]\n{other}\n[environments]\n"
    )

    error = refusal(text + "e = ['a', 'b']\n")

    assert reason in str(error)
    assert parse(text + "e = ['a']\nf = ['b']\n").environments.keys() == {
        "default",
        "e",
        "f",
    }
