from __future__ import annotations

from support.manifests import composed
from support.task_texts import LINUX

from pixi_jupyter.tasks.models import Argument, Dependency, Task
from pixi_jupyter.tasks.read import read_task, tasks_of


def test_a_text_is_a_command() -> None:
    assert read_task("t", "make all") == Task(name="t", command="make all")


def test_a_list_is_an_alias() -> None:
    task = read_task("t", [{"task": "a"}, {"task": "b", "environment": "test"}])

    assert task.command is None
    assert task.depends_on == (
        Dependency(task="a"),
        Dependency(task="b", environment="test"),
    )


def test_every_key_of_a_table_is_read() -> None:
    task = read_task(
        "_t",
        {
            "cmd": ["a", "b c"],
            "cwd": "src",
            "env": {"K": "V"},
            "depends-on": ["x", {"task": "y", "args": ["1", {"n": "2"}]}],
            "inputs": ["*.py"],
            "outputs": [],
            "args": ["p", {"arg": "q", "default": "1", "choices": ["1", "2"]}],
            "default-environment": "test",
            "description": "Does it",
            "clean-env": True,
        },
    )

    assert task == Task(
        name="_t",
        command=("a", "b c"),
        cwd="src",
        env={"K": "V"},
        depends_on=(
            Dependency(task="x"),
            Dependency(task="y", args=("1", ("n", "2"))),
        ),
        inputs=("*.py",),
        outputs=(),
        args=(
            Argument(name="p"),
            Argument(name="q", default="1", choices=("1", "2")),
        ),
        default_environment="test",
        description="Does it",
        clean_env=True,
    )
    assert task.is_hidden


def test_one_dependency_needs_no_list_and_may_have_the_old_key() -> None:
    assert read_task("t", {"depends-on": "a"}).depends_on == (Dependency(task="a"),)
    assert read_task("t", {"depends_on": ["a"]}).depends_on == (Dependency(task="a"),)


def test_declaring_no_arguments_is_not_the_same_as_not_declaring_any() -> None:
    assert read_task("t", {"cmd": "a", "args": []}).args == ()
    assert read_task("t", {"cmd": "a"}).args is None


def test_the_tasks_of_an_environment_are_those_of_its_features_and_platform() -> None:
    composition = composed(
        """
        [tasks]
        a = "default"
        b = "default"
        [target.linux-64.tasks]
        b = "on linux"
        [feature.test.tasks]
        a = "test"
        [environments]
        test = ["test"]
        """
    )

    found = tasks_of(composition.environment("test"), LINUX)

    assert {name: task.command for name, task in found.items()} == {
        "a": "test",
        "b": "on linux",
    }
