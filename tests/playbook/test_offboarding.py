# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role offboard_app, by the playbook panw.airs.offboard: what is the application's goes, what others use stays."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import Controller, Run
from support.tenant import Tenant
from support.whole_tenant import begin, seed, seeded_key, seeded_profile, seeded_topic, wait_for_writes, written

from ansible_collections.panw.airs.plugins.module_utils._common.secret_note import Owner

COLLECTION = Path(os.environ["AIRS_COLLECTIONS_PATH"], "ansible_collections", "panw", "airs")
ROLE = COLLECTION / "roles" / "offboard_app"
ADVICE, PRICES = ("t-advice", "advice"), ("t-prices", "prices")
NOTES = "airs_offboard_*"


@dataclass
class Offboarding:
    """The command line of a user who removes an application."""

    controller: Controller

    def run(self, *arguments: str, succeeds: bool = True, check: bool = False, **options: Any) -> Run:
        """Remove the application C(bot), with changed options if need be; None leaves one out."""
        variables = self.variables(**options)
        file = self.controller.folder / "variables.yml"
        file.write_text(yaml.safe_dump(variables), encoding="utf-8")
        play = {"import_playbook": "panw.airs.offboard"}
        run = self.controller.run([play], "-e", f"@{file}", *arguments, check=check)
        assert (run.exit_code == 0) == succeeds, run.output
        return run

    def variables(self, **options: Any) -> JsonObject:
        """The variables of the role."""
        options = {"name": "bot", "confirm": "bot", **options}
        given = {name: value for name, value in options.items() if value is not None}
        return {name if name == "airs_secret_sink" else f"offboard_app_{name}": value for name, value in given.items()}

    def run_for(self, *, succeeds: bool = True, **applications: JsonObject) -> Run:
        """Remove several applications at the same time, each with its own options and as a host of its own."""
        hosts = {host: self.variables(**options) for host, options in applications.items()}
        play = {"import_playbook": "panw.airs.offboard"}
        run = self.controller.run([play], "-e", "offboard_hosts=all", inventory={"all": {"hosts": hosts}})
        assert (run.exit_code == 0) == succeeds, run.output
        return run

    @property
    def notes(self) -> list[Path]:
        """What an interrupted run has left in Ansible's home for the next."""
        return list(self.controller.home.glob(NOTES))


@pytest.fixture
def offboarding(controller: Controller) -> Offboarding:
    return Offboarding(controller)


@pytest.fixture
def bot(emulator: Emulator) -> None:
    """An application with its key, and a profile of two revisions, of which the older one pins a topic more."""
    seed(
        emulator,
        custom_topics=[seeded_topic(name, topic_id=identifier) for identifier, name in (ADVICE, PRICES)],
        ai_profiles=[seeded_profile("bot", ADVICE, PRICES), seeded_profile("bot", ADVICE)],
        api_keys=[seeded_key("bot", "bot")],
    )


def summary(run: Run) -> list[str]:
    """What the role said in the end."""
    lines: list[str] = run["Show the summary"]["msg"]
    return lines


def told(run: Run, host: str, task: str = "Show the summary") -> list[str]:
    """What a task said to a host."""
    (event,) = [event for event in run.events if (event.task, event.host, event.kind) == (task, host, "ok")]
    lines: list[str] = event.result["msg"]
    return lines


def message(run: Run, host: str = "localhost") -> str:
    """With what the run failed in the end."""
    last: str = [event.result["msg"] for event in run.events if (event.kind, event.host) == ("failed", host)][-1]
    assert "\n" not in last
    return last


def left(tenant: Tenant) -> list[str]:
    """What is left of the application."""
    topics = [*tenant.topics("advice"), *tenant.topics("prices")]
    return [
        *(f"app {name}" for name in tenant.apps()),
        *(f"key {row['api_key_name']}" for row in tenant.keys("bot")),
        *(f"profile {row['profile_name']} {row['revision']}" for row in tenant.profiles("bot")),
        *(f"topic {row['topic_name']}" for row in topics),
    ]


# --- all that is the application's -----------------------------------------------------------------------------------


