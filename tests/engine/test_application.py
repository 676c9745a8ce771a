# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An application as one object: planned, made, put back after a failure, and removed but for what is used."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.emulator import Emulator, JsonObject
from support.faults import status_after
from support.playbook import Controller, Run, secrets_in, visible
from support.tasks import EVERY_PROTECTION, INJECTION, task
from support.tenant import Tenant
from support.whole_tenant import lists, seed, seeded_key, seeded_profile, seeded_topic, written

from ansible_collections.panw.airs.plugins.module_utils._common import secret_file
from ansible_collections.panw.airs.plugins.module_utils._common.secret_file import SecretFile
from ansible_collections.panw.airs.plugins.module_utils._common.secret_note import Owner
from ansible_collections.panw.airs.plugins.module_utils._tenant.application import _Onboarding as Onboarding

ADVICE: JsonObject = {"name": "advice", "description": "Advice on investments", "examples": ["Which stock is best?"]}
PRICES: JsonObject = {"name": "prices", "description": "Prices of competitors", "examples": ["Who is cheaper?"]}
BOT: JsonObject = {
    "name": "bot",
    "environment": "prod",
    "cloud_provider": "aws",
    "deployment_profile": "any",
    "topics": [ADVICE, PRICES],
    "security_profile": {"prompt_injection": "block", "topics": {"block": ["advice", "prices"]}},
}
REFUSED = {"kind": "status", "status": 403, "body": {"status_code": 403, "error_message": "not allowed"}}
T_ADVICE, T_PRICES = ("t-advice", "advice"), ("t-prices", "prices")


class Application:
    """The application bot, and the tasks of a user who manages it; each is a run of its own."""

    def __init__(self, controller: Controller, secret: Path) -> None:
        self.controller = controller
        self.secret = secret

    def run(self, keywords: JsonObject | None = None, **options: Any) -> Run:
        """Run one task with these options, those that are None left out."""
        given = {name: value for name, value in options.items() if value is not None}
        step = task("it", "airs_application", given, ignore_errors=True, **(keywords or {}))
        return self.controller.play(step, diff=True)

    def present(self, check: bool = False, **options: Any) -> JsonObject:
        """Have it, with changed options if need be."""
        return self.run({"check_mode": check}, **{**BOT, "secret_path": str(self.secret), **options})["it"]

    def absent(self, check: bool = False, **options: Any) -> JsonObject:
        """Remove it."""
        return self.run({"check_mode": check}, **{"name": "bot", "state": "absent", **options})["it"]

    def restored(self, undo: JsonObject, check: bool = False) -> JsonObject:
        """Put back what a run has touched."""
        return self.run({"check_mode": check}, name="bot", state="restored", undo=undo)["it"]


@pytest.fixture
def application(controller: Controller, secret_dir: Path) -> Application:
    return Application(controller, secret_dir / "bot.key")


def actions(result: JsonObject) -> list[tuple[str, str]]:
    """Names and actions of all parts."""
    return [(part["name"], part["action"]) for part in result["parts"]]


def lines(result: JsonObject) -> list[str]:
    """What a report says of all parts."""
    return [f"{part['title']}: {part['message']}" for part in result["parts"]]


def left(tenant: Tenant) -> list[str]:
    """What the tenant has of the application."""
    topics = [*tenant.topics("advice"), *tenant.topics("prices")]
    return [
        *(f"app {name}" for name in tenant.apps()),
        *(f"key {row['api_key_name']}" for row in tenant.keys("bot")),
        *(f"profile {row['profile_name']} {row['revision']}" for row in tenant.profiles("bot")),
        *(f"topic {row['topic_name']}" for row in topics),
    ]


def key_body(name: str, auth_code: str) -> JsonObject:
    """A request for a key with an application of the same name."""
    return {
        "api_key_name": name,
        "auth_code": auth_code,
        "cust_app": name,
        "cust_env": "dev",
        "cust_cloud_provider": "aws",
        "created_by": "somebody",
        "revoked": False,
        "rotation_time_interval": 30,
        "rotation_time_unit": "days",
    }


# --- present ---------------------------------------------------------------------------------------------------------


