"""The Python index that tests break: first that it is one."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version
from support.registry import MockIndex, make_sdist, make_wheel
from support.registry.client import ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def index(mock_index: Callable[[], MockIndex], tmp_path: Path) -> MockIndex:
    index = mock_index()
    files = tmp_path / "files"
    index.add(make_wheel(files, "spam", "1.0", requires=["ham-and-eggs>=1"]))
    index.add(make_wheel(files, "spam", "2.0", requires_python=">=99"))
    index.add(make_wheel(files, "spam", "1.5"), yanked="it burns")
    index.add(make_sdist(files, "Ham.And-eggs"), uploaded="2024-05-01T00:00:00Z")
    return index


def test_the_json_page_says_all_there_is_to_say(index: MockIndex) -> None:
    kind = "application/vnd.pypi.simple.v1+json"

    answer = ask(f"{index.simple_url}spam/", Accept=f"{kind}, text/html;q=0.1")

    assert answer.headers["Content-Type"] == kind
    page = json.loads(answer.body)
    files = {each["filename"]: each for each in page["files"]}
    assert page["versions"] == ["1.0", "1.5", "2.0"]
    assert files["spam-2.0-py3-none-any.whl"]["requires-python"] == ">=99"
    assert files["spam-1.5-py3-none-any.whl"]["yanked"] == "it burns"
    first = files["spam-1.0-py3-none-any.whl"]
    assert first["upload-time"] == "2023-11-14T22:13:20Z"
    metadata = ask(f"{first['url']}.metadata").body.decode()
    assert "Requires-Dist: ham-and-eggs>=1" in metadata


def test_the_html_page_is_for_all_others(index: MockIndex) -> None:
    page = ask(f"{index.simple_url}spam/", Accept="text/html").body.decode()

    assert 'data-requires-python="&gt;=99"' in page
    assert 'data-yanked="it burns"' in page
    assert "#sha256=" in page
    assert ask(f"{index.simple_url}nobody/").status == 404
    assert 'href="/simple/spam/"' in ask(index.simple_url).body.decode()


@pytest.mark.parametrize("form", ["json", "html"])
def test_pip_takes_what_fits_and_builds_what_must_be(
    index: MockIndex, tmp_path: Path, form: str
) -> None:
    pytest.importorskip("pip")
    index.forms = {form}

    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--isolated", "--no-cache-dir", "install"),
            *("--disable-pip-version-check", "--no-warn-script-location"),
            *("--index-url", index.simple_url, "--target", str(tmp_path / "to")),
            "spam",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    got = {path.name for path in (tmp_path / "to").glob("*.dist-info")}
    assert got == {"spam-1.0.dist-info", "ham_and_eggs-1.0.dist-info"}
    if Version(version("pip")) >= Version("23.2"):  # older ones read the wheel
        assert "/files/spam-1.0-py3-none-any.whl.metadata" in index.paths()
