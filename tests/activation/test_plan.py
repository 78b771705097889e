from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.activation import ActivationPlan

if TYPE_CHECKING:
    from pathlib import Path


def test_a_plan_survives_the_way_through_json(plan: ActivationPlan) -> None:
    full = replace(plan, scripts=("a.sh", "b.sh"), env={"B": "1", "A": "$B"})

    again = ActivationPlan.from_wire(json.loads(json.dumps(full.to_wire())))

    assert again == full
    assert list(again.env) == ["B", "A"]


@pytest.mark.parametrize(
    ("environment", "title"),
    [("default", "climate"), ("test", "climate:test")],
    ids=["default", "named"],
)
def test_the_title_names_the_environment_unless_it_is_default(
    plan: ActivationPlan, environment: str, title: str
) -> None:
    assert replace(plan, environment=environment).title == title


def test_a_plan_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        ActivationPlan.from_wire({"prefix": str(tmp_path)})
