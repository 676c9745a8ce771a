# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asynchronous scans: batches, results in any order, waits and their end."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from support.scripted_server import Answer, scripted_server

from ansible_collections.panw.airs.plugins.module_utils._scan.attempts import Attempts
from ansible_collections.panw.airs.plugins.module_utils._scan.bodies import Scan
from ansible_collections.panw.airs.plugins.module_utils._scan.client import ScanClient
from ansible_collections.panw.airs.plugins.module_utils._scan.polling import Patience, scan_later
from ansible_collections.panw.airs.plugins.module_utils._service.resource import Row
from ansible_collections.panw.airs.plugins.module_utils._service.transport import Transport, header

Json = dict[str, Any]
LIMITED = Answer(429, {"error": {"message": "slow down", "retry_after": {"interval": 30, "unit": "second"}}})


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.time = 0.0
        self.naps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.time += seconds

    def now(self) -> float:
        return self.time


def received(scan_id: str) -> Answer:
    return Answer(200, {"received": "2026-01-01T00:00:00Z", "scan_id": scan_id, "report_id": f"R{scan_id}"})


def done(scan_id: str, req_id: int, action: str = "allow") -> Json:
    result = {"scan_id": scan_id, "report_id": f"R{scan_id}", "action": action, "category": "benign"}
    return {"scan_id": scan_id, "req_id": req_id, "status": "complete", "result": result}


def pending(scan_id: str, req_id: int) -> Json:
    return {"scan_id": scan_id, "req_id": req_id, "status": "pending"}


def scan(
    count: int, *answers: Answer, size: int = 5, wait: bool = True, timeout: float = 60, retries: int = 0
) -> tuple[list[Row], list[Any], Clock]:
    """Scan so many prompts; returns the rows, the requests and the clock."""
    clock = Clock()
    scans = [
        Scan(f"contents[{number}]", {}, {"ai_profile": {}, "contents": [{"prompt": str(number)}]})
        for number in range(count)
    ]
    with scripted_server(*answers) as server:
        transport = Transport(
            timeout=5, num_retries=retries, validate_certs=True, ca_path=None, max_wait=600, sleep=clock.sleep
        )
        client = ScanClient(transport, server.url, header("x-pan-token", "key"), lambda note: None)
        patience = Patience(wait, 5, timeout, clock.sleep, clock.now)
        rows = scan_later(client, scans, "security profile 'bot'", size, 1, patience, Attempts())
        return rows, [json.loads(asked.body) if asked.body else asked.path for asked in server.asked], clock


def test_batches_are_handed_in_and_their_unordered_results_find_their_scans() -> None:
    first = Answer(200, [done("b", 3), done("a", 2, "block"), done("a", 1)])
    rows, asked, clock = scan(3, received("a"), received("b"), first, size=2)
    assert [[(entry["req_id"], entry["scan_req"]["contents"]) for entry in batch] for batch in asked[:2]] == [
        [(1, [{"prompt": "0"}]), (2, [{"prompt": "1"}])],
        [(3, [{"prompt": "2"}])],
    ]
    assert asked[2:] == ["/v1/scan/results?scan_ids=a,b"]
    assert [(row["scan_id"], row["req_id"], row["action"]) for row in rows] == [
        ("a", 1, "allow"),
        ("a", 2, "block"),
        ("b", 3, "allow"),
    ]
    assert rows[0]["status"] == "complete"
    assert clock.naps == [1]


def test_only_what_is_pending_is_asked_for_again() -> None:
    looks = [
        Answer(200, [done("a", 1), pending("b", 2)]),
        Answer(200, []),
        Answer(200, [done("b", 2)]),
    ]
    rows, asked, clock = scan(2, received("a"), received("b"), *looks, size=1)
    assert asked[2:] == [
        "/v1/scan/results?scan_ids=a,b",
        "/v1/scan/results?scan_ids=b",
        "/v1/scan/results?scan_ids=b",
    ]
    assert [row["status"] for row in rows] == ["complete", "complete"]
    assert clock.naps == [1, 5, 5]


def test_a_batch_is_awaited_until_all_of_its_rows_are_there() -> None:
    rows, asked, _clock = scan(2, received("a"), Answer(200, [done("a", 1)]), Answer(200, [done("a", 2), done("a", 1)]))
    assert len(asked) == 3
    assert [row["status"] for row in rows] == ["complete", "complete"]


def test_six_batches_take_two_queries() -> None:
    ids = "abcdef"
    looks = [Answer(200, [done(name, number) for number, name in enumerate(ids[:5], 1)]), Answer(200, [done("f", 6)])]
    rows, asked, _clock = scan(6, *map(received, ids), *looks, size=1)
    assert asked[6:] == ["/v1/scan/results?scan_ids=a,b,c,d,e", "/v1/scan/results?scan_ids=f"]
    assert [row["scan_id"] for row in rows] == list(ids)


def test_when_the_time_is_over_what_is_there_is_returned() -> None:
    rows, asked, clock = scan(2, received("a"), Answer(200, [done("a", 1), pending("a", 2)]), timeout=12)
    assert [row["status"] for row in rows] == ["complete", "pending"]
    assert (rows[1]["scan_id"], rows[1]["report_id"]) == ("a", "Ra")
    assert clock.naps == [1, 5, 5, 2]
    assert len(asked) == 5


