# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each module in playbooks: it does what its options say, says what it did, and a second run sends no write."""

from __future__ import annotations

import copy
from collections import Counter

import pytest
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import Controller
from support.steps import again, changes, play_steps, predicted, sides
from support.tasks import (
    API_KEY,
    CLEAN,
    EVERY_PROTECTION,
    INJECTION,
    TOPIC,
    api_key,
    custom_topic,
    scan,
    security_profile,
    task,
)
from support.tenant import Tenant

from ansible_collections.panw.airs.plugins.module_utils._policy.meaning import means_the_same

ADVICE = {"name": "advice", **TOPIC}
PRICES = {"name": "prices", "description": "Prices of competitors"}
BOT = {"name": "support-bot"}
AFTER_APPLY = "(known after apply)"


# --- custom topics ---------------------------------------------------------------------------------------------------


def test_the_life_of_a_custom_topic(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    create = custom_topic("create", ADVICE)
    update = custom_topic("update", {"name": "advice", "description": "Changed"})
    clear = custom_topic("clear", {"name": "advice", "examples": []})
    delete = custom_topic("delete", {"name": "advice", "state": "absent"})
    run = play_steps(
        controller,
        emulator,
        *[(predicted(create), "GET"), (create, "GET POST"), (again(create), "GET")],
        *[(predicted(update), "GET"), (update, "GET PUT"), (again(update), "GET")],
        *[(predicted(clear), "GET"), (clear, "GET PUT"), (again(clear), "GET")],
        *[(predicted(delete), "GET"), (delete, "GET DELETE"), (again(delete), "GET")],
    )
    assert changes(run, "create", "update", "clear", "delete") == [True, True, False] * 4
    for name in ("create", "update", "clear", "delete"):
        assert sides(run[f"{name}, predicted"]) == sides(run[name])
        assert sides(run[f"{name}, again"]) == ({}, {})
    topics = {
        name: run[name]["custom_topic"] for name in ("create, predicted", "create", "update, predicted", "update")
    }
    assert topics["create, predicted"] == {"topic_name": "advice", "topic_id": AFTER_APPLY, "revision": 1, **TOPIC}
    assert topics["create, predicted"].keys() <= topics["create"].keys()
    assert topics["create"]["updated_by"] == ACCOUNT.client_id
    assert sides(run["create"]) == ({}, TOPIC)
    assert topics["update, predicted"]["revision"] == topics["update"]["revision"] == 2
    assert topics["update"]["topic_id"] == topics["create"]["topic_id"]
    # What the task leaves out stays, though an update replaces the whole topic.
    assert topics["update"]["examples"] == TOPIC["examples"]
    assert sides(run["update"]) == ({"description": TOPIC["description"]}, {"description": "Changed"})
    assert sides(run["clear"]) == ({"examples": TOPIC["examples"]}, {"examples": []})
    assert run["clear"]["custom_topic"]["examples"] == []
    assert run["delete"]["custom_topic"] is None
    assert sides(run["delete"]) == ({"description": "Changed"}, {})
    assert tenant.topics("advice") == []


def test_what_does_not_make_a_topic_another_one_is_no_change(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    texts = ["one", "two", "three"]
    controller.play(custom_topic("topic", {**ADVICE, "examples": texts}))
    emulator.clear_journal()
    run = controller.play(
        custom_topic("order", {**ADVICE, "examples": texts[::-1]}),
        custom_topic("white space", {"name": "advice", "description": f"{TOPIC['description']}\n"}),
        custom_topic("name alone", {"name": "advice"}),
        custom_topic("signature", {**ADVICE, "examples": texts, "updated_by": "somebody else"}),
    )
    assert [run[name]["changed"] for name in ("order", "white space", "name alone", "signature")] == [False] * 4
    assert emulator.writes() == []


def test_a_topic_beyond_the_first_page_is_found(controller: Controller, emulator: Emulator) -> None:
    topics = [{"topic_name": f"topic {n}", "description": "d", "examples": []} for n in range(250)]
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"custom_topics": topics}}})
    for settings in ({}, {"page_max": 40, "next_offset_zero": True, "topic_history": True}):
        emulator.settings(**settings)
        run = controller.play(custom_topic("topic", {"name": "topic 0", "description": "d"}))
        assert run["topic"]["changed"] is False
    assert emulator.writes() == []


