from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.activation import ActivationPlan, activate
from pixi_jupyter.errors import ActivationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="scripts for bash")

STARTED: list[object] = []
"""Programs started while a test looks; audit hooks cannot be taken away again."""
_LOOKING = [False]


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _LOOKING[0] and event == "subprocess.Popen":
        STARTED.append(arguments)


sys.addaudithook(_hook)


@pytest.fixture
def started() -> Iterator[list[object]]:
    STARTED.clear()
    _LOOKING[0] = True
    yield STARTED
    _LOOKING[0] = False


def script(plan: ActivationPlan, name: str, text: str) -> ActivationPlan:
    path = plan.root / name
    path.write_text(text)
    return replace(plan, scripts=(*plan.scripts, name))


def package_script(plan: ActivationPlan, name: str, text: str) -> Path:
    path = plan.prefix / "etc" / "conda" / "activate.d" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@unix_only
def test_every_variable_of_pixi_has_its_value(plan: ActivationPlan) -> None:
    after = activate(plan, {"PATH": "/bin", "HOME": "/h"})

    after.pop("PIXI_EXE", None)
    assert after == {
        "PATH": f"{plan.prefix}/bin:/bin",
        "HOME": "/h",
        "CONDA_SHLVL": "1",
        "CONDA_PREFIX": str(plan.prefix),
        "CONDA_DEFAULT_ENV": "climate:test",
        "PIXI_PROJECT_ROOT": str(plan.root),
        "PIXI_PROJECT_NAME": "climate",
        "PIXI_PROJECT_MANIFEST": str(plan.manifest),
        "PIXI_PROJECT_VERSION": "1.2",
        "PIXI_IN_SHELL": "1",
        "PIXI_ENVIRONMENT_NAME": "test",
        "PIXI_ENVIRONMENT_PLATFORMS": "linux-64,osx-arm64",
        "PIXI_PROMPT": "(climate:test) ",
    }


def test_without_scripts_no_shell_is_started(
    plan: ActivationPlan, started: list[object]
) -> None:
    after = activate(replace(plan, env={"PLAIN": 'a "b" `c` \\d'}))

    assert after["PLAIN"] == 'a "b" `c` \\d'
    assert started == []


@unix_only
def test_an_environment_inside_another_keeps_what_it_hides(
    plan: ActivationPlan,
) -> None:
    outer = {
        "PATH": "/conda/base/bin:/bin",
        "CONDA_PREFIX": "/conda/base",
        "CONDA_SHLVL": "1",
        "EDITOR": "vi",
    }

    after = activate(replace(plan, env={"EDITOR": "nano"}), outer)

    assert after["PATH"] == f"{plan.prefix}/bin:/bin"
    assert after["CONDA_SHLVL"] == "2"
    assert after["CONDA_ENV_SHLVL_2_CONDA_PREFIX"] == "/conda/base"
    assert (after["EDITOR"], after["CONDA_ENV_SHLVL_2_EDITOR"]) == ("nano", "vi")


def test_activation_changes_nothing_of_this_process(plan: ActivationPlan) -> None:
    before = dict(os.environ)

    activate(replace(plan, env={"NEW": "$HOME"}))

    assert dict(os.environ) == before


@unix_only
def test_a_clean_environment_keeps_only_what_a_session_needs(
    plan: ActivationPlan,
) -> None:
    outer = {
        "PATH": "/secret/bin",
        "HOME": "/h",
        "TOKEN": "t",
        "CONDA_PREFIX": "/conda/base",
        "CONDA_SHLVL": "3",
    }

    after = activate(script(plan, "a.sh", "export A=1"), outer, clean=True)

    assert after["PATH"] == f"{plan.prefix}/bin"
    assert (after["HOME"], after["A"], after["CONDA_SHLVL"]) == ("/h", "1", "1")
    assert not after.keys() & {"TOKEN", "CONDA_ENV_SHLVL_1_CONDA_PREFIX"}


