from __future__ import annotations

import subprocess
import sys

import pytest
from support.task_texts import LINUX, context, node_of, planned, script

from pixi_jupyter.errors import TemplateError
from pixi_jupyter.platforms import Platform
from pixi_jupyter.tasks.template import context_of, is_template, render


def rendered(text: str, **values: object) -> str:
    return render(text, task="t", where="cmd", context=values)


def problem(text: str, **values: object) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        rendered(text, **values)
    return caught.value


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{{ pixi.platform }}", "linux-64"),
        ("{{ pixi.environment.name }}", "default"),
        ("{{ pixi.version }}", "0.77.0"),
        ("{{ pixi.manifest_path }}", "/w/pixi.toml"),
        ("{{ pixi.init_cwd }}", "/home/ana"),
        ("{{ pixi.is_unix }} {{ pixi.is_win }}", "True False"),
        ("{{ pixi.is_linux }} {{ pixi.is_osx }}", "True False"),
        ("{% if pixi.is_win %}dir{% else %}ls{% endif %}", "ls"),
        ("{# nothing #}a", "a"),
    ],
)
def test_a_template_sees_where_it_runs(text: str, made: str) -> None:
    assert script(text) == made


def test_a_rich_platform_is_seen_by_its_name() -> None:
    seen = context_of(node_of("x"), platform=Platform("gpu", "win-64"))

    assert rendered("{{ pixi.platform }} {{ pixi.is_win }}", **seen) == "gpu True"


def test_what_a_task_gives_to_others_cannot_see_places() -> None:
    with pytest.raises(TemplateError) as caught:
        planned(
            '[tasks]\na = [{ task = "b", args = ["{{ pixi.init_cwd }}"] }]\n'
            'b = { cmd = "x", args = ["v"] }',
            "a",
        )

    assert (caught.value.name, caught.value.key) == ("a", "depends-on")
    assert "init_cwd" not in str(context_of(node_of("x"), platform=LINUX))


def test_values_are_shown_as_mini_jinja_shows_them() -> None:
    assert rendered("{{ [1, 'a', true, none, 1.0, {'k': (1,)}] }}") == (
        "[1, 'a', True, None, 1.0, {'k': (1,)}]"
    )


def test_nothing_is_escaped_and_a_last_line_break_is_dropped() -> None:
    assert rendered("{{ a }} & b\n", a="<'\">") == "<'\"> & b"


def test_an_unknown_name_says_where_and_what_is_near() -> None:
    error = problem("first\necho {{ targt }}", target="x")

    assert (error.name, error.key, error.line) == ("t", "cmd", 2)
    assert "'targt' is undefined" in error.details[0]
    assert "echo {{ targt }}" in error.details[1]
    assert error.hints == ("did you mean target?",)


@pytest.mark.parametrize(
    "text",
    [
        "{{ a.b.c }}",
        "{{ a.b }}",
        "{% if b %}{% endif %}",
        "{% for x in b %}{% endfor %}",
        "{{ b ~ 'x' }}",
        "{{ b + 1 }}",
    ],
)
def test_what_is_undefined_can_be_compared_and_nothing_else(text: str) -> None:
    assert "undefined" in problem(text, a={}).reason
    assert rendered("{{ b == 1 }} {{ b is defined }} {{ b|default(2) }}") == (
        "False False 2"
    )


@pytest.mark.parametrize(
    "text", ["{{", "{{{ a }}}", "{{ a b }}", "{% if %}", "{{ a|nothing }}"]
)
def test_what_is_no_template_says_the_line(text: str) -> None:
    assert problem(f"one\n{text}", a="x").line == 2


@pytest.mark.parametrize(
    "text",
    [
        "{{ a.upper() }}",
        "{{ a.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ a['__class__'] }}",
        "{{ a|attr('__class__') }}",
        "{{ range.__globals__ }}",
        "{{ dict.__init__ }}",
        "{{ lipsum }}",
        "{{ a|xmlattr }}",
        "{% include 'x' %}",
    ],
)
def test_there_is_no_way_to_python(text: str) -> None:
    assert problem(text, a="x").reason


@pytest.mark.parametrize(
    "text",
    [
        "{{ range(1000000000) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 10 ** 100000000 }}",
        "{{ 'aaaa'|indent(1000000000) }}",
        "{{ ('a' * 1000)|replace('a', 'b' * 100000) }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ [1]|batch(1000000000, 'x') }}",
        "{% for x in range(99999) %}{{ 'aaaaaaaaaaaaaaaaaaaa' }}{% endfor %}",
        (
            "{% set n = namespace(x='aa') %}{% for i in range(60) %}"
            "{% set n.x = n.x ~ n.x %}{% endfor %}"
        ),
        "{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}",
    ],
)
def test_a_template_that_grows_without_end_is_ended(text: str) -> None:
    assert problem(text).reason


def test_a_template_that_runs_without_end_is_ended() -> None:
    loops = "{% for x in range(99999) %}" * 3 + "{% endfor %}" * 3

    assert "seconds" in problem(loops).reason


def test_a_text_without_a_template_loads_no_engine() -> None:
    code = (
        "import sys; from pixi_jupyter.tasks.template import render;"
        "from pixi_jupyter.tasks import graph, shell_text;"
        "render('echo {a} 100%', task='t', where='cmd', context={});"
        "print('jinja2' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
    assert not is_template("{a} $(b) ${c}")


@pytest.mark.parametrize(
    "text",
    [
        "{{ a }}",
        "x {{a}} {{ b }}\n",
        "{{ a }}{{ a }}\n\n",
        "{ {{ a }} }",
        "{{ n }} {{ m.a }} {{ m.n }}",
        "{{ true }} {{ a }}",
        "a {{- a }} {{ 'a' }}",
        "{{ a }} {# {{ b }} #}",
    ],
)
def test_the_short_way_gives_what_the_engine_gives(text: str) -> None:
    from pixi_jupyter.tasks.minijinja import rendered as by_engine

    values = {"a": "{{ b }}", "b": "<\n>", "n": 1, "m": {"a": "A", "n": True}}

    assert rendered(text, **values) == by_engine(text, values)


def test_variables_of_a_task_are_rendered_and_stand_in_front() -> None:
    made = script(
        {"cmd": "go", "env": {"A": "$HOME/{{ a }}", "B": 'say "x"'}, "args": ["a"]}, "v"
    )

    assert made == 'export "A=$HOME/v";\nexport "B=say \\"x\\"";\ngo'


def test_the_context_of_a_node_has_its_arguments() -> None:
    node = node_of({"cmd": "x", "args": ["a"]}, "v")

    assert context(node)["a"] == "v"
