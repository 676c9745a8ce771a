# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans as playbooks do them: contents and corpora, now and later, results, reports and the log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import Controller, Run
from support.scans import SOON, YAML, bot
from support.tasks import CLEAN, INJECTION, scan, task
from support.tenant import Tenant

from ansible_collections.panw.airs.plugins.module_utils._scan.verdicts import OUTCOMES

BLOCKED = {"prompt": INJECTION, "expect": {"action": "block", "detected": ["injection"]}}
PASSED = {"prompt": CLEAN, "expect": {"action": "allow", "category": "benign", "not_detected": ["injection"]}}
WRONG = {"prompt": INJECTION, "expect": {"action": "allow"}}


def paths(emulator: Emulator) -> list[str]:
    """What was asked of the scan API."""
    return [entry["path"].removeprefix("/v1/scan/") for entry in emulator.journal("scan")]


def outcomes(**counts: int) -> dict[str, int]:
    return {**dict.fromkeys(OUTCOMES, 0), **counts}


def actions(run: Run, name: str) -> list[str]:
    return [entry["action"] for entry in run[name]["scans"]]


def test_contents_are_scanned_now_and_later_with_the_same_verdicts(scanning: Controller, emulator: Emulator) -> None:
    contents = [PASSED, BLOCKED, {"response": "Fine."}, {"name": "last", **PASSED}]
    run = scanning.play(
        bot("sync", contents=contents),
        bot("async", contents=contents, **SOON),
        bot("batches", contents=contents, batch_size=1, **SOON),
    )
    for name in ("sync", "async", "batches"):
        assert actions(run, name) == ["allow", "block", "allow", "allow"]
        assert [entry["name"] for entry in run[name]["scans"]] == ["contents[0]", "contents[1]", "contents[2]", "last"]
        assert {entry["status"] for entry in run[name]["scans"]} == {"complete"}
        assert run[name]["changed"] is False
        assert run[name]["summary"] == {
            "total": 4,
            "failed": 0,
            "expected": 3,
            "met": 3,
            "accuracy": 1.0,
            "confusion": {"allow": {"allow": 2, "block": 0}, "block": {"allow": 0, "block": 1}},
            "detectors": {"injection": outcomes(hit=1, correct_silence=2)},
        }
    assert paths(emulator).count("sync/request") == 4
    assert [len(entry["body"]) for entry in emulator.journal("scan") if entry["path"].endswith("async/request")] == [
        4,
        *[1] * 4,
    ]
    assert len({entry["scan_id"] for entry in run["async"]["scans"]}) == 1
    assert len({entry["scan_id"] for entry in run["batches"]["scans"]}) == 4


def test_tool_events_code_and_context_are_scanned(scanning: Controller, emulator: Emulator) -> None:
    metadata = {"ecosystem": "mcp", "method": "tools/call", "server_name": "files", "tool_invoked": "read"}
    contents = [
        {
            "tool_event": {"metadata": metadata, "input": {"path": "/x"}, "output": {"text": INJECTION}},
            "expect": {"action": "block", "detected": ["injection"]},
        },
        {"code_prompt": f"# {INJECTION}", "expect": {"action": "block"}},
        {"prompt": CLEAN, "response": "Fine.", "context": "All is fine.", "history": [{"prompt": INJECTION}]},
    ]
    run = scanning.play(bot("scan", contents=contents, agent_meta={"agent_id": "a"}, app_name="mine"))
    assert actions(run, "scan") == ["block", "block", "allow"]
    assert run["scan"]["scans"][0]["tool_detected"]["metadata"] == metadata
    sent = emulator.journal("scan")[0]["body"]
    assert sent["metadata"] == {"app_name": "mine", "agent_meta": {"agent_id": "a"}}


