"""Registries on loopback that a test makes, breaks and mends while they run.

Made by the fixtures `mock_channel` and `mock_index`; gone when the test ends::

    channel = mock_channel({"name": "app", "depends": ["base"]}, {"name": "base"})
    channel.url                                # for a manifest, with a trailing slash
    channel.publish({"name": "base", "version": "2.0"})   # arguments of make_package
    channel.forms = {"plain"}                  # of "shards", "zst", "plain"
    channel.faults.put("*/repodata*", Status(500), times=2)   # see `faults`
    hang = channel.faults.put("*.conda", Slow())   # hang.reached.wait(), hang.release()
    channel.faults.clear()
    channel.credentials = Bearer("s3cret")     # or Basic, CondaToken; 401 without them
    channel.stop(); channel.start()            # nobody listens; the same port again
    channel.lost_after(3)                      # answers 3 requests more, then stops
    [each.path for each in channel.log if each.status == 404]
    index = mock_index()                       # a Python package index; `wheels` fills it
    index.add(make_wheel(folder, "spam"), uploaded="2024-01-01T00:00:00Z")

Everything goes through a real socket, in threads of the test's own process.
"""

from support.registry.channel import MockChannel
from support.registry.credentials import Basic, Bearer, CondaToken
from support.registry.faults import (
    Closing,
    Content,
    Drop,
    Gzip,
    Redirect,
    Slow,
    Status,
    Truncated,
)
from support.registry.index import MockIndex
from support.registry.wheels import make_sdist, make_wheel

__all__ = [
    "Basic",
    "Bearer",
    "Closing",
    "CondaToken",
    "Content",
    "Drop",
    "Gzip",
    "MockChannel",
    "MockIndex",
    "Redirect",
    "Slow",
    "Status",
    "Truncated",
    "make_sdist",
    "make_wheel",
]
