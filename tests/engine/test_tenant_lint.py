# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A config that is wrong: all that is wrong is said at once, each with its path, and nothing was changed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.emulator import Emulator, JsonObject
from support.playbook import Controller
from support.tasks import API_KEY, TOPIC
from support.whole_tenant import (
    ADVICE,
    KINDS,
    LAB_BOT,
    PRICES,
    SUPPORT_KEY,
    actions,
    airs_tenant,
    seed,
    seeded_key,
    seeded_topic,
    written,
)

#: Where an error is, and words that it says there.
Expected = tuple[str, str]


def errors_of(controller: Controller, **options: Any) -> list[str]:
    """Run the task, which is refused, and return its errors as C(file:line: path: message).

    The message of the task has them all, one per line.
    """
    run = controller.play(airs_tenant("tenant", **options), succeeds=False)
    assert "Traceback" not in run.output
    result = run["tenant"]
    assert result["errors"]
    lines = result["msg"].splitlines()
    assert lines[1:] == [line_of(error) for error in result["errors"]]
    assert result.get("changed", False) is False
    return [line.removeprefix(f"{controller.folder}/tenant/") for line in lines[1:]]


def line_of(error: JsonObject) -> str:
    """An error as editors and CI systems find the place of it."""
    place = ":".join(str(error[key]) for key in ("file", "line") if error[key])
    return ": ".join(part for part in (place, error["path"], error["message"]) if part)


def assert_exactly(errors: list[str], *expected: Expected) -> None:
    """Each of the expected errors is there, kind by kind and in this order, and no other."""

    def kind_of(error: str) -> int:
        plural = re.sub(r"^/.*?:\d+: ", "", error)
        return next((number for number, kind in enumerate(KINDS) if plural.startswith(kind)), -1)

    errors = sorted(errors, key=kind_of)
    unlike = [
        (error, wanted)
        for error, wanted in zip(errors, expected, strict=False)
        if not error.startswith(wanted[0]) or wanted[1] not in error
    ]
    assert (len(errors), unlike) == (len(expected), []), "\n".join(errors)


# --- without a request -----------------------------------------------------------------------------------------------


def test_all_that_is_wrong_without_asking_the_service_is_said_at_once_without_a_request(
    controller: Controller, emulator: Emulator
) -> None:
    config: JsonObject = {
        "custom_topics": [
            {"name": "good", **TOPIC},
            {"name": "painted", **TOPIC, "colour": "red"},
            {"name": "n" * 101, **TOPIC},
            {"description": "Nameless"},
            {"name": "long", "description": "d" * 251, "examples": ["e", "e" * 251]},
            {"name": "typed", "description": "d", "examples": {"a": 1}},
            {"name": "good", "description": "Another"},
            {"name": "connected", **TOPIC, "client_id": "somebody"},
            {"name": "bytes", "description": "ä" * 250, "examples": ["é" * 250, "e"]},
        ],
        "security_profiles": [
            LAB_BOT,
            {"name": "choices", "prompt_injection": "explode"},
            {"name": "both", "topics": {"allow": ["Weather", "good"], "block": ["good"]}},
            {"name": "deep", "urls": {"allow": ["sports"], "deny": ["news"]}},
            {"name": "deeper", "data_leak": {"profiles": ["PII"], "action": "explode"}},
            {"name": "soon", "latency": {"max_seconds": 0}},
        ],
        "api_keys": [
            {**SUPPORT_KEY, "name": "n" * 32},
            {**SUPPORT_KEY, "name": "typed", "rotation_time_interval": "soon"},
            {**SUPPORT_KEY, "name": "zero", "rotation_time_interval": 0},
            {**SUPPORT_KEY, "name": "state", "state": "gone"},
        ],
        "customer_apps": [{"name": "bot", "model_name": "m"}, {"name": "bot", "model_name": "n"}],
    }
    errors = errors_of(controller, config=config)
    # Two errors of one entry come one after the other.
    assert_exactly(
        errors,
        ("custom_topics[1]", "colour"),
        ("custom_topics[2]", "at most 100 characters, but has 101"),
        ("custom_topics[3]", "name"),
        ("custom_topics[4]", "at most 250 characters, but has 251"),
        ("custom_topics[4]", "at most 250 characters, but has 251"),
        ("custom_topics[5]", "examples"),
        ("custom_topics[6]", "custom_topics[0]"),
        ("custom_topics[7]", "client_id"),
        ("custom_topics[8]", "at most 1000"),
        ("security_profiles[1]", "prompt_injection"),
        ("security_profiles[2]", "'good' in both"),
        ("security_profiles[3]", "deny"),
        ("security_profiles[4]", "data_leak"),
        ("security_profiles[5]", "max_seconds: must be at least 1, but is 0"),
        ("api_keys[0]", "at most 31 characters, but has 32"),
        ("api_keys[1]", "rotation_time_interval"),
        ("api_keys[2]", "rotation_time_interval: must be at least 1, but is 0"),
        ("api_keys[3]", "state"),
        ("customer_apps[1]", "customer_apps[0]"),
    )
    assert emulator.journal() == []


