# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scan module: what it sends, what it refuses to send, and what it says of the verdicts."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from support.scripted_server import Answer, ScriptedServer, scripted_server

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError, AirsRateLimitError
from ansible_collections.panw.airs.plugins.module_utils._common.threads import in_order
from ansible_collections.panw.airs.plugins.module_utils._engine.run import run
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.module_utils._scan import bodies
from ansible_collections.panw.airs.plugins.module_utils._scan import client as client_module
from ansible_collections.panw.airs.plugins.module_utils._scan import scan as scan_module
from ansible_collections.panw.airs.plugins.module_utils._scan.client import MAX_WAIT, ScanClient
from ansible_collections.panw.airs.plugins.module_utils._scan.scan import SCAN_MODULE
from ansible_collections.panw.airs.plugins.module_utils._scan.verdicts import COMPLETE, outcomes, summary, unmet
from ansible_collections.panw.airs.plugins.module_utils._service.transport import Transport, header

SCAN_ID = "46ea2f2b-0000-42e1-9972-bbc444628a26"
Json = dict[str, Any]
PROMPT = {"prompt": "p"}
ANSWER = {"response": "r"}


def verdict(action: str = "allow", **more: Any) -> Json:
    """An answer of the scan API."""
    return {
        "scan_id": SCAN_ID,
        "report_id": f"R{SCAN_ID}",
        "action": action,
        "category": "malicious" if action == "block" else "benign",
        "timeout": False,
        "error": False,
        "errors": [],
        "prompt_detected": {"injection": action == "block"},
        "response_detected": {},
        **more,
    }


def scan(endpoint: str, **options: Any) -> Json:
    """Run the module."""
    given = {
        "api_key": "a-key-of-the-bot",
        "profile_name": "bot",
        "api_endpoint": endpoint,
        "num_retries": 0,
        **options,
    }
    checked = ArgumentSpecValidator(dict(SCAN_MODULE.options), **SCAN_MODULE.constraints).validate(
        # Not one object twice, as it would never come from a playbook: Ansible validates in place.
        json.loads(json.dumps({name: value for name, value in given.items() if value is not None}))
    )
    assert checked.error_messages == []
    return run(SCAN_MODULE, checked.validated_parameters, check_mode=False, diff_mode=False, runtime=Runtime())


def refused(**options: Any) -> str:
    """Run the module with options that cannot be right, and return what it says."""
    with scripted_server(Answer(500, {})) as server:
        result = scan(server.url, **options)
        assert server.asked == []
    assert result["failed"]
    message: str = result["msg"]
    return message


def sent(server: ScriptedServer) -> list[Json]:
    return [json.loads(request.body) for request in server.asked]


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_a_content_is_sent_with_all_that_is_said_of_it() -> None:
    content = {
        "prompt": "p",
        "response": "r",
        "code_prompt": "cp",
        "code_response": "cr",
        "context": "c",
        "history": [{"prompt": "earlier", "response": "said"}],
        "tool_event": {
            "metadata": {"ecosystem": "mcp", "method": "tools/call", "server_name": "s", "tool_invoked": "t"},
            "input": {"path": "/x"},
            "output": '{"text": "y"}',
        },
        "session_id": "own session",
    }
    common = {"app_name": "app", "app_user": "u", "ai_model": "m", "user_ip": "192.0.2.1", "transaction_id": "t-1"}
    agent = {"agent_id": "a", "agent_version": "1", "agent_arn": "arn"}
    with scripted_server(Answer(200, verdict())) as server:
        result = scan(server.url, contents=[content], session_id="common", tr_id="legacy", agent_meta=agent, **common)
        (request,) = server.asked
        (body,) = sent(server)
    assert (request.method, request.path) == ("POST", "/v1/scan/sync/request")
    assert request.headers["x-pan-token"] == "a-key-of-the-bot"
    event = body["contents"][-1].pop("tool_event")
    assert event["metadata"]["tool_invoked"] == "t"
    assert (json.loads(event["input"]), json.loads(event["output"])) == ({"path": "/x"}, {"text": "y"})
    assert body == {
        "ai_profile": {"profile_name": "bot"},
        "tr_id": "legacy",
        "transaction_id": "t-1",
        "session_id": "own session",
        "metadata": {
            **{name: common[name] for name in ("app_name", "app_user", "ai_model", "user_ip")},
            "agent_meta": agent,
        },
        "contents": [
            {"prompt": "earlier", "response": "said"},
            {"prompt": "p", "response": "r", "code_prompt": "cp", "code_response": "cr", "context": "c"},
        ],
    }
    assert result["scans"][0] == {
        "name": "contents[0]",
        **verdict(),
        "status": "complete",
        "transaction_id": "t-1",
        "tr_id": "legacy",
        "session_id": "own session",
        "expected": {},
        "unmet": [],
        "outcomes": {},
    }


