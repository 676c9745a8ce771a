# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations: paging, renewed tokens, and answers that are not as expected."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from support.scripted_server import Answer, ScriptedServer, scripted_server

from ansible_collections.panw.airs.plugins.module_utils._common.errors import (
    AirsBrokenAnswerError,
    AirsForbiddenError,
    AirsInputError,
    AirsUnauthorizedError,
)
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import (
    API_KEY,
    CUSTOM_TOPIC,
    CUSTOMER_APP,
    DEPLOYMENT_PROFILE,
    DLP_PROFILE,
    SECURITY_PROFILE,
)
from ansible_collections.panw.airs.plugins.module_utils._service.auth import GivenToken
from ansible_collections.panw.airs.plugins.module_utils._service.client import PAGE_SIZE, ManagementClient
from ansible_collections.panw.airs.plugins.module_utils._service.resource import Resource
from ansible_collections.panw.airs.plugins.module_utils._service.transport import Transport


class Tokens:
    """Gives token-0, and the next one at every renewal."""

    renewable = True
    granted: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.renewals = 0

    def get(self) -> str:
        return f"token-{self.renewals}"

    def renew(self, stale: str) -> str:
        assert stale == self.get()
        self.renewals += 1
        return self.get()


def client(server: ScriptedServer, tokens: Any = None, notes: list[str] | None = None) -> ManagementClient:
    """Return a client for a server."""
    transport = Transport(timeout=5, num_retries=0, validate_certs=True, ca_path=None)
    collected = [] if notes is None else notes
    return ManagementClient(transport, tokens or Tokens(), f"{server.url}/aisec", "me", collected.append)


def topic(number: int) -> dict[str, Any]:
    """Return a row of the list of topics."""
    return {"topic_id": f"t-{number}", "topic_name": f"n-{number}", "revision": 1, "description": "", "examples": []}


def page(first: int, count: int, **more: Any) -> Answer:
    """Return a page of topics."""
    return Answer(200, {"custom_topics": [topic(number) for number in range(first, first + count)], **more})


class Paged(list[Answer]):
    """Answers that depend on the offset of the page that is asked for."""

    def __init__(self, body: Callable[[int], Any], server: ScriptedServer) -> None:
        super().__init__([Answer()])
        self._body = body
        self._server = server

    def __getitem__(self, _index: Any) -> Any:
        return Answer(200, self._body(offsets(self._server)[-1]))


@contextlib.contextmanager
def served(body: Callable[[int], Any]) -> Iterator[ScriptedServer]:
    """Serve a list whose pages are made of their offsets."""
    with scripted_server(Answer()) as server:
        server.answers = Paged(body, server)
        yield server


def queries(server: ScriptedServer) -> list[dict[str, list[str]]]:
    """Return the queries of the requests so far."""
    return [parse_qs(urlsplit(asked.path).query) for asked in server.asked]


def offsets(server: ScriptedServer) -> list[int]:
    """Return the offsets that were asked for."""
    return [int(query["offset"][0]) for query in queries(server)]


@pytest.mark.parametrize("last", [{}, {"next_offset": 0}, {"next_offset": None}])
def test_paging_follows_next_offset_until_there_is_none(last: dict[str, Any]) -> None:
    with scripted_server(
        page(0, 100, next_offset=100), page(100, 100, next_offset=200), page(200, 5, **last)
    ) as server:
        rows = client(server).list_all(CUSTOM_TOPIC)
        assert [row["topic_id"] for row in rows] == [f"t-{number}" for number in range(205)]
        assert offsets(server) == [0, 100, 200]


def test_a_full_page_without_next_offset_may_have_a_successor() -> None:
    with scripted_server(page(0, PAGE_SIZE), page(PAGE_SIZE, 1)) as server:
        assert len(client(server).list_all(CUSTOM_TOPIC)) == PAGE_SIZE + 1
        assert offsets(server) == [0, PAGE_SIZE]


def test_a_short_page_with_next_offset_has_a_successor() -> None:
    with scripted_server(page(0, 3, next_offset=3), page(3, 1)) as server:
        assert len(client(server).list_all(CUSTOM_TOPIC)) == 4


def test_filters_are_sent_with_every_page_as_json_writes_them() -> None:
    profiles = Answer(200, {"ai_profiles": [], "next_offset": 1})
    with scripted_server(profiles, Answer(200, {"ai_profiles": []})) as server:
        client(server).list_all(SECURITY_PROFILE, {"latest": True})
        assert [query["latest"] for query in queries(server)] == [["true"], ["true"]]