def test_both_ways_to_name_a_deployment_profile_are_one_too_many(controller: Controller, emulator: Emulator) -> None:
    config = {"api_keys": [{**SUPPORT_KEY, "auth_code": "{{ 'D000000' ~ 1 }}"}]}
    (error,) = errors_of(controller, config=config)
    assert error.startswith("api_keys[0]")
    assert "auth_code" in error
    assert "deployment_profile" in error
    assert emulator.journal() == []


def test_a_name_and_its_alias_are_the_same_name(controller: Controller, emulator: Emulator) -> None:
    config = {"custom_topics": [ADVICE, PRICES, {"topic_name": "advice", "state": "absent"}]}
    (error,) = errors_of(controller, config=config)
    assert error.startswith("custom_topics[2]")
    assert "'advice'" in error
    assert emulator.journal() == []


def test_what_is_no_list_of_a_known_kind_is_refused(controller: Controller, emulator: Emulator) -> None:
    config: JsonObject = {
        "custom_topic": [ADVICE],
        "custom_topics": [PRICES, "a text", None],
        "security_profiles": LAB_BOT,
        "api_keys": "a text",
    }
    file = controller.folder / "config.yml"
    file.write_text(json.dumps(config))
    errors = errors_of(controller, config_path=str(file))
    assert_exactly(
        errors,
        (f"{file}:1: custom_topic", "custom_topics"),
        (f"{file}:1: custom_topics[1]", "dictionary"),
        (f"{file}:1: custom_topics[2]", "dictionary"),
        (f"{file}:1: security_profiles", "list"),
        (f"{file}:1: api_keys", "list"),
    )
    # Of what stands in a task, Ansible says so itself.
    run = controller.play(airs_tenant("tenant", config={"custom_topic": [ADVICE]}), succeeds=False)
    assert "custom_topic" in run.failure
    assert "custom_topics" in run.failure
    assert emulator.writes() == []


REFUSED: dict[str, tuple[JsonObject, str]] = {
    "neither": ({}, "config_path"),
    "both": ({"config": {}, "config_path": "/nowhere"}, "config_path"),
    "unknown option": ({"config": {}, "colour": "red"}, "colour"),
    "unknown state": ({"config": {}, "state": "present"}, "overridden"),
    "unknown kind to purge": ({"config": {}, "state": "overridden", "purge": ["topics"]}, "custom_topics"),
    "no connections": ({"config": {"custom_topics": [ADVICE]}, "concurrency": 0}, "concurrency"),
    "unknown map": ({"config": {}, "name_map": {"topics": {"a": "b"}}}, "name_map"),
}


def test_options_of_the_task_itself_are_checked_before_any_request(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        *[airs_tenant(name, {"ignore_errors": True}, **options) for name, (options, _words) in REFUSED.items()]
    )
    said = {name: (run.kinds(name), str(run[name].get("msg"))) for name in REFUSED}
    wrong = {name: said[name] for name, (_options, words) in REFUSED.items() if words not in said[name][1]}
    assert wrong == {}
    assert {name: kinds for name, (kinds, _message) in said.items() if kinds != ["ignored"]} == {}
    assert "Traceback" not in run.output
    assert emulator.journal() == []


# --- names that nobody knows -----------------------------------------------------------------------------------------