def test_scans_are_handed_in_and_looked_up_later(scanning: Controller, emulator: Emulator) -> None:
    looked = {"contents": [PASSED | {"expect": None}, BLOCKED | {"expect": None}], "mode": "async", "wait": False}
    ids = "{{ submitted.scans | map(attribute='scan_id') | unique }}"
    emulator.settings(async_pending_seconds=60)
    run = scanning.play(
        scan("submitted", {"profile_name": "bot", **looked}, register="submitted"),
        scan("at once", {"scan_ids": ids, "wait": False}),
    )
    scan_id = run["submitted"]["scans"][0]["scan_id"]
    assert [entry["status"] for entry in run["submitted"]["scans"]] == ["pending", "pending"]
    assert [(row["scan_id"], row["req_id"], row["status"]) for row in run["at once"]["scans"]] == [
        (scan_id, 1, "pending"),
        (scan_id, 2, "pending"),
    ]
    emulator.advance_clock(59)
    run = scanning.play(
        scan("results", {"scan_ids": [scan_id], "poll_interval": 0.2}, register="results"),
        scan("reports", {"report_ids": "{{ results.scans | map(attribute='report_id') | unique }}"}),
    )
    assert actions(run, "results") == ["allow", "block"]
    reports = run["reports"]["reports"]
    assert [entry["req_id"] for entry in reports] == [1, 2]
    assert [entry["detection_results"][0]["verdict"] for entry in reports] == ["benign", "malicious"]
    assert "scans" not in run["reports"]


def test_results_that_do_not_come_in_time_fail_with_what_is_there(scanning: Controller, emulator: Emulator) -> None:
    emulator.settings(async_pending_seconds=3600)
    run = scanning.play(bot("scan", contents=[PASSED, BLOCKED], poll_timeout=1, **SOON))
    pending = run["scan"]["scans"]
    assert run.failure == (
        "2 of 2 scans had no verdict within 1 seconds. Increase poll_timeout, or retrieve the results later "
        "with scan_ids: "
        f"{pending[0]['scan_id']}."
    )
    assert [entry["status"] for entry in pending] == ["pending", "pending"]
    assert run["scan"]["summary"]["met"] == 0


CSV = f"prompt,expected action,detected\n{CLEAN},allow,\n{INJECTION},block,injection\n{INJECTION},allow,\n"


@pytest.mark.parametrize(("file", "text", "place"), [("corpus.csv", CSV, "corpus.csv:4"), ("corpus.yml", YAML, "last")])
def test_a_corpus_is_a_gate(
    scanning: Controller, emulator: Emulator, tmp_path: Path, file: str, text: str, place: str
) -> None:
    (tmp_path / file).write_text(text)
    corpus = {"corpus": str(tmp_path / file)}
    run = scanning.play(
        bot("passes", min_accuracy=0.66, **corpus),
        bot("fails", min_accuracy=0.67, **corpus),
        bot("without a gate", **corpus),
        bot("async", min_accuracy=0.6, return_details="none", **corpus, **SOON),
        bot("all", min_accuracy=0, return_details="all", **corpus),
    )
    assert run.kinds("passes") == ["ok"]
    assert run["passes"]["summary"] == {
        "total": 3,
        "failed": 0,
        "expected": 3,
        "met": 2,
        "accuracy": 2 / 3,
        "confusion": {"allow": {"allow": 1, "block": 1}, "block": {"allow": 0, "block": 1}},
        "detectors": {"injection": outcomes(**{"hit": 1} if file == "corpus.csv" else {}, false_alarm=1)},
    }
    assert [entry["name"] for entry in run["passes"]["scans"]] == [place]
    assert run["fails"]["msg"] == (
        "The security profile 'bot' met 2 of 3 expectations. The accuracy of 0.6667 is less than min_accuracy 0.67: "
        f"{place}: action is block instead of allow (detected: injection)."
    )
    assert run["fails"]["summary"] == run["passes"]["summary"]
    assert run["without a gate"]["msg"] == (
        f"The security profile 'bot' did not meet the expectations: {place}: action is block instead of "
        "allow (detected: injection)."
    )
    assert run.kinds("async") == ["ok"]
    assert run["async"]["scans"] == []
    assert run["async"]["summary"] == run["passes"]["summary"]
    assert actions(run, "all") == ["allow", "block", "block"]
    assert run.kinds("without a gate") == run.kinds("fails") == ["ignored"]
    # What a corpus holds is in no message.
    assert INJECTION not in run["fails"]["msg"]


