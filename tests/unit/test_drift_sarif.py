# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as SARIF: what code scanning shows, and in which file and line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from support import hostile

from ansible_collections.panw.airs.plugins.filter.sarif import FilterModule
from ansible_collections.panw.airs.plugins.module_utils._engine.reconcile import Weakening
from ansible_collections.panw.airs.plugins.module_utils._engine.reporting import Held
from ansible_collections.panw.airs.plugins.module_utils._tenant.config import Fault
from ansible_collections.panw.airs.plugins.module_utils._tenant.files import Source
from ansible_collections.panw.airs.plugins.module_utils._tenant.report import Finding, report
from ansible_collections.panw.airs.plugins.module_utils._tenant.sarif import sarif

Json = dict[str, Any]

BOT = """\
security_profiles:
  - name: other
  - name: bot
"""


def made(
    *findings: Finding,
    faults: Sequence[Fault] = (),
    baseline: Json | None = None,
    directory: str = "/",
    **rows: list[Json],
) -> list[Json]:
    """The results of a report, as results()."""
    found = report(
        findings,
        faults,
        Held(rows),
        protect=[],
        configuration="tenant/",
        now=datetime(2026, 3, 1, tzinfo=timezone.utc),
        directory=directory,
        baseline=baseline,
    )
    return results(found)


def results(found: Json) -> list[Json]:
    """The results of a report, after a look whether it is SARIF at all."""
    whole = sarif(json.loads(json.dumps(found)))
    assert _faults(whole) == []
    (run,) = whole["runs"]
    each: list[Json] = run["results"]
    return each


def _faults(whole: Json) -> list[str]:
    """What is not as the schema of SARIF 2.1.0 and GitHub's code scanning have it."""
    wrong = [] if whole["version"] == "2.1.0" and whole["$schema"].endswith("sarif-2.1.0.json") else ["version"]
    for run in whole["runs"]:
        driver = run["tool"]["driver"]
        rules = [rule["id"] for rule in driver["rules"]]
        wrong += [] if driver["name"] and len(rules) == len({*rules}) else ["driver"]
        wrong += [f"rule {rule}" for rule in driver["rules"] if not rule["shortDescription"]["text"]]
        for number, result in enumerate(run["results"]):
            right = (
                rules[result["ruleIndex"]] == result["ruleId"]
                and result["level"] in ("none", "note", "warning", "error")
                and result["message"]["text"].strip()
                and all(map(_is_place, result["locations"]))
                and all(isinstance(value, str) for value in result["partialFingerprints"].values())
            )
            wrong += [] if right else [f"result {number}"]
    return wrong


def _is_place(location: Json) -> bool:
    place = location["physicalLocation"]
    uri = place["artifactLocation"]
    absolute = uri["uri"].startswith("file:///")
    # A reference of RFC 3986: no blank, no backslash, no sign that is not ASCII.
    is_uri = uri["uri"].isascii() and not any(sign in uri["uri"] for sign in ' \\<>"{}|^`')
    return is_uri and absolute == ("uriBaseId" not in uri) and place["region"]["startLine"] >= 1


def _where(result: Json) -> list[tuple[str, int]]:
    places = [location["physicalLocation"] for location in result["locations"]]
    return [(place["artifactLocation"]["uri"], place["region"]["startLine"]) for place in places]


@pytest.fixture
def bot(tmp_path: Path) -> Source:
    """A file with a profile, in a repository."""
    (tmp_path / ".git").mkdir()
    path = tmp_path / "airs" / "my bots" / "bot.yml"
    path.parent.mkdir(parents=True)
    path.write_text(BOT, encoding="utf-8")
    return Source(str(path))


def profile(name: str = "bot", action: str = "update", **more: Any) -> Finding:
    return Finding("security_profile", name, action, path="security_profiles[1]", **more)


def test_a_finding_is_at_its_line_in_the_repository(bot: Source) -> None:
    lost = [Weakening("prompt_injection", "block", "alert"), Weakening("urls.default", "block", "off")]
    (result,) = made(profile(source=bot, shortfall=lost))
    assert (result["ruleId"], result["level"]) == ("weaker", "error")
    assert _where(result) == [("airs/my%20bots/bot.yml", 3)]
    assert result["message"]["text"] == (
        "Security profile 'bot' is weaker than configured: prompt_injection is alert instead of block, "
        "urls.default is off instead of block."
    )


def test_without_a_repository_places_start_where_paths_do(bot: Source, tmp_path: Path) -> None:
    (tmp_path / ".git").rmdir()
    (result,) = made(profile(source=bot), directory=str(tmp_path / "airs"))
    assert _where(result) == [("my%20bots/bot.yml", 3)]
    (result,) = made(profile(source=bot), directory=str(tmp_path / "elsewhere"))
    assert _where(result) == [(f"{(tmp_path / 'airs').as_uri()}/my%20bots/bot.yml", 3)]


def test_a_relative_path_starts_at_the_playbook_and_not_where_the_filter_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "bot.yml").write_text(BOT, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "playbooks")
    findings = [profile(source=Source("../bot.yml"))]
    now = datetime.now(timezone.utc)
    found = report(findings, [], Held(), protect=[], configuration="..", now=now, directory=str(Path.cwd()))
    monkeypatch.chdir("/")
    (result,) = results(found)
    assert _where(result) == [("bot.yml", 3)]


