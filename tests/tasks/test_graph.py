from __future__ import annotations

import pytest
from support.task_texts import planned, told

from pixi_jupyter.errors import (
    TaskCycleError,
    TaskGraphError,
    UnknownTaskError,
    UsageError,
)


def test_dependencies_run_first_as_written_and_once() -> None:
    plan = planned(
        """
        [tasks]
        top = { cmd = "x", depends-on = ["b", "a"] }
        a = { cmd = "x", depends-on = ["base"] }
        b = { cmd = "x", depends-on = ["base"] }
        base = "x"
        """,
        "top",
    )

    assert told(plan) == [
        "base@default",
        "b@default < 0",
        "a@default < 0",
        "top@default < 1 2",
    ]
    assert plan.asked.name == "top"


def test_known_nodes_come_before_new_ones() -> None:
    plan = planned(
        """
        [tasks]
        top = { cmd = "x", depends-on = ["a", "b"] }
        a = { cmd = "x", depends-on = ["new", "b"] }
        b = "x"
        new = "x"
        """,
        "top",
    )

    assert [node.name for node in plan.nodes] == ["b", "new", "a", "top"]


def test_other_arguments_or_another_environment_make_another_node() -> None:
    plan = planned(
        """
        [tasks]
        low = { cmd = "x", args = ["a"] }
        top = [
            { task = "low", args = ["1"] },
            { task = "low", args = ["2"] },
            { task = "low", args = ["1"], environment = "test" },
            { task = "mid" },
        ]
        mid = { cmd = "x", depends-on = [{ task = "low", args = ["1"] }] }
        [environments]
        test = []
        """,
        "top",
    )

    assert told(plan) == [
        "low@default a=1",
        "low@default a=2",
        "low@test a=1",
        "mid@default < 0",
        "top@default < 0 1 2 3",
    ]


def test_what_stands_twice_in_one_list_runs_twice() -> None:
    plan = planned(
        '[tasks]\ntop = { cmd = "x", depends-on = ["a", "a"] }\na = "x"', "top"
    )

    assert [node.name for node in plan.nodes] == ["a", "a", "top"]


def test_only_the_task_itself_without_its_dependencies() -> None:
    manifest = '[tasks]\ntop = { cmd = "x", depends-on = ["a"] }\na = "x"'

    assert told(planned(manifest, "top", skip_deps=True)) == ["top@default"]


def test_the_environment_asked_for_holds_for_dependencies() -> None:
    plan = planned(
        """
        [tasks]
        top = [{ task = "a" }, { task = "a", environment = "docs" }]
        a = "x"
        [environments]
        test = []
        docs = []
        """,
        "top",
        environment="test",
    )

    assert told(plan) == ["a@test", "a@docs", "top@test < 0 1"]


@pytest.mark.parametrize(
    ("tasks", "cycle"),
    [
        ('a = [{ task = "a" }]', ("a", "a")),
        (
            'a = [{ task = "b" }]\nb = [{ task = "c" }]\nc = [{ task = "a" }]',
            ("a", "b", "c", "a"),
        ),
        (
            'a = [{ task = "x" }]\nx = [{ task = "y" }]\ny = [{ task = "x" }]',
            ("x", "y", "x"),
        ),
        (
            (
                'a = { args = [{ arg = "n", default = "1" }],'
                ' depends-on = [{ task = "a", args = ["{{ n }}1"] }] }'
            ),
            ("a", "a"),
        ),
    ],
    ids=["itself", "three", "below", "growing"],
)
def test_a_cycle_is_named(tasks: str, cycle: tuple[str, ...]) -> None:
    with pytest.raises(TaskCycleError) as caught:
        planned(f"[tasks]\n{tasks}", "a")

    assert caught.value.cycle[-len(cycle) :] == cycle
    assert caught.value.cycle[0] in ("a", cycle[0])


def test_a_task_may_need_its_namesake_in_another_environment() -> None:
    plan = planned(
        """
        [tasks]
        a = [{ task = "a", environment = "test" }]
        [feature.test.tasks]
        a = "x"
        [environments]
        test = ["test"]
        """,
        "a",
        environment="default",
    )

    assert told(plan) == ["a@test", "a@default < 0"]


def test_a_missing_dependency_names_the_nearest_and_who_needs_it() -> None:
    with pytest.raises(UnknownTaskError) as caught:
        planned('[tasks]\ntop = [{ task = "biuld" }]\nbuild = "x"', "top")

    assert caught.value.needed_by == "top"
    assert caught.value.hints == ("did you mean build?",)


def test_more_nodes_than_anybody_means_are_refused() -> None:
    levels = "\n".join(
        f"t{n} = {{ args = ['v'], depends-on = [{{ task = 't{n + 1}', args = ['{{{{ v }}}}0'] }},"
        f" {{ task = 't{n + 1}', args = ['{{{{ v }}}}1'] }}] }}"
        for n in range(20)
    )

    with pytest.raises(TaskGraphError):
        planned(f"[tasks]\n{levels}\nt20 = {{ cmd = 'x', args = ['v'] }}", "t0", "x")


def test_a_deep_chain_needs_no_deep_stack() -> None:
    chain = "\n".join(f't{n} = [{{ task = "t{n + 1}" }}]' for n in range(1500))

    plan = planned(f'[tasks]\n{chain}\nt1500 = "x"', "t0")

    assert [plan.nodes[0].name, plan.asked.name] == ["t1500", "t0"]


def test_what_is_no_task_is_a_command() -> None:
    plan = planned('[tasks]\na = "x"', "python", "-V")

    assert plan.asked.task is None
    assert told(plan) == ["python@default python -V"]


def test_a_single_word_with_blanks_is_taken_apart() -> None:
    assert told(planned('[tasks]\na = "x"', "a -v 'b c'")) == ["a@default -v b c"]
    assert planned('[tasks]\na = "x"', "ls | wc -l").asked.extra == ("ls | wc -l",)


@pytest.mark.parametrize("words", [(), ("",), (" ",), ("a 'b",)])
def test_words_that_are_no_command_are_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        planned('[tasks]\na = "x"', *words)