def test_a_detector_that_there_is_not_is_refused_and_one_that_is_off_proves_nothing(
    scanning: Controller, emulator: Emulator, tmp_path: Path
) -> None:
    texts = {
        "bogus.csv": f"prompt,detected,not_detected\n{INJECTION},Prompt-Injection,\n{CLEAN},,totally-bogus\n",
        "close.yml": f"- {{name: mine, prompt: '{CLEAN}', not_detected: [toxic contents]}}",
        "off.csv": f"prompt,detected,not_detected\n{INJECTION},Prompt Injection,\n{CLEAN},,toxic-content data_leak\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    refused = scanning.play(*[bot(name, corpus=str(tmp_path / name)) for name in ("bogus.csv", "close.yml")])
    assert refused["bogus.csv"]["msg"].startswith(
        "Cannot scan: bogus.csv:3 contains 'totally-bogus', which is not a detector (detectors are url_cats, "
        "dlp, injection,"
    )
    assert refused["close.yml"]["msg"] == (
        "Cannot scan: mine (close.yml[0]) contains 'toxic contents', which is not a detector "
        "(did you mean 'toxic_content'?). Nothing was sent."
    )
    assert emulator.journal() == []
    run = scanning.play(bot("off", corpus=str(tmp_path / "off.csv"), return_details="all"))
    off = "but the profile does not run it on this content"
    assert [row["unmet"] for row in run["off"]["scans"]] == [
        [],
        [f"toxic_content was not detected, {off}", f"dlp was not detected, {off}"],
    ]
    assert run["off"]["scans"][0]["expected"] == {"detected": ["injection"]}


def test_a_scan_without_a_profile_takes_the_one_that_is_linked_to_the_key(
    scanning: Controller, emulator: Emulator
) -> None:
    contents: JsonObject = {"contents": [BLOCKED]}
    without = scanning.play(
        scan("sync", contents, ignore_errors=True), scan("async", {**contents, **SOON}, ignore_errors=True)
    )
    for name in ("sync", "async"):
        assert "the service reported 'No default AI profile available' (HTTP 400)" in without[name]["msg"]
        assert "Set profile_name or profile_id, or link a security profile to the API key's app" in without[name]["msg"]
    app = {"app_name": "linked", "auth_code": "D0000001", "ai_sec_profile_name": "bot"}
    key = {"api_key_name": "linked", "auth_code": "D0000001", "cust_app": "linked", "api_key": "a-linked-key"}
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"customer_apps": [app], "api_keys": [key]}}})
    contents["api_key"] = "a-linked-key"
    run = scanning.play(scan("sync", contents), scan("async", {**contents, **SOON}))
    for name in ("sync", "async"):
        assert [(row["profile_name"], row["action"]) for row in run[name]["scans"]] == [("bot", "block")]


def test_ids_of_the_user_are_in_results_reports_and_the_ci_report(
    scanning: Controller, emulator: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "corpus.csv").write_text(f"prompt,transaction_id,session_id\n{CLEAN},t-1,s-1\n{INJECTION},t-2,\n")
    options = {"corpus": str(tmp_path / "corpus.csv"), "return_details": "all", "session_id": "s-0", "tr_id": "legacy"}
    run = scanning.play(
        bot("sync", **options, report_path=str(tmp_path / "scans.json")),
        scan("async", {"profile_name": "bot", **options, **SOON}, register="made"),
        bot("reports", report_ids="{{ made.scans | map(attribute='report_id') | unique }}"),
    )
    for name in ("sync", "async"):
        rows = run[name]["scans"]
        assert [(row["transaction_id"], row["session_id"]) for row in rows] == [("t-1", "s-1"), ("t-2", "s-0")]
    assert {row["transaction_id"] for row in run["reports"]["reports"]} == {"t-1", "t-2"}
    report = json.loads((tmp_path / "scans.json").read_text())
    assert [(row["transaction_id"], row["status"]) for row in report["scans"]] == [
        ("t-1", "complete"),
        ("t-2", "complete"),
    ]
    # The emulator refuses a signature that does not fit.
    signed = [entry for entry in emulator.journal("scan") if entry["method"] == "POST"]
    assert [entry["status"] for entry in signed] == [200, 200, 200]


def test_a_scan_that_fails_is_a_row_and_a_case_of_the_report(
    scanning: Controller, emulator: Emulator, tmp_path: Path
) -> None:
    refusal = {"kind": "status", "status": 400, "body": {"error": {"message": "odd content"}}}
    emulator.add_fault(refusal, path="*/sync/request", skip=1)
    path = tmp_path / "scans.xml"
    run = scanning.play(
        bot("gate", contents=[PASSED, PASSED, BLOCKED], concurrency=1, min_accuracy=0.6, report_path=str(path))
    )
    assert run.failure == (
        "1 of 3 scans failed: contents[1]: Could not scan contents[1] with security profile 'bot': "
        "the service reported 'odd content' (HTTP 400)."
    )
    assert [row["status"] for row in run["gate"]["scans"]] == ["complete", "failed", "complete"]
    assert {key: run["gate"]["summary"][key] for key in ("failed", "met")} == {"failed": 1, "met": 2}
    assert path.read_text().count("<error ") == 1


