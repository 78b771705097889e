"""What cells say: their Python, their commands, their other languages."""

from __future__ import annotations

import time

import pytest

from pixi_jupyter.notebook.scan import scan_notebook
from pixi_jupyter.notebook.scan_cells import Command, read_cell
from pixi_jupyter.notebook.scan_commands import read_command
from pixi_jupyter.notebook.scan_merge import merged
from pixi_jupyter.notebook.scan_python import read_python


def notebook(*cells: str, **metadata: object) -> dict[str, object]:
    return {
        "nbformat": 4,
        "metadata": metadata,
        "cells": [{"cell_type": "code", "source": text} for text in cells],
    }


def modules(*cells: str, **metadata: object) -> list[str]:
    found = scan_notebook(notebook(*cells, **metadata), "")
    return [fact.asked.text for fact in found.facts if fact.asked.kind == "module"]


def test_lines_for_the_shell_are_found_only_where_a_statement_may_begin() -> None:
    cell = read_cell(
        1,
        's = """\n!pip install no\n"""\nx = (1\n % 3)\nif x:\n    !pip install yes \\\n'
        "        more\nfiles = !ls it's\nimport after\n",
    )

    assert [each.text for each in cell.commands] == [
        "pip install yes more",
        "ls it's",
    ]
    assert read_python(cell.python).imports[0].module == "after"


def test_an_import_is_certain_optional_or_in_a_function() -> None:
    found = read_python(
        "import a\n"
        "try:\n    import b\nexcept ImportError:\n    import c\n"
        "def f():\n    import d\n"
        "if TYPE_CHECKING:\n    import never\n"
        "with suppress(ImportError):\n    import e\n"
        'importlib.import_module("g.h")\n'
        "from . import beside\n"
    )

    assert {each.module: each.where for each in found.imports} == {
        "a": "",
        "b": "optional",
        "c": "optional",
        "d": "function",
        "e": "optional",
        "g.h": "",
    }


def test_a_name_that_is_made_while_it_runs_is_unclear() -> None:
    found = read_python("importlib.import_module(f'plugin_{n}')")

    assert [text for _, text in found.unclear] == [
        "importlib.import_module(f'plugin_{n}')"
    ]


def test_what_is_not_python_3_is_read_line_by_line() -> None:
    found = read_python('import a, b.c as d\nprint "x"\n"""\nimport no\n"""\n')

    assert [each.module for each in found.imports] == ["a", "b.c"]
    assert found.problem.startswith("not Python 3, line 2")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param('!pip install -q "a[x]==1" b>=2 # why', "a[x]==1 b>=2", id="pip"),
        pytest.param("!{sys.executable} -m pip install a", "a", id="this Python"),
        pytest.param("%pip install a > /dev/null 2>&1", "a", id="redirected"),
        pytest.param("pip install a b", "a b", id="without a sign"),
        pytest.param("!if true; then pip install a; fi", "a", id="in a condition"),
        pytest.param("!bash -c 'cd x && pip install a'", "a", id="in a shell"),
        pytest.param("!uv pip install a && uv add b", "a b", id="uv"),
        pytest.param("!pip uninstall -y a", "", id="uninstall"),
        pytest.param('!echo "pip install a"', "", id="said"),
        pytest.param("%%bash\nset -e\npip install a \\\n  b", "a b", id="cell"),
        pytest.param(
            'subprocess.run([sys.executable, "-m", "pip", "install", "a"])',
            "a",
            id="subprocess",
        ),
        pytest.param('os.system("pip install a")', "a", id="system"),
        pytest.param(
            'get_ipython().run_line_magic("pip", "install a")', "a", id="IPython"
        ),
    ],
)
def test_what_pip_is_told_is_found_however_it_is_said(text: str, asked: str) -> None:
    found = scan_notebook(notebook(text), "")

    assert [
        x.asked.text for x in found.facts if x.asked.kind == "pypi"
    ] == asked.split()


