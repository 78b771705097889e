"""`upgrade` raises what the manifest asks for, and touches nothing else of it."""

from __future__ import annotations

import asyncio
import difflib
import json
from typing import TYPE_CHECKING

import pytest
from support.commands import Answer, run_command
from support.newer import MANIFEST, contents, locked, make_old, publish, shown
from support.packages import make_channel

from pixi_jupyter.events import Event, Operation
from pixi_jupyter.verbs.upgrade import UpgradeRequest, upgrade

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Pixi = Callable[..., Answer]

HEAD = MANIFEST.partition("# what we need")[0]
RICH = """\
[dependencies]
app = { version = "1.*", build-number = 0, channel = "{channel}" }  # fields

[dependencies.base]
# a table of its own
version = "1.0.*"
build = "0"

[workspace.dependencies]
shared = ">=1"

[feature.unused.dependencies]
tool = "==1.0"

[target.linux-64.dependencies]
tool = "<2"
app = "<9"

[environments.inline.dependencies]
tool = "<2"
shared = { workspace = true }
"""


@pytest.fixture
def pixi(capsys: pytest.CaptureFixture[str]) -> Pixi:
    return lambda *words: run_command(capsys, *words)


@pytest.fixture
def make_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pixi: Pixi
) -> Callable[..., Path]:
    """Give a function that makes a workspace that is locked and could be newer."""

    def make(manifest: str = MANIFEST) -> Path:
        root = make_old(tmp_path, manifest)
        make_channel(tmp_path / "channel", [{"name": "shared", "version": "1.0"}])
        monkeypatch.chdir(root)
        monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
        assert pixi("lock").code == 0
        publish(tmp_path)
        return root

    return make