def test_a_large_corpus_keeps_its_order(scanning: Controller, tmp_path: Path) -> None:
    rows = [f"{number},{INJECTION if number % 7 == 3 else CLEAN}" for number in range(100)]
    (tmp_path / "corpus.csv").write_text("\n".join(["name,prompt", *rows]))
    corpus = {"corpus": str(tmp_path / "corpus.csv"), "return_details": "all"}
    run = scanning.play(bot("sync", concurrency=8, **corpus), bot("async", batch_size=25, **corpus, **SOON))
    for name in ("sync", "async"):
        assert [entry["name"] for entry in run[name]["scans"]] == [str(number) for number in range(100)]
        assert [index for index, action in enumerate(actions(run, name)) if action == "block"] == [*range(3, 100, 7)]


def test_what_cannot_be_right_is_refused_before_any_request(
    scanning: Controller, emulator: Emulator, tmp_path: Path
) -> None:
    for name, text in {
        "bad.csv": "prompt,action\nx,stop\n",
        "large.yml": f"- prompt: {'p' * 2**21}\n",
        "none.yml": "- prompt: x\n",
    }.items():
        (tmp_path / name).write_text(text)
    urls = " ".join(f"https://example.com/{number}" for number in range(101))
    cases: dict[str, tuple[JsonObject, str]] = {
        "too large": ({"corpus": str(tmp_path / "large.yml")}, "large.yml[0] must have at most 2097152 bytes"),
        "too large later": (
            {"corpus": str(tmp_path / "large.yml"), "mode": "async", "tr_id": "t" * 101},
            "tr_id of large.yml[0] must have at most 100 characters, but has 101",
        ),
        "too many URLs": ({"contents": [{"prompt": urls}]}, "contents[0] must have at most 100 URLs, but has 101"),
        "no scan id": ({"scan_ids": ["scan-1"]}, "scan_ids[0] is not a UUID"),
        "long report id": ({"report_ids": ["R" * 41]}, "report_ids[0] is not at most 40"),
        "bad corpus": ({"corpus": str(tmp_path / "bad.csv")}, "bad.csv:2 is invalid: action must be one of"),
        "no corpus": ({"corpus": str(tmp_path / "absent.csv")}, "cannot be read: No such file or directory."),
        "gate of nothing": (
            {"corpus": str(tmp_path / "none.yml"), "min_accuracy": 1},
            "min_accuracy requires contents with expectations",
        ),
        "two sources": (
            {"contents": [PASSED], "corpus": "x.csv"},
            "parameters are mutually exclusive: contents|corpus",
        ),
        "no source": ({}, "one of the following is required: contents, corpus, scan_ids, report_ids"),
    }
    run = scanning.play(*[bot(name, **options) for name, (options, _words) in cases.items()])
    said = {name: run[name]["msg"] for name in cases}
    assert {name: said[name] for name, (_options, words) in cases.items() if words not in said[name]} == {}
    assert emulator.journal() == []


def test_eleven_ids_take_three_queries(scanning: Controller, emulator: Emulator) -> None:
    ids = [f"00000000-0000-0000-0000-0000000000{number:02}" for number in range(11)]
    run = scanning.play(bot("unknown", scan_ids=ids, wait=False))
    assert [entry["scan_id"] for entry in run["unknown"]["scans"]] == ids
    assert [len(entry["query"]["scan_ids"].split(",")) for entry in emulator.journal("scan")] == [5, 5, 1]


def test_rate_limits_are_waited_out_as_their_bodies_ask(scanning: Controller, emulator: Emulator) -> None:
    limit = {"error": {"message": "slow", "retry_after": {"interval": 1, "unit": "second"}}}
    for path in ("*/sync/request", "*/async/request", "*/results"):
        emulator.add_fault({"kind": "status", "status": 429, "body": limit}, path=path)
    run = scanning.play(bot("sync", contents=[BLOCKED]), bot("async", contents=[BLOCKED], **SOON))
    assert actions(run, "sync") == actions(run, "async") == ["block"]
    times = [entry["time"] for entry in emulator.journal("scan") if entry["path"].endswith("sync/request")]
    assert len(times) == 4
    assert times[0] != times[1]
    emulator.add_fault({"kind": "status", "status": 429, "body": limit}, path="*/sync/request", times=None)
    run = scanning.play(bot("for ever", contents=[BLOCKED], num_retries=1))
    assert (
        run.failure == "Could not scan contents[0] with security profile 'bot': the service reported 'slow' (HTTP 429)."
    )


