# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of scans for CI: what they tell, what they do not, and where they are."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from support.scripted_server import Answer, scripted_server

from ansible_collections.panw.airs.plugins.module_utils._engine.run import run
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.module_utils._scan import report as report_module
from ansible_collections.panw.airs.plugins.module_utils._scan.scan import SCAN_MODULE

Json = dict[str, Any]
KEY = "a-key-of-the-bot"
SENSITIVE = "my card is 4111"
VERDICT: Json = {
    "scan_id": "46ea2f2b-0000-42e1-9972-bbc444628a26",
    "report_id": "R46ea2f2b-0000-42e1-9972-bbc444628a26",
    "transaction_id": "t-1",
    "profile_name": "bot",
    "action": "block",
    "category": "malicious",
    "prompt_detected": {"injection": True, "dlp": False},
    "prompt_masked_data": {"data": SENSITIVE},
}
MET = {"name": "met", "prompt": SENSITIVE, "expect": {"action": "block", "detected": ["injection"]}}
UNMET = {
    "name": "un\x1bmet\ud800\ufffe",
    "prompt": SENSITIVE,
    "expect": {"detected": ["dlp"], "not_detected": ["injection"]},
}
UNASKED = {"prompt": SENSITIVE}
FAILED = {"name": "failed", "prompt": SENSITIVE, "expect": {"not_detected": ["dlp"]}}
CONTENTS = [MET, UNMET, UNASKED, FAILED]
REFUSAL = Answer(400, {"error": {"message": f"no\x07 {KEY}"}})
ANSWERS = [*[Answer(200, VERDICT)] * 3, REFUSAL]


def scan(*answers: Answer, check: bool = False, requests: int | None = None, **options: Any) -> Json:
    """Run the module against these answers."""
    with scripted_server(*(answers or ANSWERS)) as server:
        given = {
            "api_key": KEY,
            "profile_name": "bot",
            "contents": CONTENTS,
            "concurrency": 1,
            "num_retries": 0,
            **options,
            "api_endpoint": server.url,
        }
        checked = ArgumentSpecValidator(dict(SCAN_MODULE.options), **SCAN_MODULE.constraints).validate(
            json.loads(json.dumps({name: value for name, value in given.items() if value is not None}))
        )
        assert checked.error_messages == []
        result = run(SCAN_MODULE, checked.validated_parameters, check_mode=check, diff_mode=False, runtime=Runtime())
        assert requests in (None, len(server.asked))
    return result


def cases(path: Path) -> dict[str, ElementTree.Element]:
    """The test cases of a report, by their names."""
    return {case.attrib["name"]: case for case in ElementTree.parse(path).iter("testcase")}


