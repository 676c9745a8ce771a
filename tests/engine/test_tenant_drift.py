# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""C(airs_tenant_drift_info): a tenant held against a configuration, and what is read for that."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support import hostile
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Account, Emulator, JsonObject
from support.playbook import secrets_in
from support.returns import disagreements

from ansible_collections.panw.airs.plugins.module_utils._engine.module import ModuleSpec
from ansible_collections.panw.airs.plugins.module_utils._engine.run import run
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.module_utils._tenant.drift import TENANT_DRIFT_INFO_MODULE
from ansible_collections.panw.airs.plugins.module_utils._tenant.tenant import TENANT_MODULE

ADVICE: JsonObject = {"name": "advice", "description": "Advice on investments", "examples": ["Which stock is best?"]}
BOT: JsonObject = {"name": "bot", "prompt_injection": "block", "topics": {"block": ["advice"]}}
KEY: JsonObject = {
    "name": "bot",
    "deployment_profile": "dp-production",
    "customer_app": "bot",
    "environment": "prod",
    "cloud_provider": "aws",
    "rotation_time_interval": 90,
    "rotation_time_unit": "days",
}
CONFIG: JsonObject = {"custom_topics": [ADVICE], "security_profiles": [BOT], "api_keys": [KEY]}


#: Of what an option holds.
NOWHERE: JsonObject = {"file": None, "line": None}


class Cli:
    """A user of the two modules. What they return is held against their documentation, and searched for secrets."""

    def __init__(self, emulator: Emulator, secrets: Path) -> None:
        self.emulator = emulator
        self.secrets = secrets

    def apply(self, config: JsonObject) -> None:
        """Make the tenant as a configuration says."""
        assert not self._run(TENANT_MODULE, {"config": config, "secret_dir": str(self.secrets)}).get("failed")
        self.emulator.clear_journal()

    def result(self, account: Account = ACCOUNT, **options: Any) -> JsonObject:
        """The result of a comparison, which sends no write."""
        given = options if "config_path" in options else {"config": CONFIG, **options}
        result = self._run(TENANT_DRIFT_INFO_MODULE, given, account)
        assert (self.emulator.writes(), result.get("changed", False)) == ([], False)
        return result

    def report(self, **options: Any) -> JsonObject:
        """The report of a comparison that succeeds."""
        result = self.result(**options)
        assert not result.get("failed"), result["msg"]
        report: JsonObject = result["report"]
        return report

    def lists(self) -> Counter[str]:
        """How often each list was asked for."""
        told = [(entry["path"].rpartition("/")[2], entry["query"]) for entry in self.emulator.journal("management")]
        return Counter(f"{path} latest={query['latest']}" if "latest" in query else path for path, query in told)

    def _run(self, spec: ModuleSpec, options: JsonObject, account: Account = ACCOUNT) -> JsonObject:
        connection = {
            "client_id": account.client_id,
            "client_secret": account.client_secret,
            "base_url": self.emulator.base_url,
            "token_base_url": self.emulator.token_url,
        }
        validated, _secrets = spec.validated(json.loads(json.dumps({**connection, **options})))
        result: JsonObject = run(spec, validated, check_mode=False, diff_mode=False, runtime=Runtime())
        assert secrets_in(json.dumps(result)) == []
        assert disagreements(spec.name, result) == []
        return result


@pytest.fixture
def cli(emulator: Emulator, tmp_path: Path) -> Cli:
    return Cli(emulator, tmp_path)


def test_a_tenant_that_is_as_agreed_has_no_drift(cli: Cli) -> None:
    cli.apply(CONFIG)
    result = cli.result()
    report = result["report"]
    assert result["msg"] == "The tenant matches the configuration."
    assert (report["tsg_id"], report["drift"], report["errors"]) == (ACCOUNT.tsg_id, [], [])
    assert report["unnamed"]["custom_topics"] == ["Sports", "Weather"]
    # The service made the application with the key, so nobody has to name it.
    assert report["unnamed"]["customer_apps"] == []
    assert [(entry["name"], entry["profile"], entry["protected"]) for entry in report["applications"]] == [
        ("bot", "bot", True)
    ]
    assert [(entry["name"], entry["status"]) for entry in report["api_keys"]] == [("bot", "later")]


