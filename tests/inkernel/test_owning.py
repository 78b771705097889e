from __future__ import annotations

from typing import Any

import pytest

from pixi_jupyter.inkernel.owning import named_notebook, own

SHARED = "/cache/notebook-envs/0123456789abcdef/pixi.toml"


class Engine:
    def __init__(self) -> None:
        self.asked: list[Any] = []

    def __call__(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((method, params))
        return {"manifest": "/data/notebooks/a-1/pixi.toml", "made": True}


def test_a_shared_environment_becomes_ones_own_before_it_is_changed() -> None:
    options = {"notebook": "/home/a.ipynb", "manifest": SHARED}
    engine = Engine()

    assert own(options, "add", engine)
    assert not own(options, "add", engine)

    assert options["manifest"] == "/data/notebooks/a-1/pixi.toml"
    request = {"verb": "notebook_own", "request": {"path": "/home/a.ipynb"}}
    assert engine.asked == [("verb", request)]


@pytest.mark.parametrize(
    ("verb", "options"),
    [
        ("list", {"notebook": "/a.ipynb", "manifest": SHARED}),
        ("add", {"manifest": SHARED}),
        ("add", {"notebook": "/a.ipynb", "manifest": "/home/me/tides/pixi.toml"}),
        ("add", {}),
    ],
)
def test_everything_else_stays_where_it_is(verb: str, options: dict[str, str]) -> None:
    engine = Engine()

    assert not own(options, verb, engine)
    assert not engine.asked


def test_the_notebook_is_what_the_kernel_was_started_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/b.ipynb")

    assert named_notebook({"notebook": "/home/me/a.ipynb"}) == "/home/me/a.ipynb"
    assert named_notebook({}) == "/home/me/b.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", "console 1")
    assert not named_notebook({})
