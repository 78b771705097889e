"""The command line: pixi's verbs on a real workspace, and what is said of mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.commands import Answer

import json
from pathlib import Path

import pytest
from support.packages import make_channel

PREFIX = Path(".pixi/envs/default")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".pixi" not in path.parts
    }


def locked(name: str) -> set[str]:
    """List the versions of a package that the lock file holds."""
    text = Path("pixi.lock").read_text()
    return {
        line.rsplit("/", 1)[1].split("-")[-2]
        for line in text.splitlines()
        if line.startswith("- conda: ") and f"/{name}-" in line
    }


def test_init_makes_a_workspace_that_can_be_locked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pixi: Callable[..., Answer],
    tiny_channel: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    created = pixi("init", "climate", "-c", tiny_channel, "-p", "linux-64")
    monkeypatch.chdir(tmp_path / "climate")
    done = pixi("lock")

    assert (created.code, done.code) == (0, 0)
    assert Path(".gitignore").read_text().count(".pixi/*") == 1
    assert "merge=binary" in Path(".gitattributes").read_text()
    assert Path("pixi.lock").exists()


def test_init_leaves_a_workspace_that_is_there_alone(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    before = snapshot(study)

    answer = pixi("init")

    assert answer.code == 1
    assert "already exists" in answer.err
    assert snapshot(study) == before


def test_lock_holds_every_environment_on_every_platform(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("lock")

    text = Path("pixi.lock").read_text()
    assert answer.code == 0
    assert text.startswith("version: 7\n")
    for platform in ("linux-64", "osx-arm64", "win-64"):
        assert text.count(f"      {platform}:\n") == 2


def test_an_unchanged_manifest_gives_the_same_bytes_also_when_solved_anew(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("lock")
    first = Path("pixi.lock").read_bytes()

    again = pixi("lock")
    Path("pixi.lock").unlink()
    anew = pixi("lock")

    assert (again.code, anew.code) == (0, 0)
    assert Path("pixi.lock").read_bytes() == first


def test_add_pins_a_bare_name_and_keeps_the_rest_of_the_manifest(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    before = Path("pixi.toml").read_text()

    answer = pixi("add", "hello")

    after = Path("pixi.toml").read_text()
    assert answer.code == 0
    assert 'hello = ">=1.2.3,<2"' in after
    assert after.replace('hello = ">=1.2.3,<2"\n', "") == before
    assert (PREFIX / "bin" / "hello").exists()
    assert "Added hello >=1.2.3,<2 to pixi.toml" in answer.err


def test_add_writes_a_version_as_it_was_typed(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "app >=1,<2", "--feature", "test")

    assert 'app = ">=1,<2"' in Path("pixi.toml").read_text()
    assert locked("app") == {"1.0"}


def test_adding_a_package_moves_no_other(
    study: Path, pixi: Callable[..., Answer], tiny_channel: str
) -> None:
    pixi("add", "base ==1.5")
    text = Path("pixi.toml").read_text()
    Path("pixi.toml").write_text(text.replace('"==1.5"', '"*"'))

    answer = pixi("add", "hello")

    assert answer.code == 0
    assert locked("base") == {"1.5"}


def test_a_new_version_in_the_channel_does_not_move_the_lock(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    pixi: Callable[..., Answer],
) -> None:
    channel = tmp_path / "channel"
    url = make_channel(channel, [{"name": "base", "version": "1.0"}])
    text = f'[workspace]\nchannels = ["{url}"]\nplatforms = ["linux-64"]\n'
    monkeypatch.chdir(make_workspace(text + '[dependencies]\nbase = "*"\n'))
    pixi("lock")
    before = Path("pixi.lock").read_bytes()

    make_channel(channel, [{"name": "base", "version": "1.1"}])
    answer = pixi("lock")

    assert answer.code == 0
    assert Path("pixi.lock").read_bytes() == before


def test_remove_takes_the_package_and_what_only_it_needed(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "hello")
    before = Path("pixi.toml").read_text()

    answer = pixi("remove", "hello")

    assert answer.code == 0
    assert Path("pixi.toml").read_text() == before.replace('hello = ">=1.2.3,<2"\n', "")
    assert not (PREFIX / "bin" / "hello").exists()
    assert not locked("hello")


def test_install_is_quick_to_see_that_nothing_is_to_do(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    first = pixi("install", "--all", "--json")
    second = pixi("install", "--all", "--json")

    changed = [
        [each["changed"] for each in json.loads(answer.out)["environments"]]
        for answer in (first, second)
    ]
    assert changed == [[True, True], [False, False]]


def test_install_locks_first_where_that_is_needed(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("install", "-e", "test")

    assert answer.code == 0
    assert Path("pixi.lock").exists()
    assert (study / ".pixi/envs/test/share/app.txt").read_text() == "app 2.0 0\n"


def test_locked_refuses_a_lock_that_does_not_fit_and_says_why(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("lock")
    text = Path("pixi.toml").read_text()
    Path("pixi.toml").write_text(text.replace('base = "*"', 'base = "<2"'))
    before = snapshot(study)

    answer = pixi("install", "--locked")

    assert answer.code == 1
    assert "pixi.lock is out of date, 1 reason" in answer.err
    assert "base 2.0 is locked" in answer.err
    assert snapshot(study) == before


def test_frozen_installs_the_lock_as_it_is(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("lock")
    text = Path("pixi.toml").read_text()
    Path("pixi.toml").write_text(text.replace('base = "*"', 'base = "<2"'))

    answer = pixi("install", "--frozen")

    assert answer.code == 0
    assert (PREFIX / "share/base.txt").read_text() == "base 2.0 0\n"


def test_check_says_yes_without_a_channel(
    study: Path, pixi: Callable[..., Answer], tmp_path: Path
) -> None:
    pixi("lock")
    channel = next(tmp_path.parent.parent.glob("**/tiny-channel*"), None)

    answer = pixi("lock", "--check", "--offline")

    assert channel is None or channel.is_dir()
    assert (answer.code, answer.out) == (0, "")


def test_check_prints_the_reasons_then_locks_and_fails(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("lock")
    text = Path("pixi.toml").read_text()
    Path("pixi.toml").write_text(text.replace('base = "*"', 'base = "<2"'))

    first = pixi("lock", "--check")
    second = pixi("lock", "--check")

    assert (first.code, second.code) == (1, 0)
    assert "base 2.0 is locked" in first.err
    assert "2.0 -> 1.5" in first.err
    assert "1.5" in locked("base")


@pytest.mark.parametrize("flag", ["--dry-run", "--offline"])
def test_check_writes_nothing_where_that_is_asked(
    study: Path, pixi: Callable[..., Answer], flag: str
) -> None:
    pixi("lock")
    text = Path("pixi.toml").read_text()
    Path("pixi.toml").write_text(text.replace('base = "*"', 'base = "<2"'))
    before = snapshot(study)

    answer = pixi("lock", "--check", flag)

    assert answer.code == 1
    assert "base 2.0 is locked" in answer.err
    assert ("2.0 -> 1.5" in answer.err) == (flag == "--dry-run")
    assert snapshot(study) == before


def test_lock_json_is_the_difference_in_pixis_shape(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("lock")

    answer = pixi("lock", "--json", "--dry-run")

    assert json.loads(answer.out) == {"version": 1, "environment": {}}


def test_list_json_has_pixis_keys_in_pixis_order(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("list", "-e", "test", "--platform", "linux-64", "--json")

    rows = json.loads(answer.out)
    assert [(row["name"], row["version"]) for row in rows] == [
        ("app", "2.0"),
        ("base", "2.0"),
    ]
    assert [row["requested_spec"] for row in rows] == [">=1", "*"]
    assert list(rows[0])[:7] == [
        "name",
        "version",
        "build",
        "build_number",
        "size_bytes",
        "kind",
        "source",
    ]


def test_list_shows_only_what_a_regex_matches(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("list", "^ap", "-e", "test", "--platform", "linux-64")

    assert "app" in answer.out
    assert "base" not in answer.out


def test_search_takes_a_glob_and_gives_records_by_subdir(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("search", "b*", "--json")

    found = json.loads(answer.out)
    assert [record["version"] for record in found["noarch"]] == ["2.0", "1.5", "1.0"]


def test_search_for_nothing_fails_and_names_the_nearest(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("search", "helo")

    assert answer.code == 1
    assert "pixi-jupyter search hello" in answer.err


def test_info_json_tells_of_environments_in_pixis_shape(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("info", "--json")

    told = json.loads(answer.out)
    assert told["version"] == "0.77.0"
    assert told["project_info"]["name"] == "study"
    environments = {each["name"]: each for each in told["environments_info"]}
    assert environments["test"]["features"] == ["test", "default"]
    assert environments["test"]["dependencies"] == ["app", "base"]
    assert environments["default"]["prefix"] == str(study / PREFIX)


def test_info_works_outside_of_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pixi: Callable[..., Answer]
) -> None:
    monkeypatch.chdir(tmp_path)

    answer = pixi("info", "--json")

    assert answer.code == 0
    assert json.loads(answer.out)["project_info"] is None


def test_run_gives_the_commands_own_exit_code_in_its_environment(
    study: Path, process: Callable[..., Answer]
) -> None:
    process("add", "hello")

    answer = process("run", "hello")

    assert answer.code == 3
    assert answer.out == f"hello from {study / PREFIX}\n"


def test_run_installs_what_is_not_there_yet(
    study: Path, process: Callable[..., Answer]
) -> None:
    Path("pixi.toml").write_text(
        Path("pixi.toml").read_text().replace('base = "*"', 'hello = "*"')
    )

    answer = process("run", "hello")

    assert answer.code == 3


def test_run_of_an_unknown_command_names_it(
    study: Path, process: Callable[..., Answer]
) -> None:
    answer = process("run", "helo")

    assert answer.code == 127
    assert "no task or command named helo in environment default" in answer.err


def test_a_failed_add_leaves_the_disk_as_it_was(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("install")
    before = snapshot(study)

    answer = pixi("add", "helo")

    assert answer.code == 1
    assert "no package named helo in" in answer.err
    assert "hint: pixi-jupyter add hello" in answer.err
    assert snapshot(study) == before


def test_a_conflict_names_both_requirements_and_their_place(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "old-tool")
    before = snapshot(study)

    answer = pixi("add", "needs-new")

    assert answer.code == 1
    assert "needs-new" in answer.err
    assert "old-tool" in answer.err
    assert "pixi.toml" in answer.err
    assert snapshot(study) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["install", "-e", "tset"], "did you mean test?"),
        (["list", "-e", "tset"], "did you mean test?"),
        (["remove", "app", "-f", "tset"], "did you mean test?"),
        (["remove", "bsae"], "pixi-jupyter remove base"),
        (["install", "-p", "linux-aarch64"], "there are linux-64, osx-arm64, win-64"),
        (["add", "base >=>1"], "is not a match spec"),
        (["add", "--pypi", "requests"], "no python is among its conda packages"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_words_get_a_clear_answer_and_change_nothing(
    study: Path, pixi: Callable[..., Answer], words: tuple[str, ...], said: str
) -> None:
    before = snapshot(study)

    answer = pixi(*words)

    assert answer.code == 1
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert snapshot(study) == before


def test_no_manifest_here_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pixi: Callable[..., Answer]
) -> None:
    monkeypatch.chdir(tmp_path)

    answer = pixi("list")

    assert answer.code == 1
    assert "hint: pixi-jupyter init" in answer.err


def test_broken_toml_is_shown_with_line_and_column(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    text = Path("pixi.toml").read_text().replace('"*"  #', "*  #")
    Path("pixi.toml").write_text(text)

    answer = pixi("list")

    assert answer.code == 1
    assert "pixi.toml cannot be read, line 8, column 8" in answer.err


def test_an_unknown_key_is_named_with_the_nearest(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    text = Path("pixi.toml").read_text().replace("channels", "chanels")
    Path("pixi.toml").write_text(text)

    answer = pixi("lock")

    assert answer.code == 1
    assert "chanels" in answer.err
    assert "channels" in answer.err


def test_a_platform_that_cannot_run_here_is_refused(
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    pixi: Callable[..., Answer],
    tiny_channel: str,
) -> None:
    text = f'[workspace]\nchannels = ["{tiny_channel}"]\nplatforms = ["win-64"]\n'
    monkeypatch.chdir(make_workspace(text + '[dependencies]\nbase = "*"\n'))

    answer = pixi("install")

    assert answer.code == 1
    assert "cannot run on this computer" in answer.err
    assert not Path(".pixi/envs/default").exists()


def test_a_virtual_package_that_is_missing_is_explained(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("add", "far-future")

    assert answer.code == 1
    assert "__glibc" in answer.err
    assert "2.28" in answer.err


def test_an_override_stands_for_another_machine(
    study: Path, pixi: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_OVERRIDE_GLIBC", "99.1")
    text = Path("pixi.toml").read_text()
    Path("pixi.toml").write_text(
        text.replace(', "osx-arm64", "win-64"', "").replace(
            'base = "*"', 'far-future = "*"'
        )
    )

    answer = pixi("install")

    assert answer.code == 0
    assert "__glibc=99.1" in Path("pixi.lock").read_text()


def test_pypi_dependencies_without_a_python_are_shown_and_not_solved(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    with Path("pixi.toml").open("a") as file:
        file.write('\n[pypi-dependencies]\nrequests = "*"\n')

    shown, refused = pixi("info", "--json"), pixi("lock")

    environment = json.loads(shown.out)["environments_info"][0]
    assert environment["pypi_dependencies"] == ["requests"]
    assert refused.code == 1
    assert "no python is among its conda packages" in refused.err
    assert "hint: pixi-jupyter add python" in refused.err
    assert not Path("pixi.lock").exists()


def test_a_task_comes_before_a_program_of_its_name(
    study: Path, process: Callable[..., Answer]
) -> None:
    with Path("pixi.toml").open("a") as file:
        file.write('\n[tasks]\ntrue = "echo task"\n')

    task = process("run", "-q", "true")
    program = process("run", "-x", "true")

    assert (task.out, program.out) == ("task\n", "")
    assert (task.code, program.code) == (0, 0)


def test_wrong_words_exit_with_2(pixi: Callable[..., Answer]) -> None:
    answer = pixi("lock", "--chekc")

    assert answer.code == 2
    assert "--check" in answer.err


def test_the_version_names_the_pixi_it_speaks(pixi: Callable[..., Answer]) -> None:
    answer = pixi("--version")

    assert answer.out.endswith("(pixi 0.77.0)\n")


def test_python_m_is_the_same_program(process: Callable[..., Answer]) -> None:
    answer = process("--version")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("pixi-jupyter ")


def test_a_frozen_install_is_looked_at_again_by_the_next_command(
    study: Path, process: Callable[..., Answer]
) -> None:
    process("lock")
    text = Path("pixi.toml").read_text()
    Path("pixi.toml").write_text(text.replace('base = "*"', 'base = "<2"'))
    process("install", "--frozen")

    process("run", "true")

    assert (PREFIX / "share/base.txt").read_text() == "base 1.5 0\n"


def test_a_folder_that_was_moved_gets_prefixes_that_know_where_they_are(
    study: Path, process: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    process("add", "hello")
    moved = study.with_name("moved")
    study.rename(moved)
    monkeypatch.chdir(moved)

    answer = process("run", "hello")

    assert answer.code == 3
    assert answer.out == f"hello from {moved / PREFIX}\n"
    assert "was moved from" in answer.err
