"""Which package is offered for a module that could not be imported."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from support.packages import make_channel

from pixi_jupyter.events import Operation
from pixi_jupyter.verbs.suggest import SuggestRequest, SuggestResult, suggest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64"]

[feature.bare.dependencies]

[environments]
bare = {{ features = ["bare"], no-default-feature = true }}
"""


@pytest.fixture
def channel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    names = ("scikit-learn", "numba", "my-tool")
    return str(
        make_channel(
            tmp_path / "channel", [{"name": name, "version": "1.0"} for name in names]
        )
    )


def asked(folder: Path, module: str, environment: str = "default") -> SuggestResult:
    request = SuggestRequest(manifest=folder, module=module, environment=environment)
    return asyncio.run(suggest(request, Operation()))


@pytest.mark.parametrize(
    ("module", "text"),
    [
        pytest.param(
            "sklearn.cluster",
            "sklearn comes with scikit-learn, which is not in default: "
            "%pixi add scikit-learn",
            id="known",
        ),
        pytest.param(
            "numba", "numba is not in default: %pixi add numba", id="same name"
        ),
        pytest.param(
            "my_tool", "my-tool is not in default: %pixi add my-tool", id="dashes"
        ),
        pytest.param(
            "cv2",
            "cv2 comes with opencv-python, which no channel of default has: "
            "%pixi add --pypi opencv-python",
            id="known on PyPI",
        ),
        pytest.param(
            "nowhere",
            "No channel of default has nowhere. If it is on PyPI: "
            "%pixi add --pypi nowhere",
            id="unknown",
        ),
    ],
)
def test_the_package_that_brings_a_module_is_named(
    make_workspace: Callable[..., Path], channel: str, module: str, text: str
) -> None:
    found = asked(make_workspace(MANIFEST.format(channel=channel)), module)

    assert found.text == text
    assert found.is_sure == (module != "nowhere")


@pytest.mark.parametrize("module", ["os", "_private", "tkinter"])
def test_what_no_package_brings_is_answered_with_nothing(
    make_workspace: Callable[..., Path], channel: str, module: str
) -> None:
    found = asked(make_workspace(MANIFEST.format(channel=channel)), module)

    assert found.to_json()["package"] is None
    assert found.text == found.command == ""


def test_a_package_goes_to_a_table_that_the_environment_has(
    make_workspace: Callable[..., Path], channel: str
) -> None:
    folder = make_workspace(MANIFEST.format(channel=channel))

    found = asked(folder, "numba", "bare")

    assert found.command == "%pixi add --feature bare numba"


def test_a_channel_that_does_not_answer_leaves_what_is_known(
    make_workspace: Callable[..., Path],
) -> None:
    nowhere = "http://127.0.0.1:9/channel"
    folder = make_workspace(MANIFEST.format(channel=nowhere))

    known, guessed = asked(folder, "yaml"), asked(folder, "some_thing")

    assert (known.command, known.is_sure) == ("%pixi add pyyaml", True)
    assert (guessed.package, guessed.is_sure) == ("some_thing", False)
    assert "may bring some_thing" in guessed.text