@pytest.mark.parametrize(
    ("body", "certain"), [({"custom_topics": None}, False), ({}, False), ({"custom_topics": []}, True)]
)
def test_a_list_that_is_not_there_is_empty_but_proves_nothing(body: Any, certain: bool) -> None:
    with scripted_server(Answer(200, body)) as server:
        rows = client(server).list_all(CUSTOM_TOPIC)
        assert rows == []
        assert rows.certain is certain


@pytest.mark.parametrize("listed", ["", "none", False, 0, 7, {"a": 1}, {}, [None], [1], ["x"], [[]], [{}, "x"]])
def test_what_is_no_list_of_objects_is_an_error(listed: Any) -> None:
    words = "'custom_topics' in the response is not a list of objects"
    with (
        scripted_server(Answer(200, {"custom_topics": listed})) as server,
        pytest.raises(AirsBrokenAnswerError, match=words),
    ):
        client(server).list_all(CUSTOM_TOPIC)


@pytest.mark.parametrize("following", [-1, 10**9, 1.5, "100", [], {}, True, False])
def test_a_next_offset_that_is_no_number_of_rows_is_an_error(following: Any) -> None:
    words = "'next_offset' in the response is not a number of rows"
    with (
        scripted_server(page(0, 1, next_offset=following)) as server,
        pytest.raises(AirsBrokenAnswerError, match=words),
    ):
        client(server).list_all(CUSTOM_TOPIC)


@pytest.mark.parametrize("more", [{}, {"next_offset": PAGE_SIZE}])
def test_a_service_that_ignores_the_offset_is_not_read_for_ever(more: dict[str, Any]) -> None:
    with scripted_server(*[page(0, PAGE_SIZE, **more)] * 3) as server:
        with pytest.raises(
            AirsBrokenAnswerError, match="the page starting at row 100 contains only rows of previous pages"
        ):
            client(server).list_all(CUSTOM_TOPIC)
        assert offsets(server) == [0, PAGE_SIZE]


@pytest.mark.parametrize("expected", [None, 1000])
@pytest.mark.parametrize("shuffled", [False, True])
def test_a_later_page_that_comes_again_ends_the_list(expected: int | None, shuffled: bool) -> None:
    again = [*map(topic, range(100, 200))]
    last = {"custom_topics": again[::-1] if shuffled else again}

    def answer(offset: int) -> Any:
        rows = [*map(topic, range(100))] if offset == 0 else last["custom_topics"]
        return {"custom_topics": rows, "next_offset": offset + 100}

    with served(answer) as server:
        with pytest.raises(
            AirsBrokenAnswerError, match=r"the page starting at row \d+ contains only rows of previous pages"
        ):
            client(server).list_all(CUSTOM_TOPIC, expected=expected)
        assert len(server.asked) < 15


@pytest.mark.parametrize("back", [1, 99, 100])
def test_a_list_that_goes_back_is_an_error(back: int) -> None:
    with (
        scripted_server(page(0, 100, next_offset=100), page(100, 100, next_offset=back)) as server,
        pytest.raises(AirsBrokenAnswerError, match=f"the page starting at row 100 is followed by row {back}"),
    ):
        client(server).list_all(CUSTOM_TOPIC)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_list_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr("ansible_collections.panw.airs.plugins.module_utils._service.client.MOST_PAGES", 20)

    def answer(offset: int) -> Any:
        return {"custom_topics": [*map(topic, range(offset, offset + count))], "next_offset": offset + max(count, 1)}

    with served(answer) as server:
        with pytest.raises(AirsBrokenAnswerError, match="the list does not end within 20 pages"):
            client(server).list_all(CUSTOM_TOPIC)
        assert len(server.asked) == 20


@pytest.mark.parametrize("expected", [None, 300])
def test_a_leap_to_the_far_end_does_not_ask_for_all_pages_before(expected: int | None) -> None:
    leap = {0: page(0, 1, next_offset=1), 1: page(1, 1, next_offset=999_999), 999_999: page(2, 1)}
    with served(lambda offset: leap[offset].body if offset in leap else {"custom_topics": []}) as server:
        assert len(client(server).list_all(CUSTOM_TOPIC, expected=expected)) == 3
        assert len(server.asked) < 10


def test_rows_that_move_while_somebody_else_writes_are_no_error() -> None:
    # A new row came in at the top: the last of each page is the first of the next.
    with scripted_server(page(0, 100, next_offset=100), page(99, 100, next_offset=200), page(198, 2)) as server:
        assert len({row["topic_id"] for row in client(server).list_all(CUSTOM_TOPIC)}) == 200
    # The only row of the last page was there before.
    with scripted_server(page(0, 100), page(99, 1)) as server:
        assert len({row["topic_id"] for row in client(server).list_all(CUSTOM_TOPIC)}) == 100


