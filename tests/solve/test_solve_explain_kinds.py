"""Conflicts by their cause: what is hidden, what is missing, who is solved together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.packages import make_channel

from pixi_jupyter.errors import UnsatisfiableError
from pixi_jupyter.events import Operation
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.solve.conda import SolveRequest, solve
from pixi_jupyter.solve.explain import explain

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import Session

LATE = 1_800_000_000_000
FIRST: list[dict[str, Any]] = [
    {"name": "python", "version": "3.12.1"},
    {"name": "numpy", "version": "1.26"},
    {"name": "numpy", "version": "2.1"},
    {"name": "old", "version": "1.0", "depends": ["numpy <2"]},
    {"name": "new", "version": "1.0", "depends": ["numpy >=2"]},
    {"name": "gpu", "version": "1.0", "depends": ["__cuda"]},
    {"name": "late", "version": "1.0", "timestamp": LATE},
    {"name": "needslate", "version": "1.0", "depends": ["late"]},
    *(
        {
            "name": "ext",
            "version": "1.0",
            "build": f"py3{minor}_0",
            "depends": [f"python >=3.{minor},<3.{minor + 1}.0a0"],
        }
        for minor in (10, 11)
    ),
]
SECOND: list[dict[str, Any]] = [
    {"name": "numpy", "version": "3.0"},
    {"name": "needs3", "version": "1.0", "depends": ["numpy >=3"]},
]


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("kinds")
    return make_channel(folder / "a", FIRST), make_channel(folder / "b", SECOND)


@pytest.fixture
def explained(session: Session, channels: tuple[str, str], workspace: Path) -> Any:
    async def run(
        tables: str, *, more: str = "", of: str = "default"
    ) -> UnsatisfiableError:
        listed = ", ".join(f'"{url}"' for url in channels)
        text = f'[workspace]\nchannels = [{listed}]\nplatforms = ["linux-64"]\n{more}\n'
        text += tables
        group = compose(parse_manifest(text, workspace)).group_of(of)
        place = group.platforms[0]
        requirements = group.requirements(place)
        request = SolveRequest(
            environment=of,
            platform=place,
            channels=channels,
            specs=tuple(each.match_spec for each in requirements),
            channel_priority=group.channel_priority,
            exclude_newer=group.cutoffs().default,
            virtual_packages=place.virtual_packages,
        )
        with pytest.raises(UnsatisfiableError) as caught:
            await solve(request, session, Operation())
        return explain(caught.value, requirements, text, members=group.members)

    return run


async def test_a_virtual_package_that_is_not_declared_is_named(explained: Any) -> None:
    error = await explained('[dependencies]\ngpu = "*"\n')

    assert error.guilty == (
        (
            "pixi.toml:6  gpu   gpu 1.0 needs __cuda;"
            " linux-64 of this workspace declares none"
        ),
    )


async def test_what_strict_priority_hides_is_named_with_its_channel(
    explained: Any, channels: tuple[str, str]
) -> None:
    error = await explained('[dependencies]\nneeds3 = "*"\n')

    assert error.guilty == (
        (
            f"pixi.toml:6  needs3   needs3 1.0 needs numpy >=3; numpy 3.0 of {channels[1].rstrip('/')}"
            " is hidden: a channel before it has numpy too"
        ),
    )
    assert 'channel-priority = "flexible"' in error.hints[1]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("late", "late   late 1.0"),
        ("needslate", "needslate   needslate 1.0 needs late; late 1.0"),
    ],
)
async def test_what_exclude_newer_hides_is_named_with_the_day(
    explained: Any, name: str, says: str
) -> None:
    error = await explained(
        f'[dependencies]\n{name} = "*"\n',
        more='exclude-newer = "2026-01-01T00:00:00Z"',
    )

    assert error.guilty == (
        f"pixi.toml:6  {says} is newer than exclude-newer allows, 2026-01-01",
    )
    assert error.hints[0].startswith("exclude-newer")


FEATURES = """\
[feature.a.dependencies]
old = "*"
[feature.b.dependencies]
new = "*"
[environments]
"""


async def test_features_that_meet_only_in_a_solve_group_are_said_to(
    explained: Any,
) -> None:
    apart = 'a = { features = ["a"], solve-group = "g" }\n'
    apart += 'b = { features = ["b"], solve-group = "g" }\n'

    error = await explained(FEATURES + apart, of="a")

    assert list(error.guilty) == [
        "pixi.toml:6  old   old 1.0 needs numpy <2",
        "pixi.toml:8  new   new 1.0 needs numpy >=2",
    ]
    assert error.hints == (
        'a, b are solved together; without solve-group = "g" each has its own solution',
    )


async def test_features_that_meet_in_one_environment_have_no_such_hint(
    explained: Any,
) -> None:
    both = 'a = { features = ["a", "b"], solve-group = "g" }\n'
    both += 'b = { features = ["b"], solve-group = "g" }\n'

    error = await explained(FEATURES + both, of="a")

    assert len(error.guilty) == 2
    assert error.hints == ()


async def test_builds_for_other_pythons_are_put_into_one_line(explained: Any) -> None:
    error = await explained('[dependencies]\npython = "3.12.*"\next = "*"\n')

    assert list(error.guilty) == [
        "pixi.toml:6  python 3.12.*",
        (
            "pixi.toml:7  ext             ext 1.0 needs python"
            " >=3.10,<3.11.0a0 or >=3.11,<3.12.0a0"
        ),
    ]