def test_conda_is_told_channels_files_and_packages() -> None:
    text = 'conda install -n base -c pytorch --file more.txt "a>=1" other::b -y'

    found = [(x.kind, x.text) for x in read_command(Command("!", text, 1))]

    assert found == [
        ("channel", "pytorch"),
        ("file", "more.txt"),
        ("conda", "a>=1"),
        ("conda", "other::b"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("apt-get install -y ffmpeg", "system", id="apt"),
        pytest.param("pip install $NAME", "unclear", id="shell"),
        pytest.param('pip install -e ".[dev]"', "unclear", id="path"),
        pytest.param("pip install -f https://links.example/", "index", id="links"),
    ],
)
def test_what_a_person_has_to_judge_is_told_apart(text: str, kind: str) -> None:
    assert [x.kind for x in read_command(Command("!", text, 1))] == [kind]


def test_magics_load_modules() -> None:
    found = modules("%load_ext autoreload\n%load_ext dotenv\n%matplotlib widget")

    assert found == ["dotenv", "ipympl"]


def test_a_cell_of_another_language_is_not_read_as_python() -> None:
    assert modules(
        "%%html\nimport no", "%%writefile x.py\nimport no", "%%time\nimport a"
    ) == ["a"]


def test_a_module_that_a_cell_wrote_is_the_notebooks_own() -> None:
    found = modules("%%writefile mine.py\nimport numpy", "import mine")

    assert found == ["numpy"]


def test_prompts_of_a_documentation_are_taken_away() -> None:
    assert modules(">>> import a\n>>> def f():\n...     import b\n") == ["a", "b"]


def test_libraries_of_r_are_found() -> None:
    text = 'library(ggplot2)\n# library(no)\ninstall.packages(c("readr", "dplyr"))\nstats::sd(1)'
    found = scan_notebook(notebook(text, kernelspec={"name": "ir"}), "")

    assert [x.asked.text for x in found.facts] == ["ggplot2", "readr", "dplyr"]


def test_a_script_block_and_the_metadata_of_others_are_read() -> None:
    block = '# /// script\n# dependencies = ["a>=1"]\n# [tool.pixi.dependencies]\n# b = "2.*"\n# ///\n'

    found = scan_notebook(notebook(block, uv={"dependencies": ["c"]}), "")

    assert [(x.asked.kind, x.asked.text) for x in found.facts] == [
        ("pypi", "c"),
        ("pypi", "a>=1"),
        ("conda", "b 2.*"),
    ]


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        pytest.param(["*", ">=2"], ">=2", id="anything"),
        pytest.param([">=2", "<3"], ">=2,<3", id="ranges"),
        pytest.param([">=2", "==2.1"], "==2.1", id="pin in a range"),
    ],
)
def test_versions_that_go_together_are_one(specs: list[str], expected: str) -> None:
    assert merged(specs) == (expected, "")


def test_versions_that_do_not_go_together_are_named() -> None:
    assert merged(["==1.0", "==2.0"]) == ("==2.0", "asked for as ==1.0 and ==2.0")
    assert merged([">=2", "==1.0"])[1] == "asked for as >=2 and ==1.0"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * 300_000, id="brackets"),
        pytest.param("a" + ".b" * 300_000, id="chain"),
        pytest.param("-" * 300_000 + "1", id="signs"),
        pytest.param("%\n" * 300_000, id="magics"),
        pytest.param("!a\\\n" * 100_000, id="a line that goes on"),
        pytest.param("a," * 200_000 + "=", id="names"),
        pytest.param('"""' + "\\" * 300_000, id="string"),
        pytest.param(" " * 300_000, id="blanks"),
        pytest.param("import a\0b", id="null"),
        pytest.param("!pip install '" + "x" * 300_000, id="quotation"),
        pytest.param("# /// script\n" + "# a = [\n" * 20_000, id="block"),
    ],
)
def test_a_hostile_cell_is_read_or_named_and_nothing_hangs(text: str) -> None:
    started = time.monotonic()

    found = scan_notebook(notebook(text, "import after"), "")

    assert found.facts[-1].asked.text == "after"
    assert time.monotonic() - started < 20  # a hang, on a machine however busy


def test_a_huge_cell_is_named_and_not_read() -> None:
    found = scan_notebook(notebook("x = 1\n" * 10_000_000), "")

    assert "only 10 million characters" in found.doubts[0][1]
