from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.task_texts import context, node_of

from pixi_jupyter.tasks.cache import FOLDER, Command, TaskCache, environment_hash

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = Command(script="make", exports="", environment="e1")
TASK = {"cmd": "make", "inputs": ["src/**"], "outputs": ["out/*.txt"]}


class Bench:
    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / ".pixi" / FOLDER
        self.cache = TaskCache(self.folder, root=root)
        self.write("src/a.c", "1")
        self.write("out/a.txt", "1")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def store(self, *words: str, task: Any = TASK, command: Command = COMMAND) -> Any:
        node = node_of(task, *words)
        return self.cache.store(node, context(node), command)

    def is_fresh(
        self, *words: str, task: Any = TASK, command: Command = COMMAND
    ) -> bool:
        node = node_of(task, *words)
        return self.cache.is_fresh(node, context(node), command)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_task_is_fresh_after_it_has_succeeded(bench: Bench) -> None:
    assert not bench.is_fresh()
    assert bench.store() == ()

    assert bench.is_fresh()


@pytest.mark.parametrize("name", ["src/a.c", "src/new.c", "out/a.txt", "out/new.txt"])
def test_a_changed_or_new_file_makes_it_run(bench: Bench, name: str) -> None:
    bench.store()

    bench.write(name, "2")

    assert not bench.is_fresh()


@pytest.mark.parametrize("name", ["src/a.c", "out/a.txt"])
def test_a_file_that_is_gone_makes_it_run(bench: Bench, name: str) -> None:
    bench.write("src/b.c", "1")
    bench.write("out/b.txt", "1")
    bench.store()

    (bench.root / name).unlink()

    assert not bench.is_fresh()


def test_a_file_that_no_glob_names_changes_nothing(bench: Bench) -> None:
    bench.store()

    bench.write("other.txt", "1")

    assert bench.is_fresh()


@pytest.mark.parametrize(
    "command",
    [
        Command(script="make all", exports="", environment="e1"),
        Command(script="make", exports='export "A=1";', environment="e1"),
        Command(script="make", exports="", environment="e2"),
    ],
    ids=["script", "exports", "environment"],
)
def test_another_command_or_environment_makes_it_run(
    bench: Bench, command: Command
) -> None:
    bench.store()

    assert not bench.is_fresh(command=command)


def test_another_folder_makes_it_run(bench: Bench) -> None:
    bench.store()

    assert not bench.is_fresh(task={**TASK, "cwd": "src"})


def test_other_arguments_have_a_memory_of_their_own(bench: Bench) -> None:
    task = {"cmd": "make", "args": ["a"], "inputs": ["src/{{ a }}.c"]}
    bench.write("src/b.c", "1")
    bench.store("a", task=task)
    bench.store("b", task=task)

    bench.write("src/b.c", "2")

    assert bench.is_fresh("a", task=task)
    assert not bench.is_fresh("b", task=task)


def test_a_task_without_globs_is_never_fresh(bench: Bench) -> None:
    assert bench.store(task="make") == ()

    assert not bench.is_fresh(task="make")
    assert not bench.folder.exists()


def test_globs_that_name_nothing_are_told_and_nothing_is_stored(bench: Bench) -> None:
    bench.store()
    task = {**TASK, "inputs": ["nowhere/*"]}

    warnings = bench.store(task=task)

    assert warnings == (
        "No files match the inputs of task t: nowhere/*; it is not cached",
    )
    assert not bench.is_fresh(task=task)
    assert bench.is_fresh()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"hash": 1}', "[" * 100_000, "\0"])
def test_a_broken_file_is_a_miss(bench: Bench, text: str) -> None:
    bench.store()
    [path] = bench.folder.iterdir()

    path.write_text(text)

    assert not bench.is_fresh()
    bench.store()
    assert bench.is_fresh()


def test_the_name_is_not_one_of_pixi_and_the_file_says_little(bench: Bench) -> None:
    bench.store()

    [path] = bench.folder.iterdir()

    assert path.name.endswith(".pixi-jupyter.json")
    assert list(json.loads(path.read_text())) == ["hash"]


def test_a_folder_that_cannot_be_written_does_not_matter(bench: Bench) -> None:
    bench.folder.parent.mkdir()
    bench.folder.write_text("a file")

    assert bench.store() == ()
    assert not bench.is_fresh()


def test_many_files_are_hashed_and_the_workspace_may_move(
    bench: Bench, tmp_path: Path
) -> None:
    for number in range(200):
        bench.write(f"src/{number}/x.c", str(number))
    bench.store()
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("src", "out", ".pixi"):
        (tmp_path / name).rename(moved / name)
    cache = TaskCache(moved / ".pixi" / FOLDER, root=moved)
    node = node_of(TASK)

    assert cache.is_fresh(node, context(node), COMMAND)
    (moved / "src/77/x.c").write_text("other")
    assert not cache.is_fresh(node, context(node), COMMAND)


def test_what_makes_up_an_environment_changes_its_hash() -> None:
    usual: dict[str, Any] = {
        "platform": "linux-64",
        "scripts": ["a.sh"],
        "variables": {"A": "1"},
        "packages": ["x", "y"],
    }
    others = [
        {**usual, "platform": "osx-64"},
        {**usual, "scripts": []},
        {**usual, "variables": {"A": "2"}},
        {**usual, "packages": ["x"]},
    ]

    hashes = {environment_hash(**each) for each in (usual, *others)}

    assert len(hashes) == 5
    assert environment_hash(**{**usual, "packages": ["y", "x"]}) in hashes