def test_all_of_it_is_planned_made_and_found_right(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    plan = application.present(check=True)
    assert lines(plan) == [
        "custom topic advice: to be created",
        "custom topic prices: to be created",
        "security profile bot: to be created",
        "API key bot: to be created",
    ]
    assert (emulator.writes(), application.secret.exists()) == ([], False)

    emulator.clear_journal()
    made = application.present()
    assert set(lists(emulator).values()) == {1}, lists(emulator)
    assert written(emulator) == ["POST topic", "POST topic", "POST profile", "POST apikey"]
    assert lines(made) == [line.replace("to be ", "") for line in lines(plan)]
    assert sorted(made) == sorted(plan)
    assert [part["was_there"] for part in made["parts"]] == [False] * 4
    assert (made["api_key"]["dp_name"], made["api_key_action"]) == ("dp-unused", "create")
    assert made["secret_path"] == str(application.secret)
    assert stat.S_IMODE(application.secret.stat().st_mode) == 0o600
    assert tenant.accepts(application.secret.read_text(encoding="utf-8"))
    assert tenant.apps() == ["bot"]

    emulator.clear_journal()
    again = application.present()
    assert (again["changed"], emulator.writes(), again["diff"]) == (False, [], [])
    assert lists(emulator) == Counter(topics=1, profiles=1, apikeys=1)
    assert [part["message"] for part in again["parts"]] == ["unchanged"] * 4
    assert [part["was_there"] for part in again["parts"]] == [True] * 4


def test_a_change_is_a_further_revision_and_pins_the_topic_anew(application: Application, tenant: Tenant) -> None:
    application.present()
    changed = application.present(topics=[{**ADVICE, "description": "Other words"}])
    assert actions(changed) == [("advice", "update"), ("bot", "update"), ("bot", "none")]
    assert [row["revision"] for row in tenant.profiles("bot")] == [2, 1]
    pins = tenant.profiles("bot")[0]["policy"]["ai-security-profiles"][0]["model-configuration"]["model-protection"]
    assert '"revision": 2' in str(pins).replace("'", '"')


def test_protections_may_differ_by_direction(application: Application, tenant: Tenant) -> None:
    application.present(topics=[], security_profile={"directions": {"prompt": {"prompt_injection": "block"}}})
    policy = tenant.profiles("bot")[0]["policy"]["ai-security-profiles"][0]
    assert "prompt" in policy["content-type-configurations"]
    made = application.present(topics=[], security_profile={"directions": {"response": {"prompt_injection": "alert"}}})
    application.restored(made["undo"])
    assert tenant.profiles("bot")[0]["policy"]["ai-security-profiles"][0] == policy


def test_every_protection_is_taken_and_found_right(application: Application, emulator: Emulator) -> None:
    assert application.present(security_profile=EVERY_PROTECTION)["changed"]
    emulator.clear_journal()
    assert not application.present(security_profile=EVERY_PROTECTION)["changed"]
    assert emulator.writes() == []


def test_a_lost_secret_is_made_anew(application: Application, tenant: Tenant) -> None:
    application.present()
    before = application.secret.read_text(encoding="utf-8")
    application.secret.unlink()
    assert application.present()["api_key_action"] == "regenerate"
    assert tenant.accepts(application.secret.read_text(encoding="utf-8"))
    assert not tenant.accepts(before)


def test_an_empty_text_is_an_option_that_was_left_out(application: Application, tenant: Tenant) -> None:
    application.present(deployment_profile="any", ai_agent_framework="", customer_app="")
    (key,) = tenant.keys("bot")
    assert (key["dp_name"], key["cust_app"]) == ("dp-unused", "bot")


def test_a_key_that_is_there_keeps_its_deployment_profile(application: Application, tenant: Tenant) -> None:
    application.present(deployment_profile="dp-production")
    assert [row["dp_name"] for row in tenant.keys("bot")] == ["dp-production"]
    assert not application.present()["changed"]


def test_scans_are_suggested_for_what_is_blocked(application: Application) -> None:
    def prompts(**protections: Any) -> list[str]:
        scans = application.present(check=True, topics=[], security_profile=protections)["scans"]
        return [scan["prompt"] for scan in scans]

    (clean,) = prompts()
    assert prompts(topics={"default": "block"}) == []
    found = prompts(prompt_injection="block", urls={"default": "block"})
    assert (found[0], INJECTION in found[1], "test-malware" in found[2]) == (clean, True, True)
    assert prompts(prompt_injection="alert", urls={"default": "allow"}) == [clean]
    assert prompts(urls={"default": "block", "default_categories": []}) == [clean]
    # What the profile does is proved, also where these options do not say it.
    application.present(topics=[], security_profile={"prompt_injection": "block"})
    assert INJECTION in prompts()[1]
    assert INJECTION in prompts(directions={"response": {"prompt_injection": "disabled"}})[1]
    assert prompts(directions={"prompt": {"prompt_injection": "alert"}}) == [clean]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"deployment_profile": "dp-unusd"}, "deployment profile 'dp-unusd' does not exist. Did you mean 'dp-unused'?"),
        ({"topics": [ADVICE, {"name": "nothing"}]}, "custom topic 'nothing'"),
        ({"security_profile": {"topics": {"block": ["adice"]}}}, "Custom topic 'adice' does not exist"),
        ({"secret_path": "/no/such/folder/key"}, "cannot be written"),
        ({"secret_path": ""}, "no destination for the new secret of API key 'bot': set secret_path"),
        ({"name": "b" * 32}, "at most 31"),
        ({"environment": ""}, "environment is required when creating"),
    ],
)
def test_what_cannot_be_done_is_refused_before_the_first_write(
    application: Application, emulator: Emulator, options: JsonObject, words: str
) -> None:
    result = application.present(**options)
    assert words.casefold() in result["msg"].casefold()
    assert "undo" not in result
    assert emulator.writes() == []


def test_all_that_is_wrong_is_named_at_once(application: Application, emulator: Emulator) -> None:
    wrong = {"topics": {"blocked": ["advice"]}, "prompt_injection": "perhaps"}
    result = application.present(topics=[{"nam": "x"}], security_profile=wrong)
    assert all(part in result["msg"] for part in ("topics[0]", "topics.blocked", "prompt_injection"))
    assert emulator.journal() == []
    result = application.present(topics=[{"name": "nothing"}], environment=None)
    assert all(part in result["msg"] for part in ("custom topic 'nothing'", "API key 'bot'"))
    assert result["msg"].count("Nothing was changed") == 1


@pytest.mark.parametrize("protections", [{}, {"latency": {"max_seconds": 3}}, {"topics": {"block": []}}])
@pytest.mark.parametrize("is_there", [False, True])
def test_a_profile_with_nothing_on_is_refused_where_that_is_said(
    application: Application, emulator: Emulator, protections: JsonObject, is_there: bool
) -> None:
    if is_there:
        application.controller.play(task("bare", "airs_security_profile", {"name": "bot"}))
    emulator.clear_journal()
    bare: JsonObject = {"topics": [], "security_profile": protections}
    for check in (True, False):
        refused = application.present(check, **bare, allow_unprotected=False)
        assert refused["msg"] == (
            "security profile 'bot' has all protections turned off, so the application would be unprotected. "
            "Turn protections on in security_profile, or set allow_unprotected. Nothing was changed."
        )
    assert (emulator.writes(), application.secret.exists()) == ([], False)
    assert application.present(**bare)["protections"] == []


def test_what_nobody_can_read_of_a_profile_is_not_off(application: Application, emulator: Emulator) -> None:
    odd = [{"name": "prompt-injection", "action": "quarantine"}]
    policy = {"ai-security-profiles": [{"model-type": "default", "model-configuration": {"model-protection": odd}}]}
    seed(emulator, ai_profiles=[{**seeded_profile("bot"), "policy": policy}])
    made = application.present(topics=[], security_profile={}, allow_unprotected=False)
    assert made["protections"] == ["prompt_injection quarantine (unknown)"]


