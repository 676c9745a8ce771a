# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer may be: its size, its time and its JSON, against a real HTTP server."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import re
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from support.scripted_server import Answer, ScriptedServer, scripted_server

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsBrokenAnswerError, AirsExchangeError
from ansible_collections.panw.airs.plugins.module_utils._service import answers
from ansible_collections.panw.airs.plugins.module_utils._service.transport import Request, Transport, bearer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
MEBIBYTE = 1024 * 1024
#: The time that an answer has in these tests is five times that.
TIMEOUT = 0.05


def send(server: ScriptedServer, *, timeout: float = TIMEOUT, transport: Transport | None = None) -> Any:
    """Send one request, once."""
    transport = transport or Transport(timeout=timeout, num_retries=0, validate_certs=True, ca_path=None)
    return transport.send(Request("do a thing", "GET", f"{server.url}/thing", "base_url", True, bearer("t0ken")))


def refused(answer: Answer, **options: Any) -> str:
    """Return the message for an answer that is no good."""
    with scripted_server(answer) as server, pytest.raises(AirsBrokenAnswerError) as caught:
        send(server, **options)
    assert re.match(r"Could not do a thing: .*\.$", caught.value.message)
    return caught.value.message


# --- size ------------------------------------------------------------------------------------------------------------


def bomb() -> bytes:
    """Return a gibibyte of blanks, packed into a mebibyte. What is packed is the same part again and again."""
    packer = zlib.compressobj(9, wbits=-15)
    part = packer.compress(b" " * MEBIBYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    header = gzip.compress(b"")[:10]
    return header + part * 1024 + zlib.compressobj(9, wbits=-15).flush()


def test_a_bomb_is_not_unpacked() -> None:
    packed = bomb()
    assert len(packed) < 2 * MEBIBYTE
    tracemalloc.start()
    try:
        message = refused(Answer(200, packed, {"Content-Encoding": "gzip"}), timeout=5)
        assert tracemalloc.get_traced_memory()[1] < 3 * answers.LARGEST
    finally:
        tracemalloc.stop()
    assert "the response of 127.0.0.1:" in message
    assert "has more than 32 MiB" in message
    assert "Check which server sent it" in message


def chunks(size: int = MEBIBYTE) -> Iterator[bytes]:
    """Yield a chunked body for ever."""
    yield CHUNKED
    yield from itertools.repeat(b"%x\r\n%s\r\n" % (size, b" " * size))


@pytest.mark.parametrize(
    "wire",
    [
        chunks,
        lambda: itertools.chain([HEAD + b"\r\n"], itertools.repeat(b" " * MEBIBYTE)),
        lambda: itertools.chain([HEAD + b"Content-Length: 99999999999\r\n\r\n"], itertools.repeat(b" " * MEBIBYTE)),
        # A body that counts its chunks backwards.
        lambda: itertools.chain([CHUNKED + b"-1\r\n"], itertools.repeat(b" " * MEBIBYTE)),
    ],
    ids=["chunked", "until the end", "with a length", "chunks of no size"],
)
def test_a_body_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch, wire: Any) -> None:
    monkeypatch.setattr(answers, "LARGEST", 4 * MEBIBYTE)
    message = refused(Answer(wire=wire()), timeout=5)
    assert "has more than 4 MiB" in message or "was cut off" in message


def test_the_body_of_a_redirect_has_the_same_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LARGEST", 4 * MEBIBYTE)
    head = b"HTTP/1.1 302 Found\r\nLocation: /\xff\r\n\r\n"
    assert "has more than 4 MiB" in refused(
        Answer(wire=itertools.chain([head], itertools.repeat(b" " * MEBIBYTE))), timeout=5
    )


def test_packed_answers_are_read() -> None:
    body = json.dumps({"ok": ["ä"] * 100_000}).encode()
    with scripted_server(Answer(200, gzip.compress(body), {"Content-Encoding": "gzip"})) as server:
        assert send(server, timeout=5) == json.loads(body)
        assert server.asked[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("packing", "body", "words"),
    [
        ("gzip", gzip.compress(b"{}" * 1000)[:-12], "a truncated body"),
        ("gzip", b"no gzip", "a body that cannot be decompressed"),
        ("br", b"whatever", "an encoding that was not requested"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"{}")), "an encoding that was not requested"),
    ],
    ids=["cut off", "not packed", "another way", "twice"],
)
def test_what_cannot_be_unpacked_is_no_answer(packing: str, body: bytes, words: str) -> None:
    assert words in refused(Answer(200, body, {"Content-Encoding": packing}), timeout=5)


# --- time ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wire",
    [
        lambda: itertools.chain([b"HTTP/1.1 200 OK\r\nX-Long: "], itertools.repeat(b"x")),
        lambda: itertools.chain([b"HTTP/1.1 200 OK\r\n"], (b"X-%d: 1\r\n" % number for number in range(90))),
        lambda: itertools.chain([HEAD + b"Content-Length: 1000\r\n\r\n"], itertools.repeat(b" ")),
        lambda: chunks(1),
    ],
    ids=["a header", "headers", "a body", "a chunked body"],
)
def test_an_answer_that_drips_is_given_up(wire: Any) -> None:
    began = time.monotonic()
    message = refused(Answer(wire=wire(), pause=0.02))
    assert time.monotonic() - began < 2
    assert "was not complete within 0.25 seconds. Increase timeout, which is a 5th of that." in message


def test_a_part_that_is_late_still_counts_by_itself() -> None:
    assert "no response from 127.0.0.1" in refused(Answer(wire=[HEAD, b""], pause=0.3))


