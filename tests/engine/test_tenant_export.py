# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant is exported, into a result or into files, and what was exported makes the same tenant again."""

from __future__ import annotations

import errno
import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Emulator, JsonObject
from support.playbook import Controller, Run
from support.tasks import EVERY_PROTECTION, TOPIC, custom_topic, security_profile, task
from support.tenant import Tenant
from support.whole_tenant import EVERYTHING, KINDS, airs_tenant, seed, seeded_key, seeded_profile, seeded_topic

from ansible_collections.panw.airs.plugins.module_utils._tenant import export as export_module

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
#: A profile with what no option knows, in the layout with directions, whose topic has a severity of its own.
DIRECTIONS = {
    "name": "directions",
    "directions": {"prompt": {"prompt_injection": "alert", "topics": {"block": ["advice"]}}, "response": {}},
    "full_conversation_inspection": True,
    "policy": {
        "ai-security-profiles": [
            {
                "model-type": "default",
                "future": {"mode": "strict"},
                "content-type-configurations": {
                    "prompt": {
                        "model-protection": [
                            {
                                "name": "topic-guardrails",
                                "severity": "high",
                                "topic-list": [
                                    {"action": "block", "topic": [{"topic_name": "advice", "severity": "low"}]}
                                ],
                            }
                        ]
                    }
                },
            }
        ]
    },
}
#: Something of every kind and form.
CONFIG: JsonObject = {**EVERYTHING, "security_profiles": [*EVERYTHING["security_profiles"], DIRECTIONS]}
FIRST_LINE = "# Written by airs_tenant_export, "


def info(name: str, **options: Any) -> JsonObject:
    """A task with C(airs_tenant_info)."""
    return task(name, "airs_tenant_info", options)


def export(name: str, path: Path, **options: Any) -> JsonObject:
    """A task with C(airs_tenant_export)."""
    return task(name, "airs_tenant_export", {"path": str(path), **options})