def test_a_report_in_json_tells_what_came_of_each_scan(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    result = scan(report_path=str(path))
    assert result["report_path"] == str(path)
    told = json.loads(path.read_text())
    assert told["summary"] == result["summary"]
    assert told["summary"]["detectors"] == {
        "dlp": {"hit": 0, "miss": 1, "false_alarm": 0, "correct_silence": 0, "unproven": 1},
        "injection": {"hit": 1, "miss": 0, "false_alarm": 1, "correct_silence": 0, "unproven": 0},
    }
    assert told["summary"]["confusion"]["block"] == {"allow": 0, "block": 1}
    assert (told["profile"], told["passed"]) == ("security profile 'bot'", False)
    assert told["message"] == result["msg"]
    assert told["scans"][0] == {
        "name": "met",
        "status": "complete",
        "action": "block",
        "category": "malicious",
        "profile_name": "bot",
        "scan_id": VERDICT["scan_id"],
        "report_id": VERDICT["report_id"],
        "transaction_id": "t-1",
        "expected": {"action": "block", "detected": ["injection"]},
        "unmet": [],
        "outcomes": {"injection": "hit"},
        "detected": ["injection"],
    }
    assert [entry["outcomes"] for entry in told["scans"][1:]] == [
        {"dlp": "miss", "injection": "false_alarm"},
        {},
        {"dlp": "unproven"},
    ]
    assert "detected" not in told["scans"][3]


def test_a_report_in_junit_xml_has_a_case_for_each_scan(tmp_path: Path) -> None:
    path = tmp_path / "report.XML"
    scan(report_path=str(path), min_accuracy=0.1)
    found = cases(path)
    assert list(found) == ["met", r"un\x1bmet\ud800\ufffe", "contents[2]", "failed"]
    assert [[part.tag for part in case if part.tag != "system-out"] for case in found.values()] == [
        [],
        ["failure"],
        ["skipped"],
        ["error"],
    ]
    failure = found[r"un\x1bmet\ud800\ufffe"].find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "dlp was not detected (detected: injection); injection was detected"
    out = found["met"].findtext("system-out") or ""
    assert "action: block\n" in out
    assert "transaction_id: t-1\n" in out
    (suite,) = ElementTree.parse(path).iter("testsuite")
    counts = [suite.attrib[name] for name in ("name", "tests", "failures", "errors", "skipped")]
    assert counts == ["security profile 'bot'", "4", "1", "1", "1"]
    properties = {entry.attrib["name"]: entry.attrib["value"] for entry in suite.iter("property")}
    assert properties["detectors.injection.false_alarm"] == "1"
    assert properties["confusion.block.block"] == "1"
    assert properties["accuracy"] == str(1 / 3)


@pytest.mark.parametrize("name", ["report.json", "report.xml"])
def test_what_was_scanned_is_in_a_report_only_when_it_is_asked_for(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    scan(report_path=str(path))
    assert SENSITIVE not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~current_umask()
    scan(report_path=str(path), report_contents=True)
    assert path.read_text().count(SENSITIVE) == 4
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("name", ["report.json", "report.xml"])
def test_no_secret_and_nothing_that_is_not_xml_gets_into_a_report(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    odd = {
        **VERDICT,
        "action": "bl\x00ock",
        "name": ["x"],
        "session_id": {"\x03": 1},
        "prompt_detected": {"in\x02jection": True, "\ufffe": True},
        "scan_id": KEY,
    }
    scan(Answer(200, odd), REFUSAL, report_path=str(path), contents=[UNMET, FAILED])
    text = path.read_text()
    assert KEY not in text
    assert "********" in text
    if name.endswith(".xml"):
        assert len(cases(path)) == 2


@pytest.mark.parametrize("answers", [[Answer(403, {"error": {"message": "Invalid API Key"}})], [Answer(200, [])]])
def test_a_run_in_which_nothing_worked_has_a_report_that_says_so(tmp_path: Path, answers: list[Answer]) -> None:
    path = tmp_path / "report.xml"
    path.write_text("<testsuites/>")
    result = scan(*answers, report_path=str(path))
    assert result["failed"]
    assert [case.find("error") is not None for case in cases(path).values()] == [True] * 4


def test_a_report_is_proved_before_anything_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[tuple[Json, str]] = [
        ({"report_path": str(tmp_path / "r.txt")}, "must end with .json or .xml. Nothing was sent."),
        ({"report_path": str(tmp_path / "no" / "r.json")}, f"the directory {tmp_path / 'no'} does not exist"),
        ({"report_path": str(tmp_path / "folder.json")}, "it is a directory"),
        (
            {"report_path": str(tmp_path / "r.json"), "contents": None, "report_ids": ["R1"]},
            "report_path requires contents",
        ),
    ]
    (tmp_path / "folder.json").mkdir()
    for options, words in refused:
        assert words in scan(requests=0, **options)["msg"]
    monkeypatch.setitem(sys.modules, "junitparser", None)
    result = scan(requests=0, report_path=str(tmp_path / "r.xml"))
    assert "does not have junitparser>=4. Install with: " in result["msg"]
    assert scan(requests=4, report_path=str(tmp_path / "r.json"))["report_path"]


def test_an_earlier_report_does_not_pass_for_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    path.write_text("passed")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report_module, "replace", full)
    result = scan(report_path=str(path))
    assert not path.exists()
    assert result["msg"].startswith("1 of 4 scans failed: failed: Could not scan")
    assert result["msg"].endswith(f"Cannot write the report {path}: No space left on device.")
    assert len(result["scans"]) == 4


def test_in_check_mode_scans_are_done_and_no_report_is_written(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("earlier")
    result = scan(report_path=str(path), check=True, requests=4)
    assert path.read_text() == "earlier"
    assert result["report_path"] == str(path)
    assert result["summary"]["detectors"]["dlp"]["miss"] == 1


def test_a_link_is_followed_to_the_report_itself(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    link = tmp_path / "latest.json"
    link.symlink_to("reports/one.json")
    assert scan(check=True, report_path=str(link))["report_path"] == str(link)
    assert not [*folder.iterdir()]
    assert scan(report_path=str(link))["report_path"] == str(link)
    assert link.is_symlink()
    assert json.loads((folder / "one.json").read_text())["profile"] == "security profile 'bot'"


def test_a_report_in_xml_can_be_shown_on_a_terminal(tmp_path: Path) -> None:
    odd = "\x1b[31m\x85\u202e\u2028"
    answer = {**VERDICT, "profile_name": odd, "transaction_id": odd, "prompt_detected": {odd: True}}
    content = {"name": odd, "prompt": "p", "expect": {"action": "allow"}}
    scan(Answer(200, answer), contents=[content], profile_name=None, report_path=str(tmp_path / "r.xml"))
    text = (tmp_path / "r.xml").read_text()
    assert not set(odd) & set(text) - set("[31m")
    assert "\\x1b[31m" in text