def test_a_failed_scan_is_not_waited_for() -> None:
    rows, asked, _clock = scan(1, received("a"), Answer(200, [{"scan_id": "a", "req_id": 1, "status": "failed"}]))
    assert [row["status"] for row in rows] == ["failed"]
    assert len(asked) == 2


def test_without_wait_nothing_is_asked_for() -> None:
    rows, asked, clock = scan(2, received("a"), wait=False)
    assert [(row["scan_id"], row["req_id"], row["status"]) for row in rows] == [
        ("a", 1, "pending"),
        ("a", 2, "pending"),
    ]
    assert (len(asked), clock.naps) == (1, [])


def test_a_rate_limit_on_results_is_waited_out_as_long_as_there_is_time() -> None:
    answers = [received("a"), LIMITED, LIMITED, LIMITED, Answer(200, [done("a", 1)])]
    rows, asked, clock = scan(1, *answers, retries=1, timeout=120)
    assert [row["status"] for row in rows] == ["complete"]
    # Each look tries twice, and waits in between as long as the service asked for.
    assert clock.naps == [1, 30, 5, 30]
    assert len(asked) == 5
    rows, _asked, _clock = scan(2, received("a"), received("b"), LIMITED, size=1, retries=1, timeout=40)
    assert [row["status"] for row in rows] == ["failed", "failed"]
    assert "get scan results: the service reported 'slow down'" in rows[0]["error_message"]


def test_a_refused_batch_says_which_contents_it_had() -> None:
    refusal = Answer(400, {"error": {"message": "bad"}})
    found = Answer(200, [done("a", 2), done("a", 1)])
    rows, _asked, _clock = scan(3, received("a"), refusal, found, size=2)
    assert [row["status"] for row in rows] == ["complete", "complete", "failed"]
    assert re.search(r"scan contents\[2\] with security profile 'bot': .*'bad'", rows[2]["error_message"])
    rows, _asked, _clock = scan(3, refusal, size=2)
    assert [row["status"] for row in rows] == ["failed"] * 3
    assert "scan contents[0] to contents[1] with" in rows[1]["error_message"]


def test_what_was_found_before_results_cannot_be_had_is_returned() -> None:
    found = Answer(200, [done("a", 1), pending("a", 2)])
    rows, _asked, _clock = scan(2, received("a"), found, Answer(400, {"error": {"message": "bad"}}))
    assert [row["status"] for row in rows] == ["complete", "failed"]
    assert rows[1]["scan_id"] == "a"
    assert "get scan results: the service reported 'bad'" in rows[1]["error_message"]


def test_a_batch_without_an_id_is_an_error() -> None:
    (row,), _asked, _clock = scan(1, Answer(200, {"received": "now"}))
    assert row["status"] == "failed"
    assert "scan_id: field required" in row["error_message"]


def test_a_query_that_fails_costs_its_own_scans_only() -> None:
    ids = "abcdefg"
    refusal = Answer(400, {"error": {"message": "bad"}})
    looks = [refusal, Answer(200, [done("f", 6), pending("g", 7)]), Answer(200, [done("g", 7)])]
    rows, asked, _clock = scan(7, *map(received, ids), *looks, size=1)
    assert [row["status"] for row in rows] == ["failed"] * 5 + ["complete"] * 2
    # What is lost is not asked for again.
    assert asked[7:] == [f"/v1/scan/results?scan_ids={ids}" for ids in ("a,b,c,d,e", "f,g", "g")]


def test_queries_that_fail_now_and_then_are_no_reason_to_give_up() -> None:
    ids = [f"s{number}" for number in range(40)]
    broken = Answer(500, {"error": {"message": "bad"}})
    looks = [
        broken if first % 10 else Answer(200, [done(ids[number], number + 1) for number in range(first, first + 5)])
        for first in range(0, 40, 5)
    ]
    rows, asked, _clock = scan(40, *map(received, ids), *looks, size=1)
    assert [row["status"] for row in rows] == [*["complete"] * 5, *["failed"] * 5] * 4
    assert len(asked) == 48


def test_after_a_key_that_is_refused_no_further_results_are_asked_for() -> None:
    refusal = Answer(403, {"error": {"message": "Invalid API Key"}})
    rows, asked, _clock = scan(7, *map(received, "abcdefg"), refusal, size=1)
    assert [row["status"] for row in rows] == ["failed"] * 7
    assert len(asked) == 8


@pytest.mark.parametrize("odd", [None, [], {}, {"action": "allow"}, {"action": 5, "category": "benign"}])
def test_a_verdict_that_cannot_be_read_costs_the_others_nothing(odd: Any) -> None:
    rows, _asked, _clock = scan(2, received("a"), Answer(200, [{**done("a", 1), "result": odd}, done("a", 2)]))
    assert [row["status"] for row in rows] == ["failed", "complete"]
    assert "the response cannot be parsed" in rows[0]["error_message"]
    assert "action" not in rows[0]