def test_a_name_that_two_topics_have_fails_and_names_both(controller: Controller, emulator: Emulator) -> None:
    rows = [{"topic_id": f"id-{n}", "topic_name": "advice", "revision": 1, **TOPIC} for n in (1, 2)]
    fault = {"kind": "status", "status": 200, "body": {"custom_topics": rows}}
    emulator.add_fault(fault, path="*/topics", times=None)
    run = controller.play(
        custom_topic("present", ADVICE, ignore_errors=True),
        custom_topic("absent", {"name": "advice", "state": "absent"}, ignore_errors=True),
        security_profile("profile", {**BOT, "topics": {"block": ["advice"]}}, ignore_errors=True),
    )
    for name in ("present", "absent", "profile"):
        assert "Multiple objects match custom topic 'advice': id-1, id-2" in run[name]["msg"]
    assert emulator.writes() == []


# --- security profiles -----------------------------------------------------------------------------------------------


def test_the_life_of_a_security_profile(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    controller.play(custom_topic("topics", {"name": "{{ item }}", "description": "d"}, loop=["advice", "prices"]))
    create = security_profile("create", {**BOT, **EVERY_PROTECTION})
    update = security_profile("update", {**BOT, "prompt_injection": "alert"})
    delete = security_profile("delete", {**BOT, "state": "absent"})
    run = play_steps(
        controller,
        emulator,
        # The profiles, the topics and the DLP profiles are listed once each; those that are held are not looked up.
        *[(predicted(create), "GET GET GET"), (create, "GET GET GET POST"), (again(create), "GET GET")],
        *[(predicted(update), "GET"), (update, "GET PUT"), (again(update), "GET")],
        # Both revisions go: without the newest alone the one before would be back.
        *[(predicted(delete), "GET"), (delete, "GET GET DELETE DELETE"), (again(delete), "GET")],
    )
    assert changes(run, "create", "update", "delete") == [True, True, False] * 3
    for name in ("create", "update", "delete"):
        assert sides(run[f"{name}, predicted"]) == sides(run[name])
        assert sides(run[f"{name}, again"]) == ({}, {})
    names = ("create, predicted", "create", "update, predicted", "update")
    profiles = {name: run[name]["security_profile"] for name in names}
    assert profiles["create, predicted"]["profile_id"] == AFTER_APPLY
    assert means_the_same(*(profiles[name]["policy"] for name in ("create, predicted", "create")))
    weaker = "prompt_injection: block -> alert"
    assert sides(run["update"]) == (
        {"prompt_injection": "block"},
        {"weakened": [weaker], "prompt_injection": "alert"},
    )
    assert run["update"]["weakened"] == [{"protection": "prompt_injection", "before": "block", "after": "alert"}]
    assert f"Security profile 'support-bot' was weakened: {weaker}." in run["update"]["warnings"]
    assert profiles["update, predicted"]["revision"] == profiles["update"]["revision"] == 2
    assert profiles["update"]["profile_id"] != profiles["create"]["profile_id"]
    assert run["delete"]["security_profile"] is None
    assert tenant.profiles("support-bot") == []


def test_every_protection_is_written_as_the_service_stores_it(controller: Controller, tenant: Tenant) -> None:
    controller.play(
        custom_topic("topics", {"name": "{{ item }}", "description": "d"}, loop=["advice", "prices"]),
        security_profile("profile", {**BOT, **EVERY_PROTECTION}),
    )
    pins = {
        name: {"topic_id": tenant.topics(name)[0]["topic_id"], "topic_name": name, "revision": 1}
        for name in ("advice", "prices")
    }
    (held,) = tenant.profiles("support-bot")
    dlp = [{key: row[key] for key in ("name", "log-severity")} for row in held["policy"].pop("dlp-data-profiles")]
    assert dlp == [{"name": name, "log-severity": "low"} for name in ("PII", "Secrets and Credentials")]
    (profile,) = held["policy"].pop("ai-security-profiles")
    assert held["policy"] == {}
    assert profile["model-type"] == "default"
    configuration = profile["model-configuration"]
    detectors = by_name(configuration.pop("model-protection"))
    buckets = {bucket["action"]: bucket["topic"] for bucket in detectors["topic-guardrails"].pop("topic-list")}
    # The severities are the service's own.
    assert buckets == {"block": [{**pins["advice"], "severity": "medium"}], "allow": [pins["prices"]]}
    assert detectors == {
        "prompt-injection": {"name": "prompt-injection", "action": "block", "severity": "medium"},
        "toxic-content": {
            "name": "toxic-content",
            "action": "high:block, moderate:allow",
            "severity-by-confidence": {"high": "medium", "moderate": "low"},
        },
        "contextual-grounding": {"name": "contextual-grounding", "action": "block", "severity": "medium"},
        "topic-guardrails": {"name": "topic-guardrails", "action": "allow", "options": [], "severity": "medium"},
    }
    leaks = configuration["data-protection"]["data-leak-detection"]
    assert [member.pop("text") for member in leaks["member"]] == ["PII", "Secrets and Credentials"]
    assert configuration == {
        "mask-data-in-storage": True,
        "latency": {"inline-timeout-action": "allow", "max-inline-latency": 10},
        "data-protection": {
            "data-leak-detection": {"action": "block", "mask-data-inline": True, "member": leaks["member"]},
            "database-security": [
                {"name": "database-security-create", "action": "block", "severity": "medium"},
                {"name": "database-security-read", "action": "allow", "severity": "low"},
                {"name": "database-security-update", "action": "block", "severity": "medium"},
                {"name": "database-security-delete", "action": "block", "severity": "high"},
            ],
        },
        "app-protection": {
            "allow-url-category": {"member": ["sports"]},
            "alert-url-category": {"member": ["grayware"]},
            "block-url-category": {"member": ["phishing", "adult"]},
            "default-url-category": {"member": ["malicious"]},
            "url-detected-action": "block",
            "url-detected-severity": "low",
            "malicious-code-protection": {"name": "malicious-code", "action": "block", "severity": "high"},
        },
        "agent-protection": [{"name": "agent-security", "action": "block", "severity": "medium"}],
    }


def by_name(entries: list[JsonObject]) -> dict[str, JsonObject]:
    return {str(entry["name"]): entry for entry in entries}


MODES = {
    "plain": {},
    "canonicalised": {"canonicalise": True},
    "null topics": {"null_topics": True},
    "all revisions by default, short pages": {"latest_default": False, "page_max": 1, "next_offset_zero": True},
    "everything odd": {"canonicalise": True, "null_topics": True, "latest_default": True, "delete_body": "empty"},
}


@pytest.mark.parametrize("settings", MODES.values(), ids=MODES.keys())
def test_a_second_run_writes_nothing_however_the_service_answers(
    controller: Controller, emulator: Emulator, settings: JsonObject
) -> None:
    emulator.settings(**settings)
    tasks = [
        custom_topic("advice", ADVICE),
        custom_topic("prices", PRICES),
        security_profile("everything", {**BOT, **EVERY_PROTECTION}),
        security_profile("nothing", {"name": "nothing"}),
        security_profile("topics", {"name": "topics", "topics": {"block": ["Weather"]}}),
        security_profile(
            "cleared", {"name": "cleared", "topics": {}, "urls": {}, "data_leak": {}, "toxic_content": {}}
        ),
        security_profile(
            "disabled", {"name": "disabled", "prompt_injection": "disabled", "malicious_code": "disabled"}
        ),
    ]
    run = controller.play(*tasks, *[again(step) for step in tasks])
    assert {step["name"]: run[f"{step['name']}, again"]["changed"] for step in tasks} == {
        step["name"]: False for step in tasks
    }
    assert Counter(entry["method"] for entry in emulator.writes()) == Counter(POST=7)


def test_a_profile_made_in_the_web_interface_is_right_when_it_says_the_same(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    (weather,) = tenant.topics("Weather")
    pin = {"topic_id": weather["topic_id"], "topic_name": "Weather", "revision": weather["revision"]}
    policy = {
        "ai-security-profiles": [
            {
                "model-type": "default",
                "content-type": "text",
                "model-configuration": {
                    "latency": {"inline-timeout-action": "block", "max-inline-latency": 5},
                    "data-protection": {
                        "data-leak-detection": {
                            "action": "block",
                            "member": [
                                {"text": "Secrets and Credentials", "id": "99", "version": "3"},
                                {"text": "PII", "id": "", "version": "2"},
                            ],
                        }
                    },
                    "app-protection": {
                        "alert-url-category": {},
                        "block-url-category": {"member": ["phishing", "adult"]},
                        "allow-url-category": None,
                        "default-url-category": {"member": ["malicious"]},
                        "url-detected-action": "block",
                    },
                    "model-protection": [
                        {
                            "name": "topic-guardrails",
                            "action": "allow",
                            "options": [],
                            "topic-list": [{"action": "block", "topic": [pin]}, {"action": "allow", "topic": []}],
                        },
                        {"name": "toxic-content", "action": "high:block,moderate:allow"},
                        {"name": "prompt-injection", "action": "block", "severity": "high"},
                    ],
                    "agent-protection": None,
                },
            }
        ],
        "dlp-data-profiles": [
            {"name": name, "uuid": "", "log-severity": "low"} for name in ("PII", "Secrets and Credentials")
        ],
    }
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"ai_profiles": [{"profile_name": "support-bot", "policy": policy}]}}})
    same = {
        **BOT,
        "prompt_injection": "block",
        "toxic_content": {"high": "block", "moderate": "allow"},
        "contextual_grounding": "disabled",
        "topics": {"default": "allow", "block": ["Weather"], "allow": []},
        "malicious_code": "disabled",
        "agent_security": "disabled",
        "urls": {"default": "block", "allow": [], "alert": [], "block": ["adult", "phishing"]},
        "data_leak": {"profiles": ["PII", "Secrets and Credentials"], "action": "block", "mask_inline": False},
        "latency": {"max_seconds": 5, "on_timeout": "block"},
        "mask_data_in_storage": False,
    }
    emulator.settings(fill_defaults=False)
    emulator.clear_journal()
    run = controller.play(security_profile("same", same), diff=True)
    assert run["same"]["changed"] is False, run["same"]["diff"]
    assert emulator.writes() == []

    # An update keeps what no option knows, and does not send the empty bucket that the service would refuse.
    run = controller.play(security_profile("update", {**BOT, "toxic_content": {"moderate": "block"}}), diff=True)
    assert sides(run["update"]) == (
        {"toxic_content": {"high": "block", "moderate": "allow"}},
        {"toxic_content": {"high": "block", "moderate": "block"}},
    )
    wanted: JsonObject = copy.deepcopy(policy)
    guardrails, toxic, _rest = wanted["ai-security-profiles"][0]["model-configuration"]["model-protection"]
    guardrails["topic-list"] = [{"action": "block", "topic": [pin]}]
    toxic["action"] = "high:block, moderate:block"
    assert tenant.profiles("support-bot")[0]["policy"] == wanted


