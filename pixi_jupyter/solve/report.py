"""The solver's answer, read: it comes as a drawn tree of sentences only.

The sentences are those of resolvo as py-rattler 0.28.0 gives them; what is not known
is left out, so that nothing is claimed that was not said.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import Literal

from pixi_jupyter.values import dataclass

_ROOT = re.compile(
    r"(?P<spec>.+?) (?:can be installed with|cannot be installed because)"
)
_ROOT_UNKNOWN = re.compile(r"No candidates were found for (?P<spec>.+?)\.?$")
_CONSTRAINT = re.compile(r"the constraint (?P<spec>.+?) cannot be fulfilled")
_PARENT = re.compile(r"(?P<package>.+?) would (?P<verb>require|constrain)$")
_NEED = re.compile(
    r"(?P<spec>.+?), (?P<rest>for which no candidates|which can|which conflicts).*"
)
_EXCLUDED = re.compile(r"(?P<package>\S+ .+?) is excluded because (?P<reason>.+)")
_LOWER = re.compile(r"due to strict channel priority not using .* from: '(?P<url>.+)'")
_LATE = re.compile(r".*uploaded after the cutoff date of (?P<date>[\d-]+)")
_BRANCH = re.compile(r"^[\s│├└─]*")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A package that there is, and that may not be taken."""

    package: str
    """Name and version, or versions."""
    why: Literal["priority", "cutoff", "other"]
    said: str
    """The channel's URL, the day, or the solver's own words."""

    @property
    def name(self) -> str:
        """Of the package."""
        return self.package.split()[0]

    @property
    def words(self) -> str:
        """What is said to the user."""
        if self.why == "priority":
            before = f"a channel before it has {self.name} too"
            return f"{self.package} of {self.said} is hidden: {before}"
        if self.why == "cutoff":
            return f"{self.package} is newer than exclude-newer allows, {self.said}"
        return f"{self.package} is excluded, {self.said}"


@dataclass(frozen=True, slots=True)
class Need:
    """What one package asks of another, and nobody can give."""

    name: str
    """Of the package that is asked for."""
    spec: str
    parent: str
    """Name and version of the package that asks; empty for the user."""
    verb: str = "needs"
    is_unknown: bool = False
    """Whether no candidate was left, or there never was one."""
    hidden: Hidden | None = None
    """What would fulfil it, if it might be taken."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One requirement of the user that takes part in a conflict."""

    spec: str
    """As the solver writes it."""
    needs: tuple[Need, ...] = ()
    reason: str = ""
    """Why it cannot be had at all, where that was said."""
    hidden: Hidden | None = None
    """What would be it, if it might be taken."""


@dataclass(slots=True)
class _Node:
    text: str
    children: list[_Node] = field(default_factory=list)


def read_report(report: str) -> list[Cause]:
    """Find the requirements that the solver names, and where they run into others.

    Parameters
    ----------
    report
        The solver's tree.

    Returns
    -------
    list of Cause
        In the order of the answer; empty where it is not understood.
    """
    return [cause for root in _roots(report) if (cause := _cause(root))]


def _roots(report: str) -> list[_Node]:
    """Give the top of the tree, without the heading that stands over several."""
    top = _Node("")
    stack: list[tuple[int, _Node]] = [(-1, top)]
    for line in report.splitlines():
        branch = _BRANCH.match(line)
        depth = branch.end() if branch else 0
        text = line[depth:].strip()
        if not text or text.startswith("The following packages are incompatible"):
            continue
        while stack[-1][0] >= depth:
            stack.pop()
        node = _Node(text)
        stack[-1][1].children.append(node)
        stack.append((depth, node))
    return top.children


def _cause(root: _Node) -> Cause | None:
    if found := _ROOT_UNKNOWN.match(root.text):
        spec = found["spec"]
        if spec.startswith("__"):
            return Cause(spec, (Need(spec.split()[0], spec, ""),))
        return Cause(spec, reason="no candidate in the channels")
    if found := _CONSTRAINT.match(root.text):
        return Cause(found["spec"], reason="a constraint")
    if not (found := _ROOT.match(root.text)):
        return None
    hidden = _hidden(root)
    return Cause(
        found["spec"],
        tuple(dict.fromkeys(_needs(root))),
        hidden.words if hidden else "",
        hidden,
    )


def _hidden(node: _Node) -> Hidden | None:
    """Give the first package right below a requirement that may not be taken."""
    for child in node.children:
        if (excluded := _EXCLUDED.match(child.text)) is None:
            continue
        package, reason = excluded["package"], excluded["reason"]
        if lower := _LOWER.match(reason):
            return Hidden(package, "priority", lower["url"].rstrip("/"))
        if late := _LATE.match(reason):
            return Hidden(package, "cutoff", late["date"])
        return Hidden(package, "other", reason)
    return None


def _needs(node: _Node) -> list[Need]:
    """List the deepest requirements below a node: where the walk ended."""
    found: list[Need] = []
    for child in node.children:
        parent = _PARENT.match(child.text)
        if parent is None:
            found += _needs(child)
            continue
        for wanted in child.children:
            deeper = _needs(wanted)
            if deeper:
                found += deeper
            elif asked := _NEED.match(wanted.text):
                found.append(_need(asked["spec"], parent, wanted, asked["rest"]))
    return found


def _need(spec: str, parent: re.Match[str], node: _Node, rest: str) -> Need:
    verb = "needs" if parent["verb"] == "require" else "allows only"
    name = re.split(r"[\s\[<>=!~]", spec, maxsplit=1)[0]
    unknown = rest.startswith("for which")
    return Need(name, spec, parent["package"], verb, unknown, _hidden(node))