def test_all_of_an_application_goes_and_a_second_run_changes_nothing(
    offboarding: Offboarding, emulator: Emulator, tenant: Tenant, bot: None, tmp_path: Path
) -> None:
    secret = tmp_path / "bot.key"
    (key,) = tenant.keys("bot")
    secret.write_text("x" * 56 + key["api_key_last8"], encoding="utf-8")
    predicted = offboarding.run(check=True, secret_path=str(secret))
    assert summary(predicted) == [
        "Application bot (plan)",
        "application bot: to be removed",
        "API key bot: to be removed",
        "security profile bot: to be removed, with 2 revisions",
        "custom topic advice: to be removed",
        "custom topic prices: to be removed",
        f"secret in {secret}: to be removed",
    ]
    assert (emulator.writes(), offboarding.notes, secret.exists()) == ([], [], True)
    assert "changed=1 " in predicted.output

    # What has no value is left out.
    empty = {f"offboard_app_{name}": None for name in ("customer_app", "keys", "profile", "topics")}
    done = offboarding.run("-e", json.dumps({**empty, "airs_secret_sink": None}), secret_path=str(secret))
    assert summary(done) == [line.replace(" (plan)", "").replace("to be ", "") for line in summary(predicted)]
    assert "changed=1 " in done.output
    assert written(emulator) == [
        "DELETE customerapp",
        "DELETE profile/ID",
        "DELETE profile/ID",
        "DELETE topic/t-advice",
        "DELETE topic/t-prices",
    ]
    assert (left(tenant), offboarding.notes, secret.exists()) == ([], [], False)

    emulator.clear_journal()
    again = offboarding.run(secret_path=str(secret))
    assert "changed=0 " in again.output
    assert [entry["method"] for entry in emulator.journal("management")] == ["GET"] * 4
    assert summary(again) == [
        "Application bot",
        "application bot: does not exist",
        "security profile bot: does not exist",
        "API key bot: does not exist",
        f"secret in {secret}: does not exist",
    ]


def test_an_application_is_found_under_other_names_and_text_from_a_form_will_do(
    offboarding: Offboarding, emulator: Emulator, tenant: Tenant
) -> None:
    seed(
        emulator,
        custom_topics=[seeded_topic(name) for name in ("one", "two")],
        ai_profiles=[seeded_profile("guard")],
        api_keys=[seeded_key("key-1", "shop"), seeded_key("key-2", "shop")],
    )
    run = offboarding.run(customer_app="shop", profile="guard", keys="key-1\nkey-2\n", topics="one, Weather,nothing")
    assert "API key key-2: removed" in summary(run)
    assert tenant.apps() == []
    assert (tenant.keys("key-1"), tenant.keys("key-2"), tenant.profiles("guard")) == ([], [], [])
    assert [len(tenant.topics(name)) for name in ("one", "Weather", "two")] == [0, 0, 1]


def test_secrets_go_from_the_sink_when_that_is_asked_for(
    offboarding: Offboarding, emulator: Emulator, tenant: Tenant, bot: None, tmp_path: Path
) -> None:
    # One is the secret of a key that stays, whatever its file is called.
    seed(emulator, api_keys=[seeded_key("shop", "shop", api_key_last8="shopshop")])
    (key,) = tenant.keys("bot")
    (tmp_path / "of-bot.key").write_text("x" * 56 + key["api_key_last8"], encoding="utf-8")
    for name in ("shop", "other"):
        (tmp_path / f"of-{name}.key").write_text("shop" * 4, encoding="utf-8")
    # Names are exact: this is another key's, which is gone already. So is the next, and a note tells whose it was.
    (tmp_path / "of-Bot.key").write_text("gone" * 4, encoding="utf-8")
    (tmp_path / "of-gone.key").write_text("gone" * 4, encoding="utf-8")
    Owner("API key 'gone'", ACCOUNT.tsg_id).note(str(tmp_path / "of-gone.key"), "gone" * 4)
    sink = {"type": "file", "path": str(tmp_path / "of-{name}.key")}
    options: JsonObject = {
        "keys": ["bot", "Bot", "gone", "other"],
        "airs_secret_sink": sink,
        "profile": "",
        "topics": "none",
    }
    place = f"secret in {tmp_path}"

    run = offboarding.run(check=True, remove_secret=True, **options)
    assert f"{place}/of-bot.key: to be removed" in summary(run)
    assert (tmp_path / "of-bot.key").exists()
    run = offboarding.run(remove_secret=True, **options)
    assert summary(run)[-4:] == [
        f"{place}/of-bot.key: removed",
        f"{place}/of-Bot.key: kept because it contains something other than a secret of API key 'Bot'",
        f"{place}/of-gone.key: removed",
        f"{place}/of-other.key: kept because it belongs to API key shop",
    ]
    assert sorted(path.name for path in tmp_path.glob("of-*")) == ["of-Bot.key", "of-other.key", "of-shop.key"]


