"""A manifest that fits what notebooks need: conda first, then PyPI, and the doubts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.names import normalised
from pixi_jupyter.notebook import imports
from pixi_jupyter.notebook.imports import ModulePackage, package_for_module
from pixi_jupyter.notebook.scan_merge import conda_version
from pixi_jupyter.notebook.scan_rows import (
    Doubt,
    Proposed,
    Wanted,
    kept,
    like,
    proposed,
    way,
)
from pixi_jupyter.notebook.scan_words import BACKENDS, SYSTEM

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pixi_jupyter.notebook.scan import Fact


class Proposal:
    """Packages and doubts, while they are collected.

    Parameters
    ----------
    names
        The conda packages that the channels have; None where nobody asked them, and
        the table has to do.
    """

    def __init__(self, names: Collection[str] | None = None) -> None:
        self._names = names
        self._rows: dict[tuple[str, str], list[Wanted]] = {}
        self.doubts: dict[tuple[str, str], Doubt] = {}
        self._unknown: dict[str, list[Fact]] = {}

    def doubt(self, what: str, why: str, hint: str = "") -> None:
        """Name something that is unsure."""
        self.doubts.setdefault((what, why), Doubt(what=what, why=why, hint=hint))

    def module(self, fact: Fact) -> None:
        """Take an import."""
        module = fact.asked.text
        within = [f"{module}.{name}" for name in fact.names if name != "*"] or [module]
        found = {each: self._package(each) for each in within}
        for package in dict.fromkeys(each for each in found.values() if each):
            self._take_module(package, fact)
        if not any(found.values()):
            named = next((x for x in within if imports.service_of(x)), module)
            self._unknown.setdefault(named, []).append(fact)

    def _package(self, module: str) -> ModulePackage | None:
        package = package_for_module(module)
        top = module.partition(".")[0]
        if package is None and self._names is not None and top not in imports.GENERIC:
            for name in (top.lower(), normalised(top)):
                if (
                    name in self._names
                    and not imports.service_of(module)
                    and not imports.is_standard(top)
                ):
                    return ModulePackage(module=top, conda=name)
        return package

    def _take_module(self, package: ModulePackage, fact: Fact) -> None:
        conda = package.conda if self._has(package.conda) else ""
        if not conda and not package.pypi:
            self.doubt(
                package.name,
                f"{fact.asked.command} ({fact.place}): it is not in the channels",
            )
            return
        kind, name = ("conda", conda) if conda else ("pypi", package.pypi)
        self._add(
            Wanted(
                kind=kind,
                name=name,
                value="*",
                why=fact.asked.command,
                place=fact.place,
                where=fact.where,
            )
        )

    def _has(self, conda: str, *, surely: bool = False) -> bool:
        """Tell whether the channels have a package; unasked, they have what is known."""
        if self._names is None:
            return imports.is_conda(conda) if surely else bool(conda)
        return conda in self._names

    def wanted(self, wanted: Wanted) -> None:
        """Take a package that something asks for by its name."""
        if wanted.kind == "conda":
            self._take_conda(wanted)
        elif normalised(wanted.name) not in ("pip", "wheel"):
            self._take_pypi(wanted)

    def _take_conda(self, wanted: Wanted) -> None:
        spelled = imports.conda_of_name(wanted.name)
        if spelled and not self._has(wanted.name, surely=True) and self._has(spelled):
            wanted = like(
                wanted,
                spelled,
                wanted.value,
                doubt=f"{wanted.name} is {spelled} on conda-forge",
            )
        if not self._has(wanted.name):
            self.doubt(
                wanted.name, f"{wanted.why} ({wanted.place}): it is not in the channels"
            )
        elif wanted.name not in ("pip", "conda", "mamba"):
            self._add(wanted)

    def _take_pypi(self, wanted: Wanted) -> None:
        value, project = wanted.value, normalised(wanted.name)
        if service := imports.service_of(wanted.name):
            self.doubt(
                wanted.name, f"{wanted.why} ({wanted.place}): only {service} has it"
            )
            return
        conda = imports.conda_of(project)
        extras: Sequence[str] = ()
        if isinstance(value, dict):
            extras = value.get("extras", ())
            more = [imports.extras_of(project, extra) for extra in extras]
            is_source = not set(value) <= {"version", "extras"}
            if is_source or None in more or not self._has(conda):
                self._add(kept(wanted, is_source=is_source, has_conda=self._has(conda)))
                return
            value = value.get("version", "*")
        else:
            more = []
        if not self._has(conda):
            self._add(wanted)
            return
        version, left = conda_version(value)
        doubt = wanted.doubt or (
            f"{left} names a build that conda does not have" if left else ""
        )
        self._add(like(wanted, conda, version, doubt=doubt))
        for extra, names in zip(extras, more, strict=False):
            for name in names or ():
                why = f"{wanted.why}, its extra {extra}"
                self._add(like(wanted, name, "*", why=why))

    def has(self, kind: str, name: str) -> bool:
        """Tell whether something asks for a package by its name."""
        return (kind, name) in self._rows

    def _add(self, wanted: Wanted) -> None:
        self._rows.setdefault((wanted.kind, wanted.name), []).append(wanted)

    def r(self, fact: Fact) -> None:
        """Take a package of R."""
        name = fact.asked.text
        conda = imports.conda_of_r(name)
        if self._has(conda):
            self._add(
                Wanted(
                    kind="conda",
                    name=conda,
                    value="*",
                    why=fact.asked.command,
                    place=fact.place,
                )
            )
        else:
            self.doubt(
                name,
                f"{fact.asked.command} ({fact.place}): conda-forge has no r-{name.lower()}",
            )

    def system(self, fact: Fact) -> None:
        """Take a package of an operating system: a person has to judge it."""
        name, why = (
            fact.asked.text,
            f"{fact.asked.command} ({fact.place}): a package of the system",
        )
        if conda := SYSTEM.get(name):
            self.doubt(
                name, f"{why}; conda-forge has {conda}", f"{{command}} add {conda}"
            )
        else:
            self.doubt(name, why)

    def packages(self) -> list[Proposed]:
        """Give all packages, conda first, each by name."""
        self._settle()
        rows = [proposed(each) for each in self._rows.values()]
        for row in rows:
            for text in row.doubts:
                out = "" if row.is_taken else "left out, "
                hint = "" if row.is_taken else way(row)
                self.doubt(row.name, f"{out}{text}", hint)
        self._backends({row.name for row in rows if row.is_taken})
        return sorted(rows, key=lambda row: (row.kind, row.name.lower()))

    def _backends(self, taken: set[str]) -> None:
        for name, others in BACKENDS.items():
            if name in taken and not taken & set(others):
                why = f"it works through {' or '.join(others)}, and nothing imports one"
                self.doubt(name, why, f"{{command}} add {others[0]}")

    def _settle(self) -> None:
        """Let one row stand for each project, and name the modules without any."""
        for (kind, name), asked in list(self._rows.items()):
            conda = ("conda", imports.conda_of(name))
            if kind == "pypi" and conda in self._rows:
                if all(each.where == "comment" for each in asked):
                    del self._rows[kind, name]
                    continue
                others = self._rows.pop(conda)
                plain = [
                    like(each, name, "*", kind="pypi")
                    for each in others
                    if each.where != "comment"
                ]
                asked[:0] = plain
        names = {normalised(name) for kind, name in self._rows}
        for module, facts in self._unknown.items():
            top = module.partition(".")[0]
            asked_for = normalised(top) in names
            if not asked_for:
                self.doubt(*_unknown(module, facts))


def _unknown(module: str, facts: Sequence[Fact]) -> tuple[str, str, str]:
    """Say why no package is proposed for a module."""
    top, place = module.partition(".")[0], facts[0].place
    name = normalised(top)
    if service := imports.service_of(module):
        return module, f"import ({place}): only {service} has it", ""
    later = imports.successor_of(top)
    if later is not None:
        what = "Python's own until it was taken out"
        way = f"{{command}} add --pypi {later}" if later else ""
        return module, f"import ({place}): {what}", way
    if top in imports.GENERIC:
        return (
            module,
            f"import ({place}): no such file here, a module of one's own by its name",
            "",
        )
    if all(fact.where == "optional" for fact in facts):
        return (
            module,
            f"import ({place}): no package is known for it, and it may be missing",
            "",
        )
    return (
        module,
        f"import ({place}): no package is known for it, or it is a file that is not here",
        f"{{command}} add --pypi {name}",
    )