def test_a_slow_answer_that_comes_to_its_end_is_read() -> None:
    body = [HEAD, b"Content-Length: 6\r\n", b"\r\n", b"[1,", b" 2]"]
    with scripted_server(Answer(wire=body, pause=0.02)) as server:
        assert send(server) == [1, 2]


def test_each_answer_on_a_connection_has_its_own_time() -> None:
    transport = Transport(timeout=TIMEOUT, num_retries=0, validate_certs=True, ca_path=None)
    with scripted_server(Answer(200, {"ok": 1})) as server:
        for _attempt in range(4):
            assert send(server, transport=transport) == {"ok": 1}
            time.sleep(0.1)
        assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b""),
        Answer(200, gzip.compress(b"{}"), {"Content-Encoding": "gzip"}),
        Answer(404, {"error_message": "no"}),
        Answer(302, {}, {"Location": "/elsewhere"}),
        Answer(200, b"<html>", content_type="text/html"),
    ],
    ids=["empty", "packed", "an error", "a redirect", "no JSON"],
)
def test_a_connection_is_used_again_after_any_whole_answer(answer: Answer) -> None:
    transport = Transport(timeout=5, num_retries=0, validate_certs=True, ca_path=None)
    with scripted_server(answer) as server:
        for _attempt in range(3):
            with contextlib.suppress(AirsExchangeError):
                send(server, transport=transport)
        assert (len(server.asked), server.connections) == (3, 1)


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_cookies_are_not_kept() -> None:
    transport = Transport(timeout=5, num_retries=0, validate_certs=True, ca_path=None)
    cookies = {"Set-Cookie": "who=me; Path=/"}
    with scripted_server(Answer(200, {}, cookies), Answer(302, {}, {**cookies, "Location": "/x"}), Answer()) as server:
        send(server, transport=transport)
        with pytest.raises(AirsExchangeError):
            send(server, transport=transport)
        send(server, transport=transport)
        assert [asked.headers.get("Cookie") for asked in server.asked] == [None] * 3


# --- JSON ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"customer_apps": [1], "customer_apps": []}', "JSON with the duplicate key 'customer_apps' in one object"),
        (
            b'{"a": [{"profile_id": "1", "x": 0, "profile_id": "1"}]}',
            "JSON with the duplicate key 'profile_id' in one object",
        ),
        (b'{"a": NaN}', "JSON with the invalid number NaN"),
        (b"[-Infinity]", "JSON with the invalid number -Infinity"),
        (b"[1e999]", "JSON with the invalid number infinity"),
        (b"[" + b"9" * 5000 + b"]", "truncated JSON"),
        (b'{"a": "\\ud800"}', "JSON with an incomplete character"),
        (b'{"\\udc00": 1}', "JSON with an incomplete character"),
        (b'{"a": "\xed\xa0\x80"}', "text that is not UTF-8"),
        (b'{"a": "\xe4"}', "text that is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "text that is not UTF-8"),
        (b"[" * 100_000, "JSON with more than 64 levels"),
        (b"[" * 65 + b"]" * 65, "JSON with more than 64 levels"),
        (b'{"a":' * 500 + b"1" + b"}" * 500, "JSON with more than 64 levels"),
        (b'["[", ' + b"[" * 64 + b"]" * 65, "JSON with more than 64 levels"),
        (b'{"a": [', "truncated JSON"),
        (b"[1] [2]", "truncated JSON"),
        (b"\0", "truncated JSON"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_plain_json_is_no_answer(body: bytes, words: str) -> None:
    with pytest.raises(answers.UnreadableError, match=re.escape(words)):
        answers.parsed(body)
    message = refused(Answer(200, body), timeout=5)
    assert f"127.0.0.1:{message.partition('127.0.0.1:')[2][:5]} responded with {words}" in message


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        "text",
        {"a": 1, "b": {"a": 1}},
        {"emoji": "\N{GRINNING FACE}", "nothing": "\0"},
        {"brackets": "]]}{", "more": ["["] * 100},
        10**400,
        json.loads("[" * 64 + "]" * 64),
    ],
    ids=lambda data: str(data)[:20],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_plain_json_is_read_as_it_is(data: Any, ascii_only: bool) -> None:
    assert answers.parsed(json.dumps(data, ensure_ascii=ascii_only).encode()) == data


def test_an_object_with_many_keys_is_looked_through_once() -> None:
    body = b'{"x": 1, ' + b",".join(b'"%d": 1' % number for number in range(100_000)) + b', "x": 2}'
    began = time.monotonic()
    with pytest.raises(answers.UnreadableError, match="duplicate key 'x'"):
        answers.parsed(body)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("status", [400, 404, 409, 429, 500])
@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"[" * 10_000, b"NaN", b'{"error": 1, "error": 2}', b"{", b'"\\ud800"'],
    ids=lambda body: str(body)[:12],
)
def test_an_error_with_an_odd_body_is_still_that_error(status: int, body: bytes) -> None:
    with scripted_server(Answer(status, body)) as server, pytest.raises(AirsExchangeError) as caught:
        send(server, timeout=5)
    assert caught.value.status == status


@pytest.mark.parametrize("words", ["x" * 100_000, "word " * 100_000])
def test_what_a_service_says_is_told_in_part_when_it_is_long(words: str) -> None:
    with scripted_server(Answer(400, {"error_message": words})) as server:
        with pytest.raises(AirsExchangeError) as caught:
            send(server, timeout=5)
        assert len(caught.value.message) < 500


def test_no_half_of_a_secret_is_told() -> None:
    words = f"{'no ' * 98}s3cret-s3cret {'no ' * 100}"
    with scripted_server(Answer(400, {"error_message": words})) as server:
        with pytest.raises(AirsExchangeError) as caught:
            send(server, timeout=5)
        assert "s3" not in caught.value.message
        assert "no no ..." in caught.value.message
