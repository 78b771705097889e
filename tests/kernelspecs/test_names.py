from __future__ import annotations

import re
from pathlib import Path

import pytest
from jupyter_client.kernelspec import _is_valid_kernel_name

from pixi_jupyter.kernelspecs import display_name, kernel_name

ROOT = Path("/data/climate")


@pytest.mark.parametrize(
    "workspace",
    ["climate", "Climate Study 2", "étude/été", "日本", "a_b.c"],
    ids=["plain", "blanks", "accents", "no latin letter", "signs"],
)
def test_names_are_legal_for_jupyter(workspace: str) -> None:
    name = kernel_name(workspace, ROOT, "test", "ir")

    assert _is_valid_kernel_name(name)
    assert name == name.lower()


def test_a_name_tells_workspace_place_and_environment() -> None:
    name = kernel_name("Climate", ROOT, "test")

    assert re.fullmatch(r"pixi-climate-[0-9a-f]{6}-test", name)


def test_workspaces_of_one_name_at_two_places_have_two_names() -> None:
    names = {kernel_name("a", Path(place), "default") for place in ("/x/a", "/y/a")}

    assert len(names) == 2


def test_a_link_to_the_workspace_gives_the_same_name(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)

    assert kernel_name("a", link, "x") == kernel_name("a", real, "x")


def test_a_packaged_kernel_is_never_taken_for_an_environment() -> None:
    assert kernel_name("a", ROOT, "test", "ir") != kernel_name("a", ROOT, "test-ir")


@pytest.mark.parametrize(
    ("others", "language", "expected"),
    [
        ((), None, "climate: gpu"),
        (("ocean",), None, "climate: gpu"),
        (("ocean", "climate"), None, "climate (data): gpu"),
        ((), "R", "climate: gpu (R)"),
        (("climate",), "R", "climate (data): gpu (R)"),
    ],
    ids=["alone", "others", "same name", "language", "both"],
)
def test_what_people_read(
    others: tuple[str, ...], language: str | None, expected: str
) -> None:
    shown = display_name("climate", "gpu", root=ROOT, others=others, language=language)

    assert shown == expected
