# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any odd answer is an error of one sentence, and nothing is changed for it: modules against a service gone mad.

C(AIRS_FUZZ_ANSWERS) is how many answers there are for each API (C(make fuzz)); without it there are some, always the
same.
"""

from __future__ import annotations

import copy
import json
import os
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.odd_answers import (
    KEYS,
    LISTS,
    LOGS,
    MANAGEMENT,
    PROFILES,
    SCAN,
    SCAN_IDS,
    VERDICT,
    Called,
    Json,
    Scenario,
    Service,
    Unhandled,
    Wrong,
    usual_requests,
)

from ansible_collections.panw.airs.plugins.module_utils._kinds.key_rule import days_left
from ansible_collections.panw.airs.plugins.module_utils._policy import document, export
from ansible_collections.panw.airs.plugins.module_utils._scan import models as scan_models
from ansible_collections.panw.airs.plugins.module_utils._scan.verdicts import COMPLETE, fired, unmet
from ansible_collections.panw.airs.plugins.module_utils._service import models
from ansible_collections.panw.airs.plugins.module_utils._service.model import answer_faults

ANSWERS = int(os.environ.get("AIRS_FUZZ_ANSWERS") or 0)
LIMITED = settings(
    max_examples=ANSWERS or 200,
    derandomize=not ANSWERS,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink] if not ANSWERS else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WRITES = ("POST", "PUT", "DELETE")

# --- odd answers -----------------------------------------------------------------------------------------------------


def nested(levels: int) -> Any:
    """Return lists and objects in each other."""
    made: Any = "x"
    for level in range(levels):
        made = {"a": made} if level % 2 else [made]
    return made


ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 1.5, -0.0, 2**31, 2**70, 10**400, 10**4200, 1e308),
    *("", " ", "x", "no", "0", "\0", "\n", ".", "..", "a/b", "$HOME", "{{ 7 * 7 }}", "\N{GRINNING FACE}", "\x1b[31m"),
    *("x" * 10_000, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "\u202e"),
    *([], [None], [[]], [1], ["x"], [{}], {}, {"": None}, {"name": 5}, {"a": {}}, [{"name": "x"}, 1]),
    *(nested(50), nested(200), {f"d{number}": [1, "x", None, {}][number % 4] for number in range(2000)}),
]
ODD_BODIES: list[bytes] = [
    *(b"", b" ", b"\0", b"{", b"[", b"}", b"nul", b"<html></html>", b"\xff\xfe\0", b'"\xe4"', b'"\xed\xa0\x80"'),
    *(b'"\\ud800"', b'{"\\udc00": 1}', b"NaN", b"[Infinity]", b"1e999", b"-1e999", b"9" * 5000, b"1" + b"0" * 400),
    *(b"[" * 100_000, b'{"a":' * 5000 + b"1" + b"}" * 5000, b'{"a": 1, "a": 2}', b"[1] [2]", b"\xef\xbb\xbf{}"),
    *(b'{"next_offset": 1' + b"0" * 400 + b"}", b'{"error": {"message": NaN}}', b"null", b"true", b'""', b"[]", b"{}"),
]
ODD_WAITS = ["", "-1", "9" * 5000, "1e999", "nan", "Fri, 31 Dec 99999 23:59:59 GMT", "0", "3", "soon", "\x7f", "[]"]

#: Names that the service uses are more likely to be looked at.
keys = st.sampled_from(
    [
        *(key for key, _rows in LISTS.values()),
        *(key for _key, rows in LISTS.values() for key in rows[0]),
        *("access_token", "expires_in", "scope", "next_offset", "error", "message", "error_message", "payload", "name"),
        *(
            "retry_after",
            "interval",
            "unit",
            "scan_result_for_dashboard",
            "scan_result_entries",
            "total_pages",
            "result",
        ),
        *("status", "scan_id", "action", "category", "prompt_detected", "tool_detected", "summary", "detections"),
    ]
)
made_up = st.recursive(
    st.sampled_from(ODD_VALUES[:30]) | st.integers() | st.text(max_size=8),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(keys, parts, max_size=5),
    max_leaves=20,
)
odd_value = st.sampled_from(ODD_VALUES) | made_up
#: What is done where: a place is the number of a member of an answer, however deep.
deed = st.tuples(
    st.sampled_from(["replace", "replace", "remove", "remove", "add", "repeat"]), st.integers(0, 5000), odd_value
)
error_body = st.sampled_from(ODD_BODIES) | made_up.map(lambda data: json.dumps(data).encode())
waiting = st.builds(
    lambda interval, unit: {"error": {"retry_after": {"interval": interval, "unit": unit}, "message": interval}},
    odd_value,
    odd_value,
)
wrong_status = st.builds(
    lambda status, body, wait: Wrong(body, status, {"Retry-After": wait, "X-Request-Id": wait} if wait else {}),
    st.sampled_from([204, 206, 301, 302, 400, 401, 403, 404, 409, 413, 429, 500, 503, 599]),
    error_body | waiting.map(lambda data: json.dumps(data).encode()),
    st.none() | st.sampled_from(ODD_WAITS),
)
wrong_body = st.builds(
    lambda body, kind: Wrong(body, 200, {"Content-Type": kind}),
    error_body,
    st.sampled_from(["application/json", "text/html", "", "x" * 1000]),
)


def members(data: Any) -> list[tuple[Any, Any]]:
    """Return all members of JSON, however deep, as what they are in and where."""
    found = []
    left = [data]
    while left:
        holder = left.pop()
        places = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for place in places:
            found.append((holder, place))
            left.append(holder[place])
    return found


def changed(data: Any, deeds: list[tuple[str, int, Any]]) -> Wrong:
    """Return an answer of which parts are not as usual."""
    whole = [data]
    for what, number, given_value in deeds:
        value = copy.deepcopy(given_value)
        known = members(whole)
        holder, place = known[number % len(known)]
        if what == "remove":
            del holder[place]
        elif what == "replace":
            holder[place] = value
        elif what == "repeat" and isinstance(holder, list):
            holder.insert(0, copy.deepcopy(holder[place]))
        elif isinstance(holder, list):
            holder.insert(place, value)
        else:
            holder[str(value)[:20] if isinstance(value, str) else "more"] = value
        if not whole:
            return Wrong(b"")
    return Wrong(json.dumps(whole[0]).encode())


spoiling = st.one_of(
    st.lists(deed, min_size=1, max_size=3).map(lambda deeds: lambda data: changed(data, deeds)),
    st.lists(deed, min_size=1, max_size=1).map(lambda deeds: lambda data: changed(data, deeds)),
    wrong_body.map(lambda wrong: lambda _data: wrong),
    wrong_status.map(lambda wrong: lambda _data: wrong),
)


# --- what has to hold ------------------------------------------------------------------------------------------------


class Tally:
    """How many answers were odd, and what came out of modules that should not."""

    def __init__(self) -> None:
        self.answers = 0
        self.unhandled: Counter[str] = Counter()


@pytest.fixture(scope="module")
def tally() -> Iterator[dict[str, Tally]]:
    """Count, and say in the end how it was."""
    tallies = {"management": Tally(), "scan": Tally()}
    yield tallies
    for api, each in tallies.items():
        lines = [f"{api}: {each.answers} odd answers, {sum(each.unhandled.values())} unhandled exceptions"]
        lines += [f"  {count} {place}" for place, count in each.unhandled.most_common()]
        sys.stdout.write("\n".join(["", *lines, ""]))


def drive(tally: Tally, scenarios: list[Scenario], data: st.DataObject) -> None:
    """Run a module against a service of which one answer is odd."""
    scenario = data.draw(st.sampled_from(scenarios))
    odd = data.draw(st.sampled_from(usual_requests(scenario)))
    service = Service(odd, data.draw(spoiling))
    try:
        with tempfile.TemporaryDirectory() as folder:
            result = scenario.play(service, folder)
    except Exception as error:
        cause = error.__cause__ if isinstance(error, Unhandled) and error.__cause__ else error
        frame = traceback.extract_tb(cause.__traceback__)[-1]
        tally.unhandled[f"{type(cause).__name__} in {frame.filename.rpartition('/')[2]}:{frame.name}"] += 1
        if not ANSWERS:
            raise
        return
    finally:
        tally.answers += service.spoiled
    hold(result, service, odd)


def hold(result: Json, service: Service, odd: Called) -> None:
    """Hold a result to what it must be."""
    told = json.dumps(result)
    assert "s3cret" not in told
    assert "Traceback" not in told
    if result.get("failed"):
        assert result["msg"].strip()
    writes = [called for called in service.later if called[0] in WRITES and "/mgmt/" in called[1] and called != odd]
    failure = result.get("failure") or {}
    if failure.get("method") == "GET":
        assert writes == []


@LIMITED
@given(st.data())
def test_no_answer_of_the_management_api_is_too_odd(tally: dict[str, Tally], data: st.DataObject) -> None:
    drive(tally["management"], MANAGEMENT, data)


@LIMITED
@given(st.data())
def test_no_answer_of_the_scan_api_is_too_odd(tally: dict[str, Tally], data: st.DataObject) -> None:
    drive(tally["scan"], SCAN, data)


# --- nothing is off, or none, because it cannot be read --------------------------------------------------------------


def retyped(data: Any) -> Iterator[tuple[Any, str]]:
    """Yield data with one member of another type, each member in turn, and where it is."""
    for number in range(len(members(data))):
        for value in (True, 5, 1.5, "x", ["x"], {"x": 1}):
            made = copy.deepcopy(data)
            holder, place = members(made)[number]
            if holder[place] is not None and type(holder[place]) is not type(value):
                holder[place] = value
                yield made, f"{place}: {value}"


@pytest.mark.parametrize("profile", PROFILES[1:], ids=["classic", "directional"])
def test_what_a_policy_has_of_another_type_is_never_off(profile: Json) -> None:
    usual = document.as_options(profile["policy"])
    told = 0
    for odd, place in retyped(json.loads(json.dumps(profile))):
        grave, _odd = answer_faults(models.SecurityProfile, odd)
        told += bool(grave)
        assert grave or document.as_options(odd["policy"]) == usual, place
    assert told > 300


def test_what_a_key_has_of_another_type_is_never_a_key_for_ever() -> None:
    for odd, place in retyped(KEYS[1]):
        grave, _odd = answer_faults(models.ApiKey, odd)
        assert grave or (days_left(odd) or 0) < 0, place
        assert grave or not odd["revoked"], place


def test_what_a_verdict_has_of_another_type_is_never_undetected() -> None:
    expected = {"action": "block", "detected": ["url_cats"], "not_detected": ["injection"]}
    for odd, place in retyped(VERDICT):
        grave, _odd = answer_faults(scan_models.ScanResponse, odd)
        assert grave or fired(odd) == {"url_cats"}, place
        assert grave or unmet(expected, {**odd, "status": COMPLETE}, {}) == [], place


@pytest.mark.parametrize("body", [{}, {"status": "complete"}, {"status": "complete", "result": None}])
def test_a_result_without_a_verdict_is_no_clean_one(body: Json) -> None:
    scenario = Scenario("airs_scan", {"scan_ids": SCAN_IDS[:1]})
    service = Service(
        usual_requests(scenario)[0], lambda _data: Wrong(json.dumps([{"scan_id": SCAN_IDS[0], **body}]).encode())
    )
    result = scenario.play(service, "/nowhere")
    assert result["failed"]
    assert "cannot be parsed (" in result["msg"]


# --- nothing is deleted because of what cannot be read ---------------------------------------------------------------


@pytest.mark.parametrize("scenario", [each for each in MANAGEMENT if each.is_purge], ids=["some", "all"])
@pytest.mark.parametrize("body", ["x", 0, False, {}, {"error": "x"}, [{}], [1], [None]], ids=str)
def test_nothing_is_purged_for_a_list_that_is_none(scenario: Scenario, body: Any) -> None:
    for odd in usual_requests(scenario):
        if odd[0] == "GET":
            key = next(key for path, (key, _rows) in LISTS.items() if f"/{path}" in odd[1])
            wrong = Wrong(json.dumps({key: body}).encode())
            service = Service(odd, lambda _data, wrong=wrong: wrong)  # type: ignore[misc]  # of this turn of the loop
            with tempfile.TemporaryDirectory() as folder:
                result = scenario.play(service, folder)
            assert result["failed"], odd
            written = [url for method, url in service.asked if method in WRITES and "/mgmt/" in url]
            # The old revisions of profiles are read when these are deleted, and what else goes has gone by then.
            assert [url for url in written if "latest=false" not in odd[1] or "/profile/" in url] == []


# --- the odd answers of everybody else -------------------------------------------------------------------------------


def without(data: Any, key: str) -> Any:
    """Return JSON without a key, however deep."""
    if isinstance(data, dict):
        return {name: without(part, key) for name, part in data.items() if name != key}
    return [without(part, key) for part in data] if isinstance(data, list) else data


@pytest.mark.parametrize(
    ("path", "key", "words"),
    [
        ("profiles", "text", None),
        ("profiles", "category", None),
        ("profiles", "topic_name", None),
        ("profiles", "name", None),
        ("topics", "revision", None),
        ("apikeys", "api_key_name", "cannot be parsed (api_key_name: field required)"),
        ("apikeys", "rotation_time_unit", None),
        ("dlpprofiles", "name", "cannot be parsed (name: field required)"),
        ("deploymentprofiles", "auth_code", "cannot be parsed (auth_code: field required)"),
    ],
)
def test_a_key_that_is_nowhere_in_a_list_is_told_or_not_needed(path: str, key: str, words: str | None) -> None:
    told = ""
    for scenario in MANAGEMENT:
        for odd in usual_requests(scenario):
            if f"/{path}" in odd[1] and odd[0] == "GET":
                service = Service(odd, lambda data: Wrong(json.dumps(without(data, key)).encode()))
                with tempfile.TemporaryDirectory() as folder:
                    result = scenario.play(service, folder)
                hold(result, service, odd)
                told += json.dumps(result)
    assert told
    assert words is None or words in told


TOKENS = ("POST", "http://127.0.0.1:1/token")


@pytest.mark.parametrize(
    "lifetime", ["1" + "0" * 400, "-1", "NaN", '"soon"', "[]", "{}", "1e400", '"-5"', "1" + "0" * 12, "1.5"]
)
def test_a_lifetime_that_makes_no_sense_is_no_answer_of_a_token_endpoint(lifetime: str) -> None:
    body = f'{{"access_token": "eyJ", "expires_in": {lifetime}}}'.encode()
    result = Scenario("airs_dlp_profile_info").play(Service(TOKENS, lambda _data: Wrong(body)), "/nowhere")
    assert result["failed"]
    assert "Could not get an access token for client ID 'me'" in result["msg"]


@pytest.mark.parametrize("payload", [None, 5, "x", [5], ["x"], {"a": 1}, [{"profile_name": ["x"]}], [[]]], ids=str)
@pytest.mark.parametrize("module", ["airs_custom_topic", "airs_security_profile"])
def test_what_blocks_a_deletion_may_be_said_in_any_way(module: str, payload: Any) -> None:
    scenario = Scenario(module, {"name": "advice" if "topic" in module else "shop", "state": "absent"})
    odd = next(called for called in usual_requests(scenario) if called[0] == "DELETE")
    wrong = Wrong(json.dumps({"message": "in use", "payload": payload}).encode(), 409)
    result = scenario.play(Service(odd, lambda _data: wrong), "/nowhere")
    assert "the service reported 'in use' (HTTP 409)" in result["msg"]


@pytest.mark.parametrize("body", [{}, {"api_key_id": "k-new"}, {"api_key_id": "k", "api_key_name": "bot"}], ids=str)
def test_a_regenerated_key_without_a_secret_is_no_answer(body: Json) -> None:
    scenario = Scenario("airs_api_key", {"name": "bot", "regenerate": "always"})
    odd = next(called for called in usual_requests(scenario) if "regenerate" in called[1])
    result = scenario.play(Service(odd, lambda _data: Wrong(json.dumps(body).encode())), "/nowhere")
    assert "Could not regenerate API key 'bot': the response " in result["msg"]


@pytest.mark.parametrize(
    "page",
    [
        *("x", 5, [1], {"error": "x"}, {"scan_result_for_dashboard": []}),
        {"scan_result_for_dashboard": {"scan_result_entries": {"a": 1}}},
        {"scan_result_for_dashboard": {"scan_result_entries": "x"}},
        {"scan_result_for_dashboard": {"scan_result_entries": [1]}},
        {"scan_result_for_dashboard": {"scan_result_entries": [None]}},
        {"scan_result_for_dashboard": {"threats_count": "none"}},
        {"scan_result_for_dashboard": {}, "total_pages": "many"},
    ],
    ids=str,
)
def test_a_log_of_scans_that_cannot_be_read_is_no_empty_one(page: Any) -> None:
    scenario = Scenario("airs_scan_log_info")
    service = Service(usual_requests(scenario)[0], lambda _data: Wrong(json.dumps(page).encode()))
    result = scenario.play(service, "/nowhere")
    assert "Could not list the scans of the last 24 hours: the response cannot be parsed (" in result["msg"]


@pytest.mark.parametrize("pages", [10**9, 2**70])
def test_a_log_of_scans_that_repeats_a_page_is_not_read_for_ever(pages: int) -> None:
    body = json.dumps({"scan_result_for_dashboard": {"scan_result_entries": LOGS}, "total_pages": pages}).encode()

    class Endless(Service):
        def answer(self, request: Any) -> Any:
            self.odd = (request.method, request.url)
            return super().answer(request)

    service = Endless(spoil=lambda data: Wrong(json.dumps(data).encode() if "access_token" in data else body))
    result = Scenario("airs_scan_log_info").play(service, "/nowhere")
    assert "page 2 contains only rows of previous pages" in result["msg"]
    assert len(service.asked) == 3


def test_what_nobody_foresaw_is_not_hidden_from_these_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (document, export):
        monkeypatch.setattr(module, "as_options", lambda policy: policy["nothing"])
    for scenario in (Scenario("airs_security_profile_info"), *(each for each in MANAGEMENT if each.is_purge)):
        with tempfile.TemporaryDirectory() as folder, pytest.raises(Unhandled) as caught:
            scenario.play(Service(), folder)
        assert isinstance(caught.value.__cause__, KeyError)


def test_nothing_was_unhandled(tally: dict[str, Tally]) -> None:
    assert {api: dict(each.unhandled) for api, each in tally.items()} == {"management": {}, "scan": {}}
