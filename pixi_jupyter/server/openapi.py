"""The routes, described as OpenAPI 3.1 does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DESCRIPTION: Mapping[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "pixi-jupyter", "version": "1"},
    "paths": {},
}