def test_a_profile_that_is_there_protects_without_a_word(application: Application) -> None:
    on = ["prompt_injection block", "topics block (2 blocked)"]
    assert application.present()["protections"] == on
    again = application.present(topics=[], security_profile={}, allow_unprotected=False)
    assert (again["changed"], again["protections"]) == (False, on)


def test_without_a_free_deployment_profile_nothing_is_done(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    for number, auth_code in enumerate(("D0000001", "D0000002")):
        tenant.call("POST", "apikey", json=key_body(f"other{number}", auth_code))
    emulator.clear_journal()
    assert application.present()["msg"].startswith("No deployment profile is free for 'bot'")
    assert emulator.writes() == []


def test_taking_a_free_deployment_profile_is_asked_for(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    for check in (True, False):
        for nothing in (None, ""):
            refused = application.present(check, deployment_profile=nothing)
            assert "does not exist, so deployment_profile is required. Use 'any'" in refused["msg"]
    assert emulator.writes() == []
    application.present(deployment_profile="dp-production")
    # A key that is there keeps what it has.
    for same in (None, "any", "dp-production"):
        assert not application.present(deployment_profile=same)["changed"]


def test_no_two_applications_of_a_run_are_promised_one_deployment_profile(
    application: Application, emulator: Emulator, secret_dir: Path
) -> None:
    tasks = [
        task(
            f"{name} {turn}",
            "airs_application",
            {**BOT, "name": name, "secret_path": str(secret_dir / name)},
            check_mode=True,
            ignore_errors=True,
        )
        for turn in range(2)
        for name in ("one", "two", "three")
    ]
    run = application.controller.play(*tasks)
    given = {
        name: [run[f"{name} {turn}"].get("api_key", {}).get("dp_name") for turn in range(2)] for name in ("one", "two")
    }
    # Which of them a rehearsal has been promised, the deed gets.
    assert sorted(given.values()) == [["dp-production"] * 2, ["dp-unused"] * 2]
    assert run["three 0"]["msg"].startswith("No deployment profile is free for 'three'")
    # In another run nothing of that counts.
    assert application.present(check=True)["api_key"]["dp_name"] == "dp-unused"


def test_a_file_with_something_else_is_not_overwritten(application: Application, emulator: Emulator) -> None:
    application.secret.write_text("the secret of something else", encoding="utf-8")
    assert application.present()["msg"].startswith(f"{application.secret} already has content")
    assert application.secret.read_text(encoding="utf-8") == "the secret of something else"
    assert emulator.writes() == []


# --- secrets that only the caller can reach --------------------------------------------------------------------------


def test_what_is_stored_elsewhere_decides_whether_the_key_is_replaced(application: Application) -> None:
    """As a file would; a secret that is on its way to its place counts as stored, and is not asked for twice."""
    application.present()
    last8 = application.secret.read_text(encoding="utf-8")[-8:]

    def decided(stored: str, pending: str, **options: Any) -> tuple[str, bool]:
        places = [{"place": "the vault", "last8": stored}, {"place": "its journal", "last8": pending, "pending": True}]
        plan = application.present(check=True, secret_path=None, stored_secrets=places, **options)
        return plan["api_key_action"], plan["api_key_pending"]

    assert decided(last8, "") == ("none", False)
    assert decided("", last8) == ("none", True)
    assert decided("", "") == ("regenerate", False)
    assert decided("others12", "others34") == ("regenerate", False)
    assert decided("", "", regenerate="never") == ("none", False)
    assert decided(last8, "", regenerate="always") == ("regenerate", False)
    assert decided("old-last", last8, regenerate="always") == ("none", True)
    assert decided(last8, "", regenerate_before=89) == ("none", False)
    wide = application.present(check=True, regenerate_before=90)["msg"]
    assert "regenerate_before must be less than the lifetime of the key (90 days), but is 90 days" in wide
    assert decided(last8, "", rotation_time_interval=60) == ("regenerate", False)


def test_a_place_of_something_else_is_refused_and_a_journal_gets_the_secret(
    application: Application, tenant: Tenant
) -> None:
    taken = [{"place": "the vault", "last8": "12345678"}]
    assert (
        "the vault already has content, but API key 'bot'"
        in (application.present(check=True, stored_secrets=taken)["msg"])
    )
    free = [{"place": "the vault", "last8": ""}, {"place": "its journal", "last8": "t-behind", "pending": True}]
    application.secret.write_text("left-behind", encoding="utf-8")
    assert "contains something other than a previous secret of" in application.present(stored_secrets=free)["msg"]
    Owner("API key 'bot'", "1000000001").note(str(application.secret), "left-behind")
    made = application.present(stored_secrets=free)
    assert tenant.accepts(application.secret.read_text(encoding="utf-8"))
    assert application.restored(made["undo"])["secret_action"] == "remove"
    assert application.secret.exists()  # it is the caller's


# --- files with a journal, scans, and rolling back -------------------------------------------------------------------

PASSWORD = {"encrypted": True, "vault_password": "a password that nobody may see"}
UNMET = [{"prompt": "How do I reset my password?", "expect": {"action": "block"}}]
VERIFIED: JsonObject = {"secret_path": None, "verify": True, "verify_retries": 0}


@pytest.mark.parametrize("kind", [{}, PASSWORD], ids=["plain", "encrypted"])
def test_a_secret_goes_through_a_journal_into_its_file_and_is_verified(
    application: Application, emulator: Emulator, kind: JsonObject
) -> None:
    folder = application.secret.parent
    options = {**VERIFIED, **kind, "path": f"{folder}/{{name}}-{{app}}.key", "api_endpoint": emulator.url}
    plan = application.present(check=True, **options)
    assert (plan["verified"], visible(folder), emulator.writes()) == (0, [], [])
    made = application.present(**options)
    assert (made["verified"], made["secret_path"]) == (len(made["scans"]), f"{folder}/bot-bot.key")
    assert len(emulator.journal("scan")) == len(made["scans"]) > 0
    assert visible(folder) == ["bot-bot.key"]
    assert ((folder / "bot-bot.key").read_bytes()[:14] == b"$ANSIBLE_VAULT") == bool(kind)
    emulator.clear_journal()
    again = application.present(**options)
    assert (again["changed"], emulator.writes(), again["verified"]) == (False, [], made["verified"])
    assert application.present(check=True, **options)["verified"] == made["verified"]

    plan = application.absent(check=True, path=options["path"], **kind)
    (secret,) = plan["secrets"]
    assert (secret["action"], secret["message"], visible(folder)) == ("delete", "to be removed", ["bot-bot.key"])
    gone = application.absent(path=options["path"], **kind)
    assert (gone["secrets"][0]["message"], gone["to_do"], list(folder.iterdir())) == ("removed", False, [])
    assert not application.absent(path=options["path"], **kind)["changed"]


@pytest.mark.parametrize("place", ["path", "secret_path"])
def test_a_failed_verification_is_rolled_back(
    application: Application, emulator: Emulator, tenant: Tenant, place: str
) -> None:
    options = {**VERIFIED, place: str(application.secret), "contents": UNMET, "api_endpoint": emulator.url}
    failed = application.present(**options, rollback=True)
    assert "did not meet the expectations" in failed["msg"]
    assert failed["msg"].endswith(" Deleted what this run created, and restored what it changed.")
    assert failed["not_undone"] == []
    assert (left(tenant), list(application.secret.parent.iterdir())) == ([], [])
    kept = application.present(**options)
    assert "Deleted" not in kept["msg"]
    assert left(tenant) != []
    again = application.present(**options, rollback=True)
    assert "Not undone" not in again["msg"] + kept["msg"]
    assert "Deleted" not in again["msg"]
    assert left(tenant) != []


def test_what_another_run_may_have_created_is_not_undone(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    # A 409 on creating, and then the very object: from here, the service looks the same whoever has created it.
    emulator.add_fault(status_after(409), path="*/mgmt/profile", method="POST")
    options = {**VERIFIED, "secret_path": str(application.secret), "contents": UNMET, "api_endpoint": emulator.url}
    failed = application.present(**options, rollback=True)
    kept = "Security profile 'bot' is kept because another run may have created it at the same time."
    assert failed["not_undone"][0] == kept
    assert failed["msg"].count(kept) == 1
    assert [row["profile_name"] for row in tenant.profiles("bot")] == ["bot"]
    assert tenant.keys("bot") == []


def test_what_a_run_that_was_killed_has_left_in_the_journal_is_stored(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    path = str(application.secret)
    application.present(secret_path=None, path=path)
    journal = application.secret.with_name(f"{application.secret.name}.airs-journal")
    application.secret.rename(journal)
    options = {**VERIFIED, "path": path, "api_endpoint": emulator.url}
    plan = application.present(check=True, **options)
    assert (plan["changed"], lines(plan)[-1]) == (True, "API key bot: secret to be stored")
    assert (plan["verified"], visible(application.secret.parent)) == (0, [journal.name])
    done = application.present(**options)
    assert (done["changed"], lines(done)[-1]) == (True, "API key bot: secret stored")
    assert (done["api_key_action"], visible(application.secret.parent)) == ("none", [application.secret.name])
    assert tenant.accepts(application.secret.read_text(encoding="utf-8"))
    assert application.present(**options)["changed"] is False


@pytest.mark.parametrize("fails", [True, False], ids=["before the key", "at the key"])
@pytest.mark.parametrize("place", ["path", "journal", "secret_path"])
def test_the_secret_that_another_run_stores_there_meanwhile_stays(
    application: Application,
    emulator: Emulator,
    tenant: Tenant,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    fails: bool,
) -> None:
    """Two applications with one file by mistake, each of which found it empty."""
    file = application.secret
    file = file.with_name(f"{file.name}.airs-journal") if place == "journal" else file
    apply, secrets = Onboarding._apply_parts, []

    def overtaken(self: Onboarding) -> None:
        secrets.append(tenant.call("POST", "apikey", json=key_body("other", "D0000001"))["api_key"])
        file.write_text(secrets[0], encoding="utf-8")
        Owner("API key 'other'", "1").note(str(file), secrets[0])
        if fails:
            emulator.add_fault(REFUSED, path="*/mgmt/profile*", method="POST", times=None)
        apply(self)

    monkeypatch.setattr(Onboarding, "_apply_parts", overtaken)
    options: JsonObject = {
        "secret_path": None,
        "secret_path" if place == "secret_path" else "path": str(application.secret),
    }
    told = application.present(**options, rollback=True)["msg"]
    assert ("contains the secret of API key 'other'" in told) is not fails
    assert (left(tenant), visible(file.parent)) == (["app other"], [file.name])
    assert file.read_text(encoding="utf-8") == secrets[0]


@pytest.mark.parametrize("moment", ["before the request", "at the request"])
def test_a_run_for_the_same_application_that_was_faster_keeps_its_secret(
    application: Application, emulator: Emulator, tenant: Tenant, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    journal = application.secret.with_name(f"{application.secret.name}.airs-journal")
    waiting, waits = SecretFile.making, moment == "before the request"

    @contextlib.contextmanager
    def faster(self: SecretFile) -> Iterator[bool]:
        body = {**key_body("bot", "D0000001"), "cust_env": "prod", "rotation_time_interval": 90}
        made = tenant.call("POST", "apikey", json=body)
        journal.write_text(made["api_key"], encoding="utf-8")
        Owner("API key 'bot'", made["tsg_id"]).note(str(journal), made["api_key"])
        emulator.clear_journal()
        with waiting(self) as first:
            yield first and not waits

    monkeypatch.setattr(SecretFile, "making", faster)
    options = {**VERIFIED, "path": str(application.secret), "api_endpoint": emulator.url, "rollback": True}
    done = application.present(**options, deployment_profile="dp-production")
    assert (done["api_key_action"], done["verified"]) == ("none", len(done["scans"]))
    sent = [(entry["path"].rpartition("/mgmt/")[2], entry["status"]) for entry in emulator.writes()]
    assert [each for each in sent if "apikey" in each[0]] == [("apikey", 409)] * (not waits)
    assert visible(journal.parent) == [journal.name]  # the faster run moves it


@pytest.mark.parametrize("place", ["path", "secret_path"])
def test_a_secret_that_could_not_be_stored_goes_with_its_key(
    application: Application, tenant: Tenant, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def full(path: str, *_rest: Any, **_options: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(secret_file, "put", full)
    options: JsonObject = {"secret_path": None, place: str(application.secret)}
    told = application.present(**options, rollback=True)["msg"]
    assert told.endswith("(No space left on device). Deleted what this run created, and restored what it changed.")
    assert (left(tenant), visible(application.secret.parent)) == ([], [])
    assert list(application.controller.folder.rglob("airs-recovered-secret-*")) == []
    kept = application.present(**options)["msg"]
    assert kept.endswith(" instead. Move it to its destination.")
    assert len(list(application.controller.folder.rglob("airs-recovered-secret-*"))) == 1


def test_a_link_to_a_file_stays_when_its_secret_goes(
    application: Application, emulator: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    application.secret.symlink_to(tmp_path / "elsewhere" / "bot.key")
    options: JsonObject = {"contents": UNMET, "verify": True, "verify_retries": 0, "api_endpoint": emulator.url}
    told = application.present(**options, rollback=True)["msg"]
    assert told.endswith(" Deleted what this run created, and restored what it changed.")
    assert (application.secret.is_symlink(), visible(tmp_path / "elsewhere")) == (True, [])


def test_a_file_of_something_else_is_never_overwritten_nor_removed(application: Application, tenant: Tenant) -> None:
    application.secret.write_text("something else", encoding="utf-8")
    path = str(application.secret)
    assert (
        "already has content, but API key 'bot' does not exist"
        in application.present(secret_path=None, path=path)["msg"]
    )
    application.present(secret_path=f"{path}2")
    assert "something other than a previous secret" in application.present(secret_path=None, path=path)["msg"]
    done = application.absent(path=path)
    assert done["secrets"][0]["message"] == "kept because it contains something other than a secret of API key 'bot'"
    assert application.secret.read_text(encoding="utf-8") == "something else"


def test_without_a_secret_nothing_can_be_verified(application: Application, emulator: Emulator) -> None:
    application.present()
    application.secret.unlink()
    told = application.present(verify=True, regenerate="never", api_endpoint=emulator.url)["msg"]
    assert told == (
        f"Cannot verify API key 'bot': {application.secret} does not contain its secret. Set verify to "
        "false, or regenerate to expiring to replace the key."
    )


def test_what_a_file_holds_instead_of_the_secret_is_not_sent(application: Application, emulator: Emulator) -> None:
    application.present()
    application.secret.write_text("password-of-a-database", encoding="utf-8")
    emulator.clear_journal()
    told = application.present(verify=True, regenerate="never", verify_retries=0, api_endpoint=emulator.url)["msg"]
    assert "does not contain its secret" in told
    assert emulator.journal("scan") == []


def test_scans_are_checked_before_anything_is_asked(application: Application, emulator: Emulator) -> None:
    scans = [{"prompt": "Hello", "expect": {"detected": ["injektion"]}}]
    assert "which is not a detector" in application.present(contents=scans)["msg"]
    assert emulator.journal() == []


# --- undo ------------------------------------------------------------------------------------------------------------


def test_what_is_new_is_gone_again(application: Application, emulator: Emulator, tenant: Tenant) -> None:
    made = application.present()
    foreseen = application.restored(made["undo"], check=True)
    assert len(left(tenant)) == 5
    undone = application.restored(made["undo"])
    assert actions(undone) == [
        ("bot", "delete"),
        (str(application.secret), "delete"),
        ("bot", "delete"),
        ("prices", "delete"),
        ("advice", "delete"),
    ]
    assert (actions(foreseen), foreseen["changed"]) == (actions(undone), True)
    assert (undone["not_undone"], left(tenant), application.secret.exists()) == ([], [], False)
    assert secrets_in(str(made["undo"])) == []
    emulator.clear_journal()
    assert not application.restored(made["undo"])["changed"]
    assert emulator.writes() == []


def test_a_failure_in_the_middle_says_what_was_touched(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    emulator.add_fault(REFUSED, method="POST", path="*/mgmt/apikey", times=None)
    result = application.present()
    assert result["msg"].startswith("Could not create API key 'bot'")
    assert result["failure"]["status"] == 403
    assert [part["name"] for part in result["undo"]["parts"]] == ["advice", "prices", "bot", "bot"]
    assert application.restored(result["undo"])["not_undone"] == []
    assert (left(tenant), list(application.secret.parent.iterdir())) == ([], [])


def test_what_was_there_has_its_former_content_again(application: Application, tenant: Tenant) -> None:
    former = {"prompt_injection": "alert", "toxic_content": {"high": "block"}, "topics": {"allow": ["advice"]}}
    application.present(security_profile=former, topics=[{**ADVICE, "description": "Former words"}])
    before = tenant.profiles("bot")[0]["policy"], tenant.keys("bot"), application.secret.read_bytes()
    overlaid = {"policy": {"dlp-data-profiles": [], "note": "only policy adds this"}}
    made = application.present(security_profile={**EVERY_PROTECTION, **overlaid})
    assert application.restored(made["undo"])["not_undone"] == []
    assert (tenant.profiles("bot")[0]["policy"], tenant.keys("bot"), application.secret.read_bytes()) == before
    assert tenant.topics("advice")[0]["description"] == "Former words"
    # The revision of the run pins the new topic: only force frees it.
    assert tenant.topics("prices") == []


def test_a_text_that_is_masked_is_not_written(application: Application, emulator: Emulator, tenant: Tenant) -> None:
    application.present()
    code = tenant.keys("bot")[0]["auth_code"]
    application.present(topics=[{**ADVICE, "description": f"Whoever says {code}"}])
    made = application.present(topics=[{**ADVICE, "description": "New words"}])
    assert code not in str(made)
    emulator.clear_journal()
    assert application.restored(made["undo"])["not_undone"] == [
        "Custom topic 'advice' is not restored because its previous text contained a secret."
    ]
    assert tenant.topics("advice")[0]["description"] == "New words"


def test_what_was_not_touched_is_not_written(application: Application, emulator: Emulator) -> None:
    application.present()
    again = application.present()
    emulator.clear_journal()
    assert again["undo"]["parts"] == []
    assert not application.restored(again["undo"])["changed"]
    assert emulator.writes() == []


def test_a_regenerated_key_stays(application: Application, tenant: Tenant) -> None:
    application.present()
    application.secret.unlink()
    (told,) = application.restored(application.present()["undo"])["not_undone"]
    assert told == (
        f"API key 'bot' was regenerated: {application.secret} contains the new secret, and the old one no longer works."
    )
    assert tenant.accepts(application.secret.read_text(encoding="utf-8"))


def test_a_key_whose_regeneration_was_refused_is_not_spoken_of(application: Application, emulator: Emulator) -> None:
    application.present()
    emulator.add_fault(REFUSED, path="*/apikey/regenerate/*", times=None)
    failed = application.present(regenerate="always")
    assert failed["undo"]["parts"] == []
    emulator.clear_faults()
    emulator.add_fault({"kind": "drop"}, path="*/apikey/regenerate/*", times=None)
    failed = application.run(**BOT, secret_path=str(application.secret), regenerate="always", num_retries=0)["it"]
    (told,) = application.restored(failed["undo"])["not_undone"]
    assert told.startswith("API key 'bot' may have been regenerated")


def test_an_application_that_was_there_is_not_removed_with_the_new_key(
    application: Application, tenant: Tenant
) -> None:
    shared: JsonObject = {"customer_app": "shared", "deployment_profile": "dp-production"}
    application.present(**{**shared, "name": "first", "secret_path": f"{application.secret}1"})
    undone = application.restored(application.present(**shared)["undo"])
    place = f"{application.secret} contains its secret."
    assert undone["not_undone"] == [
        (
            "API key 'bot' is kept because deleting it would also delete application 'shared', which "
            f"existed before. {place}"
        )
    ]
    assert [len(tenant.keys(name)) for name in ("first", "bot")] == [1, 1]
    assert tenant.accepts(application.secret.read_text(encoding="utf-8"))


def test_every_step_of_undo_is_tried(application: Application, emulator: Emulator, tenant: Tenant) -> None:
    made = application.present()
    emulator.add_fault(REFUSED, method="DELETE", path="*/mgmt/apikey/*", times=None)
    undone = application.restored(made["undo"])
    assert undone["parts"][0]["reason"] == "failed"
    assert undone["not_undone"][0].startswith("Could not delete API key 'bot'")
    # The key is still there, so its secret is too: it is the only copy.
    assert tenant.accepts(application.secret.read_text(encoding="utf-8"))
    assert (tenant.topics("advice"), tenant.profiles("bot")) == ([], [])


def test_what_no_run_has_returned_is_refused(application: Application) -> None:
    undos: list[JsonObject] = [{}, {"parts": [{}], "secret": {}}, {"parts": 1, "secret": {}}]
    for undo in undos:
        assert "undo must be a value that this module returned" in application.restored(undo)["msg"]


# --- absent ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def bot(emulator: Emulator) -> None:
    """An application with its key, and a profile of two revisions, of which the older one pins a topic more."""
    seed(
        emulator,
        custom_topics=[seeded_topic(name, topic_id=identifier) for identifier, name in (T_ADVICE, T_PRICES)],
        ai_profiles=[seeded_profile("bot", T_ADVICE, T_PRICES), seeded_profile("bot", T_ADVICE)],
        api_keys=[seeded_key("bot", "bot")],
    )


def notes(application: Application) -> list[Path]:
    """What an interrupted run has left in Ansible's home for the next."""
    return list(application.controller.home.glob("airs_offboard_*"))


@pytest.mark.usefixtures("bot")
def test_all_of_it_goes_and_a_second_run_changes_nothing(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    (key,) = tenant.keys("bot")
    application.secret.write_text("x" * 56 + key["api_key_last8"], encoding="utf-8")
    emulator.clear_journal()
    path = str(application.secret)
    plan = application.absent(check=True, secret_path=path)
    assert lines(plan) == [
        "application bot: to be removed",
        "API key bot: to be removed",
        "security profile bot: to be removed, with 2 revisions",
        "custom topic advice: to be removed",
        "custom topic prices: to be removed",
        f"secret in {path}: to be removed",
    ]
    assert (plan["changed"], emulator.writes(), notes(application), application.secret.exists()) == (True, [], [], True)
    assert lists(emulator) == Counter(customerapps=1, apikeys=1, topics=1, profiles=1)

    done = application.absent(secret_path=path)
    assert lines(done) == [line.replace("to be ", "") for line in lines(plan)]
    assert sorted(done) == sorted(plan)
    assert written(emulator) == [
        "DELETE customerapp",
        "DELETE profile/ID",
        "DELETE profile/ID",
        "DELETE topic/t-advice",
        "DELETE topic/t-prices",
    ]
    assert (left(tenant), notes(application), application.secret.exists()) == ([], [], False)

    emulator.clear_journal()
    again = application.absent(secret_path=path)
    assert (again["changed"], again["to_do"], emulator.writes()) == (False, False, [])
    assert lines(again) == [
        "application bot: does not exist",
        "security profile bot: does not exist",
        f"secret in {path}: does not exist",
    ]


def test_other_names_and_text_from_a_form_will_do(application: Application, emulator: Emulator, tenant: Tenant) -> None:
    seed(
        emulator,
        custom_topics=[seeded_topic(name) for name in ("one", "two", "7")],
        ai_profiles=[seeded_profile("guard")],
        api_keys=[seeded_key("key-1", "shop"), seeded_key("123", "shop")],
    )
    names: JsonObject = {"customer_app": "shop", "security_profile": {"name": "guard"}}
    done = application.absent(**names, keys="key-1\n123\n", remove_topics="one, Weather,nothing")
    assert "API key 123: removed" in lines(done)
    assert tenant.apps() == []
    assert (tenant.keys("key-1"), tenant.keys("123"), tenant.profiles("guard")) == ([], [], [])
    assert [len(tenant.topics(name)) for name in ("one", "Weather", "two")] == [0, 0, 1]
    # A number is the text that it looks like, and case is told apart.
    application.absent(name="x", security_profile={"name": ""}, remove_topics=[7, "TWO"])
    assert [len(tenant.topics(name)) for name in ("7", "two")] == [0, 1]


def test_what_was_named_and_is_not_there_is_told(application: Application, emulator: Emulator) -> None:
    seed(emulator, custom_topics=[seeded_topic("one")], api_keys=[seeded_key("key-1", "shop")])
    names: JsonObject = {"security_profile": {"name": ""}, "keys": ["key-1", "Key-1"], "remove_topics": ["one", "One"]}
    done = application.absent(name="shop", **names)
    assert lines(done) == [
        "application shop: removed",
        "API key key-1: removed",
        "custom topic one: removed",
        "API key Key-1: does not exist",
        "custom topic One: does not exist",
    ]
    assert done["warnings"] == [
        "Not deleted because they do not exist: API key 'Key-1'.",
        "Not deleted because they do not exist: custom topic 'One'.",
    ]
    again = application.absent(name="shop", **names)
    assert (again["changed"], again["warnings"]) == (
        False,
        ["There is nothing to delete for application 'shop'."],
    )


def test_a_mistyped_application_is_told_with_what_it_may_mean(application: Application, emulator: Emulator) -> None:
    seed(emulator, api_keys=[seeded_key("shop", "shop")])
    (warning,) = application.absent(name="shpo", remove_topics="none")["warnings"]
    assert warning.endswith("for application 'shpo'. Did you mean 'shop'?")


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("text", ["something", "AIRS_API_KEY=LAST8", "line\nLAST8"])
def test_a_file_of_something_else_stays(application: Application, tenant: Tenant, text: str) -> None:
    (key,) = tenant.keys("bot")
    held = text.replace("LAST8", "x" * 56 + key["api_key_last8"])
    application.secret.write_text(held, encoding="utf-8")
    for check in (True, False, False):
        done = application.absent(check=check, secret_path=str(application.secret))
        why = "kept because it contains something other than a secret of the application's API keys"
        assert lines(done)[-1] == f"secret in {application.secret}: {why}"
        assert not [part for part in done["parts"] if part["kind"] == "secret" and part["reason"] != "something_else"]
    assert application.secret.read_text(encoding="utf-8") == held
    assert tenant.keys("bot") == []


@pytest.mark.usefixtures("bot")
def test_a_secret_whose_key_went_before_the_run_was_killed_goes_with_the_next(
    application: Application, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = tenant.keys("bot")
    application.secret.write_text("x" * 56 + key["api_key_last8"], encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(SecretFile, "remove", lambda self: _refuse())
        assert "Cannot remove" in application.absent(secret_path=str(application.secret))["msg"]
    assert tenant.keys("bot") == []
    application.absent(secret_path=str(application.secret))
    assert list(application.secret.parent.iterdir()) == []


def _refuse() -> bool:
    raise OSError(5, "Input/output error")


def test_secrets_of_other_keys_stay(application: Application, emulator: Emulator) -> None:
    seed(
        emulator,
        api_keys=[
            seeded_key("bot", "bot", api_key_last8="botbotxx"),
            seeded_key("shop", "s", api_key_last8="shopshop"),
        ],
    )
    application.secret.write_text("x" * 40 + "shopshop\n", encoding="utf-8")
    places = {"own": "botbotxx", "unknown": "12345678", "other": "shopshop", "empty": ""}
    stored = [{"place": place, "last8": last8} for place, last8 in places.items()]
    done = application.absent(secret_path=str(application.secret), stored_secrets=stored, remove_topics="none")
    told = [(part["name"], part["action"], part["reason"], part["message"]) for part in done["secrets"]]
    assert told == [
        ("own", "delete", "", "removed"),
        ("unknown", "delete", "", "removed"),
        ("other", "stays", "other_key", "kept because it belongs to API key shop"),
        ("empty", "none", "", "does not exist"),
    ]
    assert lines(done)[-1] == f"secret in {application.secret}: kept because it belongs to API key shop"
    assert application.secret.exists()


@pytest.mark.usefixtures("bot")
def test_what_cannot_be_meant_is_refused(application: Application, emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, api_keys=[seeded_key("stranger", "shop")])
    assert application.absent(name="stranger")["msg"].startswith(
        "API key 'stranger' belongs to application 'shop', not to 'stranger'. "
    )
    assert application.absent(secret_path=str(tmp_path))["msg"].startswith(
        f"secret_path {tmp_path} must be a file, but is a directory"
    )
    assert emulator.writes() == []


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("body", ["{}", "null"])
@pytest.mark.parametrize(("listed", "key"), [("apikeys", "api_keys"), ("customerapps", "customer_apps")])
def test_nothing_is_removed_for_a_list_that_is_not_there(
    application: Application, emulator: Emulator, listed: str, key: str, body: str
) -> None:
    answer: dict[str, None] = {} if body == "{}" else {key: None}
    emulator.add_fault({"kind": "status", "status": 200, "body": answer}, path=f"*/{listed}", times=None)
    for check in (True, False):
        assert "did not return a list of" in application.absent(check=check)["msg"]
    assert emulator.writes() == []


@pytest.mark.usefixtures("bot")
def test_no_topic_is_removed_for_profiles_that_are_not_listed(application: Application, emulator: Emulator) -> None:
    emulator.add_fault({"kind": "status", "status": 200, "body": {}}, path="*/profiles", times=None)
    told = application.absent(remove_topics="advice")["msg"]
    assert "did not return a list of security profiles" in told
    assert emulator.writes() == []


@pytest.mark.usefixtures("bot")
def test_what_others_use_stays_and_is_told_with_its_users(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    hostile = "{{ 6 * 7 }}"
    seed(
        emulator,
        custom_topics=[seeded_topic(hostile, topic_id="t-hostile")],
        ai_profiles=[
            seeded_profile("bot", ("t-hostile", hostile)),
            seeded_profile(hostile, T_ADVICE),
            seeded_profile(hostile),
        ],
    )
    done = application.absent()
    assert lines(done)[-3:] == [
        f"custom topic advice: kept because it is pinned by security profile {hostile} (revision 1)",
        "custom topic prices: removed",
        f"custom topic {hostile}: removed",
    ]
    assert [part["users"] for part in done["parts"] if part["name"] == "advice"] == [[hostile]]
    assert (left(tenant), tenant.topics(hostile)) == (["topic advice"], [])
    assert all("force" not in request for request in written(emulator))


@pytest.mark.usefixtures("bot")
def test_an_application_with_keys_of_others_stays_with_all_that_is_its(
    application: Application, emulator: Emulator
) -> None:
    seed(emulator, api_keys=[seeded_key("another", "bot")])
    application.secret.touch()
    done = application.absent(secret_path=str(application.secret))
    assert lines(done) == [
        "application bot: kept because it has other API keys: another",
        "API key another: kept together with the application",
        "API key bot: kept together with the application",
        "security profile bot: kept because it is used by application bot",
        "custom topic advice: kept because it is pinned by security profile bot (revisions 1, 2)",
        "custom topic prices: kept because it is pinned by security profile bot (revision 1)",
        f"secret in {application.secret}: kept together with the application",
    ]
    assert [part["reason"] for part in done["parts"][:4]] == [
        "other_keys",
        "with_application",
        "with_application",
        "used_by_applications",
    ]
    assert (emulator.writes(), application.secret.exists()) == ([], True)


@pytest.mark.usefixtures("bot")
def test_what_may_be_somebody_else_s_stays(application: Application, emulator: Emulator, tenant: Tenant) -> None:
    weather = tenant.topics("Weather")[0]["topic_id"]
    seed(
        emulator,
        ai_profiles=[seeded_profile("shop"), seeded_profile("desk", (weather, "Weather"))],
        api_keys=[seeded_key(name, name) for name in ("shop", "guest", "desk")],
    )
    unnamed = application.absent(security_profile={"name": ""}, remove_topics="none")
    assert lines(unnamed) == ["application bot: removed", "API key bot: removed"]
    shared = application.absent(name="guest", security_profile={"name": "shop"})
    assert "security profile shop: kept because it is used by application shop" in lines(shared)
    assert (
        "custom topic Weather: kept because it has no examples and might be predefined; specify its name to delete it"
        in (lines(application.absent(name="desk")))
    )
    assert left(tenant) == ["app shop", "profile bot 2", "profile bot 1", "topic advice", "topic prices"]
    assert [len(tenant.profiles(name)) for name in ("shop", "desk")] == [1, 0]


@pytest.mark.usefixtures("bot")
def test_a_profile_that_policies_use_stays_with_its_topics(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    emulator.settings(
        profile_delete_blocked_by={"bot": [{"policy_id": "p", "policy_name": "front door", "priority": 1}]}
    )
    done = application.absent()
    (profile,) = [part for part in done["parts"] if part["kind"] == "security_profile"]
    assert profile["reason"] == "refused"
    assert profile["message"].startswith("kept. Could not delete security profile 'bot': ")
    assert profile["message"].endswith("It is used by policies: front door.")
    assert "custom topic prices: kept because it is pinned by security profile bot (revision 1)" in lines(done)
    assert left(tenant) == ["profile bot 2", "profile bot 1", "topic advice", "topic prices"]


@pytest.mark.usefixtures("bot")
def test_a_failed_removal_says_what_is_left_and_the_next_finishes(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    emulator.add_fault(REFUSED, method="DELETE", path="*/profile/*", times=None)
    failed = application.absent(stored_secrets=[{"place": "the vault", "last8": "12345678"}])
    assert failed["failure"]["status"] == 403
    assert failed["msg"].endswith(
        "Run again to remove the remaining objects: security profile bot, custom topic advice, custom topic prices, "
        "secret in the vault."
    )
    emulator.clear_faults()
    application.absent()
    assert (left(tenant), notes(application)) == ([], [])


@pytest.mark.usefixtures("bot")
def test_topics_of_a_profile_that_is_gone_are_found_by_the_note(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    emulator.add_fault(REFUSED, method="DELETE", path="*/topic/*", times=None)
    application.absent()
    emulator.clear_faults()
    (note,) = notes(application)
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert (left(tenant), application.absent(check=True)["to_do"]) == (["topic advice", "topic prices"], True)
    application.absent()
    assert (left(tenant), notes(application)) == ([], [])


def test_an_application_that_only_a_key_names_uses_its_profile(
    application: Application, emulator: Emulator, tenant: Tenant
) -> None:
    seed(emulator, ai_profiles=[seeded_profile("shop")], api_keys=[seeded_key("shop", "shop")])
    emulator.add_fault(
        {"kind": "status", "status": 200, "body": {"customer_apps": []}}, path="*/customerapps", times=None
    )
    done = application.absent(security_profile={"name": "shop"})
    assert "security profile shop: kept because it is used by application shop" in lines(done)