def test_a_profile_is_saved_again_when_one_of_its_topics_changed(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    profile = {**BOT, "topics": {"block": ["advice"]}}
    controller.play(custom_topic("topic", ADVICE), security_profile("profile", profile))
    emulator.clear_journal()
    run = controller.play(
        custom_topic("changed topic", {"name": "advice", "description": "Changed"}),
        security_profile("other option", {**BOT, "prompt_injection": "disabled"}),
        security_profile("profile", profile),
        security_profile("again", profile),
        diff=True,
    )
    assert [run[name]["changed"] for name in ("other option", "profile", "again")] == [False, True, False]
    assert sides(run["profile"]) == ({"topic_revisions": {"advice": 1}}, {"topic_revisions": {"advice": 2}})
    assert [entry["method"] for entry in emulator.writes()] == ["PUT", "PUT"]
    newest = tenant.profiles("support-bot")[0]
    (guardrails,) = newest["policy"]["ai-security-profiles"][0]["model-configuration"]["model-protection"]
    assert guardrails["topic-list"][0]["topic"][0]["revision"] == 2


def test_an_empty_value_clears_and_a_missing_one_is_left_alone(controller: Controller, tenant: Tenant) -> None:
    cleared = {
        "toxic_content": {},
        "topics": {"block": []},
        "malicious_code": "disabled",
        "urls": {},
        "data_leak": {},
        "database_security": {},
        "prompt_injection": "disabled",
        "agent_security": "disabled",
    }
    run = controller.play(
        custom_topic("topics", {"name": "{{ item }}", "description": "d"}, loop=["advice", "prices"]),
        security_profile("profile", {**BOT, **EVERY_PROTECTION}),
        security_profile("clear", {**BOT, **cleared}),
        security_profile("again", {**BOT, **cleared}),
        diff=True,
    )
    assert [run[name]["changed"] for name in ("clear", "again")] == [True, False]
    before, after = sides(run["clear"])
    assert before.keys() == cleared.keys() | {"topic_revisions", "dlp_profiles"}
    assert after["topics"] == {"default": "allow", "block": [], "alert": [], "allow": ["prices"]}
    newest = tenant.profiles("support-bot")[0]["policy"]["ai-security-profiles"][0]["model-configuration"]
    assert by_name(newest["model-protection"]).keys() == {"contextual-grounding", "topic-guardrails"}
    assert newest["latency"]["max-inline-latency"] == 10


def test_the_option_policy_is_merged_last(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    raw = {
        "ai-security-profiles": [
            {
                "model-type": "default",
                "model-configuration": {
                    "data-protection": {"source-code-detection": {"action": "block", "severity": "high"}},
                    "model-protection": [{"name": "prompt-injection", "action": "alert", "severity": "low"}],
                },
            }
        ]
    }
    run = controller.play(
        security_profile("profile", {**BOT, "prompt_injection": "block", "contextual_grounding": "block"}),
        security_profile("raw", {**BOT, "prompt_injection": "block", "policy": raw}),
        security_profile("again", {**BOT, "policy": raw}),
        security_profile("options keep it", {**BOT, "contextual_grounding": "allow"}),
    )
    assert [run[name]["changed"] for name in ("raw", "again", "options keep it")] == [True, False, True]
    configuration = tenant.profiles("support-bot")[0]["policy"]["ai-security-profiles"][0]["model-configuration"]
    assert configuration["data-protection"]["source-code-detection"] == {"action": "block", "severity": "high"}
    assert by_name(configuration["model-protection"]) == {
        "prompt-injection": {"name": "prompt-injection", "action": "alert", "severity": "low"},
        "contextual-grounding": {"name": "contextual-grounding", "action": "allow", "severity": "medium"},
    }


def test_in_check_mode_a_topic_of_an_earlier_task_is_a_warning(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        custom_topic("topic", ADVICE),
        security_profile("profile", {**BOT, "topics": {"block": ["advice"]}, "data_leak": {"profiles": ["Own"]}}),
        check=True,
        diff=True,
    )
    assert run["profile"]["changed"] is True
    assert sides(run["profile"])[1]["topics"]["block"] == ["advice"]
    assert any("Custom topic 'advice' does not exist" in warning for warning in run["profile"]["warnings"])
    assert AFTER_APPLY in str(run["profile"]["security_profile"]["policy"])
    assert emulator.writes() == []


def test_a_profile_with_protections_per_direction_is_only_changed_through_policy(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    detector = {"name": "prompt-injection", "action": "block", "severity": "medium"}
    protection = {"model-protection": [detector], "agent-protection": []}
    policy = {
        "ai-security-profiles": [
            {
                "model-type": "default",
                "content-type-mode": "per_content_type",
                "model-configuration": {"latency": {"inline-timeout-action": "block", "max-inline-latency": 5}},
                "content-type-configurations": {"prompt": protection, "response": {"agent-protection": []}},
            }
        ],
        "dlp-data-profiles": [],
    }
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"ai_profiles": [{"profile_name": "support-bot", "policy": policy}]}}})
    run = controller.play(
        security_profile("shared option", {**BOT, "latency": {"max_seconds": 7}}),
        security_profile("other option", {**BOT, "prompt_injection": "alert"}, ignore_errors=True),
    )
    assert run["shared option"]["changed"] is True
    assert "prompt_injection would not be enforced" in run["other option"]["msg"]
    newest = tenant.profiles("support-bot")[0]["policy"]["ai-security-profiles"][0]
    assert newest["content-type-configurations"] == {"prompt": protection, "response": {"agent-protection": []}}
    assert newest["model-configuration"]["latency"]["max-inline-latency"] == 7


