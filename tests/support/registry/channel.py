"""A conda channel over HTTP: repodata as shards (CEP 16), zst and plain."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import zstandard

from support.packages import make_channel
from support.registry.msgpack import packed
from support.registry.resource import Resource
from support.registry.server import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMS = frozenset(("shards", "zst", "plain"))


class MockChannel(Registry):
    """The packages of a folder, served as a channel.

    Parameters
    ----------
    folder
        Where packages lie; see `support.packages.make_channel`.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.forms: set[str] = set(FORMS)
        """The repodata that are offered."""
        self.cache_control = "max-age=0"
        self.moved: dict[str, str] = {}
        """Starts of paths, and what they stand for."""

    def publish(self, *packages: Mapping[str, Any]) -> None:
        """Add packages, each the arguments of `make_package`, or replace them."""
        make_channel(self.folder, packages)

    def archive(self, name: str) -> Path:
        """Give the archive whose name starts so."""
        return next(self.folder.glob(f"*/{name}*.conda"))

    def resource(
        self,
        path: str,
        headers: Mapping[str, str],  # noqa: ARG002  part of the protocol
    ) -> Resource | None:
        for start, other in self.moved.items():
            if path.startswith(start):
                path = other + path.removeprefix(start)
        subdir, _, name = path.lstrip("/").partition("/")
        plain = self.folder / subdir / "repodata.json"
        if name.endswith(".conda"):
            archive = self.folder / subdir / name
            return Resource(archive.read_bytes()) if archive.is_file() else None
        if not plain.is_file():
            return None
        body = self._repodata(plain.read_bytes(), subdir, name)
        if body is None:
            return None
        return Resource(body, cache_control=self.cache_control)

    def _repodata(self, plain: bytes, subdir: str, name: str) -> bytes | None:
        if name == "repodata.json" and "plain" in self.forms:
            return plain
        if name == "repodata.json.zst" and "zst" in self.forms:
            return _compressed(plain)
        if "shards" not in self.forms:
            return None
        shards = _shards(plain)
        if name == "repodata_shards.msgpack.zst":
            return _index(subdir, shards)
        return next((x for x in shards.values() if name == f"shards/{_file(x)}"), None)


def _compressed(body: bytes) -> bytes:
    return bytes(zstandard.ZstdCompressor(level=1).compress(body))


def _file(shard: bytes) -> str:
    return f"{hashlib.sha256(shard).hexdigest()}.msgpack.zst"


def _shards(plain: bytes) -> dict[str, bytes]:
    """Make the shard of every name."""
    by_name: dict[str, dict[str, Any]] = {}
    for file_name, record in json.loads(plain)["packages.conda"].items():
        hashes = {key: bytes.fromhex(record[key]) for key in ("sha256", "md5")}
        by_name.setdefault(record["name"], {})[file_name] = {**record, **hashes}
    return {
        name: _compressed(
            packed({"packages": {}, "packages.conda": records, "removed": []})
        )
        for name, records in by_name.items()
    }


def _index(subdir: str, shards: Mapping[str, bytes]) -> bytes:
    info = {"subdir": subdir, "base_url": "./", "shards_base_url": "./shards/"}
    hashes = {name: hashlib.sha256(shard).digest() for name, shard in shards.items()}
    return _compressed(packed({"version": 1, "info": info, "shards": hashes}))
