"""Whether a lock says what its manifest asks of PyPI: a pair for each kind of reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.pypi_pair_table import AGREE, DISAGREE
from support.pypi_pairs import CLICK, MANIFEST, WITH_NUMPY, Pair

from pixi_jupyter.workspace.pypi_rules import pypi_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.locks import Locked


@pytest.mark.parametrize("pair", AGREE.values(), ids=AGREE.keys())
def test_what_fits_is_left_alone(pair: Pair, base: Callable[[str], Locked]) -> None:
    assert [each.text for each in pair.check(base)] == []


@pytest.mark.parametrize(("pair", "told"), DISAGREE.values(), ids=DISAGREE.keys())
def test_each_kind_of_reason_is_told_with_its_words_and_its_effect(
    pair: Pair, told: str, base: Callable[[str], Locked]
) -> None:
    found = pair.check(base)

    assert [
        f"{each.kind} {each.scope}{'' if each.keeps_hints else ' lost'}: {each.text}"
        for each in found
    ] == [told]
    assert all(each.solve for each in found)


def test_a_requirement_is_told_with_its_line(base: Callable[[str], Locked]) -> None:
    pair = Pair('click = "*"\nflask = "*"', (CLICK,))

    assert [each.place for each in pair.check(base)] == ["pixi.toml:11"]


def test_pypi_packages_need_a_python_in_the_lock(base: Callable[[str], Locked]) -> None:
    solved = base(MANIFEST.replace("python", "plain"))
    asking = f'{solved.text}\n[pypi-dependencies]\nclick = "*"\n'

    found = Pair("", (CLICK,)).lock(solved)

    assert solved.texts(asking, lock=found, pypi=pypi_rules()) == [
        "PyPI packages need python, which is not in the lock"
    ]


def test_a_lock_from_before_names_on_pypi_were_known_is_solved_again(
    base: Callable[[str], Locked],
) -> None:
    solved = base(MANIFEST.replace("python", "plain"))
    asking = f'{solved.text}\n[pypi-dependencies]\nclick = "*"\n'

    assert solved.texts(asking) == [
        "the lock does not say which conda packages are packages of PyPI"
    ]


def test_a_conda_package_that_only_pypi_asks_for_is_told(
    base: Callable[[str], Locked],
) -> None:
    solved = base(MANIFEST + WITH_NUMPY)
    asking = solved.edited((WITH_NUMPY, '\n[pypi-dependencies]\nnumpy = "*"\n'))

    found = solved.check(asking, lock=Pair("", ()).lock(solved))

    assert [each.text for each in found] == [
        "numpy is conda's in the lock, only PyPI packages ask for it"
    ]
    assert found[0].scope == "all"
