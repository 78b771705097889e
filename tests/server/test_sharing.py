"""The routes about notebooks from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jupyter_server.auth.authorizer import Authorizer
from support.carried import MANIFEST, MET, carried, conda, lock, notebook

from pixi_jupyter.trust import store

if TYPE_CHECKING:
    from pathlib import Path

    from support.asked import Asked

pytest_plugins = ["pytest_jupyter.jupyter_server"]

SHARED = carried(
    MANIFEST.replace('"conda-forge"]', f'"{MET}"]'),
    lock(conda(f"{MET}noarch/metgrid-0.4-0.conda"), channels=(MET,)),
)


class Reader(Authorizer):
    def is_authorized(
        self, handler: Any, user: Any, action: str, resource: str
    ) -> bool:
        del handler, user
        return (action, resource) == ("read", "pixi_jupyter")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the engine starts, which reads and writes agreements."""
    monkeypatch.setenv("HOME", str(tmp_path))


def agree(server: Asked, **body: str) -> tuple[int, Any]:
    found: tuple[int, Any] = server.run(server.ask("POST", "notebook/trust", body))
    return found


def test_a_notebook_is_looked_at_and_agreed_to(
    server: Asked, jp_root_dir: Path
) -> None:
    notebook(jp_root_dir / "shared.ipynb", SHARED)

    before = server.get("notebook/facts", "shared.ipynb")
    status, agreed = agree(server, path="shared.ipynb", digest=SHARED.digest)
    after = server.get("notebook/facts", "shared.ipynb")

    assert before["notebook"] == "shared.ipynb"
    assert (before["state"], before["trusted"]) == ("not_trusted", False)
    assert before["facts"]["digest"] == SHARED.digest
    assert before["list"][0]["label"] == "Unknown channel"
    assert (status, agreed["new"]) == (200, True)
    assert after["trusted"]
    assert store.is_trusted(SHARED.digest)


def test_only_what_was_shown_is_agreed_to(server: Asked, jp_root_dir: Path) -> None:
    shown = SHARED.digest
    changed = carried(MANIFEST)
    notebook(jp_root_dir / "shared.ipynb", changed)

    status, data = agree(server, path="shared.ipynb", digest=shown)

    assert (status, data["error"]["code"]) == (409, "trust-changed")
    assert not store.is_trusted(changed.digest)


def test_what_nobody_can_agree_to_says_why(server: Asked, jp_root_dir: Path) -> None:
    bad = carried(MANIFEST + '[activation]\nscripts = ["x.sh"]\n')
    notebook(jp_root_dir / "shared.ipynb", bad)

    shown = server.get("notebook/facts", "shared.ipynb")
    status, data = agree(server, path="shared.ipynb", digest=bad.digest)

    assert shown["facts"]["refusals"][0]["code"] == "script"
    assert (status, data["error"]["code"]) == (409, "notebook-refused")


def test_a_notebook_without_an_environment_has_none(
    server: Asked, jp_root_dir: Path
) -> None:
    notebook(jp_root_dir / "plain.ipynb", None)

    found = server.get("notebook/facts", "plain.ipynb")

    assert (found["state"], found["facts"], found["list"]) == ("nothing", None, [])


def test_no_path_leads_out(server: Asked) -> None:
    assert server.refused("GET", "notebook/facts", path="../x.ipynb")[0] == 404
    body = {"path": "../x.ipynb", "digest": SHARED.digest}
    assert server.refused("POST", "notebook/trust", body)[0] == 404


@pytest.mark.parametrize(
    "body", ["{", "[]", "{}", '{"path": "x"}', '{"path": 1, "digest": "x"}']
)
def test_a_wrong_body_is_said_to_be_one(server: Asked, body: str) -> None:
    assert server.refused("POST", "notebook/trust", body)[0] == 400


@pytest.mark.parametrize(
    "settings", [{"ServerApp": {"authorizer_class": Reader}}], ids=["reader"]
)
def test_who_may_only_read_sees_and_does_not_agree(
    server: Asked, jp_root_dir: Path
) -> None:
    notebook(jp_root_dir / "shared.ipynb", SHARED)

    assert server.get("notebook/facts", "shared.ipynb")["state"] == "not_trusted"
    body = {"path": "shared.ipynb", "digest": SHARED.digest}
    assert server.refused("POST", "notebook/trust", body)[0] == 403
    assert not store.is_trusted(SHARED.digest)


def test_a_notebook_is_given_an_environment_of_its_own(
    server: Asked, jp_root_dir: Path
) -> None:
    path = notebook(jp_root_dir / "plain.ipynb", None)

    server.done("init", "plain.ipynb", notebook="plain.ipynb")
    shown = server.get("notebook/facts", "plain.ipynb")
    outside = server.refused(
        "POST",
        "operations",
        {"path": "", "verb": "init", "request": {"notebook": "../x.ipynb"}},
    )

    assert shown["state"] == "made_here"
    assert '"pixi-notebook"' in path.read_text()
    assert (outside[0], outside[1]["code"]) == (404, "outside-root")
