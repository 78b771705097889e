"""Asking the channels about what was not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.errors import (
    PackageNotFoundError,
    UnsatisfiableError,
)
from pixi_jupyter.events import Operation
from pixi_jupyter.solve.conda import (
    solve,
)
from pixi_jupyter.solve.missing import spec_name

if TYPE_CHECKING:
    from pixi_jupyter.adapters.rattler import Session


async def test_a_name_that_does_not_exist_is_told_from_a_version_that_does_not(
    session: Session, request_for: Any
) -> None:
    with pytest.raises(PackageNotFoundError) as name:
        await solve(request_for("python", "numpyy"), session, Operation())
    with pytest.raises(UnsatisfiableError) as version:
        await solve(request_for("python", "numpy >=3"), session, Operation())

    assert (name.value.name, name.value.close) == ("numpyy", "numpy")
    assert version.value.hints == ("numpy is there in 2.3, 2.1, 1.26",)
    assert (version.value.environment, version.value.platform) == (
        "default",
        "linux-64",
    )


async def test_a_package_of_other_platforms_is_said_to_be_there(
    session: Session, request_for: Any
) -> None:
    with pytest.raises(PackageNotFoundError) as caught:
        await solve(request_for("osxonly"), session, Operation())

    assert caught.value.elsewhere == ("osx-64",)
    assert caught.value.hints == (
        "{command} add osxonly --platform osx-64   it is there for osx-64",
    )


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("numpy", "numpy"),
        ("NumPy >=2", "numpy"),
        ("numpy>=2,<3", "numpy"),
        ("conda-forge::numpy==2", "numpy"),
        ("ruamel.yaml[build='x']", "ruamel.yaml"),
        ("r-base-x =1", "r-base-x"),
        ("", ""),
    ],
)
def test_the_name_of_a_spec_is_found(spec: str, name: str) -> None:
    assert spec_name(spec) == name
