"""Naming the requirements that contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.errors import UnsatisfiableError
from pixi_jupyter.events import Operation
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.solve.conda import SolveRequest, solve, solver_virtual_packages
from pixi_jupyter.solve.explain import explain

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import Session


@pytest.fixture
def explained(session: Session, channel: str, workspace: Path) -> Any:
    """Give a function that solves what cannot be solved and explains why."""

    async def run(tables: str, platform: str = '"linux-64"') -> UnsatisfiableError:
        text = f'[workspace]\nchannels = ["{channel}"]\nplatforms = [{platform}]\n\n{tables}'
        composition = compose(parse_manifest(text, workspace))
        group = composition.group_of("default")
        place = group.platforms[0]
        requirements = group.requirements(place)
        constraints = group.constraints(place)
        request = SolveRequest(
            environment="default",
            platform=place,
            channels=(channel,),
            specs=tuple(each.match_spec for each in requirements),
            constraints=tuple(each.match_spec for each in constraints),
        )
        with pytest.raises(UnsatisfiableError) as caught:
            await solve(request, session, Operation())
        return explain(
            caught.value,
            requirements=requirements,
            manifest_text=text,
            virtual_packages=solver_virtual_packages(place, {}),
            constraints=constraints,
        )

    return run


CASES: dict[str, tuple[str, list[str]]] = {
    "a pin that the solver does not name": (
        '[dependencies]\nnumba = "==0.59"\nnumpy = ">=2"\n',
        [
            "pixi.toml:6  numba ==0.59   numba 0.59 needs numpy <1.27",
            "pixi.toml:7  numpy >=2",
        ],
    ),
    "two that need different things": (
        '[dependencies]\nneedsnew = "*"\npython = "*"\ndeep = "*"\n',
        [
            "pixi.toml:6  needsnew   needsnew 1.0 needs numpy >=2",
            "pixi.toml:8  deep       needsold 1.0 needs numpy <2",
        ],
    ),
    "one that is written in a target": (
        (
            '[dependencies]\nneedsold = "*"\nnumpy = "*"\n'
            '[target.linux.dependencies]\nnumpy = ">=2"\n'
        ),
        [
            "pixi.toml:6  needsold    needsold 1.0 needs numpy <2",
            "pixi.toml:9  numpy >=2",
        ],
    ),
    "one package asked for twice": (
        (
            '[dependencies]\nnumpy = ">=2.2"\n'
            '[feature.a.dependencies]\nnumpy = "<2"\n'
            '[environments]\ndefault = ["a"]\n'
        ),
        ["pixi.toml:8  numpy <2", "pixi.toml:6  numpy >=2.2"],
    ),
    "a constraint of a package": (
        '[dependencies]\ncapper = "*"\nnumpy = ">=2"\n',
        [
            "pixi.toml:6  capper      capper 1.0 allows only numpy <2",
            "pixi.toml:7  numpy >=2",
        ],
    ),
    "a constraint of the manifest": (
        '[dependencies]\nneedsold = "*"\n[constraints]\nnumpy = ">=2"\n',
        [
            "pixi.toml:6  needsold    needsold 1.0 needs numpy <2",
            "pixi.toml:8  numpy >=2   a constraint",
        ],
    ),
    "a dependency that is nowhere": (
        '[dependencies]\nneedsmissing = "*"\n',
        [
            (
                "pixi.toml:6  needsmissing   needsmissing 1.0 needs nothere >=2,"
                " for which there is no candidate"
            ),
        ],
    ),
    "a version that is nowhere": (
        '[dependencies]\nnumpy = ">=3"\n',
        ["pixi.toml:6  numpy >=3   no candidate in the channels"],
    ),
    "a virtual package that is too old": (
        '[dependencies]\nnewglibc = "*"\n',
        [
            (
                "pixi.toml:6  newglibc   newglibc 1.0 needs __glibc >=2.40;"
                " linux-64 of this workspace declares 2.28"
            )
        ],
    ),
    "a virtual package asked for by name": (
        '[dependencies]\n__glibc = ">=2.40"\n',
        ["pixi.toml:6  __glibc >=2.40   linux-64 of this workspace declares 2.28"],
    ),
}


@pytest.mark.parametrize(("tables", "guilty"), CASES.values(), ids=CASES.keys())
async def test_the_guilty_lines_are_named(
    explained: Any, tables: str, guilty: list[str]
) -> None:
    error = await explained(tables)

    assert list(error.guilty) == guilty


async def test_our_words_come_first_and_the_solvers_below(explained: Any) -> None:
    error = await explained('[dependencies]\nneedsold = "*"\nnumpy = ">=2"\n')

    lines = error.lines()
    assert lines[0] == "Environment default has no solution for linux-64"
    assert lines[1].strip().startswith("pixi.toml:6")
    assert lines[3].strip() == ""
    assert "needsold * cannot be installed" in lines[4]


@pytest.mark.parametrize(
    ("name", "hints"),
    [
        (
            "newglibc",
            [
                (
                    'platforms = [{ platform = "linux-64", glibc = "2.40" }]'
                    "   in pixi.toml, if the machines have it"
                ),
                "CONDA_OVERRIDE_GLIBC=2.40 {command} lock   to try it without",
            ],
        ),
        (
            "gpu",
            [
                (
                    'platforms = [{ platform = "linux-64", cuda = "12" }]'
                    "   in pixi.toml, if the machines have it"
                ),
                "CONDA_OVERRIDE_CUDA=12 {command} lock   to try it without",
            ],
        ),
        (
            "mac",
            ["{command} add mac --platform osx-arm64   linux-64 cannot have __osx"],
        ),
    ],
)
async def test_hints_say_how_to_get_a_virtual_package(
    explained: Any, name: str, hints: list[str]
) -> None:
    error = await explained(f'[dependencies]\n{name} = "*"\n')

    assert list(error.hints) == hints


async def test_the_platform_that_the_hint_writes_solves_it(
    explained: Any, session: Session, channel: str, workspace: Path
) -> None:
    error = await explained('[dependencies]\nnewglibc = "*"\n')
    entry = error.hints[0].split("   ")[0]
    text = f'[workspace]\nchannels = ["{channel}"]\n{entry}\n[dependencies]\nnewglibc = "*"\n'
    platform = compose(parse_manifest(text, workspace)).platforms[0]

    found = await solve(
        SolveRequest(
            environment="default",
            platform=platform,
            channels=(channel,),
            specs=("newglibc",),
        ),
        session,
        Operation(),
    )

    assert [record.name.normalized for record in found] == ["newglibc"]


async def test_a_named_platform_is_not_written_as_a_subdir(explained: Any) -> None:
    error = await explained(
        '[dependencies]\nnewglibc = "*"\n',
        '{ name = "mine", platform = "linux-64", glibc = "2.30" }',
    )

    assert error.hints[0] == 'glibc = "2.40"   in pixi.toml, if the machines have it'
    assert error.guilty[0].endswith("mine of this workspace declares 2.30")


def test_there_are_never_more_than_six_lines(workspace: Path) -> None:
    names = [f"package{number}" for number in range(9)]
    report = "The following packages are incompatible\n" + "\n".join(
        f"├─ {name} * cannot be installed because there are no viable options:\n"
        f"│  └─ {name} 1.0 would require\n"
        f"│     └─ other <{number}, for which no candidates were found."
        for number, name in enumerate(names)
    )
    text = '[workspace]\nchannels = []\nplatforms = ["linux-64"]\n[dependencies]\n'
    text += "".join(f'{name} = "*"\n' for name in names)
    group = compose(parse_manifest(text, workspace)).group_of("default")

    error = explain(
        UnsatisfiableError("default", platform="linux-64", report=report),
        requirements=group.requirements(group.platforms[0]),
        manifest_text=text,
    )

    assert len(error.guilty) == 6
    assert error.guilty[0].startswith(
        "pixi.toml:5  package0   package0 1.0 needs other"
    )
    assert error.guilty[5] == "and 4 more requirements"


def test_an_answer_that_is_not_understood_is_left_as_it_is(workspace: Path) -> None:
    text = '[workspace]\nchannels = []\nplatforms = ["linux-64"]\n[dependencies]\nx = "*"\n'
    group = compose(parse_manifest(text, workspace)).group_of("default")
    before = UnsatisfiableError("default", platform="linux-64", report="Strange words")

    error = explain(before, group.requirements(group.platforms[0]), text)

    assert error.lines() == before.lines()