# --- confirmation and refusals ---------------------------------------------------------------------------------------


def test_nothing_is_asked_of_the_service_before_the_name_is_confirmed(
    offboarding: Offboarding, emulator: Emulator
) -> None:
    run = offboarding.run_for(silent={"confirm": None}, hasty={"confirm": "Bot"}, succeeds=False)
    sentence = "To remove application 'bot', set offboard_app_confirm to 'bot': it is {}. Nothing was changed."
    assert message(run, "silent") == sentence.format("not set")
    assert message(run, "hasty") == sentence.format("'Bot'")
    assert emulator.journal() == []


def test_what_cannot_be_meant_is_refused(offboarding: Offboarding, emulator: Emulator, bot: None) -> None:
    seed(emulator, api_keys=[seeded_key("stranger", "shop")])
    run = offboarding.run_for(
        key={"name": "stranger", "confirm": "stranger"},
        sink={"remove_secret": True},
        succeeds=False,
    )
    assert message(run, "key").startswith("API key 'stranger' belongs to application 'shop', not to 'stranger'. ")
    assert message(run, "sink") == "The role panw.airs.offboard_app requires airs_secret_sink. Nothing was changed."
    assert emulator.writes() == []


# --- when something goes wrong ---------------------------------------------------------------------------------------


def test_a_run_that_is_killed_when_nothing_tells_any_more_whose_the_topics_were_is_finished_by_the_next(
    offboarding: Offboarding, emulator: Emulator, tenant: Tenant, bot: None, tmp_path: Path
) -> None:
    # The application and both revisions of the profile.
    emulator.add_fault({"kind": "drop"}, method="DELETE", skip=3, times=None)
    include = {
        "name": "offboard",
        "ansible.builtin.include_role": {"name": "panw.airs.offboard_app"},
        "vars": offboarding.variables(),
    }
    with begin(offboarding.controller, tmp_path / "killed", include):
        wait_for_writes(emulator, 3)
    emulator.clear_faults()
    assert left(tenant) == ["topic advice", "topic prices"]
    offboarding.run()
    assert (left(tenant), offboarding.notes) == ([], [])


def test_two_applications_that_go_at_the_same_time_take_the_topic_they_share(
    offboarding: Offboarding, emulator: Emulator, tenant: Tenant, bot: None
) -> None:
    seed(emulator, ai_profiles=[seeded_profile("shop", ADVICE)], api_keys=[seeded_key("shop", "shop")])
    offboarding.run_for(bot={}, shop={"name": "shop", "confirm": "shop"})
    assert (left(tenant), tenant.profiles("shop"), offboarding.notes) == ([], [], [])


def test_what_became_of_one_application_says_nothing_about_the_next_of_the_same_play(
    offboarding: Offboarding, emulator: Emulator, tenant: Tenant, bot: None
) -> None:
    seed(emulator, ai_profiles=[seeded_profile("shop", ADVICE)], api_keys=[seeded_key("shop", "shop")])
    emulator.settings(profile_delete_blocked_by={"bot": [{"policy_id": "p", "policy_name": "p", "priority": 1}]})
    names = ("bot", "shop")
    roles = [{"role": "panw.airs.offboard_app", **offboarding.variables(name=name, confirm=name)} for name in names]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "roles": roles}
    run = offboarding.controller.run([play])
    assert run.exit_code == 0, run.output
    assert "security profile shop: removed, with 1 revision" in run.results("Show the summary")[1]["msg"]
    assert [len(tenant.profiles(name)) for name in names] == [2, 0]


def test_the_readme_has_every_option() -> None:
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    words = (ROLE / "README.md").read_text(encoding="utf-8")
    missing = [name for name in specs["argument_specs"]["main"]["options"] if f"| `{name}` |" not in words]
    assert missing == []
