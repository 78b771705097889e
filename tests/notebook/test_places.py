from __future__ import annotations

import os
from pathlib import Path

import pytest

from pixi_jupyter.notebook.places import content_home, content_prefix, working_copy


@pytest.mark.usefixtures("home")
def test_a_notebook_has_one_place_whichever_way_leads_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "real"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)

    place = working_copy(folder / "Tide Tables.ipynb")

    assert working_copy(tmp_path / "link" / "Tide Tables.ipynb") == place
    assert place.name.startswith("tide-tables-")
    assert working_copy(tmp_path / "Tide Tables.ipynb") != place


@pytest.mark.usefixtures("home")
def test_a_name_cannot_leave_its_folder(tmp_path: Path) -> None:
    place = working_copy(tmp_path / "..\u202e\x1b ...ipynb")

    assert place.parent == working_copy(tmp_path / "a.ipynb").parent
    assert place.name.isascii()


def test_a_prefix_is_addressed_by_content(tmp_path: Path) -> None:
    home = content_home("ab" * 32, cache_dir=tmp_path)

    assert home == tmp_path / "notebook-envs" / "abababababababab"
    prefix = content_prefix("ab" * 32, cache_dir=tmp_path)
    assert prefix == home / ".pixi" / "envs" / "default"


@pytest.mark.parametrize("digest", ["../../etc", "ab", "AB" * 32, "ab" * 32 + "\n"])
def test_what_is_no_digest_names_no_folder(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="no sha256"):
        content_home(digest, cache_dir=tmp_path)


@pytest.mark.usefixtures("home")
def test_the_home_of_the_person_is_honoured(tmp_path: Path) -> None:
    home = Path(os.environ["HOME"]).resolve()

    assert home in working_copy(tmp_path / "a.ipynb").resolve().parents