def edits(before: str, after: str) -> list[str]:
    """Give the lines that changed, as a diff has them."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


async def cancelled_at(phase: str) -> None:
    """Cancel an upgrade at its first event of a phase, and wait for its end."""
    loop = asyncio.get_running_loop()
    seen: list[Event] = []

    def report(event: Event) -> None:
        if event.phase == phase and not seen:
            seen.append(event)
            loop.call_soon_threadsafe(task.cancel)

    task = asyncio.ensure_future(upgrade(UpgradeRequest(), Operation(report)))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen


def test_an_upgrade_goes_beyond_the_manifest_and_keeps_its_layout(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    study = make_study()
    before = (study / "pixi.toml").read_text()

    answer = pixi("upgrade")

    assert answer.code == 0
    assert edits(before, (study / "pixi.toml").read_text()) == [
        "-app = '>=1.0,<2'  # the one that counts",
        "+app = '>=2.0,<3'  # the one that counts",
        '-tool = ">=1"',
        '+tool = ">=2.0,<3"',
    ]
    assert locked(study)["test", "osx-arm64"] == {
        "app": "2.0",
        "base": "1.0",
        "tool": "2.0",
    }
    assert (study / ".pixi/envs/default/share/app.txt").read_text() == "app 2.0 0\n"
    assert not (study / ".pixi/envs/test").exists()
    assert pixi("lock", "--check").code == 0


def test_an_upgrade_reads_as_the_terminal_shows_it(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    make_study()

    answer = pixi("upgrade", "--no-install")

    assert shown(answer.err) == [
        "Solved 2 environments for 2 platforms",
        "",
        " ~ app   1.0 -> 2.0  channel",
        " ~ tool  1.0 -> 2.0  channel  in test",
        "",
        "✔ Upgraded app >=1.0,<2 to >=2.0,<3",
        "✔ Upgraded tool >=1 to >=2.0,<3, feature test",
        "note: it is locked, no environment was installed",
    ]
    assert max(map(len, answer.err.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "moved"),
    [
        (["app"], {"app"}),
        (["--exclude", "app"], {"tool"}),
        (["-f", "test"], {"tool"}),
        (["-f", "default"], {"app"}),
        (["TOOL"], {"tool"}),
    ],
    ids=" ".join,
)
def test_only_what_is_meant_is_raised(
    make_study: Callable[..., Path], pixi: Pixi, words: list[str], moved: set[str]
) -> None:
    study = make_study()
    before = locked(study)["test", "linux-64"]

    assert pixi("upgrade", "--no-install", *words).code == 0

    after = locked(study)["test", "linux-64"]
    text = (study / "pixi.toml").read_text()
    assert {name for name in after if after[name] != before[name]} == moved
    assert (">=2.0,<3'  # the" in text, 'tool = ">=2.0' in text) == (
        "app" in moved,
        "tool" in moved,
    )


def test_environments_without_the_feature_stay_byte_for_byte(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    study = make_study()
    before = locked(study)

    pixi("upgrade", "tool", "--no-install")

    after = locked(study)
    assert {cell for cell in after if after[cell] != before[cell]} == {
        ("test", "linux-64"),
        ("test", "osx-arm64"),
    }


def test_every_form_of_a_dependency_keeps_what_is_no_version(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    study = make_study(HEAD + RICH)
    before = (study / "pixi.toml").read_text()

    answer = pixi("upgrade")

    after = (study / "pixi.toml").read_text()
    assert answer.code == 0
    assert len(edits(before, after)) == 2 * len(("app", "base", "tool", "tool"))
    assert 'app = { version = ">=2.0,<3", build-number = 0, channel = ' in after
    assert 'version = ">=1.5,<2"\nbuild = "0"' in after
    # the table of all platforms has it too
    assert 'app = "<9"' in after
    assert after.count('tool = ">=2.0,<3"') == 2
    assert 'tool = "==1.0"' in after
    assert "note: tool of feature unused stays, no environment has it" in answer.err
    assert "note: shared stays as it is, its version is in" in answer.err


def test_a_named_package_loses_the_fields_that_say_one_build(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    study = make_study(HEAD + RICH.replace('build = "0"', 'build = "0*"'))

    assert pixi("upgrade", "app", "base", "--no-install").code == 0

    after = (study / "pixi.toml").read_text()
    assert 'app = { version = ">=2.0,<3", channel = ' in after
    assert 'version = ">=1.5,<2"\nbuild = "0*"' in after


def test_a_table_of_a_platform_admits_only_what_was_solved_for_that(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    study = make_study(
        f"{HEAD}"
        '[target.linux-64.dependencies]\ntool = "<2"\n'
        '[feature.old.target.osx-arm64.dependencies]\ntool = "==1.0"\n'
        '[environments]\nold = ["old"]\n'
    )

    assert pixi("upgrade", "-f", "default", "--no-install").code == 0

    text = (study / "pixi.toml").read_text()
    assert locked(study)["old", "osx-arm64"] == {"base": "1.0", "tool": "1.0"}
    assert '[target.linux-64.dependencies]\ntool = ">=2.0,<3"' in text
    assert 'tool = "==1.0"' in text


def test_inside_of_an_environment_only_its_own_tables_are_raised(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    study = make_study(HEAD + RICH)
    before = (study / "pixi.toml").read_text()

    assert pixi("upgrade", "-e", "inline", "--no-install").code == 0

    # another table keeps it below 2 on linux-64, so both versions are admitted
    inside = before.rpartition('tool = "<2"')
    assert (study / "pixi.toml").read_text() == (
        f'{inside[0]}tool = ">=1.0,<3"{inside[2]}'
    )


def test_an_environment_without_tables_of_its_own_is_told_where_they_are(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    study = make_study()
    before = contents(study)

    answer = pixi("upgrade", "-e", "test")

    assert answer.code == 0
    assert answer.err == (
        "Nothing was upgraded in pixi.toml\n"
        "note: environment test has no tables of its own,"
        " -f NAME is for those of a feature\n"
    )
    assert contents(study) == before


@pytest.mark.parametrize("flag", ["--dry-run", "--frozen", "--locked"])
def test_the_disk_stays_as_it_was_where_that_is_asked(
    make_study: Callable[..., Path], pixi: Pixi, flag: str
) -> None:
    study = make_study()
    before = contents(study)

    answer = pixi("upgrade", flag)

    said = ("Would upgrade app >=1.0,<2 to >=2.0,<3", "note: nothing was written")
    if flag != "--dry-run":
        said = ("Nothing was upgraded", f"note: with {flag} nothing is upgraded")
    assert answer.code == 0
    assert all(words in answer.err for words in said)
    assert contents(study) == before


def test_json_is_the_difference_of_the_locks(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    make_study()

    dry = json.loads(pixi("upgrade", "--json", "-n").out)
    done = json.loads(pixi("upgrade", "--json").out)
    again = json.loads(pixi("upgrade", "--json").out)

    row = done["environment"]["default"]["osx-arm64"]
    assert dry == done
    assert [(each["name"], each["explicit"]) for each in row] == [("app", True)]
    assert again == {"version": 1, "environment": {}}


def test_what_is_newest_already_stays_byte_for_byte(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    study = make_study()
    pixi("upgrade")
    before = contents(study)

    answer = pixi("upgrade")

    assert "✔ pixi.toml stays as it is, nothing newer fits" in answer.err
    assert contents(study) == before


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["tol"], 1, "hint: pixi-jupyter upgrade tool"),
        (["-f", "tset"], 1, "did you mean test?"),
        (["-e", "tset"], 1, "did you mean test?"),
        (["app", "--exclude", "tool"], 2, "not both"),
        (["-f", "test", "-e", "test"], 2, "not both"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_what_is_not_there_is_refused_and_nothing_is_written(
    make_study: Callable[..., Path],
    pixi: Pixi,
    words: list[str],
    code: int,
    told: str,
) -> None:
    study = make_study()
    before = contents(study)

    answer = pixi("upgrade", *words)

    assert answer.code == code
    assert told in answer.err
    assert contents(study) == before


def test_an_excluded_name_that_is_not_there_is_warned_of(
    make_study: Callable[..., Path], pixi: Pixi
) -> None:
    make_study()

    answer = pixi("upgrade", "-n", "--exclude", "tol")

    assert answer.code == 0
    assert "--exclude tol names no dependency, did you mean tool?" in answer.err


@pytest.mark.parametrize("phase", ["solve", "link"])
def test_a_cancelled_upgrade_leaves_everything_as_it_was(
    make_study: Callable[..., Path], pixi: Pixi, phase: str
) -> None:
    study = make_study()
    pixi("install")
    kept = ("pixi.toml", "pixi.lock", ".pixi/envs/default/share/app.txt")
    before = {name: (study / name).read_bytes() for name in kept}

    asyncio.run(cancelled_at(phase))

    assert {name: (study / name).read_bytes() for name in kept} == before
