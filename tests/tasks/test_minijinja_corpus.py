"""What MiniJinja renders (data beside the repository; skipped where it is absent)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jinja2 import DictLoader, Undefined

from pixi_jupyter.tasks.minijinja import Problem, StrictName, Templates, rendered

DATA = Path(__file__).parents[3] / "shared" / "data" / "tasks" / "minijinja"
INPUTS = sorted(each for each in (DATA / "inputs").glob("*.*") if each.is_file())

HTML = "escapes by the name of a file; a task is never escaped"
FILES = "imports from another file; a task has none to import from"
HARNESS = "uses a function that only the test has"
DIFFERENT = {
    "autoescape.html": HTML,
    "autoescape.txt": HTML,
    "escaping.html": HTML,
    "filter_block.html": HTML,
    "block_scope_extends.txt": FILES,
    "import_all.txt": FILES,
    "macro_import.txt": FILES,
    "macro_import2.txt": FILES,
    "macro_include.txt": FILES,
    "calls-and-literals.txt": HARNESS,
    "loop_break_one_shot_iter.txt": HARNESS,
    "loop_break_one_shot_iter_peek.txt": HARNESS,
    "debug.txt": "debug() shows the engine's own state",
    "dict.txt": "the loop itself cannot be made into a map",
    "coerce.txt": "0 < true is true here: a boolean counts as a number",
    "literals.txt": "numbers below -2 ** 127 keep their sign here",
    "namespace.txt": "a namespace inside of another cannot be set",
    "tests.txt": "`is sameas -1` needs parentheses around -1",
}

pytestmark = pytest.mark.skipif(not INPUTS, reason="the data is not here")


class Lenient(Undefined):
    __slots__ = ()

    def __repr__(self) -> str:
        return "undefined"


def expected(path: Path) -> str:
    snapshot = DATA / "snapshots" / f"test_templates__vm@{path.name}.snap"
    return snapshot.read_text(encoding="utf-8").split("\n---\n", 1)[1]


def made(path: Path) -> str:
    head, body = path.read_text(encoding="utf-8").split("\n---\n", 1)
    context = json.loads(head)
    is_strict = context.pop("$settings", {}).get("undefined") == "strict"
    others = {
        each.name: each.read_text(encoding="utf-8")
        for each in (DATA / "inputs" / "refs").iterdir()
    }
    templates = Templates(
        undefined=StrictName if is_strict else Lenient,
        loader=DictLoader({**others, path.name: body}),
    )
    return rendered(body, context, templates)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_a_template_is_rendered_as_mini_jinja_does(path: Path) -> None:
    want = expected(path)
    if "!!!ERROR!!!" in want or "!!!SYNTAX ERROR!!!" in want:
        pytest.skip("MiniJinja refuses it")

    try:
        got = made(path).strip("\n")
    except Problem as problem:
        got = f"refused: {problem.reason}"

    assert (got == want.strip("\n")) is (path.name not in DIFFERENT)


@pytest.mark.parametrize(
    "path",
    [each for each in INPUTS if each.name.startswith("err_strict")],
    ids=lambda path: path.name,
)
def test_what_is_refused_as_undefined_is_refused_here(path: Path) -> None:
    with pytest.raises(Problem):
        made(path)
