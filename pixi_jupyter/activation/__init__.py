"""The environment variables of an activated prefix; standard library only."""

from __future__ import annotations

from pixi_jupyter.activation.activate import activate
from pixi_jupyter.activation.plan import ActivationPlan

__all__ = ["ActivationPlan", "activate"]
