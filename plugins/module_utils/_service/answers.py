# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits for responses: their size, their duration, and the JSON that they can contain.

The libraries only limit the duration of each part of a response, and not its size. They accept more than valid JSON:
invalid numbers, incomplete characters, and objects with duplicate keys, of which the last one is used. Different
parsers can read such a response differently, so it is not parsed at all.
"""

from __future__ import annotations

import functools
import http.client
import io
import json
import math
import re
import threading
import time
import zlib
from itertools import accumulate
from typing import Any, NoReturn

from .._common.deps import requests

#: Most bytes of an answer, unpacked. The largest known, results of scans, have some 25 MiB.
LARGEST = 32 * 1024 * 1024
#: How many times as long as its parts an answer may be on its way altogether.
PATIENCE = 5
#: Most levels of objects and lists in each other; policies, the deepest known, have 16.
DEEPEST = 64

_PART = 64 * 1024
#: Most characters of a key that a message tells.
_LONGEST_KEY = 40
_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_ALL_BUT_BRACKETS = bytes(sign for sign in range(256) if sign not in b"[]{}")


class BeyondLimit(OSError):
    """An answer is larger than it may be, or takes longer altogether.

    Args:
        reason: which limit, to follow "the answer ".
        hint: what to do, a whole sentence.
    """

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


class UnreadableError(ValueError):
    """The body of an answer cannot be read; the message says what it is, to follow "answered with "."""


class NoJsonError(UnreadableError):
    """The body of an answer is no JSON."""


def _too_large() -> BeyondLimit:
    return BeyondLimit(
        f"has more than {LARGEST // 1024**2} MiB", "This is not a response of the service. Check which server sent it."
    )


# --- on the wire -----------------------------------------------------------------------------------------------------


class _Wire(io.RawIOBase):
    """The bytes of one answer as they come in, headers included."""

    def __init__(self, sock: Any) -> None:
        self._socket = sock
        self._stream = sock.makefile("rb", buffering=0)
        self._timeout: float | None = sock.gettimeout()
        self._deadline = math.inf if self._timeout is None else time.monotonic() + PATIENCE * self._timeout
        self._size = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> Any:
        """Read what is there, up to the size of the buffer.

        Raises:
            BeyondLimit: it is too much, or too late.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self._too_slow()
        if self._timeout is None or left >= self._timeout:
            count = self._stream.readinto(buffer)
        else:
            self._socket.settimeout(left)
            try:
                count = self._stream.readinto(buffer)
            except TimeoutError:
                raise self._too_slow() from None
            finally:
                self._socket.settimeout(self._timeout)
        self._size += count or 0
        # What frames the body on the way takes its place, too.
        if self._size > LARGEST + LARGEST // 8:
            raise _too_large()
        return count

    def _too_slow(self) -> BeyondLimit:
        seconds = PATIENCE * (self._timeout or 0)
        return BeyondLimit(
            f"was not complete within {seconds:g} seconds", f"Increase timeout, which is a {PATIENCE}th of that."
        )

    def close(self) -> None:
        """Let go of the socket."""
        self._stream.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """An answer that is read from such a wire."""

    def __init__(self, sock: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(_Source(sock), *arguments, **options)  # type: ignore[arg-type]  # only makefile() is called


class _Source:
    def __init__(self, sock: Any) -> None:
        self._socket = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Wire(self._socket))


@functools.cache
def _limited(pool: Any) -> Any:
    """Return a class of connection pools whose answers have limits."""
    connection = type(pool.ConnectionCls.__name__, (pool.ConnectionCls,), {"response_class": _Response})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


def _with_limits(manager: Any) -> Any:
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {
        scheme: pool if issubclass(pool.ConnectionCls.response_class, _Response) else _limited(pool)
        for scheme, pool in pools.items()
    }
    return manager