def test_revisions_of_one_id_are_different_rows() -> None:
    pages = [
        Answer(200, {"custom_topics": [{**topic(1), "revision": number} for number in numbers], "next_offset": 100})
        for numbers in (range(100), range(100, 150))
    ]
    pages[1].body["next_offset"] = 0
    with scripted_server(*pages) as server:
        assert len(client(server).list_all(CUSTOM_TOPIC)) == 150


@pytest.mark.parametrize("part", [".", "..", ""])
def test_what_no_path_can_name_is_refused_before_any_call(part: str) -> None:
    with scripted_server() as server, pytest.raises(AirsInputError, match="cannot be addressed"):
        client(server).delete(API_KEY, {"api_key_name": part, "api_key_id": "1"})


@pytest.mark.parametrize("body", [{"error": "x"}, [], "ok", None, False])
def test_an_answer_that_is_no_list_is_an_error_rather_than_an_empty_tenant(body: Any) -> None:
    with scripted_server(Answer(200, body)) as server, pytest.raises(AirsBrokenAnswerError, match="no 'custom_topics'"):
        client(server).list_all(CUSTOM_TOPIC)


def listed(resource: Resource, row: dict[str, Any], notes: list[str] | None = None) -> list[dict[str, Any]]:
    """Return a list of one row as the client gives it."""
    with scripted_server(Answer(200, {resource.list_key: [row]})) as server:
        return client(server, notes=notes).list_all(resource)


@pytest.mark.parametrize("more", [{"description": None}, {"created_by": 7}, {"new": {"x": [1]}}, {"revision": None}])
def test_what_rows_lack_or_have_besides_is_used_as_it_is(more: dict[str, Any]) -> None:
    notes: list[str] = []
    odd = {**topic(1), **more}
    assert listed(CUSTOM_TOPIC, odd, notes) == [odd]
    assert all("custom topic 'n-1' (" in note for note in notes)


POLICY: dict[str, Any] = {"ai-security-profiles": [{"model-configuration": {"model-protection": []}}]}
PROFILE = {"profile_id": "p-1", "profile_name": "p", "revision": 1, "policy": POLICY}
KEY = {"api_key_id": "k-1", "api_key_name": "k", "api_key_last8": "12345678", "auth_code": "D1", "revoked": False}
APP = {"customer_appId": "a-1", "app_name": "a", "cloud_provider": "aws", "environment": "prod"}


def configured(configuration: Any) -> dict[str, Any]:
    """Return a profile with a configuration."""
    return {**PROFILE, "policy": {"ai-security-profiles": [{"model-configuration": configuration}]}}


