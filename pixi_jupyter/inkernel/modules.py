"""Which imported modules no longer are what is on disk.

A file counts as another one when its inode, size or time differ: two versions of a
package may well agree in the last two.
"""

import os
import sys
import sysconfig
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Sequence, Set, Tuple

Signature = Tuple[Any, ...]
Signatures = Dict[str, Signature]

_MANY = 6


class Watch:
    """Remembers what modules were loaded from.

    Parameters
    ----------
    roots
        Folders whose modules are watched: the prefix, and an overlay.
    overlay
        The one of them whose modules come last in the import path.
    """

    def __init__(self, roots: Iterable[str], overlay: Optional[str] = None) -> None:
        real = {os.path.realpath(root) for root in roots}
        self._roots = tuple({_folder(root) for root in (*roots, *real)})
        self._overlay = _folder(overlay) if overlay else None
        self._first: Signatures = {}
        self._before: Signatures = {}

    def look(self) -> None:
        """Note what there is, before something changes it."""
        self._before = self._signatures()
        for name, signature in self._before.items():
            self._first.setdefault(name, signature)

    def stale(self) -> List[str]:
        """Give the modules that changed since the last look, by top-level name.

        What was changed back to what was imported is not among them.
        """
        now = self._signatures(only=self._before)
        changed = {
            _shown(name)
            for name, before in self._before.items()
            if now[name] != before and now[name] != self._first[name]
        }
        # without its own library nothing else matters
        return ["python"] if "python" in changed else sorted(changed)

    def _signatures(self, only: Optional[Iterable[str]] = None) -> Signatures:
        """Sign modules and native libraries; a key tells which object it is."""
        if only is not None:
            return {key: self._sign_key(key) for key in only}
        found: Signatures = {}
        self._modules: Dict[str, Any] = {}
        files: Set[str] = set()
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__file__", None)
            places = [path] if isinstance(path, str) else _portions(module)
            mine = [place for place in places if self._is_mine(place)]
            if not mine or name == "__main__":
                continue
            # another object of the same name was loaded at another time
            key = "%s %d" % (name, id(module))
            self._modules[key] = module
            found[key] = self._sign(name, module, mine)
            files.update(mine)
        for path in _libraries():
            if path not in files and self._is_mine(path):
                found["/" + path] = _sign_file(path)
        return found

    def _sign_key(self, key: str) -> Signature:
        if key.startswith("/"):
            return _sign_file(key[1:])
        module = self._modules[key]
        path = getattr(module, "__file__", None)
        places = [path] if isinstance(path, str) else _portions(module)
        return self._sign(
            _module_name(key), module, [p for p in places if self._is_mine(p)]
        )

    def _sign(self, name: str, module: Any, places: Sequence[str]) -> Signature:  # noqa: ANN401  sys.modules holds anything
        if getattr(module, "__file__", None):
            signature = _sign_file(places[0])
            if (
                self._overlay
                and "." not in name
                and places[0].startswith(self._overlay)
            ):
                # the environment's own would win by now
                signature += (_origin(name),)
            return signature
        return tuple(
            (place, Path(place).is_dir(), (Path(place) / "__init__.py").exists())
            for place in places
        )

    def _is_mine(self, path: str) -> bool:
        return path.startswith(self._roots)


def sentence(names: Sequence[str]) -> str:
    """Say which modules need a restart; nothing if there are none."""
    if not names:
        return ""
    shown = list(names[:_MANY])
    rest = len(names) - len(shown)
    if len(names) == 1:
        text = "%s was imported before it changed: restart the kernel to use the new version"
        return text % names[0]
    last = "%d more" % rest if rest else shown.pop()
    listed = "%s and %s" % (", ".join(shown), last)
    text = "%s were imported before they changed: restart the kernel to use the new versions"
    return text % listed


def _folder(path: str) -> str:
    return path.rstrip(os.sep) + os.sep


def _portions(module: Any) -> List[str]:  # noqa: ANN401  sys.modules holds anything
    """List the folders of a namespace package."""
    try:
        return [str(place) for place in module.__path__]
    except Exception:  # noqa: BLE001  modules that make up attributes raise anything
        return []


def _sign_file(path: str) -> Signature:
    try:
        status = os.stat(path)  # noqa: PTH116  a thousand of them
    except OSError:
        return ()
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def _origin(name: str) -> Optional[str]:
    try:
        spec = PathFinder.find_spec(name, sys.path)
    except (ImportError, ValueError):
        return None
    return spec.origin if spec else None


def _libraries() -> List[str]:
    """List the native libraries in this process, where the system tells them."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:  # noqa: PTH123
            lines = maps.read().splitlines()
    except OSError:
        return []
    found = set()
    for line in lines:
        path = line[line.find("/") :] if "/" in line else ""
        if ".so" in path:
            found.add(path.partition(" (deleted)")[0])
    return sorted(found)


def _module_name(key: str) -> str:
    return key.partition(" ")[0]


def _shown(key: str) -> str:
    """Give the name under which a person knows a module or library."""
    if key.startswith("/"):
        name = Path(key).name
        return "python" if name.startswith("libpython") else name
    name = _module_name(key).partition(".")[0]
    return "python" if name in _standard_library() else name


def _standard_library() -> Set[str]:
    names = getattr(sys, "stdlib_module_names", None)
    if names:
        return set(names)
    folder = Path(sysconfig.get_path("stdlib"))
    return {path.name.split(".")[0] for path in folder.glob("*") if path.name[0] != "_"}
