"""Jinja2 that means what MiniJinja means: pixi's templates, rendered in a sandbox.

Source: MiniJinja, its documentation and its list of differences to Jinja2 (read
2026-11). What is not there is not here: Python's methods, most of Jinja2's filters.
Loops, calls and texts have a limit, because a manifest is read before it is trusted.
"""

from __future__ import annotations

import time
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.runtime import (
    BlockReference,
    Context,
    LoopContext,
    Macro,
    TemplateReference,
    Undefined,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

from pixi_jupyter.errors import nearest
from pixi_jupyter.tasks.minijinja_filters import FILTERS, GLOBALS, TESTS
from pixi_jupyter.tasks.minijinja_lists import Group
from pixi_jupyter.tasks.minijinja_values import (
    LONGEST_TEXT,
    TooMuchError,
    divided,
    multiplied,
    powered,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jinja2 import Template

_LONGEST_SECONDS = 2.0
_FILE = "<template>"
_OURS = (BlockReference, Group, LoopContext, TemplateReference, Namespace)
_OPERATIONS: dict[str, Any] = {
    "*": multiplied,
    "**": powered,
    "/": divided,
}


class Problem(Exception):  # noqa: N818  taken apart by its caller, seen by nobody
    """A template that cannot be rendered."""

    def __init__(self, reason: str, *, line: int | None, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.line, self.hint = reason, line, hint


class StrictName(StrictUndefined):
    """A name that nobody gave a value; comparing it is allowed, as in MiniJinja."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:  # type: ignore[override]  # may be compared here
        return isinstance(other, Undefined)

    def __ne__(self, other: object) -> bool:  # type: ignore[override]  # may be compared here
        return not isinstance(other, Undefined)

    def __hash__(self) -> int:  # type: ignore[override]  # may be compared here
        return 0

    def __repr__(self) -> str:
        return "undefined"

    @property
    def _undefined_message(self) -> str:
        return f"{self._undefined_name!r} is undefined"


class Templates(ImmutableSandboxedEnvironment):
    """The environment of templates."""

    intercepted_binops = frozenset(["*", "**", "/"])

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  of Jinja2
        super().__init__(
            finalize=shown,
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
            **options,
        )
        self.filters = dict(FILTERS)
        self.tests = dict(TESTS)
        self.globals = dict(GLOBALS)
        self.filters["_ticking"] = self._ticking
        self.filters["_together"] = _together
        self.deadline = 0.0

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401  of Jinja2
        """Look into maps only; there are no methods."""
        if isinstance(obj, dict):
            return obj.get(attribute, self.undefined(obj=obj, name=attribute))
        if isinstance(obj, Macro):
            return _of_macro(obj).get(
                attribute, self.undefined(obj=obj, name=attribute)
            )
        if isinstance(obj, (*_OURS, Undefined)):
            return super().getattr(obj, attribute)
        if hasattr(obj, "_exported"):
            return obj.__dict__.get(attribute, self.undefined(name=attribute))
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401  of Jinja2
        """Look into maps, lists and texts."""
        if isinstance(obj, dict | list | tuple | str | range) and not isinstance(
            argument, Undefined
        ):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                return self.undefined(obj=obj, name=argument)
        return self.getattr(obj, str(argument))

    def call_binop(
        self,
        context: Context,
        operator: str,
        left: Any,  # noqa: ANN401  of Jinja2
        right: Any,  # noqa: ANN401  of Jinja2
    ) -> Any:  # noqa: ANN401  of Jinja2
        """Multiply and raise with a limit; divide by zero where numbers can."""
        del context
        return _OPERATIONS[operator](left, right)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  of Jinja2
        """Call, unless the time is over."""
        self.tick()
        return super().call(context, obj, *args, **kwargs)

    def tick(self) -> None:
        """End a template that takes too long."""
        if time.monotonic() > self.deadline:
            what = f"it takes more than {_LONGEST_SECONDS:g} seconds"
            raise TooMuchError(what)

    def _ticking(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items or ():
            self.tick()
            yield item

    def _parse(
        self, source: str, name: str | None, filename: str | None
    ) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return _Limits().visit(tree)  # type: ignore[no-any-return]  # what came in


def _of_macro(macro: Macro) -> dict[str, object]:
    return {
        "name": macro.name or "caller",
        "arguments": list(macro.arguments),
        "caller": macro.caller,
    }


class _Limits(NodeTransformer):
    """Writes the limits into a template."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802  of Jinja2
        self.generic_visit(node)
        if not node.recursive:
            node.iter = _filtered(cast("nodes.Expr", node.iter), "_ticking")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802  of Jinja2
        self.generic_visit(node)
        items = nodes.List(node.nodes, lineno=node.lineno)
        return _filtered(items, "_together")


def _filtered(node: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _together(items: Iterable[Any]) -> str:
    texts = [str(shown(item)) for item in items]
    if sum(map(len, texts)) > LONGEST_TEXT:
        what = "a text grows too long"
        raise TooMuchError(what)
    return "".join(texts)


@cache
def _templates() -> Templates:
    return Templates(undefined=StrictName)


@lru_cache(maxsize=256)
def _compiled(templates: Templates, text: str) -> Template:
    return templates.from_string(text)


def rendered(
    text: str, context: Mapping[str, object], templates: Templates | None = None
) -> str:
    """Render a template.

    Raises
    ------
    Problem
    """
    templates = templates or _templates()
    try:
        template = _compiled(templates, text)
        templates.deadline = time.monotonic() + _LONGEST_SECONDS
        return _limited(template.root_render_func, template.new_context(dict(context)))
    except TemplateSyntaxError as error:
        raise Problem(error.message or "it is no template", line=error.lineno) from None
    except RecursionError:
        what = "it goes too deep"
        raise Problem(what, line=None) from None
    except (
        TemplateError,
        TooMuchError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        MemoryError,
    ) as error:
        reason = str(error) or type(error).__name__
        raise Problem(
            reason, line=_line_of(error), hint=_hint(reason, context)
        ) from error


def _limited(render: Callable[[Context], Iterator[str]], context: Context) -> str:
    pieces: list[str] = []
    length = 0
    for piece in render(context):
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST_TEXT:
            what = "the text grows too long"
            raise TooMuchError(what)
    return "".join(pieces)


def _line_of(error: BaseException) -> int | None:
    """Give the template's line where an error was raised."""
    found, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            debug_info = trace.tb_frame.f_globals.get("debug_info", "")
            found = _mapped(debug_info, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _mapped(debug_info: str, line: int) -> int:
    """Find the template's line of a line of the code made of it."""
    best = 1
    for pair in filter(None, debug_info.split("&")):
        mine, _, made = pair.partition("=")
        if int(made) <= line:
            best = int(mine)
    return best


def _hint(reason: str, context: Mapping[str, object]) -> str:
    if not reason.endswith("is undefined"):
        return ""
    pixi = context.get("pixi")
    names = [*context, *(pixi if isinstance(pixi, dict) else ())]
    close = nearest(reason.split("'")[1], names) if "'" in reason else None
    return f"did you mean {close}?" if close else ""
