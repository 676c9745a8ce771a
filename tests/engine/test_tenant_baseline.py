# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A baseline: profiles of files that would do less are refused, and those of the tenant that do less are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.returns import disagreements
from support.stored_profiles import live_tenant, shaped_tenant

from ansible_collections.panw.airs.plugins.module_utils._engine.module import ModuleSpec
from ansible_collections.panw.airs.plugins.module_utils._engine.run import run
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.module_utils._tenant.drift import TENANT_DRIFT_INFO_MODULE
from ansible_collections.panw.airs.plugins.module_utils._tenant.export import TENANT_EXPORT_MODULE
from ansible_collections.panw.airs.plugins.module_utils._tenant.lint import TENANT_LINT_MODULE
from ansible_collections.panw.airs.plugins.module_utils._tenant.tenant import TENANT_MODULE

WAY_OUT = ": configure at least the required protection, or add an exception"
BLOCKING: JsonObject = {"security_profile": {"prompt_injection": "block"}}


class Cli:
    """A user of the two modules, whose results are held against their documentation."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def apply(self, check_mode: bool = False, **options: Any) -> JsonObject:
        """The result of airs_tenant."""
        return self._run(TENANT_MODULE, options, check_mode)

    def drift(self, **options: Any) -> JsonObject:
        """The result of airs_tenant_drift_info."""
        return self._run(TENANT_DRIFT_INFO_MODULE, options)

    def lint(self, **options: Any) -> JsonObject:
        """The result of airs_tenant_lint."""
        return self._run(TENANT_LINT_MODULE, options, connection={})

    def export(self, **options: Any) -> JsonObject:
        """The result of airs_tenant_export."""
        return self._run(TENANT_EXPORT_MODULE, options)

    def _run(
        self, spec: ModuleSpec, options: JsonObject, check_mode: bool = False, connection: JsonObject | None = None
    ) -> JsonObject:
        account = {
            "client_id": ACCOUNT.client_id,
            "client_secret": ACCOUNT.client_secret,
            "base_url": self.emulator.base_url,
            "token_base_url": self.emulator.token_url,
        }
        validated, _secrets = spec.validated(
            json.loads(json.dumps({**(account if connection is None else connection), **options}))
        )
        result: JsonObject = run(spec, validated, check_mode=check_mode, diff_mode=False, runtime=Runtime())
        assert disagreements(spec.name, result) == []
        return result


@pytest.fixture
def cli(emulator: Emulator) -> Cli:
    return Cli(emulator)


def below(result: JsonObject) -> dict[str, list[str]]:
    """What each profile does less than the baseline, in words: required -> actual."""
    return {
        profile["name"]: ["{protection}: {required} -> {actual}".format(**row) for row in profile["below"]]
        for profile in result["report"]["baseline"]["below"]
    }


def told(result: JsonObject) -> list[str]:
    """The errors of a configuration that is refused."""
    assert result["failed"], result
    return [": ".join(filter(None, (error["path"], error["message"]))) for error in result["errors"]]


def raw(action: str) -> JsonObject:
    """A policy with one detector."""
    detectors = {"model-protection": [{"name": "prompt-injection", "action": action}]}
    return {"ai-security-profiles": [{"model-type": "default", "model-configuration": detectors}]}


def profiles(*entries: JsonObject, **more: Any) -> JsonObject:
    """A configuration with these profiles."""
    return {"security_profiles": [*entries], **more}


# --- what the tenant has ---------------------------------------------------------------------------------------------


def test_a_baseline_alone_tells_what_the_tenant_does_less(cli: Cli) -> None:
    cli.apply(
        config=profiles({"name": "Weak", "prompt_injection": "alert"}, {"name": "b", "prompt_injection": "block"})
    )
    result = cli.drift(baseline=BLOCKING)
    report = result["report"]
    assert result["msg"].startswith("1 of 2 security profiles is below the baseline.")
    assert report["baseline"] == {
        "defined": True,
        "checked": 2,
        "below": [
            {"name": "Weak", "below": [{"protection": "prompt_injection", "required": "block", "actual": "alert"}]}
        ],
        "exceptions": [],
    }
    assert (report["drifted"], report["drift"], report["errors"]) == (True, [], [])
    # What nobody was asked to name is not unnamed.
    assert not any(report["unnamed"].values())


def test_without_a_baseline_nothing_is_checked(cli: Cli) -> None:
    report = cli.drift(config=profiles())["report"]
    assert report["baseline"] == {"defined": False, "checked": 0, "below": [], "exceptions": []}
    assert not report["drifted"]


def test_an_exception_is_told_with_what_it_accepts_and_whether_it_is_needed(cli: Cli) -> None:
    cli.apply(config=profiles({"name": "a", "prompt_injection": "alert"}, {"name": "b", "prompt_injection": "block"}))
    gap = {"protection": "prompt_injection", "required": "block", "actual": "alert"}
    exceptions = [
        {"name": "a", "reason": "R1", "protections": ["prompt_injection"]},
        {"name": "a", "reason": "R2", "protections": ["topics"]},
        {"name": "b", "reason": "R3"},
        {"name": "gone", "reason": "R4"},
    ]
    result = cli.drift(config=profiles({"name": "b"}, baseline={**BLOCKING, "exceptions": exceptions}))
    made = result["report"]["baseline"]
    assert result["msg"].endswith("0 of 2 security profiles are below the baseline.")
    assert (made["below"], result["report"]["drifted"]) == ([], False)
    assert [(each["reason"], each["protections"], each["needed"], each["below"]) for each in made["exceptions"]] == [
        ("R1", ["prompt_injection"], True, [gap]),
        ("R2", ["topics"], False, []),
        ("R3", [], False, []),
        ("R4", [], False, []),
    ]


def test_topics_are_judged_by_the_names_that_they_have_now(cli: Cli) -> None:
    detector = {
        "name": "topic-guardrails",
        "action": "allow",
        "topic-list": [{"action": "block", "topic": [{"topic_id": "t-1", "topic_name": "old", "revision": 1}]}],
    }
    policy = {"ai-security-profiles": [{"model-configuration": {"model-protection": [detector]}}]}
    named = [{"topic_id": "t-1", "topic_name": "new"}, {"topic_id": "t-2", "topic_name": "old"}]
    topics = [{**topic, "revision": 1, "description": "d", "examples": []} for topic in named]
    rows = [{"profile_name": "bot", "policy": policy}]
    cli.emulator.seed({"tenants": {ACCOUNT.tsg_id: {"custom_topics": topics, "ai_profiles": rows}}})
    new, old = ({"security_profile": {"topics": {"block": [name]}}} for name in ("new", "old"))
    assert below(cli.drift(baseline=new)) == {}
    assert below(cli.drift(baseline=old)) == {"bot": ["topics.old: block -> allow"]}
    assert not cli.apply(config=profiles({"name": "bot"}), baseline=new).get("failed")
    assert cli.apply(config=profiles({"name": "bot"}), baseline=old)["failed"]


def test_all_profiles_of_a_live_tenant_are_judged_by_what_is_current(cli: Cli) -> None:
    cli.emulator.seed(live_tenant())
    least = {
        "prompt_injection": "block",
        "toxic_content": {"high": "block"},
        "urls": {"default": "block", "allow": ["sports"]},
        "latency": {"on_timeout": "block"},
    }
    made = cli.drift(baseline={"security_profile": least})
    assert made["report"]["baseline"]["checked"] == 8
    assert below(made) == {
        "profile-1": [
            "urls.malicious: block -> off",
            *(
                f"urls.{name}: block -> allow"
                for name in (
                    "abused-drugs",
                    "adult",
                    "dynamic-dns",
                    "encrypted-dns",
                    "grayware",
                    "high-risk",
                    "phishing",
                )
            ),
        ],
        "profile-2": ["latency.on_timeout: block -> allow"],
        "profile-5": ["toxic_content.high: block -> off", "latency.on_timeout: block -> allow"],
        "profile-6": [
            "latency.on_timeout: block -> unknown",
            "toxic_content.high: block -> off",
            "urls.default: block -> off",
            "urls.malicious: block -> off",
            "prompt_injection: block -> alert",
        ],
        "profile-7": [
            "toxic_content.high: block -> off",
            "urls.default: block -> off",
            "urls.malicious: block -> off",
        ],
    }


def test_stored_policies_of_every_form_are_judged(cli: Cli) -> None:
    cli.emulator.seed(shaped_tenant())
    result = below(cli.drift(baseline={"security_profile": {"prompt_injection": "block", "source_code": "alert"}}))
    assert "f-srcalert" not in result
    assert result["f-twoai"] == ["source_code: alert -> off"]
    assert result["f-directional"][0] == "directions.response.prompt_injection: block -> off"
    assert len(result["f-empty"]) == 2


def test_names_of_another_tenant_are_translated_in_a_baseline_too(cli: Cli) -> None:
    cli.emulator.seed(live_tenant())
    baseline = {"security_profile": {"data_leak": {"profiles": ["Addresses"], "action": "block"}}}
    assert "profile-1" in below(cli.drift(baseline=baseline))
    mapped = {"dlp_profiles": {"Addresses": "IP Addresses"}}
    assert "profile-1" not in below(cli.drift(baseline=baseline, name_map=mapped))


def test_a_prefix_reaches_topics_and_exceptions_of_a_baseline(cli: Cli) -> None:
    advice = {"name": "advice", "description": "Advice on investments", "examples": ["Which stock is best?"]}
    exceptions = [{"name": "weak", "reason": "R"}]
    topics = ["advice", "of the tenant"]
    baseline = {"security_profile": {"topics": {"block": topics}}, "exceptions": exceptions}
    config = profiles(
        {"name": "a", "topics": {"block": ["advice"]}}, {"name": "weak"}, custom_topics=[advice], baseline=baseline
    )
    assert told(cli.apply(config=config, name_prefix="test-")) == [
        f"security_profiles[0].topics: the baseline requires block for 'of the tenant', but it is allow{WAY_OUT}"
    ]
    topics.pop()
    result = cli.apply(config=config, name_prefix="test-")
    assert [(row["name"], row["protection"], row["exception"]) for row in result["below_baseline"]] == [
        ("test-weak", "topics.test-advice", "R")
    ]


# --- what files would make -------------------------------------------------------------------------------------------


def test_options_that_are_too_weak_are_refused_before_any_call(cli: Cli) -> None:
    cli.emulator.clear_journal()
    config = profiles(
        {"name": "a", "prompt_injection": "alert"},
        {"name": "b", "topics": {"block": []}},
        {"name": "c", "directions": {"prompt": {"source_code": "allow"}}},
        {"name": "d", "policy": raw("alert")},
        {"name": "e", "source_code": "block"},
        {"name": "f", "state": "absent", "prompt_injection": "alert"},
        baseline={
            "security_profile": {"prompt_injection": "block", "source_code": "alert", "topics": {"block": ["advice"]}}
        },
    )
    assert told(cli.apply(config=config)) == [
        f"security_profiles[0].prompt_injection: the baseline requires block, but it is alert{WAY_OUT}",
        f"security_profiles[1].topics: the baseline requires block for 'advice', but it is allow{WAY_OUT}",
        f"security_profiles[2].directions.prompt.source_code: the baseline requires alert, but it is allow{WAY_OUT}",
        f"security_profiles[3].policy: the baseline requires block for 'prompt_injection', but it is alert{WAY_OUT}",
    ]
    assert cli.emulator.journal() == []


def test_files_are_held_against_a_baseline_without_a_tenant(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text(yaml.safe_dump({"baseline": BLOCKING}), encoding="utf-8")
    (tmp_path / "p.yml").write_text("security_profiles:\n- name: a\n  prompt_injection: alert\n", encoding="utf-8")
    cli.emulator.clear_journal()
    result = cli.lint(config_path=str(tmp_path / "p.yml"), baseline_path=str(tmp_path / "b.yml"))
    place = f"{tmp_path}/p.yml:3: security_profiles[0].prompt_injection"
    assert result["msg"].splitlines()[0] == f"{place}: the baseline requires block, but it is alert{WAY_OUT}"
    # Together in a directory, and the baseline alone.
    assert cli.lint(config_path=str(tmp_path))["errors"] == result["errors"]
    assert not cli.lint(config_path=str(tmp_path / "b.yml")).get("failed")
    assert cli.emulator.journal() == []


def test_what_is_wrong_as_such_is_told_once(cli: Cli) -> None:
    config = profiles(
        {"name": "a", "policy": {"ai-security-profiles": "none"}},
        {"name": "b", "prompt_injection": "alert", "topics": {"block": ["t"], "allow": ["t"]}},
        {"name": "c", "prompt_injection": "allow"},
        {"name": "d", "prompt_injection": "blok"},
        baseline=BLOCKING,
    )
    found = [fault.partition(":")[0] for fault in told(cli.apply(config=config))]
    assert found == [
        "security_profiles[0].policy.ai-security-profiles",
        "security_profiles[1].topics",
        "security_profiles[3].prompt_injection",
        "security_profiles[2].prompt_injection",
    ]


def test_what_options_leave_out_is_judged_by_what_the_tenant_has(cli: Cli) -> None:
    cli.apply(
        config=profiles({"name": "weak", "prompt_injection": "alert"}, {"name": "fine", "prompt_injection": "block"})
    )
    cli.emulator.clear_journal()
    config = profiles(
        {"name": "weak", "source_code": "block"},
        {"name": "fine", "source_code": "block"},
        {"name": "new", "source_code": "block"},
        baseline=BLOCKING,
    )
    result = cli.apply(config=config)
    assert told(result) == [
        f"security_profiles[0]: the baseline requires block for 'prompt_injection', but it is alert{WAY_OUT}",
        f"security_profiles[2]: the baseline requires block for 'prompt_injection', but it is off{WAY_OUT}",
    ]
    assert [(row["name"], row["actual"], row["exception"]) for row in result["below_baseline"]] == [
        ("weak", "alert", None),
        ("new", "off", None),
    ]
    assert cli.emulator.writes() == []
    # The report is about the tenant as it is, and no fault of the files keeps it from that.
    assert below(cli.drift(config=config)) == {"weak": ["prompt_injection: block -> alert"]}


def test_files_that_are_too_weak_do_not_keep_a_report_from_comparing(cli: Cli) -> None:
    cli.apply(config=profiles({"name": "a", "prompt_injection": "block"}))
    result = cli.drift(config=profiles({"name": "a", "prompt_injection": "alert"}, baseline=BLOCKING))
    assert (result["report"]["errors"], below(result)) == ([], {})
    assert (len(result["report"]["drift"]), result["report"]["baseline"]["checked"]) == (1, 1)


def test_a_profile_with_an_exception_is_made_and_marked(cli: Cli) -> None:
    exceptions = [{"name": "a", "reason": "In a sandbox", "protections": ["prompt_injection"]}]
    baseline = {"security_profile": {"prompt_injection": "block", "source_code": "alert"}, "exceptions": exceptions}
    weak = {"name": "a", "prompt_injection": "alert", "source_code": "alert"}
    for check_mode in (True, False):
        result = cli.apply(check_mode, config=profiles(weak, baseline=baseline))
        assert result["changed"], result
        told_of = "  security profile 'a': prompt_injection alert instead of block (exception: In a sandbox)"
        assert result["summary"][1:3] == ["Below the baseline:", told_of]
        assert result["below_baseline"] == [
            {
                "name": "a",
                "protection": "prompt_injection",
                "required": "block",
                "actual": "alert",
                "exception": "In a sandbox",
            }
        ]
    # It is for what it names, and for whom.
    assert told(cli.apply(config=profiles({**weak, "source_code": "allow"}, baseline=baseline))) == [
        f"security_profiles[0].source_code: the baseline requires alert, but it is allow{WAY_OUT}"
    ]
    assert len(told(cli.apply(config=profiles({**weak, "name": "A"}, baseline=baseline)))) == 1


def test_a_plan_names_the_exceptions_that_it_makes_use_of(cli: Cli, tmp_path: Path) -> None:
    exceptions = [{"name": "a", "reason": "In a sandbox"}]
    weak = {"name": "a", "prompt_injection": "alert"}
    config = profiles(weak, baseline={**BLOCKING, "exceptions": exceptions})
    planned = cli.apply(check_mode=True, config=config, plan_path=str(tmp_path / "plan.json"), tsg_id=ACCOUNT.tsg_id)
    assert not planned.get("failed"), planned
    made = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert [row["below_baseline"][0]["exception"] for row in made["changes"]] == ["In a sandbox"]
    told = "prompt_injection alert instead of block (exception: In a sandbox)"
    assert told in (tmp_path / "plan.txt").read_text(encoding="utf-8")
    # A baseline that has become stricter since keeps an approved plan from being applied.
    applying: dict[str, Any] = {"plan_path": str(tmp_path / "plan.json"), "tsg_id": ACCOUNT.tsg_id}
    assert cli.apply(config=profiles(weak, baseline=BLOCKING), **applying)["failed"]
    assert cli.emulator.writes() == []
    assert cli.apply(config=config, **applying)["changed"]


def test_exceptions_that_nobody_needs_are_noted(cli: Cli) -> None:
    exceptions = [
        {"name": name, "reason": "R"} for name in ("strict", "leaving", "elsewhere", "no\x1bbody", "weak", "week")
    ]
    cli.apply(config=profiles(*({"name": name, "prompt_injection": "alert"} for name in ("elsewhere", "leaving"))))
    config = profiles(
        {"name": "strict", "prompt_injection": "block"},
        {"name": "weak", "prompt_injection": "alert"},
        {"name": "leaving", "state": "absent"},
        baseline={**BLOCKING, "exceptions": exceptions},
    )
    assert cli.apply(config=config)["warnings"] == [
        "Remove exceptions from the baseline that are no longer needed: security profile 'strict'.",
        "Exceptions from the baseline are for profiles that do not exist: security profiles 'no\\x1bbody', 'week'.",
    ]
    # Of what has an error nobody knows.
    broken = {"name": "week", "topics": {"block": ["nowhere"]}}
    result = cli.apply(config={**config, "security_profiles": [*config["security_profiles"], broken]})
    assert result["failed"]
    assert result["warnings"][-1].endswith("security profiles 'leaving', 'no\\x1bbody'.")


# --- where a baseline stands -----------------------------------------------------------------------------------------


def test_a_baseline_may_be_a_file_of_its_own_or_one_of_the_configuration(cli: Cli, tmp_path: Path) -> None:
    cli.apply(config=profiles({"name": "a", "prompt_injection": "alert"}))
    (tmp_path / "tenant").mkdir()
    alone, inside = tmp_path / "baseline.yml", tmp_path / "tenant" / "baseline.yml"
    for file in (alone, inside):
        file.write_text(yaml.safe_dump({"baseline": BLOCKING}), encoding="utf-8")
    (tmp_path / "tenant" / "a.yml").write_text(yaml.safe_dump(profiles({"name": "a"})), encoding="utf-8")
    for options in (
        {"config_path": str(alone)},
        {"baseline_path": str(alone)},
        {"config_path": str(tmp_path / "tenant")},
        {"config": profiles(), "baseline_path": str(alone)},
        {"config": profiles(), "baseline": BLOCKING},
        {"config": {"baseline": BLOCKING}},
    ):
        assert below(cli.drift(**options)) == {"a": ["prompt_injection: block -> alert"]}, options
    result = cli.apply(config_path=str(tmp_path / "tenant"), baseline_path=str(alone))
    assert told(result) == [f"baseline: only one baseline is allowed, and one is defined at {inside}:1: baseline"]
    assert result["errors"][0]["file"] == str(alone)


FAULTY: list[tuple[Any, list[str]]] = [
    (None, ["baseline: has no value: specify the required protections, or remove the line"]),
    ([], ["baseline: must be a dictionary with security_profile and, optionally, exceptions"]),
    ({}, ["baseline: security_profile is required"]),
    ([7], ["baseline: must be a dictionary with security_profile and, optionally, exceptions"]),
    (
        {"security_profile": []},
        ["baseline.security_profile: must be a dictionary with options of airs_security_profile"],
    ),
    (
        {"security_profile": {}},
        ["baseline.security_profile: does not require anything: specify at least one protection"],
    ),
    (
        {"security_profile": {"severities": {"topics": "low"}, "prompt_injection": "block"}},
        ["baseline.security_profile.severities: cannot be required because its values cannot be ordered"],
    ),
    (
        {**BLOCKING, "exceptions": [{"name": "a"}, {"name": "b", "reason": " "}, 7]},
        [
            "baseline.exceptions[0]: reason is required",
            "baseline.exceptions[1].reason: is empty: specify why the profile is allowed to be below the baseline",
            "baseline.exceptions[2]: must be a dictionary with name, reason, and, optionally, protections",
        ],
    ),
    (
        {**BLOCKING, "exceptions": [{"name": "a", "reason": "R", "protections": []}]},
        [
            (
                "baseline.exceptions[0].protections: is empty: specify protections, or remove the option to "
                "except all of them"
            )
        ],
    ),
    ({**BLOCKING, "exceptions": {}}, ["baseline.exceptions: must be a list of dictionaries with name, reason, and"]),
    (
        {"security_profile": {"prompt_injection": "blok"}},
        ["baseline.security_profile.prompt_injection: must be one of"],
    ),
    (
        {"security_profile": {"promt_injection": "block"}},
        ["baseline.security_profile.promt_injection: is not a supported option"],
    ),
    (
        {"security_profile": {"latency": {"max_seconds": 3}}},
        ["baseline.security_profile.latency.max_seconds: is no"],
    ),
    (
        {**BLOCKING, "exceptions": [{"name": 7, "reason": "R"}]},
        ["baseline.exceptions[0].name: must be a string, but is a"],
    ),
    (
        {"security_profile": {"topics": {"block": ["\ud83d"]}}},
        ["baseline.security_profile.topics.block[0]: contains an incomplete character"],
    ),
    ({**BLOCKING, "exeptions": []}, ["baseline.exeptions: is not a supported option; did you mean"]),
    (
        {**BLOCKING, "exceptions": [{"name": "a", "reason": "R", "protections": ["x"]}]},
        ["baseline.exceptions[0].protections[0]: must"],
    ),
]


@pytest.mark.parametrize(("baseline", "faults"), FAULTY)
def test_a_baseline_that_cannot_be_right_is_refused_with_its_place(
    cli: Cli, tmp_path: Path, baseline: Any, faults: list[str]
) -> None:
    (tmp_path / "b.json").write_text(json.dumps({"baseline": baseline}), encoding="utf-8")
    found = told(cli.apply(config_path=str(tmp_path / "b.json")))
    assert len(found) == len(faults)
    for one, start in zip(found, faults, strict=True):
        assert one.startswith(start)
    report = cli.drift(baseline_path=str(tmp_path / "b.json"))["report"]
    assert (report["drifted"], report["baseline"]["defined"], len(report["errors"])) == (True, False, len(faults))


@pytest.mark.parametrize("content", ["", "[]", "custom_topics: []", "baseline: {}\nsecurity_profiles: []", "{", "null"])
def test_a_file_for_the_baseline_has_a_baseline(cli: Cli, tmp_path: Path, content: str) -> None:
    (tmp_path / "b.yml").write_text(content, encoding="utf-8")
    (fault,) = cli.apply(config=profiles(), baseline_path=str(tmp_path / "b.yml"))["errors"]
    assert fault["file"] == str(tmp_path / "b.yml")
    assert "baseline" in fault["message"] or "YAML" in fault["message"]


def test_a_file_for_the_baseline_that_is_not_there_is_an_error(cli: Cli, tmp_path: Path) -> None:
    result = cli.drift(baseline_path=str(tmp_path / "none.yml"))
    assert "no such file" in result["report"]["errors"][0]["message"]
    assert result["report"]["drifted"]


def test_an_export_leaves_the_baseline_beside_it_alone(cli: Cli, tmp_path: Path) -> None:
    cli.apply(config=profiles({"name": "a", "prompt_injection": "block"}))
    file = tmp_path / "baseline.yml"
    file.write_text(yaml.safe_dump({"baseline": BLOCKING}), encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    cli.export(path=str(tmp_path))
    assert file.read_text(encoding="utf-8") == before
    result = cli.apply(config_path=str(tmp_path))
    assert (result["changed"], result["below_baseline"]) == (False, [])
