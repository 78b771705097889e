"""Edits of tasks: the task is there, or gone, and nothing else is another."""

from __future__ import annotations

import copy
from typing import Any

from fuzz.test_edits import comments, opened, parse, pruned, texts
from hypothesis import given, reject
from hypothesis import strategies as st
from support.fuzz import refused, strange_texts

from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.manifest.task_edits import TaskEdits, tables_of

NAMES = ("go", "build", "test", "a.b", "with space", "_hidden", "é", "'")

commands = st.sampled_from(["ls", 'echo "x"', "a\nb", "\\", "{{ x }} # no", "é", "'"])
values: st.SearchStrategy[Any] = st.one_of(
    commands,
    st.fixed_dictionaries(
        {"cmd": commands},
        optional={
            "depends-on": st.lists(st.sampled_from(["build", "x"]), max_size=3),
            "env": st.dictionaries(st.sampled_from(["A", "B.C"]), commands, max_size=2),
            "clean-env": st.booleans(),
            "args": st.just(["one", {"arg": "two", "default": "2"}]),
        },
    ),
)
places = st.fixed_dictionaries(
    {
        "feature": st.sampled_from([None, None, "test", "new", "with space"]),
        "environment": st.sampled_from([None, None, "test", "fresh"]),
        "platform": st.sampled_from([None, "linux-64", "linux", "win-*"]),
    }
)


@given(text=texts, name=st.sampled_from(NAMES), value=values, place=places)
def test_what_is_added_is_all_that_is_new(
    text: str, name: str, value: Any, place: dict[str, Any]
) -> None:
    edits = TaskEdits(document=opened(text), **place)
    given_value = copy.deepcopy(value)

    error = refused(lambda: edits.add(name, value))

    if error is not None:
        assert edits.document.text == text
        return
    again = TaskEdits(document=opened(edits.document.text), **place)
    assert again.tasks()[name] == given_value
    kept = [line for line in text.splitlines() if line.lstrip()[:1] == "#"]
    lines = edits.document.text.splitlines()
    assert [line for line in lines if line.lstrip()[:1] == "#"] == kept
    again.remove(name)
    # a table that was made for it stays, empty
    assert pruned(parse(again.document.text)) == pruned(parse(text))
    assert comments(again.document.text) == comments(text)


@given(text=texts, data=st.data())
def test_what_is_removed_is_all_that_is_gone(text: str, data: st.DataObject) -> None:
    document = opened(text)
    tables = list(tables_of(document))
    if not tables:
        reject()
    edits = data.draw(st.sampled_from(tables))
    name = data.draw(st.sampled_from(list(edits.tasks())))
    wanted = parse(text)
    table = wanted
    for key in edits.table:
        table = table[key]
    del table[name]

    try:
        edits.remove(name)
    except PixiJupyterError:
        assert document.text == text
        return

    assert pruned(parse(document.text)) == pruned(wanted)


@given(text=texts, name=strange_texts, value=strange_texts)
def test_strange_tasks_are_written_so_that_they_are_read_again_or_refused(
    text: str, name: str, value: str
) -> None:
    edits = TaskEdits(document=opened(text))

    error = refused(lambda: edits.add(name, value))

    if error is None:
        again = TaskEdits(document=opened(edits.document.text))
        assert again.tasks()[name] == value
    else:
        assert edits.document.text == text