def test_each_list_is_read_once(cli: Cli) -> None:
    cli.apply(CONFIG)
    cli.report(config={**CONFIG, "api_keys": [KEY, {**KEY, "name": "new"}]})
    once = ["apikeys", "customerapps", "deploymentprofiles", "profiles latest=false", "profiles latest=true", "topics"]
    assert cli.lists() == dict.fromkeys(once, 1)
    assert len(cli.emulator.journal("token")) == 1


def test_what_somebody_changed_by_hand_is_told(cli: Cli) -> None:
    cli.apply(CONFIG)
    cli.apply(
        {
            "custom_topics": [{"name": "advice", "description": "Changed by hand"}],
            "security_profiles": [{"name": "bot", "prompt_injection": "alert", "urls": {"default": "block"}}],
        }
    )
    result = cli.result(config={**CONFIG, "security_profiles": [BOT, {"name": "new", "malicious_code": "block"}]})
    report = result["report"]
    found = {(entry["kind"], entry["name"]): entry for entry in report["drift"]}
    assert result["msg"] == (
        "The tenant differs from the configuration: 3 of 4 objects drifted, 2 of them protect less."
    )
    assert [(entry["name"], entry["impact"]) for entry in report["drift"]] == [
        ("bot", "weaker"),
        ("new", "weaker"),
        ("advice", "other"),
    ]
    # A profile that is missing protects from nothing.
    assert found["security_profile", "new"]["weakened"] == [
        {"protection": "malicious_code", "before": "block", "after": "off"}
    ]
    assert {name: entry["status"] for name, entry in found.items()} == {
        ("custom_topic", "advice"): "differs",
        ("security_profile", "bot"): "differs",
        ("security_profile", "new"): "missing",
    }
    assert found["custom_topic", "advice"]["changes"] == [
        {"field": "description", "part": None, "before": "Changed by hand", "after": "Advice on investments"}
    ]
    assert {"field": "prompt_injection", "part": None, "before": "alert", "after": "block"} in found[
        "security_profile", "bot"
    ]["changes"]


def test_what_the_tenant_protects_more_is_told_apart(cli: Cli) -> None:
    cli.apply(CONFIG)
    cli.apply({"security_profiles": [{"name": "bot", "malicious_code": "block"}]})
    strict = {**BOT, "malicious_code": "disabled"}
    (entry,) = cli.report(config={**CONFIG, "security_profiles": [strict]})["drift"]
    assert (entry["impact"], entry["weakened"]) == ("stricter", [])
    assert entry["strengthened"] == [{"protection": "malicious_code", "before": "off", "after": "block"}]


def test_profiles_that_follow_a_topic_are_one_line(cli: Cli) -> None:
    profiles = [{**BOT, "name": f"bot-{number}"} for number in range(3)]
    cli.apply({**CONFIG, "security_profiles": profiles})
    wanted = {"custom_topics": [{**ADVICE, "description": "Another"}], "security_profiles": profiles}
    pinned = {"topic": "advice", "revision": 2, "profiles": ["bot-0", "bot-1", "bot-2"], **NOWHERE}
    report = cli.report(config=wanted)
    assert [entry["name"] for entry in report["drift"]] == ["advice"]
    assert report["repins"] == [{**pinned, "topic_drifted": True}]
    # Somebody has changed the topic, and the configuration after that.
    cli.apply({"custom_topics": wanted["custom_topics"]})
    report = cli.report(config=wanted)
    assert (report["drift"], report["repins"]) == ([], [{**pinned, "topic_drifted": False}])
    assert report["drifted"]
    cli.apply(wanted)
    assert cli.report(config=wanted)["repins"] == []


