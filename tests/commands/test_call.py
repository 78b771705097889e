"""Words become answers, wherever the process stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pixi_jupyter.commands.call import Answer, Command, read_words
from pixi_jupyter.commands.place import Place
from pixi_jupyter.errors import (
    ManifestNotFoundError,
    PackageNotFoundError,
    UsageError,
)
from pixi_jupyter.events import Event, Operation


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand where no workspace is, as an engine does."""
    monkeypatch.chdir(Path("/").anchor)


async def call(
    place: Place | Path, *words: str, events: list[Event] | None = None
) -> Answer:
    place = place if isinstance(place, Place) else Place(cwd=place)
    found = read_words(words, place)
    assert isinstance(found, Command)
    heard = [] if events is None else events
    return await found.run(Operation(heard.append))


def understood(place: Place, *words: str) -> Command:
    found = read_words(words, place)
    assert isinstance(found, Command)
    return found


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["--help"], 0, "Usage: %pixi [OPTIONS] COMMAND"),
        ([], 2, "Usage: %pixi [OPTIONS] COMMAND"),
        (["add", "-h"], 0, "Usage: %pixi add [OPTIONS] SPEC..."),
        (["kernel"], 2, "Usage: %pixi kernel [OPTIONS] COMMAND"),
        (["--version"], 0, "pixi-jupyter "),
    ],
)
def test_help_is_an_answer_and_nothing_is_printed(
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: list[str],
    code: int,
    text: str,
) -> None:
    answer = read_words(words, Place(cwd=tmp_path))

    assert isinstance(answer, Answer)
    assert answer.exit_code == code
    assert answer.text.startswith(text)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["ad"], "No such command 'ad'", "%pixi --help"),
        (["add"], "Missing argument", "%pixi add --help"),
        (["add", "x", "--nope"], "No such option", "%pixi add --help"),
        (["kernel", "nope"], "No such command 'nope'", "%pixi kernel --help"),
    ],
)
def test_words_that_do_not_fit_are_a_usage_error(
    tmp_path: Path, words: list[str], message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read_words(words, Place(cwd=tmp_path))

    assert message in caught.value.message
    assert caught.value.hints == (hint,)


@pytest.mark.parametrize("data", [{}, {"cwd": "relative"}, {"cwd": 3}])
def test_a_place_needs_an_absolute_folder(data: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Place.from_wire(data)


async def test_a_change_tells_what_it_changed_and_where(study: Path) -> None:
    prefix = study / ".pixi" / "envs" / "default"

    added = await call(study, "add", "app")
    changed = await call(study, "add", "base>=2")
    removed = await call(study, "remove", "app")
    same = await call(study, "install")

    assert [each.prefix for each in (added, changed, removed, same)] == [prefix] * 4
    assert added.changed == ("app", "base")
    assert changed.changed == ("base",)
    assert removed.changed == ("app",)
    assert same.changed == ()
    assert added.data["added"] == [{"name": "app", "spec": ">=1.0,<2"}]
    assert "Added app >=1.0,<2 to pixi.toml" in added.text


async def test_only_the_writers_own_prefix_counts(study: Path) -> None:
    await call(study, "install", "--all")
    envs = study / ".pixi" / "envs"
    mine = Place(cwd=study, prefix=envs / "test")

    both = await call(mine, "add", "extra")
    other = await call(mine, "install", "-e", "default")
    elsewhere = await call(Place(cwd=study, prefix=study), "remove", "extra")

    assert (both.prefix, both.changed) == (envs / "test", ("extra",))
    assert (other.prefix, other.changed) == (envs / "test", ())
    assert elsewhere.changed == ()


async def test_an_install_on_the_way_to_a_command_counts_too(study: Path) -> None:
    await call(study, "install")
    prefix = study / ".pixi" / "envs" / "default"
    text = (study / "pixi.toml").read_text()
    (study / "pixi.toml").write_text(text.replace('base = "<2"', 'hello = "*"'))

    answer = await call(Place(cwd=study, prefix=prefix), "run", "hello")

    assert answer.changed == ("base", "hello")


@pytest.mark.parametrize("verb", ["list", "run", "install"])
def test_the_environment_people_are_in_is_the_one_they_mean(
    study: Path, verb: str
) -> None:
    place = Place(cwd=study, prefix=study / ".pixi" / "envs" / "test")
    words = [verb, *(["hello"] if verb == "run" else [])]
    key = "environments" if verb == "install" else "environment"

    mine = understood(place, *words)
    named = understood(place, verb, "-e", "default", *words[1:])
    outside = understood(Place(cwd=study, prefix=study), *words)

    def environment(command: Command) -> object:
        found = getattr(command.request, key)
        return found[0] if isinstance(found, tuple) and found else found

    assert environment(mine) == "test"
    assert environment(named) == "default"
    assert environment(outside) in ("default", (), None)


def test_paths_start_from_the_writers_folder(study: Path) -> None:
    (study / "notebooks").mkdir()
    inside = Place(cwd=study / "notebooks")

    def manifest(*words: str, place: Place = inside) -> object:
        return getattr(understood(place, *words).request, "manifest", None)

    assert manifest("lock") == study / "pixi.toml"
    assert manifest("lock", "-m", "..") == study / "notebooks" / ".."
    assert manifest("lock", "-m", "~/a") == Path("~/a").expanduser()
    named = Place(cwd=Path("/").absolute(), manifest=study / "pixi.toml")
    assert manifest("lock", place=named) == study / "pixi.toml"
    assert manifest("lock", "-m", "/x", place=named) == Path("/x")


@pytest.mark.parametrize(
    ("words", "key", "where"),
    [
        (["init"], "path", "."),
        (["init", "new"], "path", "new"),
        (["demo"], "folder", "pixi-jupyter-demo"),
        (["channel", "build"], "folder", "channel"),
        (["channel", "build", "here"], "folder", "here"),
    ],
)
def test_folders_start_from_the_writers_folder(
    tmp_path: Path, words: list[str], key: str, where: str
) -> None:
    request = understood(Place(cwd=tmp_path), *words).request

    assert getattr(request, key) == tmp_path / where


def test_without_a_workspace_the_writers_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestNotFoundError) as caught:
        read_words(["list"], Place(cwd=tmp_path))

    assert str(tmp_path) in caught.value.message
    assert understood(Place(cwd=tmp_path), "info").verb == "info"


async def test_outside_of_a_workspace_a_channel_can_be_searched(study: Path) -> None:
    outside = Place(cwd=study.parent)

    answer = await call(outside, "search", "app", "-c", "./channel", "--offline")

    assert [each["name"] for each in answer.data["noarch"]] == ["app"]


async def test_a_command_is_handed_back_to_be_started(study: Path) -> None:
    place = Place(cwd=study.parent, manifest=study / "pixi.toml")

    answer = await call(place, "run", "-e", "test", "hello", "--loud", "x y")

    start = answer.run
    assert start is not None
    prefix = study / ".pixi" / "envs" / "test"
    assert start["program"] == str(prefix / "bin" / "hello")
    assert start["command"] == ["hello", "--loud", "x y"]
    assert start["cwd"] == start["environ"]["INIT_CWD"] == str(study.parent)
    assert start["environ"]["CONDA_PREFIX"] == str(prefix)
    assert (answer.text, answer.html) == ("", "")
    json.dumps(answer.to_json())


async def test_a_program_in_the_writers_folder_can_be_run(study: Path) -> None:
    script = study / "do it.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)

    several = await call(study, "run", "./do it.sh", "now")
    one = await call(study, "run", "'./do it.sh' now")
    alone = await call(study, "run", "'./do it.sh'")

    assert several.run == one.run
    assert one.run
    assert one.run["command"] == [str(script), "now"]
    assert alone.run
    assert alone.run["command"] == [str(script)]


async def test_json_is_the_text(study: Path) -> None:
    answer = await call(study, "list", "--json")

    assert json.loads(answer.text) == answer.data
    assert answer.html == ""


async def test_quiet_leaves_the_answer_alone(study: Path) -> None:
    events: list[Event] = []

    silent = await call(study, "add", "app", "-q", events=events)
    table = await call(study, "list", "-q")
    full = await call(study, "list")

    assert (silent.text, silent.html, silent.is_quiet) == ("", "", True)
    assert events == []
    assert "base" in table.text
    assert full.text.endswith(table.text)
    assert full.text != table.text
    assert not table.is_quiet


async def test_without_progress_only_sentences_are_heard(study: Path) -> None:
    events: list[Event] = []

    await call(study, "add", "app", "--no-progress", events=events)

    assert {event.level for event in events} <= {"info", "notice", "warning"}


async def test_a_check_has_an_exit_code(study: Path) -> None:
    answer = await call(study, "lock", "--check")

    assert answer.exit_code == 1


async def test_hints_use_the_word_of_the_face(tmp_path: Path) -> None:
    magic = await call(tmp_path, "init", "a")
    other = await call(Place(cwd=tmp_path, face="pixi-jupyter"), "init", "b")

    assert magic.text.splitlines()[-1] == "hint: %pixi add python ipykernel"
    assert other.text.splitlines()[-1] == "hint: pixi-jupyter add python ipykernel"


async def test_a_traceback_is_shown_where_it_is_asked_for(study: Path) -> None:
    with pytest.raises(PackageNotFoundError) as plain:
        await call(study, "add", "nope")
    with pytest.raises(PackageNotFoundError) as full:
        await call(study, "add", "nope", "--traceback")

    assert not any("Traceback" in line for line in plain.value.details)
    assert any("Traceback" in line for line in full.value.details)


async def test_settings_are_those_of_the_writers_workspace(tmp_path: Path) -> None:
    (tmp_path / "pixi.toml").write_text("[workspace]\nchannels = []\nplatforms = []\n")

    changed = await call(tmp_path, "config", "set", "concurrency.solves", "3")
    listed = await call(tmp_path, "config", "list")
    edited = await call(tmp_path, "config", "edit", "false")

    path = tmp_path / ".pixi/config.toml"
    assert path.read_text() == "[concurrency]\nsolves = 3\n"
    assert changed.text == f"✔ Updated config at {path}"
    assert listed.data["concurrency"] == {"solves": 3}
    # nobody has a terminal here
    assert edited.text == f"The settings are in {path}"


async def test_settings_for_once_start_where_the_writer_is(tmp_path: Path) -> None:
    (tmp_path / "pixi.toml").write_text(
        '[workspace]\nchannels = []\nplatforms = ["linux-64"]\n'
    )
    (tmp_path / "once.toml").write_text("offline = true\n")

    done = await call(tmp_path, "lock", "--config-file", "once.toml")

    assert done.exit_code == 0
    with pytest.raises(UsageError, match="gone"):
        await call(tmp_path, "lock", "--config-file", "gone.toml")


async def test_a_file_to_import_is_looked_for_where_the_writer_is(
    tmp_path: Path,
) -> None:
    (tmp_path / "pixi.toml").write_text("[workspace]\nchannels = []\nplatforms = []\n")
    (tmp_path / "r.txt").write_text("rich\n")

    answer = await call(tmp_path, "import", "r.txt", "-e", "web")

    assert answer.exit_code == 0
    assert 'rich = "*"' in (tmp_path / "pixi.toml").read_text()
    assert "%pixi install -e web" in answer.text