def test_a_token_works_instead_of_a_key(scanning: Controller, emulator: Emulator) -> None:
    run = scanning.play(
        task("token", "airs_oauth_token", {"oauth_client_id": "c", "customer_app": "bot"}, register="made"),
        scan("scan", {"api_token": "{{ made.oauth_token_secret }}", "profile_name": "bot", "contents": [BLOCKED]}),
        variables={"PANW_AI_SEC_API_KEY": None},
    )
    assert actions(run, "scan") == ["block"]
    assert emulator.journal("scan")[0]["client_id"] == "c"


def test_scans_are_done_in_check_mode_too(scanning: Controller, emulator: Emulator) -> None:
    run = scanning.play(bot("scan", contents=[WRONG]), check=True)
    assert "did not meet the expectations" in run.failure
    assert paths(emulator) == ["sync/request"]


# --- the log ---------------------------------------------------------------------------------------------------------


def log(name: str, **options: Any) -> JsonObject:
    return task(name, "airs_scan_log_info", {"time_interval": 1, **options}, ignore_errors=True)


def test_the_log_lists_what_was_scanned_on_all_its_pages(
    scanning: Controller, emulator: Emulator, tmp_path: Path
) -> None:
    rows = [f"{INJECTION if number % 10 == 3 else CLEAN}" for number in range(230)]
    (tmp_path / "corpus.csv").write_text("\n".join(["prompt", *rows]))
    run = scanning.play(
        bot("scans", corpus=str(tmp_path / "corpus.csv"), concurrency=8, return_details="all"),
        log("all"),
        log("threats", filter="threat"),
        log("some", max_rows=150, filter="benign"),
    )
    logged = run["all"]["scan_logs"]
    assert {entry["scan_id"] for entry in logged} == {entry["scan_id"] for entry in run["scans"]["scans"]}
    assert len(logged) == 230
    assert run["all"]["counts"] == {
        "text_records_count": 230,
        "api_calls_count": 230,
        "threats_count": 23,
        "all_transactions_count": 230,
        "benign_transaction_count": 207,
    }
    assert (logged[0]["api_key_name"], logged[0]["app_name"]) == ("bot", "bot")
    assert {entry["verdict"] for entry in run["threats"]["scan_logs"]} == {"malicious"}
    assert len(run["threats"]["scan_logs"]) == 23
    assert len(run["some"]["scan_logs"]) == 150
    asked = [(entry["query"]["filter"], entry["query"]["pageNumber"]) for entry in emulator.journal("management")]
    assert asked == [("all", "1"), ("all", "2"), ("all", "3"), ("threat", "1"), ("benign", "1"), ("benign", "2")]
    tokens = [entry["body"].get("page_token") for entry in emulator.journal("management")]
    assert [bool(token) for token in tokens] == [False, True, True, False, False, True]
    assert run["all"]["changed"] is False


def test_a_quiet_window_has_no_rows(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(log("quiet", time_interval=7, time_unit="days"))
    assert run["quiet"]["scan_logs"] == []
    assert set(run["quiet"]["counts"].values()) == {0}


def test_windows_that_the_service_does_not_have_are_refused(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(log("two hours", time_interval=2), log("many rows", max_rows=2001))
    assert run["two hours"]["msg"] == (
        "The service does not support a time window of 2 hours, only 1 hours, 24 hours, 7 days, 30 days."
    )
    assert run["many rows"]["msg"] == "max_rows must be between 1 and 2000, but is 2001."
    assert emulator.journal() == []


@pytest.mark.parametrize("status", [403, 404])
def test_a_service_without_the_log_is_told_from_a_fault(
    controller: Controller, emulator: Emulator, status: int
) -> None:
    emulator.settings(scanlogs=status)
    run = controller.play(log("gone"))
    assert run.failure.startswith("Could not list the scans of the last 1 hours: the service reported '")
    assert f"(HTTP {status}). This operation was removed from the official API description on 2026-03-02" in run.failure
    assert len(run.failure) < 450
    assert run["gone"]["failure"]["status"] == status
    assert Tenant(emulator).apps() == []