def test_all_references_that_lead_nowhere_are_said_at_once_before_any_write(
    controller: Controller, emulator: Emulator
) -> None:
    seed(emulator, custom_topics=[seeded_topic("gone"), seeded_topic("theirs")])
    blocking = {"topics": {"block": ["kept", "wether"]}}
    config: JsonObject = {
        "custom_topics": [
            {"name": "kept", **TOPIC},
            {"name": "gone", "state": "absent"},
            {"name": "not described"},
        ],
        "security_profiles": [
            {"name": "fine", "topics": {"block": ["kept", "Weather"], "allow": ["theirs"]}},
            {"name": "typo", **blocking},
            {"name": "own typo", "topics": {"allow": ["kep"]}},
            {"name": "of a deleted one", "topics": {"allow": ["theirs"], "block": ["gone"]}},
            {"name": "leaks", "data_leak": {"profiles": ["PII", "Secret and Credentials"]}},
            {"name": "directions", "directions": {"response": blocking}},
            # What is removed refers to nothing.
            {"name": "removed", "topics": {"block": ["nobody knows"]}, "state": "absent"},
        ],
        "api_keys": [
            {**SUPPORT_KEY, "deployment_profile": "dp-prod"},
            {"name": "half", "deployment_profile": "dp-production", "customer_app": "bot"},
        ],
        "customer_apps": [{"name": "support-bot", "model_name": "m"}, {"name": "suport-bot", "model_name": "m"}],
    }
    errors = errors_of(controller, config=config)
    assert_exactly(
        errors,
        ("custom_topics[2]", "description"),
        ("security_profiles[1].topics.block[1]", "id you mean 'Weather'"),
        ("security_profiles[2].topics.allow[0]", "id you mean 'kept'"),
        ("security_profiles[3].topics.block[0]", "'gone'"),
        ("security_profiles[4].data_leak.profiles[1]", "id you mean 'Secrets and Credentials'"),
        ("security_profiles[5].directions.response.topics.block[1]", "id you mean 'Weather'"),
        ("api_keys[0].deployment_profile", "id you mean 'dp-production'"),
        ("api_keys[1]", "environment"),
        ("customer_apps[1]", "id you mean 'support-bot'"),
    )
    assert emulator.writes() == []


def test_a_topic_of_the_config_or_of_the_tenant_is_known(controller: Controller, emulator: Emulator) -> None:
    seed(emulator, custom_topics=[seeded_topic("theirs")])
    config = {
        "security_profiles": [{"name": "bot", "topics": {"block": ["theirs", "ours"], "allow": ["Weather"]}}],
        "custom_topics": [{"name": "ours", **TOPIC}],
    }
    result = controller.play(airs_tenant("tenant", config=config))["tenant"]
    assert actions(result) == [("ours", "create"), ("bot", "create")]


def test_check_mode_finds_the_same_errors(controller: Controller, emulator: Emulator) -> None:
    config = {"security_profiles": [{"name": "bot", "topics": {"block": ["advise"]}}], "custom_topics": [ADVICE]}
    for keywords in ({"check_mode": True}, {}):
        run = controller.play(airs_tenant("tenant", keywords, config=config), succeeds=False)
        (error,) = run["tenant"]["errors"]
        assert error["path"] == "security_profiles[0].topics.block[0]"
        assert "id you mean 'advice'" in error["message"]
    assert emulator.writes() == []


def test_a_key_whose_removal_would_take_a_kept_key_along_is_refused(controller: Controller, emulator: Emulator) -> None:
    seed(emulator, api_keys=[seeded_key("kept", "shared"), seeded_key("old", "shared"), seeded_key("other", "other")])
    absent = {"name": "old", "state": "absent"}
    run = controller.play(airs_tenant("tenant", config={"api_keys": [absent]}), succeeds=False)
    for word in ("old", "shared", "kept"):
        assert word in run.failure
    assert emulator.writes() == []
    # Where all keys of the application go, nothing is lost.
    both = {"api_keys": [absent, {"name": "kept", "state": "absent"}]}
    controller.play(airs_tenant("tenant", config=both))
    assert sorted(written(emulator)) == ["DELETE apikey/delete/kept", "DELETE apikey/delete/old"]


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(controller: Controller) -> Path:
    """A folder for a config."""
    path = controller.folder / "tenant"
    path.mkdir(parents=True)
    return path


def test_errors_name_the_file_and_the_place_in_it(controller: Controller, emulator: Emulator, folder: Path) -> None:
    (folder / "topics").mkdir()
    good = {"custom_topics": [ADVICE]}
    finance = {"custom_topics": [{"name": "fine", **TOPIC}, {"name": "n" * 101, **TOPIC}], "colours": []}
    (folder / "a.json").write_text(json.dumps(good))
    (folder / "topics" / "finance.yml").write_text(json.dumps(finance, indent=2))
    (folder / "z.yml").write_text(json.dumps({"security_profiles": [{"name": "bot", "urls": {"deny": []}}]}))
    errors = errors_of(controller, config_path=str(folder))
    assert len(errors) == 3
    assert any(error.startswith("topics/finance.yml:11: custom_topics[1].name") and "101" in error for error in errors)
    assert any(error.startswith("topics/finance.yml:18: ") and "colours" in error for error in errors)
    assert any(error.startswith("z.yml:1: security_profiles[0].urls.deny") and "deny" in error for error in errors)
    assert emulator.writes() == []

    (folder / "topics" / "finance.yml").unlink()
    (folder / "z.yml").write_text(json.dumps({"security_profiles": [{"name": "bot", "topics": {"allow": ["advise"]}}]}))
    (error,) = errors_of(controller, config_path=str(folder))
    assert error.startswith("z.yml:1: security_profiles[0].topics.allow[0]")
    assert "id you mean 'advice'" in error
    assert emulator.writes() == []