def test_what_drifted_is_told_with_file_and_line(cli: Cli, tmp_path: Path) -> None:
    cli.apply(CONFIG)
    folder = tmp_path / "tenant"
    (folder / "profiles").mkdir(parents=True)
    topics, bot = folder / "topics.yml", folder / "profiles" / "bot.yml"
    topics.write_text("# all topics\ncustom_topics:\n  - name: advice\n    description: Another\n", encoding="utf-8")
    bot.write_text(
        "security_profiles:\n  - {name: new, urls: {default: block}}\n\n  - name: bot\n    topics: {block: [advice]}\n",
        encoding="utf-8",
    )
    report = cli.report(config_path=str(folder))
    assert {entry["name"]: (entry["file"], entry["line"]) for entry in report["drift"]} == {
        "new": (str(bot), 2),
        "advice": (str(topics), 3),
    }
    assert [(entry["topic"], entry["file"], entry["line"]) for entry in report["repins"]] == [
        ("advice", str(topics), 3)
    ]
    purged = cli.report(config_path=str(folder), state="overridden", purge=["custom_topics"], tsg_id=ACCOUNT.tsg_id)
    assert [entry for entry in purged["drift"] if entry["status"] == "unwanted" and entry["file"]] == []


def test_a_group_that_is_off_on_the_tenant_is_one_row(cli: Cli) -> None:
    groups = {
        "toxic_content": {"high": "block", "moderate": "allow"},
        "urls": {"default": "block", "block": ["phishing"]},
        "data_leak": {"profiles": ["PII"], "action": "block"},
        "database_security": {"create": "block", "delete": "block"},
    }
    wanted = {"security_profiles": [{"name": "bot", "prompt_injection": "block", **groups}]}
    cli.apply(wanted)
    cli.apply({"security_profiles": [{"name": "bot", **{name: {} for name in groups}}]})
    (entry,) = cli.report(config=wanted)["drift"]
    rows = {row["field"]: row for row in entry["changes"]}
    assert len(rows) == len(entry["changes"])
    assert [(rows[name]["part"], rows[name]["before"]) for name in groups] == [(None, None)] * 4
    assert rows["urls"]["after"] == {"default": "block", "default_categories": ["malicious"], "block": ["phishing"]}


@pytest.mark.parametrize("config", [{}, {"custom_topics": []}, {"custom_topics": [], "security_profiles": []}])
def test_an_empty_configuration_agrees_with_nothing(cli: Cli, config: JsonObject) -> None:
    cli.apply(CONFIG)
    result = cli.result(config=config)
    report = result["report"]
    assert result["msg"] == "Nothing was compared: the configuration has no objects."
    assert (report["outcome"], report["drifted"], report["states"]["drift"]) == ("nothing_compared", False, "neutral")
    assert report["not_compared"] == ["custom_topics", "security_profiles", "api_keys", "customer_apps"]


def test_what_a_purge_would_delete_is_drift_even_when_it_is_too_much(cli: Cli) -> None:
    cli.apply(CONFIG)
    purge = {"state": "overridden", "purge": ["custom_topics"], "max_deletions": 1, "tsg_id": ACCOUNT.tsg_id}
    report = cli.report(**purge)
    assert {(entry["name"], entry["status"]) for entry in report["drift"]} == {
        ("Sports", "unwanted"),
        ("Weather", "unwanted"),
    }
    assert report["unnamed"]["custom_topics"] == []
    report = cli.report(**purge, protect=["Sp?rts", "W*"])
    assert (report["drifted"], report["unnamed"]["custom_topics"]) == (False, [])


def test_a_key_with_other_properties_is_told_and_the_rest_is_there(cli: Cli) -> None:
    cli.apply(CONFIG)
    report = cli.report(config={**CONFIG, "api_keys": [{**KEY, "environment": "dev"}]})
    (entry,) = report["drift"]
    assert (entry["kind"], entry["status"], entry["changes"]) == ("api_key", "conflict", [])
    assert "already exists with different properties" in entry["error"]
    assert (report["errors"], report["summary"]["objects"]) == ([], 3)
    assert [entry["name"] for entry in report["applications"]] == ["bot"]
    assert report["profiles"][0]["protections"]["prompt_injection"]["action"] == "block"