@pytest.mark.parametrize(
    ("finding", "rule", "level", "sentence"),
    [
        (profile(action="create"), "missing", "error", "Security profile 'bot' does not exist on the tenant."),
        (
            profile(before={"urls": {}, "x": 1}, after={"urls": {"default": "block"}, "x": 2}),
            "differs",
            "warning",
            "Security profile 'bot' differs from the configuration: urls, x.",
        ),
        (profile(), "differs", "warning", "Security profile 'bot' differs from the configuration."),
        (profile(action="delete"), "unwanted", "warning", "Security profile 'bot' must not exist on the tenant."),
        (
            profile(surplus=[Weakening("urls.default", "block", "off")]),
            "stricter",
            "note",
            "Security profile 'bot' is stricter than configured: urls.default is block instead of off.",
        ),
        (
            Finding("api_key", "k", error="already exists with different properties"),
            "conflict",
            "error",
            (
                "API key 'k' differs from the configuration, and cannot be updated: already exists with "
                "different properties"
            ),
        ),
        (Finding("api_key", "k", "regenerate"), "due", "warning", "API key 'k' is due for rotation."),
        (
            profile(repinned={"advice": 2}),
            "older-topic",
            "warning",
            "Custom topic 'advice': 1 security profile is to be pinned to revision 2: bot.",
        ),
    ],
)
def test_each_finding_has_a_rule_and_a_sentence(finding: Finding, rule: str, level: str, sentence: str) -> None:
    (result,) = made(finding)
    assert (result["ruleId"], result["level"], result["message"]["text"]) == (rule, level, sentence)
    # Nothing of this is in a file.
    assert result["locations"] == []


def test_many_profiles_that_follow_one_topic_are_one_result() -> None:
    (result,) = made(*(profile(f"bot-{number}", repinned={"advice": 2}) for number in range(10)))
    assert result["message"]["text"].endswith("bot-0, bot-1, bot-2, bot-3, bot-4 and 5 more.")


def test_what_only_the_tenant_has_is_shown_at_the_first_file(bot: Source) -> None:
    found = made(Finding("custom_topic", "old", "delete"), profile(source=bot))
    assert [_where(result) for result in found] == [[("airs/my%20bots/bot.yml", 1)], [("airs/my%20bots/bot.yml", 3)]]


def test_errors_of_the_configuration_are_results(bot: Source) -> None:
    (result,) = made(faults=[Fault("security_profiles[0].urls", "must be a dictionary", bot)])
    assert (result["ruleId"], _where(result)) == ("configuration-error", [("airs/my%20bots/bot.yml", 2)])
    assert result["message"]["text"] == r"security_profiles\[0\].urls: must be a dictionary"


def test_profiles_below_the_baseline_are_results(bot: Source) -> None:
    gap = {"protection": "prompt_injection", "required": "block", "actual": "allow"}
    below = [{"name": "bot", "below": [gap]}, {"name": "theirs", "below": [gap]}]
    found = made(
        profile(action="none", source=bot),
        baseline={"defined": True, "checked": 2, "below": below, "exceptions": []},
        security_profiles=[{"profile_name": name, "does": {"prompt_injection": "allow"}} for name in ("bot", "theirs")],
    )
    assert [(result["ruleId"], _where(result)) for result in found] == [
        ("below-baseline", [("airs/my%20bots/bot.yml", 3)]),
        ("below-baseline", [("airs/my%20bots/bot.yml", 1)]),
    ]
    assert found[0]["message"]["text"] == (
        "Security profile 'bot' is below the baseline: prompt_injection is allow instead of block."
    )


def test_a_tenant_that_is_right_has_no_results() -> None:
    assert made(profile(action="none")) == []


def test_a_result_is_known_again_whatever_else_is_found() -> None:
    first = made(profile(shortfall=[Weakening("urls.default", "block", "off")]))[0]
    again = made(profile("a"), profile(shortfall=[Weakening("urls.default", "block", "alert")]), profile("b"))
    assert first["partialFingerprints"] in [result["partialFingerprints"] for result in again]
    assert len({json.dumps(result["partialFingerprints"]) for result in again}) == 3


@pytest.mark.parametrize("name", [*hostile.NAMES, "[click](https://example.com)", "x" * 500, "\\[a](1)", ""])
def test_names_are_only_ever_text_in_sarif(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a b#c?d%e.yml"
    path.write_text(BOT, encoding="utf-8")
    (tmp_path / ".git").touch()
    (result,) = made(profile(name, source=Source(str(path)), shortfall=[Weakening(f"topics.{name}", name, name)]))
    sentence = result["message"]["text"]
    assert hostile.raw(sentence) == []
    # A bracket without a backslash would begin a link.
    assert "[" not in sentence.replace("\\\\", "").replace("\\[", "")
    assert _where(result) == [("a%20b%23c%3Fd%25e.yml", 3)]


def test_the_filter_takes_the_report_as_ansible_has_it() -> None:
    empty = report([], [], Held(), protect=[], configuration=None, now=datetime.now(timezone.utc))
    assert FilterModule().filters()["sarif"](empty)["runs"][0]["results"] == []