@pytest.mark.parametrize("service", ["refuses the credentials", "is not there"])
def test_errors_of_files_come_before_those_of_a_service_that_is_asked_meanwhile(
    controller: Controller, emulator: Emulator, service: str
) -> None:
    (controller.folder / "config.yml").write_text(json.dumps({"custom_topics": [{**ADVICE, "colour": "red"}]}))
    options: JsonObject = {"config_path": f"{controller.folder}/config.yml", "num_retries": 0}
    if service == "is not there":
        options["base_url"] = options["token_base_url"] = "http://127.0.0.1:9"
    else:
        options["client_secret"] = "wrong"
    (error,) = errors_of(controller, **options)
    assert "colour" in error
    (controller.folder / "config.yml").write_text(json.dumps({"custom_topics": [ADVICE]}))
    run = controller.play(airs_tenant("tenant", **options), succeeds=False)
    assert "Could not get an access token" in run.failure
    assert run.failure.count("Could not") == 1
    assert emulator.writes() == []


def test_the_same_object_in_two_files_is_an_error_that_names_both(
    controller: Controller, emulator: Emulator, folder: Path
) -> None:
    (folder / "one.yml").write_text(json.dumps({"custom_topics": [PRICES, ADVICE]}))
    (folder / "two.yml").write_text(json.dumps({"custom_topics": [ADVICE], "security_profiles": [{"name": "advice"}]}))
    (error,) = errors_of(controller, config_path=str(folder))
    for words in ("one.yml:1: custom_topics[1]", "two.yml:1: custom_topics[0]", "'advice'"):
        assert words in error
    assert emulator.writes() == []


WRONG_FILES = {
    "no YAML": "custom_topics: [}",
    "tabs": "custom_topics:\n\t- name: x\n",
    "a list": "- name: advice\n",
    "a text": "custom_topics",
    "two documents": "custom_topics: []\n---\ncustom_topics: []\n",
    "no UTF-8": "custom_topics: [{name: b\udce4r, description: x}]",
    "a Python object": "custom_topics: !!python/object/apply:os.getcwd []",
    "an unknown tag": "custom_topics: [{name: !ours x}]",
    "a key twice": "custom_topics: []\ncustom_topics: []\n",
}


def test_files_that_are_no_config_are_all_named(controller: Controller, emulator: Emulator, folder: Path) -> None:
    (folder / "good.yml").write_text(json.dumps({"custom_topics": [ADVICE]}))
    for name, content in WRONG_FILES.items():
        (folder / f"{name}.yml").write_bytes(content.encode(errors="surrogateescape"))
    (folder / "dangling.yml").symlink_to(folder / "nowhere.yml")
    (folder / "no JSON.json").write_text("{'custom_topics': []}")
    errors = errors_of(controller, config_path=str(folder))
    named = {name for name in (*WRONG_FILES, "dangling", "no JSON") if any(f"{name}." in error for error in errors)}
    assert named == {*WRONG_FILES, "dangling", "no JSON"}
    assert not [error for error in errors if "good.yml" in error]
    assert emulator.writes() == []


def test_a_config_path_that_cannot_be_read_is_refused(controller: Controller, emulator: Emulator, folder: Path) -> None:
    (folder / "text.yml").write_text("just a text")
    for path, words in ((folder / "nowhere.yml", "nowhere.yml"), (folder / "text.yml", "text.yml")):
        run = controller.play(airs_tenant("tenant", config_path=str(path)), succeeds=False)
        assert words in run.failure
        assert "Traceback" not in run.output
    assert emulator.writes() == []


def test_many_errors_are_in_the_result_where_the_message_has_the_first(
    controller: Controller, emulator: Emulator
) -> None:
    config = {"api_keys": [{"name": f"key {number}", **API_KEY, "colour": "red"} for number in range(300)]}
    run = controller.play(airs_tenant("tenant", config=config), succeeds=False)
    paths = [error["path"].partition(".")[0] for error in run["tenant"]["errors"]]
    assert paths == [f"api_keys[{number}]" for number in range(300)]
    assert "api_keys[0]" in run.failure
    assert "300 errors" in run.failure
    assert len(run.failure.splitlines()) < 100
    assert emulator.journal() == []
