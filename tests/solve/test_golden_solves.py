"""Real environments, solved through our own reading, composition and planning.

The answers (data beside the repository; skipped where it is absent) were made by
py-rattler from requests that somebody else composed, on records of real lock files.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import zstandard

from pixi_jupyter.adapters.rattler import Session
from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import ManifestParseError, PixiJupyterError
from pixi_jupyter.events import Operation
from pixi_jupyter.manifest.compose import SolveGroup, compose
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.platforms import Platform, VirtualPackage
from pixi_jupyter.solve.conda import SolveRequest, solve
from pixi_jupyter.solve.pypi_options import merged_options
from pixi_jupyter.solve.pypi_requirements import read_requirements
from pixi_jupyter.workspace.context import Workspace
from pixi_jupyter.workspace.requests import plan_work
from pixi_jupyter.workspace.solution import LockState

DATA = Path(__file__).parents[3] / "shared" / "data"
GOLDEN = DATA / "solves" / "golden_solves.json.zst"
LOCKMINED = DATA / "repodata" / "lockmined" / "conda-forge"
LINUX = Platform("linux-64", "linux-64")

pytestmark = [
    pytest.mark.skipif(not GOLDEN.is_file(), reason="the data is not here"),
    pytest.mark.slow,
    pytest.mark.timeout(600),
]


def _unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix != ".zst":
        return content
    found: bytes = zstandard.ZstdDecompressor().stream_reader(content).read()
    return found


class Outcome(NamedTuple):
    """What came of one request."""

    records: tuple[str, ...]
    """SUBDIR/FILE; empty where there is no solution."""
    failure: str = ""


@dataclass
class Golden:
    """The requests, and the records that they are solved on."""

    cases: list[dict[str, Any]]
    channel: str
    session: Session
    folder: Path

    def ours(self, case: dict[str, Any]) -> SolveRequest | str:
        """Give the request that we make of an environment, or why there is none."""
        source = DATA / "manifests" / case["origin"]
        if not source.is_file():
            return "the manifest is not among the data"
        is_pyproject = source.name.endswith("pyproject.toml")
        path = self.folder / ("pyproject.toml" if is_pyproject else "pixi.toml")
        text = source.read_text(encoding="utf-8")
        try:
            manifest = parse_manifest(text, path)
        except ManifestParseError as error:
            found = re.search(
                r"(package\.target): no such|environments\.(\w+):", str(error)
            )
            return f"pixi refuses {found[1] or 'the name ' + found[2]}" if found else ""
        environment = compose(manifest).environments[case["env"]]
        here = [x for x in environment.platforms if x.subdir == case["platform"]]
        if not here:
            return "the platform is not declared"
        alone = SolveGroup(
            name=environment.name,
            manifest=manifest,
            parts=environment.parts,
            platforms=(here[0],),
            members=(environment,),
        )
        workspace = Workspace(
            text=text,
            manifest=manifest,
            composition=replace(compose(manifest), solve_groups={"": alone}),
            settings=read_settings(self.folder, environ={}),
            environ={},
        )
        state = LockState(lock=None, records={}, reasons=())
        request = plan_work(workspace, state, (), everything=True).requests[0]
        # what stands beside the conda packages has to be read as well
        read_requirements(alone, here[0])
        merged_options(alone)
        return replace(
            request,
            channels=(self.channel,),
            virtual_packages=_virtual_packages(case),
        )

    def theirs(self, case: dict[str, Any]) -> SolveRequest:
        """Give the request that the answer was made from."""
        return SolveRequest(
            environment=case["env"],
            platform=LINUX,
            channels=(self.channel,),
            specs=tuple(case["specs"]),
            virtual_packages=_virtual_packages(case),
        )

    async def solved(self, request: SolveRequest) -> Outcome:
        """Solve; a failure is an outcome too."""
        try:
            found = await solve(request, self.session, Operation())
        except PixiJupyterError as error:
            return Outcome((), error.code)
        return Outcome(tuple(sorted(f"{x.subdir}/{x.file_name}" for x in found)))

    async def compared(self, case: dict[str, Any]) -> str:
        """Say how our answer differs, and why; empty where it does not."""
        request = self.ours(case)
        if isinstance(request, str):
            return request or "refused"
        answer = await self.solved(request)
        is_refused = case["outcome"] == "unsolvable" and answer.failure
        if answer == _answer(case) or is_refused:
            return ""
        ours, theirs = _plain(request.specs), _plain(case["specs"])
        if case["outcome"] != "solved":
            refused = "theirs: a version without an operator was refused"
            return {"spec-rejected-strict": refused}.get(case["outcome"], "differs")
        if any("channel=" in spec for spec in request.specs):
            return "theirs: the channel of a requirement was left away"
        if ours == theirs:
            again = await self.solved(replace(request, specs=tuple(case["specs"])))
            return "the order of the features" if again == _answer(case) else "differs"
        return _left_away(case, ours, theirs)


def _left_away(case: dict[str, Any], ours: set[str], theirs: set[str]) -> str:
    """Say what the other composition did not read."""
    if not theirs < ours:
        return "differs"
    names = _names(ours) - _names(theirs)
    text = (DATA / "manifests" / case["origin"]).read_text(encoding="utf-8")
    if not names:
        return "theirs: one requirement for each name, ours has all"
    if names == {"python"} and "requires-python" in text:
        return "theirs: requires-python was left away"
    if f"[environments.{case['env']}.dependencies]" in text:
        return "theirs: the tables inside the environment were left away"
    return "differs"


def _answer(case: dict[str, Any]) -> Outcome:
    return Outcome(tuple(sorted(case.get("solution", ()))))


def _virtual_packages(case: dict[str, Any]) -> tuple[VirtualPackage, ...]:
    return tuple(VirtualPackage(*row) for row in case["virtual_packages"])


def _plain(specs: Any) -> set[str]:
    """Give specs in one spelling."""
    found = set()
    for spec in specs:
        text = re.sub(r'\[version="(.*?)", build="(.*?)"\]', r" \1 \2", spec)
        text = re.sub(r'\[build="(.*?)"\]', r" * \1", text)
        found.add(re.sub(r",\s+", ",", text))
    return found


def _names(specs: set[str]) -> set[str]:
    return {re.split(r"[\s\[]", spec)[0] for spec in specs}


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    folder = tmp_path_factory.mktemp("golden")
    for subdir in ("linux-64", "noarch"):
        (folder / "channel" / subdir).mkdir(parents=True)
        packed = next((LOCKMINED / subdir).glob("repodata.json*"))
        target = folder / "channel" / subdir / "repodata.json"
        target.write_bytes(_unpacked(packed))
    return Golden(
        cases=json.loads(_unpacked(GOLDEN))["cases"],
        channel=(folder / "channel").as_uri(),
        session=Session(cache_dir=folder / "cache"),
        folder=folder / "manifests",
    )


async def test_the_requests_of_others_have_the_answers_of_others(
    golden: Golden,
) -> None:
    solved = [case for case in golden.cases if case["outcome"] == "solved"]

    found = [await golden.solved(golden.theirs(case)) for case in solved]

    different = [
        case["id"]
        for case, answer in zip(solved, found, strict=True)
        if answer != _answer(case)
    ]
    assert (len(found), different) == (472, [])


async def test_every_difference_of_our_requests_is_explained(golden: Golden) -> None:
    found = [await golden.compared(case) for case in golden.cases]

    named = {case["id"]: why for case, why in zip(golden.cases, found, strict=True)}
    assert [x for x, why in named.items() if why in ("differs", "refused")] == []
    assert Counter(found) == EXPECTED


EXPECTED = {
    "": 243,
    "the manifest is not among the data": 209,
    "the platform is not declared": 7,
    "pixi refuses package.target": 21,
    "pixi refuses the name latest_312": 1,
    "the order of the features": 13,
    "theirs: a version without an operator was refused": 16,
    "theirs: one requirement for each name, ours has all": 6,
    "theirs: requires-python was left away": 9,
    "theirs: the channel of a requirement was left away": 3,
    "theirs: the tables inside the environment were left away": 1,
}
"""How many cases are equal (no reason), and why the others are not."""
