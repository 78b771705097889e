"""Shells write the same statements in their own words, and nothing slips out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.activation.hook import DIALECTS, hook_script
from pixi_jupyter.activation.plan import ActivationPlan

if TYPE_CHECKING:
    from pathlib import Path

EXPANDED = {
    "bash": 'export X="a $B/${C}"',
    "zsh": 'export X="a $B/${C}"',
    "fish": "set -gx X 'a '\"$B\"'/'\"$C\"''",
    "xonsh": "$X = 'a ' + str(${...}.get('B', '')) + '/'"
    " + str(${...}.get('C', '')) + ''",
    "powershell": "${Env:X} = 'a ' + ${Env:B} + '/' + ${Env:C} + ''",
    "cmd": '@SET "X=a %B%/%C%"',
    "nushell": '$env.X = (["a " ($env.B? | default "") "/" ($env.C? | default "") ""]'
    " | str join)",
}
ASSIGNED = {
    "bash": "export X='100% \"$B\"'",
    "zsh": "export X='100% \"$B\"'",
    "fish": "set -gx X '100% \"$B\"'",
    "xonsh": "$X = '100% \"$B\"'",
    "powershell": "${Env:X} = '100% \"$B\"'",
    "cmd": '@SET "X=100%% "$B""',
    "nushell": '$env.X = "100% \\"$B\\""',
}


@pytest.mark.parametrize("shell", sorted(DIALECTS))
def test_values_are_text_unless_the_shell_shall_expand_them(shell: str) -> None:
    dialect = DIALECTS[shell]

    assert dialect.assign("X", '100% "$B"') == ASSIGNED[shell]
    assert dialect.expand("X", "a $B/${C}") == EXPANDED[shell]


def test_quotes_of_each_shell_cannot_be_left() -> None:
    assert DIALECTS["fish"].quote("a'b\\") == "'a\\'b\\\\'"
    assert DIALECTS["powershell"].quote("a'b\u2019") == "'a''b\u2019\u2019'"
    assert DIALECTS["cmd"].quote("a\nb") == "a b"
    assert DIALECTS["nushell"].quote('a"\n') == '"a\\"\\n"'


@pytest.mark.parametrize("shell", sorted(DIALECTS))
def test_a_prefix_that_is_gone_is_left_without_a_word(
    shell: str, tmp_path: Path
) -> None:
    plan = ActivationPlan(
        prefix=tmp_path / "envs" / "default",
        root=tmp_path,
        manifest=tmp_path / "pixi.toml",
        name="study",
    )
    old = tmp_path / "gone"
    said: list[str] = []

    script = hook_script(
        plan,
        shell,
        {"CONDA_PREFIX": str(old), "PATH": f"{old / 'bin'}:/usr/bin"},
        warn=said.append,
    )

    paths = [line for line in script.splitlines() if "PATH" in line]
    assert str(old / "bin") not in paths[0]
    assert "/usr/bin" in paths[0]
    assert said == []
