"""The HTTP server below every registry: faults, credentials, a log."""

from __future__ import annotations

import contextlib
import http.server
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from support.registry.faults import Faults, Slow
from support.registry.resource import Reply, Resource, Seen, reply_to

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from typing_extensions import Self

    from support.registry.credentials import Credentials
    from support.registry.faults import Fault

SLOWEST_SECONDS = 60
"""How long an answer is held back when a test forgets to let it go."""


class Registry:
    """Something that is served on loopback; a context manager."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.log: list[Seen] = []
        self.credentials: Credentials | None = None
        self.denial = 401
        """What a stranger is told."""
        self.errors: list[BaseException] = []
        """What went wrong in the registry itself; none is expected."""
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._port = 0
        self._left: int | None = None
        self._scheme = "http"

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on, until it is stopped."""
        assert self._server is not None
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https"

    def resource(self, path: str, headers: Mapping[str, str]) -> Resource | None:
        """Give what lies at a path, None for nothing."""
        raise NotImplementedError

    @property
    def host(self) -> str:
        """Name and port."""
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """With a trailing slash."""
        return f"{self._scheme}://{self.host}/"

    def paths(self, method: str = "") -> list[str]:
        """List the paths that were asked for, in order."""
        return [each.path for each in self.log if method in {"", each.method}]

    def start(self) -> None:
        """Listen, at the port of the last time."""
        self._server = _Server(self, self._port)
        self._port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, and cut every connection."""
        server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        server.cut()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()

    def lost_after(self, requests: int) -> None:
        """Answer that many requests more, then be gone as after `stop`."""
        self._left = requests

    def is_lost(self) -> bool:
        """Count one request; tell whether there is no network any more."""
        if self._left is None:
            return False
        self._left -= 1
        return self._left < 0

    def found(self) -> None:
        """Be reachable again after `lost_after`."""
        self._left = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.faults.clear()
        self.stop()
        assert not self.errors, self.errors


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, registry: Registry, port: int) -> None:
        self.registry = registry
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: Any) -> None:
        error = sys.exc_info()[1]
        if error and not isinstance(error, ConnectionError | TimeoutError):
            self.registry.errors.append(error)

    def cut(self) -> None:
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    @property
    def registry(self) -> Registry:
        return cast("_Server", self.server).registry

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer(head=True)

    def _answer(self, *, head: bool = False) -> None:
        registry = self.registry
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = unquote(urlsplit(self.path).path)
        faults = registry.faults.of(path)
        reply = self._reply(path, headers, faults, head=head)
        seen = 0 if reply.drop else reply.status
        registry.log.append(Seen(self.command, path, headers, seen))
        if reply.drop:
            self._cut()
        else:
            slow = next((x for x in faults if isinstance(x, Slow)), None)
            self._send(reply, slow, head=head)

    def _reply(
        self,
        path: str,
        headers: dict[str, str],
        faults: list[Fault],
        *,
        head: bool,
    ) -> Reply:
        registry = self.registry
        if registry.is_lost():
            return Reply(0, drop=True)
        asked: str | None = path
        if registry.credentials:
            asked = registry.credentials.admitted(path, headers)
        if registry.credentials and asked is None:
            said = {"WWW-Authenticate": registry.credentials.challenge}
            reply = Reply(registry.denial, said, b"who are you?\n")
        else:
            reply = reply_to(
                registry.resource(asked or path, headers), headers, head=head
            )
        for fault in faults:
            reply.path = path
            reply = fault.change(reply)
        return reply

    def _send(self, reply: Reply, slow: Slow | None, *, head: bool) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        body = b"" if head or reply.status == 304 else reply.body
        if slow:
            self.wfile.write(body[: slow.before])
            self.wfile.flush()
            slow.reached.set()
            slow.gate.wait(SLOWEST_SECONDS)
            body = body[slow.before :]
        self.wfile.write(body[: reply.sent_bytes])
        self.wfile.flush()
        if reply.close or (reply.sent_bytes is not None and not head):
            self._cut()

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