@pytest.mark.parametrize(
    ("resource", "row", "place"),
    [
        (CUSTOM_TOPIC, {**topic(1), "revision": "7"}, "revision"),
        (CUSTOM_TOPIC, {**topic(1), "revision": True}, "revision"),
        (CUSTOM_TOPIC, {**topic(1), "revision": 10**4299 * 9}, "revision"),
        (SECURITY_PROFILE, {**PROFILE, "revision": -1}, "revision"),
        (CUSTOM_TOPIC, {**topic(1), "revision": 1.5}, "revision"),
        (CUSTOM_TOPIC, {**topic(1), "examples": "one"}, "examples"),
        (CUSTOM_TOPIC, {**topic(1), "examples": [1]}, "examples.0"),
        (CUSTOM_TOPIC, {**topic(1), "topic_id": None}, "topic_id"),
        (CUSTOM_TOPIC, {"topic_id": "t-1"}, "topic_name"),
        (CUSTOM_TOPIC, {**topic(1), "tsg_id": ["1"]}, "tsg_id"),
        (SECURITY_PROFILE, {**PROFILE, "policy": None}, "policy"),
        (SECURITY_PROFILE, {key: value for key, value in PROFILE.items() if key != "policy"}, "policy"),
        (SECURITY_PROFILE, {**PROFILE, "policy": "block"}, "policy"),
        (SECURITY_PROFILE, {**PROFILE, "policy": {"ai-security-profiles": [None]}}, "policy.ai-security-profiles.0"),
        (SECURITY_PROFILE, configured("x"), "model-configuration"),
        (SECURITY_PROFILE, configured({"model-protection": {"name": "prompt-injection"}}), "model-protection"),
        (SECURITY_PROFILE, configured({"model-protection": ["prompt-injection"]}), "model-protection.0"),
        (SECURITY_PROFILE, configured({"model-protection": [{"name": "x", "action": ["block"]}]}), "action"),
        (SECURITY_PROFILE, configured({"mask-data-in-storage": "no"}), "mask-data-in-storage"),
        (SECURITY_PROFILE, configured({"latency": {"max-inline-latency": "5"}}), "max-inline-latency"),
        (SECURITY_PROFILE, configured({"data-protection": {"source-code-detection": []}}), "source-code-detection"),
        (API_KEY, {**KEY, "revoked": "no"}, "revoked"),
        (API_KEY, {**KEY, "expiration": 1.0}, "expiration"),
        (API_KEY, {**KEY, "cust_app": {"a": 1}}, "cust_app"),
        (CUSTOMER_APP, {**APP, "api_keys_dp_info": {"a": 1}}, "api_keys_dp_info"),
        (CUSTOMER_APP, {**APP, "api_keys_dp_info": [{"api_key_name": 5}]}, "api_keys_dp_info.0.api_key_name"),
        (CUSTOMER_APP, {**APP, "ai_sec_profile_name": []}, "ai_sec_profile_name"),
        (DEPLOYMENT_PROFILE, {"dp_name": "d", "auth_code": 1}, "auth_code"),
        (DLP_PROFILE, {"name": "d", "version": 1}, "version"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_read_of_a_row_must_be_of_its_type(resource: Resource, row: dict[str, Any], place: str) -> None:
    with pytest.raises(AirsBrokenAnswerError, match=rf"list .*s: the response for .* cannot be parsed \(.*{place}: "):
        listed(resource, row)


def test_a_message_about_a_row_has_no_values_of_it() -> None:
    with pytest.raises(AirsBrokenAnswerError) as caught:
        listed(API_KEY, {**KEY, "auth_code": ["s3cret"], "api_key_name": "k" * 10_000})
    assert "s3cret" not in caught.value.message
    assert len(caught.value.message) < 400


def test_a_401_gets_a_fresh_token_and_one_more_try() -> None:
    with scripted_server(Answer(401, {}), page(0, 1)) as server:
        assert len(client(server).list_all(CUSTOM_TOPIC)) == 1
        assert [asked.headers["Authorization"] for asked in server.asked] == ["Bearer token-0", "Bearer token-1"]


def test_a_second_401_is_an_error() -> None:
    with scripted_server(Answer(401, {"error_message": "expired"})) as server:
        with pytest.raises(AirsUnauthorizedError, match="expired"):
            client(server).list_all(CUSTOM_TOPIC)
        assert len(server.asked) == 2


def test_a_given_token_is_not_renewed() -> None:
    with scripted_server(Answer(401, {})) as server:
        with pytest.raises(AirsUnauthorizedError, match="The access_token might have expired"):
            client(server, GivenToken("mine")).list_all(CUSTOM_TOPIC)
        assert len(server.asked) == 1


def test_a_403_gets_a_fresh_token_once_then_names_the_permission() -> None:
    with scripted_server(Answer(403, {"error_message": "Access denied"})) as server:
        known = client(server)
        for _attempt in range(2):
            with pytest.raises(AirsForbiddenError, match=r"Access denied.*might not include airs_api\.custom_topic"):
                known.list_all(CUSTOM_TOPIC)
        # The second call knows that a fresh token does not help.
        assert len(server.asked) == 3


def test_a_403_that_a_fresh_token_cures_may_be_cured_again() -> None:
    with scripted_server(Answer(403, {}), page(0, 1), Answer(403, {}), page(0, 1)) as server:
        known = client(server)
        assert known.list_all(CUSTOM_TOPIC) == known.list_all(CUSTOM_TOPIC)
        assert len(server.asked) == 4


def test_ids_and_names_are_quoted_in_paths() -> None:
    row = {"api_key_id": "../x", "api_key_name": "a/b c?d"}
    with scripted_server(Answer(200, "gone")) as server:
        client(server).delete(API_KEY, row)
        assert server.asked[0].path == "/aisec/v1/mgmt/apikey/delete/a%2Fb%20c%3Fd?updated_by=me"


@pytest.mark.parametrize(
    "answer", [Answer(200, "gone"), Answer(200, {"message": "gone"}), Answer(200, b""), Answer(404, {})]
)
def test_every_way_of_saying_deleted_is_understood(answer: Answer) -> None:
    with scripted_server(answer) as server:
        client(server).delete(CUSTOM_TOPIC, topic(1))
        assert len(server.asked) == 1


def test_a_body_that_does_not_fit_is_refused_before_it_is_sent() -> None:
    with scripted_server(page(0, 0)) as server:
        with pytest.raises(
            AirsInputError, match=r"create custom topic 'x': description: field required. Nothing was sent"
        ):
            client(server).create(CUSTOM_TOPIC, "x", {"topic_name": "x", "examples": []})
        assert server.asked == []


def test_an_answer_to_a_write_without_an_id_has_an_unknown_outcome() -> None:
    body = {"topic_name": "x", "description": "y", "examples": []}
    with scripted_server(Answer(200, {"ok": True})) as server, pytest.raises(AirsBrokenAnswerError) as caught:
        client(server).create(CUSTOM_TOPIC, "x", body)
    assert caught.value.outcome_unknown