def test_nothing_is_sent_of_what_is_left_out() -> None:
    with scripted_server(Answer(200, verdict())) as server:
        scan(server.url, contents=[{"prompt": "p"}])
        assert sent(server) == [{"ai_profile": {"profile_name": "bot"}, "contents": [{"prompt": "p"}]}]


def test_a_token_is_sent_as_bearer() -> None:
    with scripted_server(Answer(200, verdict())) as server:
        scan(server.url, contents=[{"prompt": "p"}], api_key=None, api_token="t0ken")
        assert server.asked[0].headers["Authorization"] == "Bearer t0ken"
        assert "x-pan-token" not in server.asked[0].headers


@pytest.mark.parametrize(
    ("region", "host"), [(None, ""), ("eu", "-de"), ("in", "-in"), ("sg", "-sg"), ("jp", "-jp"), ("au", "-au")]
)
def test_a_region_has_its_url(region: str | None, host: str) -> None:
    assert (
        scan_module.endpoint_of({"api_endpoint": None, "region": region})
        == f"https://service{host}.api.aisecurity.paloaltonetworks.com"
    )


def test_what_is_sent_with_a_key_is_signed() -> None:
    with scripted_server(Answer(200, verdict()), Answer(200, [])) as server:
        scan(server.url, contents=[{"prompt": "Grüße"}], api_key=" a-key-of-the-bot\n")
        scan(server.url, report_ids=["R1"])
        scan(server.url, contents=[{"prompt": "p"}], api_key=None, api_token="t0ken")
        signed, looked, by_token = server.asked
    # Of the very bytes, as the official SDK does.
    digest = hmac.new(b"a-key-of-the-bot", signed.body, hashlib.sha256).hexdigest()
    assert signed.headers["x-payload-hash"] == digest
    assert "x-payload-hash" not in looked.headers
    assert "x-payload-hash" not in by_token.headers


def test_without_a_profile_that_of_the_key_is_used_and_named() -> None:
    answer = verdict(profile_name="linked")
    with scripted_server(Answer(200, answer)) as server:
        result = scan(server.url, contents=[ASKS_BLOCK], profile_name=None)
        assert sent(server) == [{"contents": [{"prompt": "p"}]}]
    assert result["scans"][0]["profile_name"] == "linked"
    assert result["msg"].startswith(
        "The security profile 'linked' did not meet the expectations: contents[0]: action is"
    )


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize(("words", "hinted"), [("No default AI profile available", True), ("bad content", False)])
def test_a_key_without_a_linked_profile_says_what_to_do(mode: str, words: str, hinted: bool) -> None:
    with scripted_server(Answer(400, {"error": {"message": words}})) as server:
        result = scan(server.url, contents=[{"prompt": "p"}], profile_name=None, mode=mode)
        named = scan(server.url, contents=[{"prompt": "p"}], mode=mode)
    assert result["msg"].startswith(
        f"Could not scan contents[0] with the security profile linked to the API key: the service reported '{words}'"
    )
    hint = "Set profile_name or profile_id, or link a security profile to the API key's application in"
    assert (hint in result["msg"], hint in named["msg"]) == (hinted, False)


def test_scans_are_answered_in_the_order_of_the_contents() -> None:
    # Two requests must be under way at once, and the first of them is answered last.
    both = threading.Barrier(2, timeout=10)
    done = threading.Event()

    def work(item: int) -> int:
        if item < 2:
            both.wait()
        if item == 0:
            done.wait(10)
        if item == 1:
            done.set()
        return item * 10

    assert in_order(work, range(5), 2) == [0, 10, 20, 30, 40]


def test_after_a_failure_no_further_scan_begins() -> None:
    begun = []

    def work(item: int) -> int:
        begun.append(item)
        raise AirsInputError(f"item {item}")

    with pytest.raises(AirsInputError, match="item 0"):
        in_order(work, range(1000), 1)
    assert len(begun) < 1000


# --- what is refused -------------------------------------------------------------------------------------------------

MEGABYTE = 1024 * 1024