# --- API keys --------------------------------------------------------------------------------------------------------


def test_the_life_of_an_api_key(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    path, first = controller.folder / "secret", controller.folder / "first secret"
    options = {**BOT, **API_KEY, "secret_path": str(path)}
    create = api_key("create", options)
    copy_it = {"src": str(path), "dest": str(first), "mode": "0600"}
    keep = {"name": "keep", "ansible.builtin.copy": copy_it, "diff": False}
    renew = api_key("renew", {**options, "regenerate": "always"})
    run = play_steps(
        controller,
        emulator,
        # To create a key, the auth code of the deployment profile is looked up.
        *[(predicted(create), "GET GET"), (create, "GET GET POST"), (again(create), "GET"), (keep, "")],
        # After regenerating, the key is the first and only thing to be written; nothing more is read.
        *[(predicted(renew), "GET"), (renew, "GET POST")],
    )
    assert [run[name]["changed"] for name in ("create, predicted", "create", "create, again", "renew")] == [
        True,
        True,
        False,
        True,
    ]
    keys = {name: run[name]["api_key"] for name in ("create, predicted", "create", "renew, predicted", "renew")}
    assert keys["create, predicted"]["api_key_id"] == keys["renew, predicted"]["api_key_id"] == AFTER_APPLY
    assert keys["create, predicted"].keys() <= keys["create"].keys()
    assert {run[name]["secret_path"] for name in ("create, predicted", "create", "create, again", "renew")} == {
        str(path)
    }
    assert keys["create"]["auth_code"] == "********"
    assert keys["create"]["api_key_last8"] == first.read_text()[-8:]
    assert keys["renew"]["api_key_last8"] == path.read_text()[-8:]
    assert keys["renew"]["api_key_id"] != keys["create"]["api_key_id"]
    for name in ("create", "renew"):
        assert "api_key_secret" not in run[name]
        assert "api_key" not in keys[name]
    assert (tenant.accepts(first.read_text()), tenant.accepts(path.read_text())) == (False, True)

    # All that a key needs to be removed is its name.
    delete = api_key("delete", {**BOT, "state": "absent"})
    steps = [(predicted(delete), "GET"), (delete, "GET DELETE"), (again(delete), "GET")]
    run = play_steps(controller, emulator, *steps)
    assert changes(run, "delete") == [True, True, False]
    assert run["delete"]["api_key"] is None
    assert (tenant.keys("support-bot"), tenant.apps()) == ([], [])


def test_regenerate_expiring_acts_on_exactly_the_keys_that_need_it(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    path = controller.folder / "secret"
    options = {**BOT, **API_KEY, "secret_path": str(path), "regenerate": "expiring", "regenerate_before": 10}
    made = controller.play(
        api_key("no key", options),
        api_key("fresh key", options),
        # Somebody else renews it, and the file has the former secret.
        api_key("elsewhere", {**BOT, "regenerate": "always", "secret_path": str(controller.folder / "theirs")}),
        api_key("former secret", options),
        {"name": "change", "ansible.builtin.copy": {"content": "another secret", "dest": str(path), "mode": "0600"}},
        api_key("something else", options, ignore_errors=True),
        {"name": "remove", "ansible.builtin.file": {"path": str(path), "state": "absent"}},
        api_key("no secret", options),
        api_key("healed", options),
    )
    names = ("no key", "fresh key", "former secret", "no secret", "healed")
    assert [made[name]["changed"] for name in names] == [True, False, True, True, False]
    assert made["something else"]["msg"].startswith(
        f"secret_path {path} contains something other than a previous secret of"
    )
    assert tenant.accepts(path.read_text())

    # A key has 90 days. It is the controller's clock that counts, so the service makes this one in the past.
    for age, is_renewed in ((79, False), (81, True)):
        emulator.advance_clock(-age * 86400)
        controller.play(api_key("make", {**options, "regenerate": "always"}))
        emulator.advance_clock(age * 86400)
        assert controller.play(api_key("renew", options))["renew"]["changed"] is is_renewed
        assert tenant.accepts(path.read_text())


@pytest.mark.parametrize("place", [True, False], ids=["secret_path", "no place"])
def test_what_the_caller_has_stored_decides(
    controller: Controller, emulator: Emulator, tenant: Tenant, place: bool
) -> None:
    """The file is only on the way, so what it holds is no reason."""
    path = {"secret_path": str(controller.folder / "secret")} if place else {}
    controller.play(api_key("key", {**BOT, **API_KEY, "secret_path": str(controller.folder / "first")}))
    (row,) = tenant.keys("support-bot")
    options = {**BOT, "regenerate": "expiring", **path}
    run = controller.play(
        api_key("stored", {**options, "stored_last8": row["api_key_last8"]}),
        api_key("never", {**options, "regenerate": "never", "stored_last8": "12345678"}),
        api_key("another", {**options, "stored_last8": "12345678"}, check_mode=True),
        api_key("nothing", {**options, "stored_last8": ""}),
    )
    assert [run[name]["changed"] for name in ("stored", "never")] == [False, False]
    assert "does not contain the secret of API key 'support-bot'" in run["never"]["warnings"][0]
    assert run["another"]["reason"] == "not_stored"
    assert len([entry for entry in emulator.writes() if "regenerate" in entry["path"]]) == 1


def test_the_diff_of_a_key_has_the_names_of_the_options(controller: Controller, tenant: Tenant) -> None:
    options = {**BOT, **API_KEY, "secret_path": str(controller.folder / "secret")}
    sooner = {"rotation_time_interval": 30, "regenerate": "expiring", "regenerate_before": 5}
    run = controller.play(api_key("create", options), api_key("update", {**options, **sooner}), diff=True)
    made, changed = run["create"]["diff"], run["update"]["diff"]
    assert (made["before"], made["after"]) == ({}, API_KEY)
    assert changed["before"].pop("api_key_id") != changed["after"].pop("api_key_id")
    assert (changed["before"], changed["after"]) == ({"rotation_time_interval": 90}, {"rotation_time_interval": 30})


def test_a_key_that_exists_with_other_properties_is_refused(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    options = {**BOT, **API_KEY, "secret_path": str(controller.folder / "secret")}
    controller.play(api_key("key", options))
    emulator.clear_journal()
    others: dict[str, JsonObject] = {
        "environment": {"environment": "dev"},
        "cloud provider": {"cloud_provider": "gcp"},
        "deployment profile": {"deployment_profile": "dp-unused"},
        "interval": {"rotation_time_interval": 30},
    }
    run = controller.play(
        *[api_key(name, {**options, **other}, ignore_errors=True) for name, other in others.items()],
        api_key("auth code", {**BOT, "auth_code": "{{ code }}"}, ignore_errors=True, vars={"code": "D0000002"}),
        api_key("same", {**BOT, "auth_code": "{{ code }}"}, vars={"code": "D0000001"}),
    )
    for name, words in {
        "environment": "environment is 'prod'",
        "cloud provider": "cloud_provider is 'aws'",
        "deployment profile": "deployment_profile is 'dp-production'",
        "auth code": "(auth_code)",
        "interval": "rotates every 90 days",
    }.items():
        assert words in run[name]["msg"]
        assert run[name]["msg"].endswith("Nothing was changed.")
    assert run["same"]["changed"] is False
    assert emulator.writes() == []
    # A new rotation interval takes a new key, which the user has to want.
    run = controller.play(
        api_key("interval", {**options, "rotation_time_interval": 30, "regenerate": "expiring", "regenerate_before": 5})
    )
    assert run["interval"]["api_key"]["rotation_time_interval"] == 30


# --- info ------------------------------------------------------------------------------------------------------------


def test_info_modules_filter_by_name_and_mask_secrets(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        task("all", "airs_deployment_profile_info", {}),
        task("one", "airs_deployment_profile_info", {"name": "dp-production"}),
        task("none", "airs_deployment_profile_info", {"name": "DP-production"}),
        task("unactivated", "airs_deployment_profile_info", {"unactivated": True}),
        task("DLP", "airs_dlp_profile_info", {"name": "IP Addresses"}),
        task("all DLP", "airs_dlp_profile_info", {}),
        check=True,
    )
    names = {
        name: [row["dp_name"] for row in run[name]["deployment_profiles"]]
        for name in ("all", "one", "none", "unactivated")
    }
    assert sorted(names["all"]) == ["dp-production", "dp-unused"]
    assert (names["one"], names["none"]) == (["dp-production"], [])
    assert "dp-unused" in names["unactivated"]
    assert {row["auth_code"] for row in run["all"]["deployment_profiles"]} == {"********"}
    assert [row["id"] for row in run["DLP"]["dlp_profiles"]] == ["11995029"]
    assert len(run["all DLP"]["dlp_profiles"]) > 20
    assert {run[name]["changed"] for name in (*names, "DLP")} == {False}
    assert len(emulator.journal("token")) == 1


# --- scans -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def key(controller: Controller) -> str:
    """A template of an API key's secret, beside a profile that blocks prompt injection and sees leaks of PII."""
    path = controller.folder / "secret"
    controller.play(
        security_profile("profile", {**BOT, "prompt_injection": "block", "data_leak": {"profiles": ["PII"]}}),
        api_key("key", {**BOT, **API_KEY, "secret_path": str(path)}),
    )
    return f"{{{{ lookup('ansible.builtin.file', '{path}') }}}}"


def test_scans_that_go_as_expected_succeed_in_check_mode_too(
    controller: Controller, emulator: Emulator, key: str
) -> None:
    contents: list[JsonObject] = [
        {
            "prompt": CLEAN,
            "response": "By e-mail.",
            "expect": {"action": "allow", "category": "benign", "not_detected": ["injection", "dlp"]},
        },
        {"prompt": INJECTION, "expect": {"action": "block", "category": "malicious", "detected": ["injection"]}},
        {"prompt": INJECTION},
    ]
    options = {"profile_name": "support-bot", "contents": contents, "tr_id": "transaction", "app_name": "support-bot"}
    run = controller.play(
        scan("option", {**options, "api_key": key}),
        scan("variable", options, environment={"PANW_AI_SEC_API_KEY": key}),
        check=True,
    )
    for name in ("option", "variable"):
        scans = run[name]["scans"]
        assert run[name]["changed"] is False
        assert [one["action"] for one in scans] == ["allow", "block", "block"]
        assert [one["unmet"] for one in scans] == [[], [], []]
        assert scans[1]["expected"] == contents[1]["expect"]
        assert {one["tr_id"] for one in scans} == {"transaction"}
    assert len(emulator.journal("scan")) == 6
    assert emulator.journal("scan")[0]["body"]["metadata"] == {"app_name": "support-bot"}


def test_a_scan_that_goes_otherwise_fails_after_all_scans_with_their_results(
    controller: Controller, emulator: Emulator, key: str
) -> None:
    contents = [
        {"prompt": INJECTION, "expect": {"action": "allow", "category": "benign", "not_detected": ["injection"]}},
        {"prompt": CLEAN, "expect": {"action": "block", "detected": ["dlp"]}},
        {"prompt": CLEAN, "expect": {"action": "allow"}},
    ]
    run = controller.play(
        scan("scan", {"profile_name": "support-bot", "api_key": key, "contents": contents}, ignore_errors=True)
    )
    assert run["scan"]["msg"].endswith(
        "security profile 'support-bot' did not meet the expectations: "
        "contents[0]: action is block instead of allow (detected: injection); "
        "contents[0]: category is malicious instead of benign (detected: injection); "
        "contents[0]: injection was detected; and 2 more."
    )
    assert [len(one["unmet"]) for one in run["scan"]["scans"]] == [3, 2, 0]
    assert len(emulator.journal("scan")) == 3


def test_a_scan_names_a_profile_by_its_newest_revision_or_one_by_its_id(controller: Controller, key: str) -> None:
    run = controller.play(
        security_profile("newer", {**BOT, "prompt_injection": "allow"}, register="newer"),
        security_profile("newest", {**BOT, "prompt_injection": "block"}),
        scan("name", {"profile_name": "support-bot", "api_key": key, "contents": [{"prompt": INJECTION}]}),
        scan(
            "id",
            {
                "profile_id": "{{ newer.security_profile.profile_id }}",
                "api_key": key,
                "contents": [{"prompt": INJECTION}],
            },
        ),
    )
    assert [run[name]["scans"][0]["action"] for name in ("name", "id")] == ["block", "allow"]
