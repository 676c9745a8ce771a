# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Retries by method, typed errors and what they say: the transport against a real HTTP server."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any, Literal

import pytest
from support.scripted_server import Answer, ScriptedServer, scripted_server

from ansible_collections.panw.airs.plugins.module_utils._common.errors import (
    AirsBrokenAnswerError,
    AirsConflictError,
    AirsConnectError,
    AirsExchangeError,
    AirsInputError,
    AirsRateLimitError,
    AirsServerError,
)
from ansible_collections.panw.airs.plugins.module_utils._service.transport import (
    MAX_WAIT,
    Request,
    Transport,
    bearer,
    require_safe_url,
)

FINE = Answer(200, {"ok": True})
Method = Literal["GET", "POST", "PUT", "DELETE"]


class Waits(list[float]):
    """Stands in for sleeping and remembers how long."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def send(
    server: ScriptedServer | str, method: Method = "GET", *, retries: int = 3, waits: Waits | None = None, **more: Any
) -> Any:
    """Send one request of a transport that does not really wait."""
    transport = Transport(
        timeout=more.pop("timeout", 5),
        num_retries=retries,
        validate_certs=True,
        ca_path=None,
        sleep=waits if waits is not None else Waits(),
    )
    url = server if isinstance(server, str) else f"{server.url}/thing"
    repeatable = more.pop("repeatable", method in ("GET", "DELETE"))
    return transport.send(Request("do a thing", method, url, "base_url", repeatable, bearer("t0ken"), **more))


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_get_is_sent_again_after_a_server_error(status: int) -> None:
    with scripted_server(Answer(status, {}), Answer(status, {}), FINE) as server:
        assert send(server) == {"ok": True}
        assert len(server.asked) == 3


def test_get_gives_up_after_num_retries() -> None:
    with scripted_server(Answer(503, {"error_message": "maintenance"})) as server:
        with pytest.raises(AirsServerError, match=r"maintenance.*503"):
            send(server, retries=2)
        assert len(server.asked) == 3


def test_waits_grow_exponentially_with_full_jitter() -> None:
    longest = [0.0, 0.0, 0.0]
    for _attempt in range(30):
        waits = Waits()
        with scripted_server(Answer(503, {})) as server, pytest.raises(AirsServerError):
            send(server, waits=waits)
        assert len(waits) == 3
        longest = [max(pair) for pair in zip(longest, waits, strict=True)]
    assert longest[0] <= 1 < longest[1] <= 2 < longest[2] <= 4


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("answer", [Answer(503, {}), Answer(0), Answer(200, b"<html>", content_type="text/html")])
def test_a_write_of_unknown_outcome_is_not_repeated(method: Method, answer: Answer) -> None:
    with scripted_server(answer) as server:
        with pytest.raises(AirsExchangeError) as caught:
            send(server, method)
        assert caught.value.outcome_unknown
        assert len(server.asked) == 1


def test_a_rate_limited_post_is_repeated_because_the_service_did_not_take_it() -> None:
    with scripted_server(Answer(429, {}), FINE) as server:
        assert send(server, "POST") == {"ok": True}
        assert len(server.asked) == 2


def test_a_post_is_repeated_when_no_connection_was_made() -> None:
    waits = Waits()
    with scripted_server(FINE) as server:
        closed = server.url
    with pytest.raises(
        AirsConnectError, match=r"cannot connect to 127\.0\.0\.1:\d+ \(Connection refused\)\. Check base_url\."
    ):
        send(closed, "POST", waits=waits)
    assert len(waits) == 3


def test_retry_after_in_seconds_is_obeyed() -> None:
    waits = Waits()
    with scripted_server(Answer(429, {}, {"Retry-After": "7"}), FINE) as server:
        send(server, waits=waits)
    assert waits == [7]


def test_retry_after_as_a_date_is_obeyed() -> None:
    waits = Waits()
    with scripted_server(Answer(503, {}, {"Retry-After": formatdate(time.time() + 20, usegmt=True)}), FINE) as server:
        send(server, waits=waits)
    assert 17 < waits[0] <= 20


def test_retry_after_in_the_scan_apis_body_is_obeyed() -> None:
    waits = Waits()
    body = {"error": {"message": "slow down", "retry_after": {"interval": 30, "unit": "second"}}}
    with scripted_server(Answer(429, body), FINE) as server:
        send(server, waits=waits)
    assert waits == [30]


def test_no_wait_is_longer_than_the_cap() -> None:
    waits = Waits()
    body = {"error": {"message": "slow down", "retry_after": {"interval": 5, "unit": "minute"}}}
    with scripted_server(Answer(429, {}, {"Retry-After": "86400"}), Answer(429, body), FINE) as server:
        send(server, waits=waits)
    assert waits == [MAX_WAIT, MAX_WAIT]


def test_a_nonsense_retry_after_does_not_stop_the_retry() -> None:
    with scripted_server(Answer(429, {}, {"Retry-After": "soon"}), FINE) as server:
        assert send(server) == {"ok": True}


@pytest.mark.parametrize(
    "header",
    [
        "9" * 5000,
        "9" * 400,
        "-5",
        "1e400",
        "nan",
        "Fri, 31 Dec 99999 23:59:59 GMT",
        "Fri, 31 Dec 1999 23:59:59 GMT",
        "",
    ],
    ids=lambda text: text[:20],
)
def test_a_wait_that_makes_no_sense_is_none(header: str) -> None:
    waits = Waits()
    with scripted_server(Answer(429, {}, {"Retry-After": header}), FINE) as server:
        assert send(server, waits=waits) == {"ok": True}
    assert 0 <= waits[0] <= MAX_WAIT


@pytest.mark.parametrize(
    "interval", ["-5", "-1e400", "NaN", "1" + "0" * 400, "1" + "0" * 5000, '"5"', "[5]", "null", "true"]
)
@pytest.mark.parametrize("unit", ['"hour"', "[]", "null"])
def test_a_wait_in_a_body_that_makes_no_sense_is_none(interval: str, unit: str) -> None:
    waits = Waits()
    body = f'{{"error": {{"retry_after": {{"interval": {interval}, "unit": {unit}}}}}}}'.encode()
    with scripted_server(Answer(429, body), FINE) as server:
        assert send(server, waits=waits) == {"ok": True}
    assert 0 <= waits[0] <= MAX_WAIT


def test_a_conflict_is_not_retried_and_carries_its_payload() -> None:
    with scripted_server(Answer(409, {"message": "in use", "payload": [1]}, {"x-request-id": "r-1"})) as server:
        with pytest.raises(AirsConflictError) as caught:
            send(server, "DELETE")
        assert len(server.asked) == 1
    assert caught.value.payload["payload"] == [1]
    assert caught.value.failure() == {
        "status": 409,
        "code": None,
        "message": "the service reported 'in use'",
        "method": "DELETE",
        "path": "/thing",
        "request_id": "r-1",
    }


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"status_code": 400, "error_message": "bad topic"}, "the service reported 'bad topic'"),
        ({"error": {"message": "Invalid API Key"}}, "the service reported 'Invalid API Key'"),
        ({"error": "invalid_client", "error_description": "Client authentication failed"}, "authentication failed"),
        ({"message": "in use"}, "the service reported 'in use'"),
        ("Access denied", "the service reported 'Access denied'"),
        ([1], "the service responded Bad Request"),
    ],
)
def test_the_services_own_words_are_in_the_error(body: Any, words: str) -> None:
    with scripted_server(Answer(400, body)) as server, pytest.raises(AirsExchangeError, match=words) as caught:
        send(server)
    assert caught.value.message.startswith("Could not do a thing: ")


def test_truncated_json_is_a_broken_answer() -> None:
    with (
        scripted_server(Answer(200, b'{"custom_topics": [')) as server,
        pytest.raises(AirsBrokenAnswerError, match="truncated JSON"),
    ):
        send(server, retries=0)


def test_html_instead_of_json_is_named() -> None:
    page = Answer(200, b"<html>login</html>", content_type="text/html; charset=utf-8")
    with scripted_server(page) as server, pytest.raises(AirsBrokenAnswerError, match="text/html instead of JSON"):
        send(server, retries=0)


def test_an_empty_body_is_none() -> None:
    with scripted_server(Answer(200, b"")) as server:
        assert send(server) is None


def test_a_redirect_is_refused_rather_than_followed_with_the_token() -> None:
    with scripted_server(FINE) as elsewhere:
        moved = Answer(302, {}, {"Location": f"{elsewhere.url}/thing"})
        with scripted_server(moved) as server, pytest.raises(AirsExchangeError, match="HTTP 302"):
            send(server)
        assert elsewhere.asked == []


def test_a_slow_answer_to_a_write_has_an_unknown_outcome() -> None:
    with scripted_server(Answer(200, {})) as server:
        original = server.answers[0]
        server.answers[0] = SlowAnswer(original.status, original.body)
        with pytest.raises(AirsBrokenAnswerError, match=r"within 0\.2 seconds"):
            send(server, "POST", timeout=0.2)


class SlowAnswer(Answer):
    """An answer that takes half a second."""

    @property
    def headers(self) -> dict[str, str]:
        time.sleep(0.5)
        return {}

    @headers.setter
    def headers(self, _value: Any) -> None:
        """Ignore what the dataclass sets."""


def test_a_password_in_netrc_does_not_replace_the_token(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password something\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with scripted_server(FINE) as server:
        send(server)
        assert server.asked[0].headers["Authorization"] == "Bearer t0ken"


@pytest.mark.parametrize("token", ["sec\nret", "sec ret", "sécret"])
def test_a_token_that_no_header_can_hold_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(AirsInputError) as caught:
        bearer(token)
    assert "ret" not in caught.value.message.replace("characters", "")


def test_white_space_around_a_token_is_dropped() -> None:
    with scripted_server(FINE) as server:
        request = Request("do a thing", "GET", server.url, "base_url", True, bearer("t0ken\n"))
        Transport(timeout=5, num_retries=0, validate_certs=True, ca_path=None).send(request)
        assert server.asked[0].headers["Authorization"] == "Bearer t0ken"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/aisec/", "http://localhost/aisec", "http://[::1]:80/aisec"])
def test_plain_http_is_allowed_to_this_machine(url: str) -> None:
    assert require_safe_url("base_url", url) == url.rstrip("/")


@pytest.mark.parametrize("url", ["http://example.invalid/aisec", "http://127.0.0.1.example.invalid", "http://10.0.0.1"])
def test_plain_http_is_refused_to_other_machines(url: str) -> None:
    with pytest.raises(AirsInputError, match=r"base_url.*http is only allowed"):
        require_safe_url("base_url", url)


@pytest.mark.parametrize(
    "url",
    [
        *("api.example.invalid/aisec", "ftp://example.invalid", "", "https://"),
        *("https://example.invalid:port", "https://example.invalid:99999", "https://example.invalid:0", "https://["),
    ],
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(AirsInputError, match="base_url must be an absolute https:// URL"):
        require_safe_url("base_url", url)


@pytest.mark.parametrize("more", ["?a=b", "?", "#top", "#", " ", "/a b", "\t", "\n"])
def test_what_does_not_belong_into_a_base_url_is_refused(more: str) -> None:
    with pytest.raises(AirsInputError, match="base_url must be a URL without spaces, query, and fragment"):
        require_safe_url("base_url", f"https://example.invalid/aisec{more}")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_what_stays_on_this_machine_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    with scripted_server(FINE) as proxy, scripted_server(FINE) as server:
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.setenv(variable, proxy.url)
        assert send(server) == {"ok": True}
        assert (len(proxy.asked), len(server.asked)) == (0, 1)


@pytest.mark.parametrize(
    "start", ["https://user:hunter2", "user:hunter2", "ftp://hunter2", "https://user:hunter2/x", "http://user:hunter2"]
)
def test_credentials_in_a_url_are_refused_without_showing_them(start: str) -> None:
    with pytest.raises(AirsInputError, match="base_url must not contain credentials") as caught:
        require_safe_url("base_url", f"{start}@example.invalid/aisec")
    assert "hunter2" not in caught.value.message


def test_a_rate_limit_for_ever_is_an_error_that_says_so() -> None:
    with scripted_server(Answer(429, {"error_message": "Too many requests"})) as server:
        with pytest.raises(AirsRateLimitError, match=r"Too many requests.*\(HTTP 429\)"):
            send(server, retries=1)
        assert len(server.asked) == 2
