"""Results as HTML: readable anywhere, safe whatever a channel calls its packages."""

from __future__ import annotations

import asyncio
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.configured import configured_results
from support.manifest_results import manifest_results
from support.packages import make_channel
from support.results import workspace_results

from pixi_jupyter.commands import render
from pixi_jupyter.commands.html import error_html, results, to_html
from pixi_jupyter.errors import (
    EnvironmentNotFoundError,
    ManifestParseError,
    OperationCancelledError,
    PackageNotFoundError,
    PixiJupyterError,
    UnsatisfiableError,
)
from pixi_jupyter.events import Operation
from pixi_jupyter.install.outcome import InstallOutcome
from pixi_jupyter.lock.diff import diff_locks
from pixi_jupyter.lock.models import Lock, LockedEnvironment, LockedPackage
from pixi_jupyter.platforms import Platform
from pixi_jupyter.verbs.add import AddedDependency, AddRequest, AddResult, add
from pixi_jupyter.verbs.change import Changed
from pixi_jupyter.verbs.channel_build import ChannelBuildResult
from pixi_jupyter.verbs.demo import DemoResult
from pixi_jupyter.verbs.ensure_installed import EnsureInstalledResult
from pixi_jupyter.verbs.info import InfoResult
from pixi_jupyter.verbs.init import InitResult
from pixi_jupyter.verbs.install import InstallResult
from pixi_jupyter.verbs.kernel import (
    KernelInstallResult,
    KernelListResult,
    KernelRemoveResult,
    KernelRow,
)
from pixi_jupyter.verbs.list import ListResult
from pixi_jupyter.verbs.lock import LockResult
from pixi_jupyter.verbs.remove import RemoveResult
from pixi_jupyter.verbs.search import SearchResult
from pixi_jupyter.verbs.update import UpdateResult
from pixi_jupyter.verbs.upgrade import UpgradedDependency, UpgradeResult
from pixi_jupyter.workspace.environments import Installed
from pixi_jupyter.workspace.loosen import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HOSTILE = "<script>alert('x')</script>\"'&<img src=x onerror=y>\x1b[31m\u202e"
MOST_BYTES = 30_000
DASH, MINUS = "\u2013", "\u2212"
EMPTY = {"br", "hr", "img", "meta", "input", "link"}