def limited_adapter(connections: int) -> Any:
    """Return what makes the connections of a session, whose answers have a size and a time.

    Args:
        connections: most connections to a host; threads beyond that wait for one.
    """
    from urllib3.util import create_urllib3_context

    class Adapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
            super().init_poolmanager(*arguments, **options)
            _with_limits(self.poolmanager)

        def proxy_manager_for(self, proxy: Any, **options: Any) -> Any:
            return _with_limits(super().proxy_manager_for(proxy, **options))

        def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
            super().cert_verify(conn, url, verify, cert)
            # A pool behind a proxy may need them for the proxy, too.
            if (conn.ca_certs or conn.ca_cert_dir) and not conn.proxy:
                # The library would read them for every connection: the usual ones take 17 ms.
                with reading:
                    if "ssl_context" not in conn.conn_kw:
                        context = create_urllib3_context()
                        context.load_verify_locations(conn.ca_certs, conn.ca_cert_dir)
                        conn.conn_kw["ssl_context"] = context
                conn.ca_certs = conn.ca_cert_dir = None

    reading = threading.Lock()

    return Adapter(pool_maxsize=connections, pool_block=True)


# --- bodies ----------------------------------------------------------------------------------------------------------


def body_of(raw: Any) -> bytes:
    """Return the body of an answer, unpacked.

    Args:
        raw: urllib3's response, of which nothing has been read.

    Raises:
        BeyondLimit: it is too large, or too slow.
        UnreadableError: it is packed in a way that nobody asked for, or badly.
    """
    packing = (raw.headers.get("Content-Encoding") or "identity").strip().lower()
    if packing not in ("identity", "gzip"):
        raise UnreadableError("a body with an encoding that was not requested")
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS) if packing == "gzip" else None
    parts: list[bytes] = []
    size = 0
    for part in raw.stream(_PART, decode_content=False):
        try:
            # Never more than is needed to see that it is too much, whatever is packed into it.
            plain = unpacker.decompress(part, LARGEST + 1) if unpacker else part
        except zlib.error:
            raise UnreadableError("a body that cannot be decompressed") from None
        size += len(plain)
        if size > LARGEST:
            raise _too_large()
        parts.append(plain)
    if unpacker and size and not unpacker.eof:
        raise UnreadableError("a truncated body")
    return b"".join(parts)


def parsed(body: bytes) -> Any:
    """Return what a body says; None when it is empty.

    Raises:
        UnreadableError: it is no JSON, or says what JSON should not.
    """
    if not body:
        return None
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("text that is not UTF-8") from None
    # Before it is parsed: whatever runs when the interpreter is at its deepest, fails.
    if _is_deep(body):
        raise UnreadableError(f"JSON with more than {DEEPEST} levels")
    try:
        data = _DECODER.decode(text)
    except UnreadableError:
        raise
    except ValueError:  # the library's own, also for whole numbers with thousands of digits
        raise NoJsonError("truncated JSON") from None
    if "\\u" in text:
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise UnreadableError("JSON with an incomplete character") from None
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        once = dict(made)
        twice = next(key for key, _value in pairs if once.pop(key, pairs) is pairs)
        raise UnreadableError(f"JSON with the duplicate key '{twice[:_LONGEST_KEY]}' in one object")
    return made


def _no_number(text: str) -> NoReturn:
    raise UnreadableError(f"JSON with the invalid number {text}")


def _number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number("infinity")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_constant=_no_number)


def _is_deep(body: bytes) -> bool:
    """Tell whether JSON has too many levels. They are taken away, the innermost first: that is quick."""
    brackets = body.translate(None, _ALL_BUT_BRACKETS)
    # Up to two at a time: a list, and an object that has nothing but it.
    for _turn in range(DEEPEST // 2):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    # Something is left, too, where texts have brackets.
    brackets = _TEXT.sub(b"", body).translate(None, _ALL_BUT_BRACKETS)
    return max(accumulate(1 if sign in b"[{" else -1 for sign in brackets), default=0) > DEEPEST