def expecting(**expect: list[str]) -> Json:
    return {"contents": [{"prompt": "p", "expect": expect}]}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"contents": []}, "contents is empty"),
        ({"contents": [{"context": "c"}]}, "contents[0] requires one of prompt, response"),
        ({"contents": [{"name": "mine"}]}, "mine (contents[0]) requires one of prompt"),
        (
            {"contents": [{"prompt": "p", "transaction_id": "t" * 101}]},
            "transaction_id of contents[0] must have at most 100 characters, but has 101",
        ),
        (
            expecting(not_detected=["totally-bogus"]),
            "contents[0] contains 'totally-bogus', which is not a detector (detectors are ",
        ),
        (expecting(detected=["injektion"]), "'injektion', which is not a detector (did you mean 'injection'"),
        (expecting(detected=["dlp"], not_detected=["Data-Leak"]), "has dlp in both detected and not_detected"),
        (expecting(detected=[""]), "contents[0] contains '', which is not a detector"),
        (
            {"contents": [{"prompt": "p"}], "profile_name": "n" * 101},
            "profile_name must have at most 100 characters, but has 101",
        ),
        ({"contents": [{"prompt": "p"}], "profile_name": None, "profile_id": "7"}, "profile_id is not a UUID"),
        (
            {"contents": [{"prompt": "p"}], "tr_id": "t" * 101},
            "tr_id of contents[0] must have at most 100 characters, but has 101",
        ),
        (
            {"contents": [{"prompt": "p", "session_id": "s" * 101}]},
            "session_id of contents[0] must have at most 100 characters, but has 101",
        ),
        ({"contents": [{"prompt": "p" * (2 * MEGABYTE)}]}, "must have at most 2097152 bytes when sent"),
        (
            {"contents": [{"prompt": "p" * (2 * MEGABYTE + 1)}], "mode": "async"},
            "prompt of contents[0] must have at most 2097152 bytes, but has 2097153",
        ),
        (
            {"contents": [{"prompt": "p", "context": "c" * 5 * MEGABYTE}], "mode": "async"},
            "must have at most 5242880 bytes when sent",
        ),
        ({"contents": [{"response": "http://x.y " * 101}]}, "contents[0] must have at most 100 URLs"),
        (
            {"contents": [{"tool_event": {"metadata": {"ecosystem": "e", "method": "m", "server_name": "s"}}}]},
            "requires input or output",
        ),
        ({"scan_ids": ["R" + SCAN_ID]}, "scan_ids[0] is not a UUID"),
        ({"scan_ids": [SCAN_ID, "x"]}, "scan_ids[1] is not a UUID"),
        ({"report_ids": ["r" * 41]}, "report_ids[0] is not at most 40 letters"),
        ({"report_ids": ["a,b"]}, "report_ids[0] is not at most 40 letters"),
        ({"contents": [{"prompt": "p"}], "min_accuracy": 0.5}, "min_accuracy requires contents with expectations"),
        ({"contents": [{"prompt": "p"}], "min_accuracy": 1.5}, "min_accuracy must be between 0 and 1, but is 1.5"),
        ({"contents": [{"prompt": "p"}], "concurrency": 0}, "concurrency must be between 1 and 32, but is 0"),
        ({"contents": [{"prompt": "p"}], "batch_size": 26}, "batch_size must be between 1 and 25, but is 26"),
        ({"contents": [{"prompt": "p"}], "poll_interval": 0}, "poll_interval must be between 0.1"),
        (
            {"contents": [{"prompt": "p"}], "api_key": "k" * 2049},
            "api_key must have at most 2048 characters, but has 2049",
        ),
        (
            {"contents": [{"prompt": "p", "expect": {"action": "allow"}}], "mode": "async", "wait": False},
            "expectations require wait",
        ),
        ({"contents": [{"prompt": "p"}], "api_key": None}, "api_key or api_token is required"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_cannot_be_right_is_refused_before_anything_is_sent(options: Json, words: str) -> None:
    message = refused(**options)
    assert words in message
    assert "\n" not in message
    assert len(message) < 400


def test_contents_can_be_checked_without_a_key_and_without_a_request() -> None:
    given = {"api_key": None, "validate_only": True}
    with scripted_server(Answer(500, {})) as server:
        assert "failed" not in scan(server.url, contents=[ASKS_BLOCK], **given)
        assert server.asked == []
    assert "'bogus', which is not a detector" in refused(**expecting(detected=["bogus"]), **given)


def test_what_just_keeps_the_limits_is_sent() -> None:
    envelope = len(json.dumps({"ai_profile": {"profile_name": "bot"}, "contents": [{"prompt": ""}]}))
    with scripted_server(Answer(200, verdict())) as server:
        scan(server.url, contents=[{"prompt": "p" * (2 * MEGABYTE - envelope)}])
        scan(server.url, contents=[{"prompt": "http://x.y " * 100}])
        scan(server.url, contents=[{"prompt": "p"}], tr_id="t" * 100, profile_name="n" * 100)
        assert len(server.asked) == 3
        assert len(server.asked[0].body) == 2 * MEGABYTE


def test_many_faults_are_counted_not_all_told() -> None:
    message = refused(contents=[{"context": "c"}] * 50)
    assert "contents[2] requires one of prompt" in message
    assert "contents[3]" not in message
    assert "and 47 more. Nothing was sent." in message


# --- expectations ----------------------------------------------------------------------------------------------------


BOTH_RUN: Json = {"prompt_detected": {"injection": True, "dlp": False}}


@pytest.mark.parametrize(
    ("expected", "answer", "sentences"),
    [
        ({"action": "block", "category": "malicious", "detected": ["injection"]}, verdict("block"), []),
        ({"action": "allow", "category": "benign", "not_detected": ["injection"]}, verdict(), []),
        ({"action": "block"}, verdict(), ["action is allow instead of block (detected: nothing)"]),
        ({"category": "benign"}, verdict("block"), ["category is malicious instead of benign (detected: injection)"]),
        ({"detected": ["dlp"]}, verdict("block", **BOTH_RUN), ["dlp was not detected (detected: injection)"]),
        ({"not_detected": ["injection", "dlp"]}, verdict("block", **BOTH_RUN), ["injection was detected"]),
        ({"detected": ["dlp"]}, verdict(response_detected={"dlp": True}), []),
        ({"detected": ["agent"]}, verdict(tool_detected={"summary": {"detections": {"agent": True}}}), []),
        ({"detected": ["agent"]}, verdict(prompt_detected=None, tool_detected={}), ["agent was not detected ("]),
    ],
)
def test_a_verdict_is_held_against_what_was_expected(expected: Json, answer: Json, sentences: list[str]) -> None:
    found = unmet(expected, {**answer, "status": COMPLETE}, PROMPT)
    assert [sentence.startswith(start) for sentence, start in zip(found, sentences, strict=True)] == [True] * len(found)


@pytest.mark.parametrize("way", ["input_detected", "output_detected"])
def test_what_was_detected_in_single_calls_of_a_tool_counts(way: str) -> None:
    calls = [{"detections": {"dlp": False}}, {}, {"detections": {"injection": True}}]
    tool = {"summary": {"detections": {"injection": False}, "threats": []}, way: {"detection_entries": calls}}
    answer = {**verdict(prompt_detected=None, tool_detected=tool), "status": COMPLETE}
    event = {"tool_event": {"input": "i"}}
    assert unmet({"not_detected": ["injection", "dlp"]}, answer, event) == ["injection was detected"]
    expected = {"not_detected": ["injection", "dlp"], "action": "allow"}
    assert outcomes(expected, answer) == {"injection": "false_alarm", "dlp": "correct_silence"}


def test_calls_of_a_tool_that_cannot_be_read_are_no_silence() -> None:
    tool = {"input_detected": {"detection_entries": [{"detections": {"injection": "yes"}}]}}
    metadata = {"ecosystem": "e", "method": "m", "server_name": "s"}
    content = {"tool_event": {"metadata": metadata, "input": "i"}, "expect": {"not_detected": ["injection"]}}
    with scripted_server(Answer(200, verdict(tool_detected=tool))) as server:
        result = scan(server.url, contents=[content])
    assert "the response cannot be parsed (tool_detected.input_detected.detection_entries.0" in result["msg"]


NOT_RUN = "the profile does not run it on this content"
ALL_OFF: Json = {"prompt_detected": {}, "response_detected": {}}


@pytest.mark.parametrize("answer", [verdict(), verdict(**ALL_OFF), verdict(prompt_detected={"dlp": None})])
def test_a_detector_that_the_profile_does_not_run_meets_nothing(answer: Json) -> None:
    answer = {**answer, "status": COMPLETE}
    assert unmet({"detected": ["dlp"]}, answer, PROMPT) == [f"dlp was not detected: {NOT_RUN} (detected: nothing)"]
    assert unmet({"not_detected": ["dlp"]}, answer, PROMPT) == [f"dlp was not detected, but {NOT_RUN}"]
    assert outcomes({"not_detected": ["dlp"]}, answer) == {"dlp": "unproven"}


@pytest.mark.parametrize(
    ("detector", "answer", "content"),
    [
        ("dlp", verdict(prompt_detected={}, response_detected={"dlp": False}), PROMPT | ANSWER),
        ("dlp", verdict(prompt_detected=None), PROMPT),
        ("dlp", verdict(), {"code_prompt": "c"}),
        (
            "dlp",
            verdict(prompt_detected={}, tool_detected={"summary": {"detections": {}}}),
            {"tool_event": {"input": "i"}, **PROMPT},
        ),
        ("dlp", verdict(prompt_detected={}, tool_detected={}), {"tool_event": {"input": "i"}}),
        # What is said of prompts only, or of answers only, cannot be missed on the other side.
        ("agent", verdict(**ALL_OFF), ANSWER),
        ("injection", verdict(**ALL_OFF), ANSWER),
        ("db_security", verdict(**ALL_OFF), PROMPT),
        # Without anything to ground an answer in, nobody knows whether it ran.
        ("ungrounded", verdict(**ALL_OFF), PROMPT | ANSWER),
    ],
)
def test_where_it_cannot_be_known_whether_a_detector_ran_its_silence_is_taken(
    detector: str, answer: Json, content: Json
) -> None:
    answer = {**answer, "status": COMPLETE}
    assert unmet({"not_detected": [detector]}, answer, content) == []
    said = detector in (answer["response_detected"] or {})
    assert outcomes({"not_detected": [detector]}, answer) == {detector: "correct_silence" if said else "unproven"}


@pytest.mark.parametrize(
    ("detector", "content"),
    [("db_security", ANSWER), ("ungrounded", {**PROMPT, **ANSWER, "context": "c"}), ("injection", PROMPT | ANSWER)],
)
def test_each_side_is_known_by_the_detectors_that_it_has(detector: str, content: Json) -> None:
    answer = {**verdict(prompt_detected={"agent": False}, response_detected={"dlp": False}), "status": COMPLETE}
    assert unmet({"not_detected": [detector]}, answer, content) == [f"{detector} was not detected, but {NOT_RUN}"]


TIMED_OUT: Json = {"timeout": True, "errors": [{"content_type": "prompt", "feature": "dlp", "status": "timeout"}]}


@pytest.mark.parametrize("expected", [{"action": "allow"}, {"category": "benign"}, {"not_detected": ["dlp"]}])
def test_silence_of_a_detector_that_timed_out_proves_nothing(expected: Json) -> None:
    answer = {**verdict(**TIMED_OUT), "status": COMPLETE}
    assert unmet(expected, answer, PROMPT) == ["the verdict is incomplete (prompt dlp: timeout)"]
    assert unmet(expected, {**verdict(error=True), "status": COMPLETE}, PROMPT) == ["the verdict is incomplete (error)"]
    judged = {**verdict(), "category": "timeout", "status": COMPLETE}
    assert unmet({"action": "allow"}, judged, PROMPT) == ["the verdict is incomplete (error)"]


def test_a_detector_that_fired_is_proof_whatever_timed_out() -> None:
    answer = {**verdict("block", **TIMED_OUT), "status": COMPLETE}
    assert unmet({"action": "block", "detected": ["injection"]}, answer, PROMPT) == []


def test_a_failed_scan_meets_nothing_and_a_pending_one_not_yet() -> None:
    assert unmet({}, {"status": "failed"}, PROMPT) == ["the scan is failed"]
    assert unmet({"action": "allow"}, {"status": "failed"}, PROMPT) == ["the scan is failed"]
    assert unmet({}, {"status": "pending"}, PROMPT) == []
    assert unmet({"action": "allow"}, {"status": "pending"}, PROMPT) == ["the scan is pending"]


def row(wanted: str | None, actual: str | None, *sentences: str, **outcome: str) -> Json:
    return {
        "status": "complete" if actual else "failed",
        "expected": {"action": wanted} if wanted else {},
        "action": actual,
        "unmet": list(sentences),
        "outcomes": outcome,
    }


def test_the_summary_counts_and_confuses() -> None:
    rows = [
        row("block", "block"),
        row("block", "block", "dlp was not detected", dlp="miss", agent="correct_silence"),
        row("block", "allow", "action is allow"),
        row("allow", "allow"),
        row("allow", "block", "action is block", url_cats="false_alarm"),
        row("allow", None, "the scan is failed", dlp="unproven"),
        row(None, "block"),
        {**row(None, "block", dlp="hit"), "expected": {"detected": ["dlp"]}},
    ]
    nothing = {"hit": 0, "miss": 0, "false_alarm": 0, "correct_silence": 0, "unproven": 0}
    found = summary(rows)
    assert found == {
        "total": 8,
        "failed": 1,
        "expected": 7,
        "met": 3,
        "accuracy": 3 / 7,
        "confusion": {"block": {"block": 2, "allow": 1}, "allow": {"block": 1, "allow": 1}},
        "detectors": {
            "url_cats": {**nothing, "false_alarm": 1},
            "dlp": {**nothing, "hit": 1, "miss": 1, "unproven": 1},
            "agent": {**nothing, "correct_silence": 1},
        },
    }
    assert list(found["detectors"]) == ["url_cats", "dlp", "agent"]
    assert summary([row(None, "allow")])["accuracy"] is None


ALARM: Json = {"prompt_detected": {"injection": True, "dlp": False, "new_one": True}}


@pytest.mark.parametrize(
    ("expected", "answer", "outcome"),
    [
        ({"detected": ["injection", "dlp"]}, verdict(**ALARM), {"injection": "hit", "dlp": "miss"}),
        ({"detected": ["agent"]}, verdict(**ALARM), {"agent": "miss"}),
        (
            {"not_detected": ["injection", "dlp"]},
            verdict(**ALARM),
            {"injection": "false_alarm", "dlp": "correct_silence"},
        ),
        (
            {"not_detected": ["injection", "dlp"]},
            verdict(error=True, **ALARM),
            {"injection": "false_alarm", "dlp": "unproven"},
        ),
        # Whatever fires on harmless content does so without reason; of content that is let pass it may do so.
        ({"action": "allow"}, verdict("block", **ALARM), {"injection": "false_alarm", "new_one": "false_alarm"}),
        ({"category": "benign"}, verdict("block", **ALARM), {"injection": "false_alarm", "new_one": "false_alarm"}),
        ({"action": "allow"}, verdict(**ALARM), {}),
        ({"action": "block"}, verdict("block", **ALARM), {}),
        (
            {"detected": ["dlp"], "not_detected": ["agent"]},
            {"status": "pending"},
            {"dlp": "unproven", "agent": "unproven"},
        ),
    ],
)
def test_what_became_of_each_detector_is_told(expected: Json, answer: Json, outcome: dict[str, str]) -> None:
    assert outcomes(expected, {"status": COMPLETE, **answer}) == outcome


ASKS_BLOCK = {"prompt": "p", "expect": {"action": "block"}}
ASKS_ALLOW = {"prompt": "p", "expect": {"action": "allow"}}


def test_an_unmet_expectation_fails_after_all_scans_and_still_returns_them() -> None:
    with scripted_server(Answer(200, verdict())) as server:
        result = scan(server.url, contents=[ASKS_BLOCK, {"name": "mine", **ASKS_BLOCK}, ASKS_ALLOW])
        assert len(server.asked) == 3
    assert result["failed"]
    assert result["msg"] == (
        "The security profile 'bot' did not meet the expectations: "
        "contents[0]: action is allow instead of block (detected: nothing); "
        "mine: action is allow instead of block (detected: nothing)."
    )
    assert [bool(entry["unmet"]) for entry in result["scans"]] == [True, True, False]
    assert result["summary"]["confusion"] == {"block": {"block": 0, "allow": 2}, "allow": {"block": 0, "allow": 1}}


def test_a_gate_lets_single_expectations_fail() -> None:
    contents = [*[ASKS_ALLOW] * 11, *[ASKS_BLOCK] * 9]
    with scripted_server(Answer(200, verdict())) as server:
        passed = scan(server.url, contents=contents, min_accuracy=0.55)
        missed = scan(server.url, contents=contents, min_accuracy=0.56)
    assert "failed" not in passed
    assert passed["summary"]["accuracy"] == 0.55
    assert missed["failed"]
    assert missed["msg"].startswith(
        "The security profile 'bot' met 11 of 20 expectations. The accuracy of 0.55 is less than min_accuracy 0.56: "
        "contents[11]: action is allow instead of block"
    )
    assert missed["msg"].endswith("; and 6 more.")


def test_details_can_be_left_out_of_the_result() -> None:
    contents = [ASKS_ALLOW, {"name": "mine", **ASKS_BLOCK}]
    with scripted_server(Answer(200, verdict())) as server:
        shown = {
            details: [entry["name"] for entry in scan(server.url, contents=contents, return_details=details)["scans"]]
            for details in ("all", "unmet", "none", None)
        }
    assert shown == {
        "all": ["contents[0]", "mine"],
        "unmet": ["mine"],
        "none": [],
        None: ["contents[0]", "mine"],
    }


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_refused_scan_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted_server(Answer(200, verdict()), Answer(400, {"error": {"message": "no profile"}})) as server:
        result = scan(server.url, contents=[{"prompt": "p"}, {"name": "mine", "prompt": "p"}], concurrency=1)
    why = "Could not scan mine with security profile 'bot': the service reported 'no profile' (HTTP 400)."
    assert result["msg"] == f"1 of 2 scans failed: mine: {why}"
    assert result["failure"]["path"] == "/v1/scan/sync/request"
    assert [(row["status"], row.get("error_message")) for row in result["scans"]] == [
        ("complete", None),
        ("failed", why),
    ]


def test_one_answer_that_nobody_foresaw_does_not_cost_the_verdicts_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        if next(calls) == 1:
            raise KeyError(quoted)
        return [], []

    calls, quoted = itertools.count(), "secret \x1b"
    monkeypatch.setattr(client_module, "answer_faults", broken)
    with scripted_server(*[Answer(200, verdict())] * 3) as server:
        result = scan(server.url, contents=[{"prompt": "p"}] * 3, concurrency=1)
    assert [row["status"] for row in result["scans"]] == ["complete", "failed", "complete"]
    assert result["failed"]
    assert "Unexpected KeyError in _scan.client, line " in result["msg"]
    assert "KeyError" in result["exception"]
    assert "secret" not in json.dumps(result)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interruption_is_none_of_the_errors(monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
    def interrupted(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(client_module, "answer_faults", interrupted)
    with scripted_server(Answer(200, verdict())) as server, pytest.raises(error):
        scan(server.url, contents=[{"prompt": "p"}])


def test_scans_that_are_refused_are_no_reason_not_to_try_the_others() -> None:
    refusal = Answer(400, {"error": {"message": "no"}})
    with scripted_server(Answer(200, verdict()), *[refusal] * 5, Answer(200, verdict())) as server:
        result = scan(server.url, contents=[ASKS_ALLOW] * 7, concurrency=1, min_accuracy=0)
    assert [row["status"] for row in result["scans"]] == ["complete", *["failed"] * 5, "complete"]
    assert result["msg"].startswith("5 of 7 scans failed: contents[1]: Could not scan contents[1] with")
    assert {key: result["summary"][key] for key in ("total", "failed", "expected", "met")} == {
        "total": 7,
        "failed": 5,
        "expected": 7,
        "met": 2,
    }


def test_a_scan_that_fails_alone_has_a_row() -> None:
    with scripted_server(Answer(403, {"error": {"message": "Invalid API Key"}})) as server:
        result = scan(server.url, contents=[{**ASKS_ALLOW, "transaction_id": "t-1"}] * 9, concurrency=1)
        assert len(server.asked) == 1
    assert result["msg"].startswith(
        "Could not scan contents[0] with security profile 'bot': the service reported 'Invalid"
    )
    assert [(row["status"], row["transaction_id"]) for row in result["scans"]] == [("failed", "t-1")] * 9
    assert result["failure"]["status"] == 403
    assert result["summary"]["accuracy"] == 0


@pytest.mark.parametrize("first", [[Answer(200, verdict())], []])
def test_after_three_failures_in_a_row_nothing_more_is_tried(first: list[Answer]) -> None:
    refusal = Answer(500 if first else 400, {"error": {"message": "no"}})
    with scripted_server(*first, refusal, refusal, refusal) as server:
        result = scan(server.url, contents=[{"prompt": "p"}] * 9, concurrency=1)
        assert len(server.asked) == 3 + len(first)
    assert [row["status"] for row in result["scans"]] == ["complete"] * len(first) + ["failed"] * (9 - len(first))
    assert result["scans"][-1]["error_message"] == "Not attempted because other scans failed."


@pytest.mark.parametrize(
    ("status", "hint"),
    [(401, "Set api_key or api_token."), (403, "The API key might be revoked, expired, or for another region.")],
)
def test_a_refused_key_says_what_to_check(status: int, hint: str) -> None:
    with scripted_server(Answer(status, {"error": {"message": "Invalid API Key"}})) as server:
        result = scan(server.url, contents=[{"prompt": "p"}])
    assert result["msg"].endswith(hint)


def test_an_answer_that_is_not_as_described_is_used_with_a_warning() -> None:
    odd = {name: value for name, value in verdict().items() if name != "report_id"}
    with scripted_server(Answer(200, odd)) as server:
        result = scan(server.url, contents=[ASKS_ALLOW])
    assert result["warnings"] == [
        "Unexpected response of the scan API (report_id: field required), which is used unchanged."
    ]
    assert result["scans"][0]["action"] == "allow"


def test_an_answer_that_is_no_object_is_an_error() -> None:
    with scripted_server(Answer(200, [])) as server:
        result = scan(server.url, contents=[ASKS_ALLOW])
    assert "the response cannot be parsed (it is not an object)" in result["msg"]


def client(server: ScriptedServer, waits: list[float], retries: int = 3) -> ScanClient:
    transport = Transport(
        timeout=5,
        num_retries=retries,
        validate_certs=True,
        ca_path=None,
        max_wait=MAX_WAIT,
        sleep=waits.append,
    )
    return ScanClient(transport, server.url, header("x-pan-token", "key"), lambda note: None)


def limited(interval: Any, unit: str) -> Answer:
    return Answer(429, {"error": {"message": "slow down", "retry_after": {"interval": interval, "unit": unit}}})


def test_the_wait_in_the_body_of_a_rate_limit_is_obeyed() -> None:
    waits: list[float] = []
    answers = [limited(2, "second"), limited(5, "minute"), limited(1, "hours"), Answer(200, verdict())]
    with scripted_server(*answers) as server:
        assert client(server, waits).scan("scan", {})["action"] == "allow"
    assert waits == [2, 300, MAX_WAIT]


def test_a_rate_limit_without_an_end_is_said() -> None:
    waits: list[float] = []
    with scripted_server(limited(1, "second")) as server, pytest.raises(AirsRateLimitError, match="slow down.*429"):
        client(server, waits).scan("scan", {})
    assert waits == [1, 1, 1]


# --- looking up ------------------------------------------------------------------------------------------------------


def report(report_id: str, req_id: int) -> Json:
    return {"report_id": report_id, "scan_id": report_id[1:], "req_id": req_id, "detection_results": []}


def test_reports_are_asked_for_five_at_a_time_and_put_in_order() -> None:
    ids = [f"R{number}" for number in range(7)]
    first = [report(name, number) for name in reversed(ids[:5]) for number in (2, 1)]
    second = [report(name, 1) for name in reversed(ids[5:])]
    with scripted_server(Answer(200, first), Answer(200, second)) as server:
        result = scan(server.url, report_ids=[*ids, "R0"], profile_name=None)
        assert [request.path for request in server.asked] == [
            "/v1/scan/reports?report_ids=R0,R1,R2,R3,R4",
            "/v1/scan/reports?report_ids=R5,R6",
        ]
    assert [(entry["report_id"], entry["req_id"]) for entry in result["reports"]] == [
        *[(name, number) for name in ids[:5] for number in (1, 2)],
        ("R5", 1),
        ("R6", 1),
    ]
    assert "scans" not in result


def test_results_are_looked_up_as_they_are_without_wait() -> None:
    other = "a43e8177-9776-465b-8ef3-a95c5a9607f8"
    rows = [
        {"scan_id": other, "req_id": 2, "status": "failed"},
        {"scan_id": other, "req_id": 1, "status": "complete", "result": verdict("block")},
    ]
    with scripted_server(Answer(200, rows)) as server:
        result = scan(server.url, scan_ids=[SCAN_ID, other], wait=False, profile_name=None)
        assert server.asked[0].path == f"/v1/scan/results?scan_ids={SCAN_ID},{other}"
        assert len(server.asked) == 1
    assert "failed" not in result
    shown = [(entry["scan_id"], entry.get("req_id"), entry["status"], entry.get("action")) for entry in result["scans"]]
    assert shown == [
        (SCAN_ID, None, "pending", None),
        (other, 1, "complete", "block"),
        (other, 2, "failed", None),
    ]


def test_results_and_reports_can_be_looked_up_together() -> None:
    row = {"scan_id": SCAN_ID, "req_id": 1, "status": "complete", "result": verdict()}
    with scripted_server(Answer(200, [report(f"R{SCAN_ID}", 1)]), Answer(200, [row])) as server:
        result = scan(server.url, scan_ids=[SCAN_ID], report_ids=[f"R{SCAN_ID}"])
    assert (len(result["scans"]), len(result["reports"])) == (1, 1)


def test_an_answer_that_is_no_list_is_an_error() -> None:
    with scripted_server(Answer(200, {})) as server:
        result = scan(server.url, report_ids=["R1"])
    assert result["msg"] == "Could not get scan reports: the response is not a list."
    assert result["failure"]["path"] == "/v1/scan/reports"


def test_a_batch_keeps_to_the_limits_of_a_request() -> None:
    options: Json = {**dict.fromkeys(SCAN_MODULE.options), "profile_name": "bot"}

    def positions(*contents: Json, size: int = 5) -> list[list[int]]:
        scans = [bodies.make_scan(options, content, "x") for content in contents]
        return bodies.batches(scans, size)

    assert positions(*[{"prompt": "p"}] * 7) == [[0, 1, 2, 3, 4], [5, 6]]
    assert positions(*[{"prompt": "p"}] * 3, size=1) == [[0], [1], [2]]
    assert positions(*[{"prompt": "p" * 2 * MEGABYTE}] * 3) == [[0, 1], [2]]
    assert positions(*[{"prompt": "http://x.y " * 40}] * 5) == [[0, 1], [2, 3], [4]]