@unix_only
def test_scripts_run_in_order_and_variables_of_the_manifest_beat_them(
    plan: ActivationPlan,
) -> None:
    package_script(plan, "b.sh", 'export ORDER="$ORDER b" FROM_PACKAGE=p')
    package_script(plan, "a.sh", 'export ORDER="$ORDER a"')
    package_script(plan, "c.fish", "set -x ORDER fish")
    both = script(plan, "one.sh", 'export ORDER="$ORDER one" WINNER=script')
    both = script(both, "two.bash", 'export ORDER="$ORDER two"')
    both = replace(both, env={"WINNER": "manifest", "JOINED": '$FROM_PACKAGE "x" $X'})

    after = activate(both, {"PATH": os.environ["PATH"], "X": "1"})

    assert after["ORDER"] == " a b one two"
    assert after["WINNER"] == "manifest"
    assert after["JOINED"] == 'p "x" 1'


@unix_only
def test_a_script_may_unset_change_and_break_lines(plan: ActivationPlan) -> None:
    text = """
        unset GONE
        export LINES_="first
        second = third"
        export PATH="/extra:$PATH"
        not_exported=1
        IFS=x; set -eu
        cd /
        echo noise; [ 1 = 1 ] || false
    """

    after = activate(
        script(plan, "a.sh", text),
        {"PATH": os.environ["PATH"], "GONE": "1", "odd.name": "kept", "PWD": "/p"},
    )

    assert "GONE" not in after
    assert after["LINES_"].splitlines()[1].strip() == "second = third"
    assert after["PATH"].startswith(f"/extra:{plan.prefix}/bin:")
    assert (after["odd.name"], after["PWD"]) == ("kept", "/p")
    assert not after.keys() & {"not_exported", "_", "SHLVL", "OLDPWD"}


@unix_only
def test_scripts_run_in_the_folder_of_the_workspace(plan: ActivationPlan) -> None:
    (plan.root / "marker").write_text("here")

    after = activate(script(plan, "a.sh", "export FOUND=$(cat marker)"))

    assert after["FOUND"] == "here"


@unix_only
def test_exported_functions_of_the_session_stay(plan: ActivationPlan) -> None:
    function = "() {  echo hi\n}"

    after = activate(
        script(plan, "a.sh", "export A=1"),
        {"PATH": os.environ["PATH"], "BASH_FUNC_module%%": function},
    )

    assert after["BASH_FUNC_module%%"] == function


@unix_only
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("echo before; exit 3", "exit code 3"),
        ("echo before\nif true; then", "syntax error"),
        ("set -e; echo before; false", "exit code 1"),
        ("echo before; exit 0", "exit code 0"),
    ],
    ids=["exit", "syntax", "set -e", "a quiet exit"],
)
def test_a_broken_script_is_named_with_its_output(
    plan: ActivationPlan, text: str, reason: str
) -> None:
    broken = script(script(plan, "good.sh", "export A=1"), "bad.sh", text)

    with pytest.raises(ActivationError) as caught:
        activate(broken)

    assert caught.value.script == plan.root / "bad.sh"
    shown = str(caught.value)
    assert reason in shown
    assert "before" in shown


@unix_only
def test_a_script_that_ends_in_a_failed_test_is_no_failure(
    plan: ActivationPlan,
) -> None:
    after = activate(script(plan, "a.sh", 'export A=1; [ -n "$NOTHING" ]'))

    assert after["A"] == "1"


@unix_only
def test_a_program_that_a_script_leaves_running_is_not_waited_for(
    plan: ActivationPlan,
) -> None:
    after = activate(script(plan, "a.sh", "sleep 60 & export CHILD=$!"))

    os.kill(int(after["CHILD"]), 15)


@unix_only
def test_a_missing_script_is_skipped_with_a_word(plan: ActivationPlan) -> None:
    said: list[str] = []

    after = activate(
        replace(script(plan, "a.sh", "export A=1"), scripts=("gone.sh", "a.sh")),
        warn=said.append,
    )

    assert after["A"] == "1"
    assert said == ["Activation script gone.sh does not exist, it is skipped"]


@unix_only
def test_a_script_of_another_system_is_remarked(plan: ActivationPlan) -> None:
    said: list[str] = []

    activate(script(plan, "a.bat", "true"), warn=said.append)

    assert said == ["Activation script a.bat is not named *.sh"]


@unix_only
def test_a_process_started_with_the_result_sees_it(plan: ActivationPlan) -> None:
    after = activate(replace(plan, env={"WHERE": "$PIXI_PROJECT_ROOT/data"}))

    shown = subprocess.run(
        [sys.executable, "-c", "import os; print(os.environ['WHERE'])"],
        env=after,
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.strip() == f"{plan.root}/data"