def files(folder: Path) -> dict[str, str]:
    """The texts of all files below a folder, hidden ones too, by path relative to it."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def config_in(folder: Path) -> JsonObject:
    """The config that the files of a folder have together."""
    merged: JsonObject = {}
    for text in files(folder).values():
        for kind, entries in yaml.safe_load(text).items():
            merged.setdefault(kind, []).extend(entries)
    return {kind: sorted(entries, key=lambda entry: str(entry["name"])) for kind, entries in merged.items()}


@pytest.fixture
def tenant(emulator: Emulator, controller: Controller, tmp_path: Path) -> Tenant:
    """A tenant with something of every kind, and a journal without the requests that made it."""
    (tmp_path / "secrets" / "1000000002").mkdir(parents=True)
    controller.play(airs_tenant("make", config=CONFIG, secret_dir=str(tmp_path / "secrets")))
    emulator.clear_journal()
    return Tenant(emulator)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "export"


# --- the config as a result ------------------------------------------------------------------------------------------


def test_a_tenant_reads_as_the_config_that_made_it(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    run = controller.play(info("read"))
    config = run["read"]["config"]
    assert run["read"]["changed"] is False
    assert emulator.writes() == []
    assert set(config) == set(KINDS)
    for kind, wanted in EVERYTHING.items():
        found = {entry["name"]: entry for entry in config[kind]}
        assert list(found) == sorted(found)
        for entry in wanted:
            assert said(found[entry["name"]], entry) == entry
    assert [entry["name"] for entry in config["custom_topics"]] == ["Sports", "Weather", "advice", "prices"]


def said(found: Any, wanted: Any) -> Any:
    """What was found of what is wanted; the order of names is not kept."""
    if isinstance(wanted, dict):
        return {key: said(found.get(key), value) for key, value in wanted.items()}
    return wanted if isinstance(wanted, list) and sorted(found) == sorted(wanted) else found


def test_every_protection_is_said_those_that_are_off_too(controller: Controller, tenant: Tenant) -> None:
    profiles = {entry["name"]: entry for entry in controller.play(info("read"))["read"]["config"]["security_profiles"]}
    assert profiles["lab-bot"] == {
        "name": "lab-bot",
        "prompt_injection": "alert",
        "toxic_content": {},
        "contextual_grounding": "disabled",
        "topics": {"default": "allow", "block": ["Weather"], "alert": [], "allow": []},
        "malicious_code": "disabled",
        "agent_security": "disabled",
        "urls": {},
        "data_leak": {},
        "database_security": {},
        "source_code": "disabled",
        "severities": {},
        "latency": {"max_seconds": 5, "on_timeout": "block"},
        "mask_data_in_storage": False,
        "full_conversation_inspection": False,
    }
    assert profiles["support-bot"]["data_leak"] == EVERY_PROTECTION["data_leak"]


def test_of_what_no_option_knows_only_that_is_in_the_raw_policy(controller: Controller, tenant: Tenant) -> None:
    profiles = {entry["name"]: entry for entry in controller.play(info("read"))["read"]["config"]["security_profiles"]}
    assert "policy" not in profiles["support-bot"]
    prompt = profiles["directions"]["directions"]["prompt"]
    assert prompt["topics"] == {"default": "allow", "block": ["advice"], "alert": [], "allow": []}
    # Options know these.
    severities = {"topics": "high", "each_topic": [{"name": "advice", "severity": "low"}], "others": "default"}
    assert prompt["severities"] == severities
    (rest,) = profiles["directions"]["policy"]["ai-security-profiles"]
    assert rest == {"model-type": "default", "future": {"mode": "strict"}}


def test_the_config_has_neither_ids_nor_secrets(controller: Controller, tenant: Tenant) -> None:
    # That no run shows a secret is seen to for all runs.
    config = controller.play(info("read"))["read"]["config"]
    text = json.dumps(config)
    assert UUID.findall(text) == []
    for word in ("auth_code", "topic_id", "last8", "tsg", "csp_id", "created_by", ACCOUNT.tsg_id):
        assert word not in text


def test_only_the_kinds_that_are_asked_for_are_listed(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    run = controller.play(info("read", kinds=["api_keys", "customer_apps"]))
    assert set(run["read"]["config"]) == {"api_keys", "customer_apps"}
    listed = sorted(entry["path"].rpartition("/")[2] for entry in emulator.journal("management"))
    assert listed == ["apikeys", "customerapps"]


def test_a_key_whose_row_has_no_deployment_profile_gets_it_by_its_auth_code(
    controller: Controller, emulator: Emulator
) -> None:
    seed(emulator, api_keys=[seeded_key("active", "a", dp_name=""), seeded_key("other", "b", dp_name="")])
    emulator.seed(
        {
            "tenants": {
                ACCOUNT.tsg_id: {"api_keys": [{**seeded_key("waiting", "c", dp_name=""), "auth_code": "D0000002"}]}
            }
        }
    )
    keys = controller.play(info("read"))["read"]["config"]["api_keys"]
    assert {key["name"]: key["deployment_profile"] for key in keys} == {
        "active": "dp-production",
        "other": "dp-production",
        "waiting": "dp-unused",
    }


def test_a_topic_that_is_pinned_at_an_old_revision_is_a_warning(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    run = controller.play(custom_topic("change", {"name": "prices", "description": "Changed"}), info("read"))
    assert run["read"]["warnings"] == [
        (
            "Topics are pinned to old revisions, and applying this configuration pins the latest: security "
            "profile 'support-bot'."
        )
    ]


def test_a_topic_that_is_gone_is_a_warning(controller: Controller, emulator: Emulator) -> None:
    seed(emulator, ai_profiles=[seeded_profile("old-bot", ("00000000-0000-4000-8000-000000000000", "gone"))])
    run = controller.play(info("read"))
    assert run["read"]["config"]["security_profiles"][0]["topics"]["block"] == ["gone"]
    assert run["read"]["warnings"] == [
        "Deleted topics are pinned, which cannot be added to other profiles: security profile 'old-bot'."
    ]


def test_two_objects_of_one_name_are_an_error(controller: Controller, emulator: Emulator) -> None:
    rows = [{"topic_id": f"id-{n}", "topic_name": "advice", "revision": 1, **TOPIC} for n in (1, 2)]
    emulator.add_fault({"kind": "status", "status": 200, "body": {"custom_topics": rows}}, path="*/topics", times=None)
    run = controller.play(info("read"), succeeds=False)
    assert "Multiple objects match custom topic 'advice': id-1, id-2" in run.failure


# --- files -----------------------------------------------------------------------------------------------------------


def test_every_object_gets_a_file_and_a_second_run_writes_none(
    controller: Controller, emulator: Emulator, tenant: Tenant, folder: Path
) -> None:
    run = controller.play(export("export", folder), export("again", folder), info("read"))
    names = {
        "api_keys": ["lab-key", "support-key"],
        "custom_topics": ["Sports", "Weather", "advice", "prices"],
        "customer_apps": ["lab-bot", "support-bot"],
        "security_profiles": ["directions", "lab-bot", "support-bot"],
    }
    paths = [f"{kind}/{name}.yml" for kind, found in names.items() for name in found]
    assert sorted(files(folder)) == paths
    assert run["export"]["written"] == paths
    assert (run["export"]["changed"], run["export"]["removed"], run["export"]["unchanged"]) == (True, [], 0)
    assert (run["again"]["changed"], run["again"]["written"], run["again"]["removed"]) == (False, [], [])
    assert run["again"]["unchanged"] == len(paths)
    assert config_in(folder) == run["read"]["config"]
    assert emulator.writes() == []


def test_a_file_reads_like_one_that_somebody_wrote(controller: Controller, tenant: Tenant, folder: Path) -> None:
    controller.play(export("export", folder))
    first, _line, rest = files(folder)["custom_topics/advice.yml"].partition("\n")
    assert first.startswith(FIRST_LINE)
    assert rest == (
        "# Without the line above, the module does not change this file.\n"
        "---\n"
        "custom_topics:\n"
        "  - name: advice\n"
        f"    description: {TOPIC['description']}\n"
        "    examples:\n"
        "      - Which stocks should I buy?\n"
    )
    lines = files(folder)["security_profiles/support-bot.yml"].splitlines()
    assert lines[3:8] == [
        "security_profiles:",
        "  - name: support-bot",
        "    prompt_injection: block",
        "    toxic_content:",
        "      high: block",
    ]


def test_a_file_of_an_earlier_version_is_ours(controller: Controller, tenant: Tenant, folder: Path) -> None:
    """It may be written over, and goes with its object."""
    (folder / "custom_topics").mkdir(parents=True)
    first = f"{FIRST_LINE}and removed by it when the object no longer exists. Without this line it is left alone."
    for name in ("advice", "gone"):
        (folder / "custom_topics" / f"{name}.yml").write_text(f"{first}\n---\ncustom_topics:\n- name: {name}\n")
    result = controller.play(export("export", folder, kinds=["custom_topics"]))["export"]
    assert "custom_topics/advice.yml" in result["written"]
    assert result["removed"] == ["custom_topics/gone.yml"]


def test_what_has_changed_is_written_and_what_is_gone_is_removed(
    controller: Controller, tenant: Tenant, folder: Path
) -> None:
    controller.play(export("export", folder))
    run = controller.play(
        custom_topic("change", {"name": "prices", "description": "Changed"}),
        security_profile("remove", {"name": "lab-bot", "state": "absent"}),
        {**export("predict", folder), "check_mode": True},
        export("export", folder),
        export("again", folder),
        diff=True,
    )
    assert run["export"]["written"] == ["custom_topics/prices.yml"]
    assert run["export"]["removed"] == ["security_profiles/lab-bot.yml"]
    for key in ("changed", "written", "removed", "unchanged", "diff"):
        assert run["predict"][key] == run["export"][key]
    assert run["again"]["changed"] is False
    assert "security_profiles/lab-bot.yml" not in files(folder)
    assert "description: Changed" in files(folder)["custom_topics/prices.yml"]
    change, removal = run["export"]["diff"]
    assert change["before_header"] == change["after_header"] == "custom_topics/prices.yml"
    assert change["after"] == files(folder)["custom_topics/prices.yml"]
    assert change["before"] == change["after"].replace("Changed", "Prices of competitors")
    assert removal["before_header"] == "security_profiles/lab-bot.yml"
    assert removal["before"].startswith(FIRST_LINE)
    assert removal["after"] == ""
    assert run["again"]["diff"] == []


def test_check_mode_writes_nothing(controller: Controller, tenant: Tenant, folder: Path) -> None:
    run = controller.play(export("export", folder), check=True, diff=True)
    assert run["export"]["changed"] is True
    assert len(run["export"]["diff"]) == len(run["export"]["written"]) == 11
    assert not folder.exists()


def test_files_of_others_are_left_alone(controller: Controller, tenant: Tenant, folder: Path) -> None:
    controller.play(export("export", folder))
    kept = folder / "security_profiles" / "lab-bot.yml"
    kept.write_text(kept.read_text().partition("\n")[2])
    others = {
        "README.md": "# A tenant\n",
        "custom_topics/mine.yml": "custom_topics: []\n",
        "custom_topics/more/advice.yml": f"{FIRST_LINE}\n",
        "custom_topics/.hidden.yml": f"{FIRST_LINE}\n",
        "custom_topics/advice.yaml": f"{FIRST_LINE}\n",
        "other/advice.yml": f"{FIRST_LINE}\n",
    }
    for name, text in others.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    before = files(folder)
    run = controller.play(
        security_profile("remove", {"name": "lab-bot", "state": "absent"}),
        export("export", folder),
    )
    assert (run["export"]["changed"], run["export"]["removed"]) == (False, [])
    assert files(folder) == before


def test_a_file_of_others_is_not_written_over(controller: Controller, tenant: Tenant, folder: Path) -> None:
    (folder / "custom_topics").mkdir(parents=True)
    (folder / "custom_topics" / "advice.yml").write_text("custom_topics: []\n")
    run = controller.play(export("export", folder), succeeds=False)
    assert "custom_topics/advice.yml would be overwritten, but was not written by this module" in run.failure
    assert list(files(folder)) == ["custom_topics/advice.yml"]


def test_files_of_kinds_that_are_not_asked_for_stay(controller: Controller, tenant: Tenant, folder: Path) -> None:
    controller.play(export("export", folder))
    before = files(folder)
    run = controller.play(
        custom_topic("change", {"name": "prices", "description": "Changed"}),
        security_profile("remove", {"name": "lab-bot", "state": "absent"}),
        export("keys", folder, kinds=["api_keys"]),
    )
    assert (run["keys"]["changed"], run["keys"]["unchanged"]) == (False, 2)
    assert files(folder) == before


def test_names_that_are_no_good_file_names_get_files_that_can_be_applied(
    controller: Controller, emulator: Emulator, folder: Path
) -> None:
    names = ["../../escape", "a/b", ".hidden", "advice", "Advice", "ADVICE", "NUL", "two\nlines", "ünï", "a~b", "- no"]
    seed(emulator, custom_topics=[seeded_topic(name) for name in names])
    run = controller.play(
        export("export", folder),
        export("again", folder),
        airs_tenant("apply", config_path=str(folder)),
    )
    written = run["export"]["written"]
    assert len({path.casefold() for path in written}) == len(names) + 2
    assert sorted(files(folder)) == sorted(written)
    assert all(re.fullmatch(r"custom_topics/[A-Za-z0-9%][A-Za-z0-9._%-]*\.yml", path) for path in written)
    assert {"custom_topics/advice.yml", "custom_topics/a%2Fb.yml"} <= set(written)
    assert run["again"]["changed"] is False
    assert run["apply"]["changed"] is False
    assert {entry["name"] for entry in config_in(folder)["custom_topics"]} == {*names, "Sports", "Weather"}


def test_texts_of_any_form_come_back_as_they_were(controller: Controller, emulator: Emulator, folder: Path) -> None:
    texts = [
        "yes",
        "0123",
        "1e3",
        "null",
        "a: b # c",
        "- x",
        "'quoted'",
        "two\nlines",
        "{{ template }}",
        "日本 ☃",
        "%",
        "x " * 99,
    ]
    topics = [{"topic_name": f"t {n}", "description": text, "examples": [text]} for n, text in enumerate(texts)]
    seed(emulator, custom_topics=topics)
    run = controller.play(
        export("export", folder), airs_tenant("apply", config_path=str(folder)), info("read", kinds=["custom_topics"])
    )
    assert run["apply"]["changed"] is False
    assert config_in(folder) == run["read"]["config"]
    assert [entry["examples"] for entry in config_in(folder)["custom_topics"] if entry["name"] == "t 4"] == [[texts[4]]]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("file", "it is not a directory"),
        ("file/below", "file is not a directory"),
        ("link", "it is not a directory"),
        ("kinds", "custom_topics: it is not a directory"),
    ],
)
def test_a_path_that_cannot_be_is_one_sentence_before_any_call(
    controller: Controller, emulator: Emulator, tmp_path: Path, path: str, words: str
) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "custom_topics").write_text("x")
    run = controller.play(export("export", tmp_path / path), succeeds=False)
    assert run.failure.startswith(f"Cannot export to path {tmp_path / path}")
    assert words in run.failure
    assert run.failure.endswith("Nothing was written.")
    assert emulator.journal() == []


def test_a_file_that_cannot_be_written_is_named(
    controller: Controller, tenant: Tenant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: str, *_arguments: Any, **_more: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export_module, "replace", full)
    run = controller.play(export("export", folder), succeeds=False)
    assert f"Cannot write {folder}/api_keys/lab-key.yml: No space left on device." in run.failure
    assert [name for name in files(folder) if "/." in name] == []


# --- there and back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [{}, {"canonicalise": True, "null_topics": True, "page_max": 2}],
    ids=["as it was sent", "in the service's odd forms"],
)
def test_an_export_applied_where_it_came_from_writes_nothing(
    controller: Controller, emulator: Emulator, tenant: Tenant, folder: Path, settings: JsonObject
) -> None:
    emulator.settings(**settings)
    run = controller.play(
        export("export", folder),
        {**info("read"), "register": "found"},
        airs_tenant("from files", config_path=str(folder)),
        airs_tenant("from the result", config="{{ found.config }}"),
        airs_tenant(
            "overridden",
            config_path=str(folder),
            state="overridden",
            purge=list(KINDS),
            tsg_id=ACCOUNT.tsg_id,
        ),
        diff=True,
    )
    for name in ("from files", "from the result", "overridden"):
        assert run[name]["changed"] is False, run[name]["diff"]
        assert len(run[name]["objects"]) == 11
    assert emulator.writes() == []


def apply_to_other(controller: Controller, emulator: Emulator, folder: Path, secrets: Path, *tasks: JsonObject) -> Run:
    """Apply an export to the other tenant, where some things have other names."""
    controller.use(emulator, OTHER_ACCOUNT)
    names = {
        "deployment_profiles": {"dp-production": "dp-other"},
        "dlp_profiles": {"PII": "Personal data"},
    }
    return controller.play(
        *[
            airs_tenant(
                name, config_path=str(folder), name_map=names, secret_dir=f"{secrets}/{{tsg_id}}", tsg_id="1000000002"
            )
            for name in ("apply", "apply again")
        ],
        *tasks,
        diff=True,
    )


def with_other_names(text: str) -> str:
    """The export of the tenant as that of the other one reads."""
    text = text.replace("deployment_profile: dp-production", "deployment_profile: dp-other")
    return text.replace("- PII\n", "- Personal data\n").replace("name: PII\n", "name: Personal data\n")


def test_an_export_applied_to_an_empty_tenant_makes_the_tenants_agree(
    controller: Controller, emulator: Emulator, tenant: Tenant, folder: Path, tmp_path: Path
) -> None:
    odd = {**seeded_profile("minimal"), "policy": {"ai-security-profiles": [], "dlp-data-profiles": []}}
    seed(emulator, ai_profiles=[odd, seeded_profile("without latency")])
    emulator.seed(
        {
            "replace": True,
            "tenants": {
                OTHER_ACCOUNT.tsg_id: {
                    "deployment_profiles": [{"dp_name": "dp-other", "auth_code": "D1000001"}],
                    "dlp_profiles": [{"name": "Personal data"}, {"name": "Secrets and Credentials"}],
                }
            },
        }
    )
    controller.play(export("export", folder))
    run = apply_to_other(
        controller, emulator, folder, tmp_path / "secrets", export("export", tmp_path / "other"), info("read")
    )
    assert run["apply"]["counts"]["security_profiles"]["create"] == 5
    assert run["apply again"]["changed"] is False, run["apply again"]["diff"]
    # The texts are the same but for the names, the order of the names among them.
    mine = {name: yaml.safe_load(with_other_names(text)) for name, text in files(folder).items()}
    theirs = {name: yaml.safe_load(text) for name, text in files(tmp_path / "other").items()}
    (support_bot,) = mine["security_profiles/support-bot.yml"]["security_profiles"]
    support_bot["data_leak"]["profiles"].sort()
    support_bot["dlp_profiles"].sort(key=lambda settings: settings["name"])
    assert theirs == mine
    held = Counter(entry["path"].rpartition("/")[2] for entry in emulator.writes() if entry["status"] == 200)
    assert held["profile"] == 5


def test_an_export_turns_off_what_another_tenant_has_on(
    controller: Controller, emulator: Emulator, tenant: Tenant, folder: Path, tmp_path: Path
) -> None:
    """What is left out is not managed, so an export says it all."""
    controller.play(export("export", folder, kinds=["custom_topics", "security_profiles"]))
    controller.use(emulator, OTHER_ACCOUNT)
    severities = {"prompt_injection": "high", "topics": "low", "toxic_content": {"high": "critical"}}
    run = controller.play(
        custom_topic("topics", {"name": "{{ item }}", **TOPIC}, loop=["advice", "prices"]),
        security_profile(
            "lab-bot",
            {
                "name": "lab-bot",
                **EVERY_PROTECTION,
                "source_code": "block",
                "severities": severities,
                "full_conversation_inspection": True,
            },
        ),
        airs_tenant("apply", config_path=str(folder)),
        airs_tenant("apply again", config_path=str(folder)),
        export("export", tmp_path / "other", kinds=["custom_topics", "security_profiles"]),
    )
    assert run["apply"]["changed"] is True
    assert run["apply again"]["changed"] is False
    assert files(tmp_path / "other") == files(folder)


# --- many objects ----------------------------------------------------------------------------------------------------


def test_thousands_of_objects_take_seconds(controller: Controller, emulator: Emulator, folder: Path) -> None:
    policy = Tenant(emulator)
    (weather,) = policy.topics("Weather")
    pinned = (weather["topic_id"], "Weather")
    seed(
        emulator,
        custom_topics=[seeded_topic(f"topic {n}") for n in range(1000)],
        ai_profiles=[seeded_profile(f"profile {n}", pinned) for n in range(1000)],
        api_keys=[seeded_key(f"key-{n}", f"app {n}") for n in range(1000)],
    )
    run = controller.play(export("export", folder), verbosity=0)
    assert len(run["export"]["written"]) == 4002
    start = time.monotonic()
    again = controller.play(export("again", folder), verbosity=0)
    assert time.monotonic() - start < 30
    assert again["again"]["unchanged"] == 4002
    assert again["again"]["changed"] is False