class Page(HTMLParser):
    """What a browser would make of it, with the styles left out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.rows: list[list[str]] = []
        self.folded, self.shown = "", ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in EMPTY:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "details" in self.open and "summary" not in self.open:
            self.folded += data
        else:
            self.shown += data
        if self.open and self.rows and {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def package(name: str, version: str, **fields: Any) -> LockedPackage:
    url = f"https://channel.example/conda-forge/noarch/{name}-{version}-0.conda"
    told = {"name": name, "version": version, "build": "0", "size": 1_000_000}
    return LockedPackage("conda", url, {**told, **fields})


def changed(
    before: Sequence[LockedPackage],
    after: Sequence[LockedPackage],
    explicit: Sequence[str] = (),
    name: str = "default",
) -> Changed:
    old, new = (
        Lock(
            environments={
                name: LockedEnvironment(packages={"linux-64": tuple(packages)})
            }
        )
        for packages in (before, after)
    )
    return Changed(
        manifest="pixi.toml",
        diff=diff_locks(old, new, {name: set(explicit)}),
        solved=(("default", "linux-64"),),
        solve_seconds=1.8,
        installed=(installed(name),),
    )


def installed(name: str = "default") -> Installed:
    return Installed(
        environment=name,
        prefix=Path("/somewhere"),
        platform=Platform("linux-64", "linux-64"),
        packages=148,
        outcome=InstallOutcome(
            changed=True,
            added=(name,),
            removed=(name,),
            repaired=(name,),
            fetched=2,
            fetched_bytes=44_300_000,
            seconds=3.4,
        ),
    )


def added(name: str, change: Changed) -> AddResult:
    asked = AddedDependency(name=name, typed=name, spec=">=0.61.2,<0.62")
    return AddResult(added=(asked,), changed=change)


def numba() -> AddResult:
    return added(
        "numba",
        changed(
            [package("numpy", "2.3.1"), package("gone", "1.0")],
            [
                package("numpy", "2.2.6"),
                package("llvmlite", "0.44.0"),
                package("numba", "0.61.2", depends=["numpy <2.3"]),
            ],
            explicit=["numba", "numpy"],
        ),
    )


def listed(name: str, number: int = 0) -> ListResult:
    def row(name: str, *, is_explicit: bool) -> dict[str, Any]:
        return {
            "name": name,
            "version": name if is_explicit else "1.0",
            "source": "https://channel.example/conda-forge",
            "size_bytes": 1_000_000,
            "kind": "conda",
            "depends": [],
            "is_explicit": is_explicit,
        }

    rest = [row(f"lib{each:03}", is_explicit=False) for each in range(number)]
    return ListResult(
        environment=name, platform=name, packages=(row(name, is_explicit=True), *rest)
    )


def samples(name: str) -> dict[str, Any]:
    """Make a result of every verb in which all texts are `name`."""
    kernel = KernelRow(
        name=name,
        display_name=name,
        workspace=name,
        environment=name,
        prefix=name,
        installed=False,
        stale=name,
    )
    record: dict[str, Any] = {
        "name": name,
        "version": name,
        "build": name,
        "subdir": name,
    }
    record |= {"url": name, "license": name, "depends": [name], "size": 1}
    change = changed(
        [package(name, "2.0"), package("old", "1")],
        [package(name, "1.0"), package("new", "2", depends=[f"{name} <2"])],
        name=name,
    )
    environment = dict.fromkeys(
        ("name", "solve_group", "environment_size", "prefix"), name
    )
    lists = ("features", "channels", "dependencies", "pypi_dependencies", "tasks")
    system = {"version": name, "platform": name, "virtual_packages": [name]}
    return {
        "add": AddResult(
            added=(
                AddedDependency(name=name, typed=name, spec=name),
                AddedDependency(name=name, typed=name, spec=name, was_there=True),
            ),
            changed=change,
            feature=name,
            environment=name,
            platforms=(name,),
        ),
        "channel_build": ChannelBuildResult(
            folder=Path(name), url=name, packages=2, built=1, skipped=(name,)
        ),
        "demo": DemoResult(
            workspace=name,
            channel=name,
            lock=name,
            environments=({"name": name, "display_name": name},),
            notebook=name,
            seconds=dict.fromkeys(("channel", "lock", "install", "kernel"), 1.0),
        ),
        "info": InfoResult(
            system={**system, "cache_dir": name, "cache_size": name},
            project={
                "name": name,
                "version": name,
                "manifest_path": name,
                "last_updated": name,
            },
            environments=(
                {
                    **environment,
                    **{key: [name] for key in lists},
                    "platforms": [{"name": name}],
                },
            ),
            manifest={name: name},
            warnings=(name,),
        ),
        "init": InitResult(
            path=Path(name), created=True, editable=name, environments=(name,)
        ),
        "install": InstallResult(
            installed=(installed(name),), lock_written=True, skipped=(name,)
        ),
        "kernel_install": KernelInstallResult(kernels=(kernel,)),
        "kernel_list": KernelListResult(kernels=(kernel,)),
        "kernel_remove": KernelRemoveResult(removed=(name,)),
        "list": listed(name, 40),
        "lock": LockResult(
            path=name,
            diff=change.diff or diff_locks(None, Lock()),
            reasons=(name,),
            is_current=False,
            written=True,
        ),
        "remove": RemoveResult(
            removed=(name,), changed=change, feature=name, environment=name
        ),
        "search": SearchResult(found={name: (record,)}, channels=(name,)),
        "update": UpdateResult(
            path=name,
            packages=(name,),
            changed=change,
            written=True,
            held=((name, name),),
        ),
        "upgrade": UpgradeResult(
            upgraded=(
                UpgradedDependency(
                    name=name,
                    before=name,
                    after=name,
                    table=Table(feature=name, platform=name),
                ),
            ),
            changed=change,
            notes=(name,),
        ),
        **workspace_results(name),
        **configured_results(name),
        **manifest_results(name),
    }


VERBS = sorted(samples("x"))


def test_every_verb_with_words_has_a_page_too() -> None:
    assert sorted(results._RENDERERS) == sorted(render.RENDERERS) == VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_a_hostile_name_stays_text(verb: str) -> None:
    page = Page(to_html(verb, samples(HOSTILE)[verb]))

    assert page.open == []
    assert not page.tags & {"script", "img", "style", "link", "a"}
    assert page.attributes <= {"style", "align", "open"}
    assert "<script>alert('x')</script>" in page.shown + page.folded
    assert not {"\x1b", "\u202e"} & set(page.shown + page.folded)


@pytest.mark.parametrize("verb", VERBS)
def test_every_color_can_be_shown_by_light_and_dark_themes(verb: str) -> None:
    styles = ";".join(re.findall(r'style="([^"]*)"', to_html(verb, samples("x")[verb])))

    found = set(
        re.findall(r"(?:^|;)(?:color|background|border[a-z-]*):([^;]*)", styles)
    )
    assert all(
        "var(--jp-" in each or each in ("none", "inherit", "collapse") for each in found
    )


def test_a_hostile_error_stays_text() -> None:
    error = PixiJupyterError(
        HOSTILE, details=(HOSTILE, HOSTILE), hints=(HOSTILE, f"{{command}} {HOSTILE}")
    )

    page = Page(error_html(error, command=HOSTILE))

    assert page.open == []
    assert not page.tags & {"script", "img"}
    assert page.attributes <= {"style"}


def test_the_first_sentence_says_what_was_asked_for_and_where() -> None:
    page = Page(to_html("add", numba()))

    assert page.shown.startswith("✔ Added numba >=0.61.2,<0.62 to pixi.toml")


def test_without_any_style_the_table_still_tells_the_whole_story() -> None:
    page = Page(to_html("add", numba()))

    assert page.rows == [
        ["", "Package", "Before", "After", "Channel", "Size"],
        ["+", "numba", DASH, "0.61.2", "conda-forge", "1.0 MB"],
        [MINUS, "gone", "1.0", DASH, "conda-forge", ""],
        ["↓", "numpy (downgrade)", "2.3.1", "2.2.6", "conda-forge", "1.0 MB"],
        ["+", "llvmlite", DASH, "0.44.0", "conda-forge", "1.0 MB"],
    ]
    assert "default: 2 added, 1 downgraded, 1 removed, 44.3 MB downloaded" in page.shown
    assert "note: numba 0.61.2 needs numpy <2.3, so numpy was downgraded" in page.shown


def test_what_comes_along_is_folded_and_what_was_lost_is_not() -> None:
    many = [package(f"lib{each:03}", "1.0") for each in range(142)]
    lost = [package(f"lost{each:02}", "1.0") for each in range(40)]
    after = [*many, package("app", "1.0"), package("other", "1.0")]

    page = Page(to_html("add", added("app", changed(lost, after, ["app", "other"]))))

    assert "and 139 more come with these, 139.0 MB" in page.shown
    assert page.folded.count("lib") == 139
    assert all(each.name in page.shown for each in lost)
    assert "other" in page.shown


def test_a_few_that_come_along_are_not_folded() -> None:
    page = Page(to_html("add", numba()))

    assert page.folded == ""


@pytest.mark.parametrize("kind", ["added", "removed", "upgraded", "downgraded"])
def test_160_packages_make_a_small_page(kind: str) -> None:
    names = [f"some-longer-name-{each:03}" for each in range(160)]
    older, newer = ([package(name, v) for name in names] for v in ("1.20.3", "1.21.3"))
    before, after = {
        "added": ([], newer),
        "removed": (older, []),
        "upgraded": (older, newer),
        "downgraded": (newer, older),
    }[kind]

    page = to_html("add", added(names[0], changed(before, after)))

    assert len(page.encode()) < MOST_BYTES
    assert all(name in page for name in names)


def test_a_long_list_shows_what_was_asked_for_and_folds_the_rest() -> None:
    text = to_html("list", listed("default", 160))
    page = Page(text)

    assert len(text.encode()) < MOST_BYTES
    assert [row[0] for row in page.rows] == ["Package", "default"]
    assert "161 packages, 1 of them explicit, 161.0 MB" in page.shown
    assert page.folded.count("lib") == 160


def test_only_here_is_the_face_named_in_what_can_be_pasted() -> None:
    empty = KernelListResult(kernels=())

    assert "<code>%pixi kernel install</code>" in to_html("kernel_list", empty)
    assert "<code>pixi-jupyter kernel install</code>" in to_html(
        "kernel_list", empty, command="pixi-jupyter"
    )


def test_a_verb_without_a_form_of_its_own_is_shown_as_it_is() -> None:
    result = EnsureInstalledResult(prefix="/a<b", changed=True, payload={})

    page = Page(to_html("ensure_installed", result))

    assert page.tags == {"div", "pre"}
    assert '"prefix": "/a<b"' in page.shown


def test_an_error_has_its_sentence_its_evidence_and_something_to_paste() -> None:
    error = PackageNotFoundError(
        "numpyy", channels=["conda-forge"], platform="linux-64", close="numpy"
    )

    text = error_html(error)

    assert "<b>No package named numpyy in conda-forge for linux-64</b>" in text
    assert "<code>%pixi add numpy</code>" in text
    assert Page(text).shown.endswith("%pixi add numpy (the nearest name)")


def test_an_error_of_the_wire_looks_like_the_error_itself() -> None:
    error = EnvironmentNotFoundError(
        "tset", available=["default", "test"], manifest="pixi.toml"
    )

    assert error_html(error.to_wire()) == error_html(error)
    assert "Did you mean test?" in Page(error_html(error)).shown
    assert "<code>" not in error_html(error)


def test_a_line_of_a_manifest_that_is_right_can_be_pasted() -> None:
    error = ManifestParseError(
        "pixi.toml",
        reason="a string in quotes belongs here",
        line=14,
        column=9,
        source_line="numpy = >=2.3",
        hint='numpy = ">=2.3"',
    )

    text = error_html(error)

    assert "<code>numpy = &quot;&gt;=2.3&quot;</code>" in text
    assert "  14 | numpy = &gt;=2.3\n               ^" in text


@pytest.mark.parametrize(("lines", "is_open"), [(3, True), (60, False)])
def test_the_solvers_answer_comes_after_our_words_and_folds_when_long(
    lines: int,
    is_open: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    error = UnsatisfiableError(
        "default",
        platform="linux-64",
        report="\n".join(f"└─ line {number}" for number in range(lines)),
        guilty=("pixi.toml:8   numpy >=2.3.1",),
    )

    text = error_html(error)
    page = Page(text)

    assert "pixi.toml:8   numpy >=2.3.1" in page.shown
    assert page.folded.count("└─ line") == lines
    assert ("<details open" in text) is is_open


def test_a_cancelled_operation_is_no_failure() -> None:
    assert "error-color" not in error_html(OperationCancelledError("add"))
    assert "error-color" in error_html(PixiJupyterError("no"))


def test_a_real_add_is_shown_as_it_happened(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packages: list[dict[str, Any]] = [
        {"name": "base", "version": "1.0"},
        {"name": "base", "version": "2.0"},
        {"name": "app", "version": "1.0", "depends": ["base <2"]},
    ]
    url = make_channel(tmp_path / "mine", packages)
    monkeypatch.chdir(
        make_workspace(
            f'[workspace]\nchannels = ["{url}"]\nplatforms = ["linux-64", "win-64"]\n'
            '[dependencies]\nbase = "*"\n'
        )
    )
    asyncio.run(add(AddRequest(specs=("base >=1",)), Operation()))

    result = asyncio.run(add(AddRequest(specs=("app",)), Operation()))

    page = Page(to_html("add", result))
    assert [row[:5] for row in page.rows[1:]] == [
        ["+", "app", DASH, "1.0", "mine"],
        ["↓", "base (downgrade)", "2.0", "1.0", "mine"],
    ]
    assert "note: app 1.0 needs base <2, so base was downgraded" in page.shown
