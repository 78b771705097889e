from __future__ import annotations

import pytest

from pixi_jupyter.errors import InvalidSpecError
from pixi_jupyter.manifest.versions import compare, is_version, matches


@pytest.mark.parametrize(
    ("left", "right", "sign"),
    [
        ("2.28", "2.28.0", 0),
        ("2.9", "2.28", -1),
        ("12.0", "9.8", 1),
        ("1.0rc1", "1.0", -1),
        ("1.0.post1", "1.0", 1),
    ],
)
def test_versions_are_compared_as_conda_does(left: str, right: str, sign: int) -> None:
    assert compare(left, right) == sign
    assert compare(right, left) == -sign


def test_what_is_no_version_is_refused() -> None:
    assert is_version("2.0rc1")
    assert not is_version("not a version")
    with pytest.raises(InvalidSpecError):
        compare("1.0", "not a version")


@pytest.mark.parametrize(
    ("spec", "fits"),
    [
        (">=0.76", True),
        (">= 0.77.0", True),
        (">=0.77.1", False),
        (">=0.70,<0.77", False),
        ("0.77.*", True),
        ("<0.5|>=0.77", True),
    ],
)
def test_a_version_is_within_a_spec_or_not(spec: str, *, fits: bool) -> None:
    assert matches("0.77.0", spec) is fits
