"""Small requests to package indexes, through httpx: pages, parts of files, files.

Credentials: those in the URLs of indexes that the caller names, for files of the
same host, then ``.netrc``. They are never sent to another host. Where a URL has a name
and no password, the program ``keyring`` is asked, if that is allowed: as uv asks it.
"""

from __future__ import annotations

import asyncio
import hashlib
import netrc
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pixi_jupyter.errors import (
    DownloadError,
    HashMismatchError,
    IndexAccessError,
    OfflineError,
)
from pixi_jupyter.redaction import credentials_of, redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    import httpx

_RETRIES = 3
_BUSY = frozenset((429, 500, 502, 503, 504))
_ACCESS = frozenset((401, 403))
_PARTIAL = 206
_ERRORS = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server gave."""

    status: int
    content: bytes
    start: int = 0
    """Where `content` begins in the whole."""
    total: int = 0
    """Size of the whole, in bytes."""


@dataclass
class Web:
    """A client that is open inside ``async with``."""

    indexes: Iterable[str] = ()
    """URLs that may hold credentials."""
    environ: Mapping[str, str] = field(default_factory=dict)
    offline: bool = False
    concurrency: int = 16
    keyring: bool = False
    """Whether the program ``keyring`` is asked for passwords."""
    insecure_hosts: tuple[str, ...] = ()
    """HOST or HOST:PORT of those whose certificates are not looked at."""
    _client: httpx.AsyncClient | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._gate = asyncio.Semaphore(self.concurrency)
        self._known = {
            _origin(url): pair for url in self.indexes if (pair := credentials_of(url))
        }
        self._asked: dict[tuple[str, str], asyncio.Task[str]] = {}

    async def __aenter__(self) -> Web:  # noqa: PYI034  nobody derives from it
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def ask(self, url: str, *, part: str = "") -> Answer:
        """Get a URL, or a part of it, whatever the status is.

        Parameters
        ----------
        part
            Value of ``Range``, such as ``bytes=-1000``.

        Raises
        ------
        DownloadError, OfflineError
            If there is no answer at all.
        """
        if url.startswith("file:"):
            return await asyncio.to_thread(_read, url)
        if self.offline:
            raise OfflineError(redacted(url))
        import httpx

        headers = {"Range": part} if part else {}
        for attempt in range(_RETRIES + 1):
            try:
                async with self._gate:
                    pair = await self._with_password(url, self._pair(url))
                    reply = await self._open().get(url, headers=headers, auth=pair)
            except httpx.HTTPError as error:
                if attempt < _RETRIES:
                    continue
                reason = str(error) or type(error).__name__
                raise DownloadError(redacted(url), reason=reason) from error
            if reply.status_code not in _BUSY or attempt == _RETRIES:
                return _answer(reply)
        raise AssertionError  # the loop ends with an answer or an error

    async def whole(self, url: str, *, sha256: str = "") -> bytes:
        """Get a whole file.

        Raises
        ------
        DownloadError, IndexAccessError, OfflineError
        HashMismatchError
            If it is not the one whose hash is given.
        """
        answer = await self.ask(url)
        if answer.status in _ACCESS:
            host = urlsplit(url).hostname or ""
            raise IndexAccessError(redacted(url), host=host, status=answer.status)
        if answer.status >= _ERRORS:
            reason = f"the server answered {answer.status}"
            raise DownloadError(redacted(url), reason=reason)
        check(answer.content, sha256, url)
        return answer.content

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            import httpx

            self._client = httpx.AsyncClient(
                follow_redirects=True,
                timeout=30.0,
                mounts={
                    f"https://{host}": httpx.AsyncHTTPTransport(verify=False)
                    for host in self.insecure_hosts
                },
            )
        return self._client

    def _pair(self, url: str) -> tuple[str, str] | None:
        if pair := credentials_of(url):
            return pair
        return self._known.get(_origin(url)) or self._from_netrc(url)

    async def _with_password(
        self, url: str, pair: tuple[str, str] | None
    ) -> tuple[str, str] | None:
        """Ask the program ``keyring``, once for each host and name."""
        if not self.keyring or pair is None or pair[1]:
            return pair
        host = urlsplit(url).netloc.rpartition("@")[2]
        key = (host, pair[0])
        if key not in self._asked:
            places = [_bare(x) for x in self.indexes if _origin(x) == _origin(url)]
            self._asked[key] = asyncio.ensure_future(
                _from_keyring([*places, host], pair[0], self.environ)
            )
        return pair[0], await asyncio.shield(self._asked[key])

    def _from_netrc(self, url: str) -> tuple[str, str] | None:
        home = Path(self.environ.get("HOME") or Path.home())
        path = Path(self.environ.get("NETRC") or home / ".netrc")
        try:
            found = netrc.netrc(str(path)).authenticators(urlsplit(url).hostname or "")
        except (OSError, netrc.NetrcParseError):
            return None
        return (found[0], found[2] or "") if found else None


async def _from_keyring(
    places: Iterable[str], name: str, environ: Mapping[str, str]
) -> str:
    """Give the password of the first place that has one; empty for none."""
    for place in places:
        try:
            process = await asyncio.create_subprocess_exec(
                "keyring",
                "get",
                place,
                name,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=dict(environ) or None,
            )
        except OSError:
            return ""
        out, _ = await process.communicate()
        if process.returncode == 0 and out.strip():
            return out.decode(errors="replace").strip()
    return ""


def _bare(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def check(content: bytes, sha256: str, what: str) -> None:
    """Compare content with its hash, if that is known.

    Raises
    ------
    HashMismatchError
    """
    computed = hashlib.sha256(content).hexdigest()
    if sha256 and computed != sha256.lower():
        raise HashMismatchError(
            redacted(what),
            expected=f"sha256:{sha256}",
            computed=f"sha256:{computed}",
        )


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def _read(url: str) -> Answer:
    try:
        content = Path(unquote(urlsplit(url).path)).read_bytes()
    except OSError as error:
        raise DownloadError(url, reason=str(error)) from error
    return Answer(200, content, total=len(content))


def _answer(reply: httpx.Response) -> Answer:
    content = reply.content
    start, total = 0, len(content)
    if reply.status_code == _PARTIAL:
        # bytes 10-19/1000
        span, _, size = (
            reply.headers.get("content-range", "").partition(" ")[2].partition("/")
        )
        first = span.partition("-")[0]
        if first.isdigit() and size.isdigit():
            start, total = int(first), int(size)
    return Answer(reply.status_code, content, start, total)