@pytest.mark.parametrize("as_files", [False, True])
def test_a_configuration_with_errors_is_told_and_the_rest_is_there(cli: Cli, tmp_path: Path, as_files: bool) -> None:
    cli.apply(CONFIG)
    wrong = {"security_profiles": [{"name": "bot", "prompt_injection": "stop"}]}
    path = tmp_path / "config.json"
    path.write_text(json.dumps(wrong), encoding="utf-8")
    result = cli.result(**({"config_path": str(path)} if as_files else {"config": wrong}))
    report = result["report"]
    assert result["msg"] == "The configuration has 1 error, so nothing was compared."
    (error,) = report["errors"]
    assert error["path"] == "security_profiles[0].prompt_injection"
    assert (Path(error["file"]).name == "config.json" and error["line"] == 1) if as_files else not error["file"]
    assert error["message"].startswith("must be one of")
    assert (report["drifted"], report["drift"], report["configuration"]) == (True, [], str(path) if as_files else None)
    assert [entry["name"] for entry in report["profiles"]] == ["bot"]
    assert report["summary"]["unnamed"] == 0


def test_a_file_that_cannot_be_read_is_an_error_in_the_report(cli: Cli, tmp_path: Path) -> None:
    report = cli.report(config_path=str(tmp_path / "missing.yml"))
    assert [error["file"] for error in report["errors"]] == [str(tmp_path / "missing.yml")]
    assert report["errors"][0]["message"] == "no such file or directory: correct the path"


def test_a_new_revision_of_a_topic_makes_pins_stale(cli: Cli) -> None:
    cli.apply(CONFIG)
    cli.apply({"security_profiles": [{"name": "bot", "malicious_code": "block"}]})
    cli.apply({"custom_topics": [{**ADVICE, "description": "Another"}]})
    report = cli.report(keys_soon=90)
    assert report["custom_topics"][0] == {
        "name": "advice",
        "anchor": "custom_topics-advice",
        "revision": 2,
        "pins": [{"profile": "bot", "action": "block", "revision": 1, "stale": True}],
        "stale_pins": 1,
        "old_pins": 1,
    }
    assert [(entry["name"], entry["status"]) for entry in report["api_keys"]] == [("bot", "soon")]


def test_no_secret_is_in_the_report(cli: Cli) -> None:
    cli.apply(CONFIG)
    last8 = (cli.secrets / "bot.key").read_text(encoding="utf-8")[-8:]
    # All of the result is searched for whole secrets anyway.
    assert last8 not in json.dumps(cli.result(config={**CONFIG, "api_keys": [{**KEY, "regenerate": "always"}]}))


def test_names_that_look_like_templates_come_through_as_they_are(cli: Cli) -> None:
    cli.apply({"custom_topics": [{**ADVICE, "name": name} for name in hostile.NAMES]})
    report = cli.report(config={"custom_topics": [ADVICE]})
    assert {*hostile.NAMES} <= {*report["unnamed"]["custom_topics"]}


def test_another_tenant_is_not_reported(cli: Cli) -> None:
    cli.apply(CONFIG)
    purge = {"state": "overridden", "purge": ["custom_topics"], "tsg_id": "1000000002"}
    result = cli.result(account=ACCOUNT, **purge)
    assert result["failed"]
    assert "report" not in result


def test_credentials_that_are_refused_make_no_report(cli: Cli) -> None:
    wrong = Account(OTHER_ACCOUNT.tsg_id, ACCOUNT.client_id, "wrong")
    result = cli.result(account=wrong)
    assert result["failed"]
    assert ACCOUNT.client_id in result["msg"]
    assert "report" not in result
