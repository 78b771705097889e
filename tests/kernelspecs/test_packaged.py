from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.kernelspecs.packaged import packaged_kernels, read_packaged_kernel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_the_own_python_is_not_listed_and_others_are(
    prefix: Path, package_kernel: Callable[..., Path]
) -> None:
    package_kernel(
        "python3", argv=["python", "-m", "ipykernel_launcher"], language="python"
    )
    package_kernel("xpython", argv=["xpython"], language="python")
    package_kernel("ir", argv=["R", "-f"], language="R", env={"A": 1})

    found = packaged_kernels(prefix)

    assert [kernel.name for kernel in found] == ["ir", "xpython"]
    assert (found[0].argv, found[0].env) == (("R", "-f"), {"A": "1"})


@pytest.mark.parametrize(
    ("language", "title"),
    [("R", "R"), ("julia", "Julia"), ("C++17", "C++17"), ("", "Shell")],
    ids=["capital", "small", "signs", "none given"],
)
def test_the_language_is_written_as_people_do(
    prefix: Path, package_kernel: Callable[..., Path], language: str, title: str
) -> None:
    package_kernel("k", argv=["k"], language=language, display_name="Shell")

    kernel = read_packaged_kernel(prefix, "k")

    assert kernel is not None
    assert kernel.title == title


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"argv": []}'])
def test_what_cannot_start_is_no_kernel(
    prefix: Path, package_kernel: Callable[..., Path], text: str
) -> None:
    (package_kernel("bad") / "kernel.json").write_text(text)

    assert packaged_kernels(prefix) == ()


def test_a_prefix_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert packaged_kernels(tmp_path / "nothing") == ()
