# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role rotate_api_keys, by the playbook panw.airs.rotate: no secret is lost, and a second run does nothing."""

from __future__ import annotations

import itertools
import re
import signal
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from support import hostile
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import Controller, Run, visible
from support.tenant import Tenant

REGENERATE = "*/mgmt/apikey/regenerate/*"
DAY = 24 * 3600


@dataclass
class Rotation:
    """The command line of a user who rotates keys, and the applications of a tenant."""

    controller: Controller
    emulator: Emulator
    tenant: Tenant

    @property
    def folder(self) -> Path:
        """Where the secrets are."""
        return self.controller.folder / "secrets"

    def secret(self, name: str) -> str:
        """The secret that the sink has."""
        return (self.folder / f"{name}.key").read_text(encoding="utf-8")

    def onboard(self, name: str, days: int = 90) -> None:
        """Make a key as if it had been onboarded: its secret is in the sink."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / f"{name}.key").write_text(self.make(name, days), encoding="utf-8")

    def make(self, name: str, days: int = 90) -> str:
        """Make a key that lives 90 days, of which so many are left, and a profile; return its secret."""
        with self.emulator.days_ago(90 - days):
            answer = self.tenant.call("POST", "apikey", json=_key(name))
        if not self.tenant.profiles(name):
            self.tenant.call("POST", "profile", json={"profile_name": name, "policy": _POLICY})
        return str(answer["api_key"])

    def command(self, **changes: Any) -> list[str]:
        """The arguments of the command."""
        options = {"verify_delay": 0, "verify_retries": 1, **changes}
        variables = {
            "airs_secret_sink": options.pop("sink", {"type": "file", "path": f"{self.folder}/{{name}}.key"}),
            **{f"rotate_api_keys_{name}": value for name, value in options.items()},
        }
        file = self.controller.folder / "rotation.yml"
        file.write_text(yaml.safe_dump(variables), encoding="utf-8")
        return ["-e", f"@{file}"]

    def own_sink(self) -> JsonObject:
        """A sink that tasks write, with files as the sink of files has them: a task of the role for each step."""
        tasks = self.controller.folder / "sink.yml"
        tasks.write_text(_SINK.replace("FOLDER", str(self.folder)), encoding="utf-8")
        return {"type": "tasks", "file": str(tasks), "journal_directory": str(self.journals)}

    @property
    def journals(self) -> Path:
        """Where the sink of tasks has its journals."""
        return self.controller.folder / "journals"

    def run(self, *arguments: str, succeeds: bool = True, check: bool = False, **changes: Any) -> Run:
        """Rotate."""
        run = self.controller.run(_PLAYBOOK, *self.command(**changes), *arguments, check=check)
        assert (run.exit_code == 0) == succeeds, run.output
        return run

    def killed(self, task: str, time_: int = 1, delay: float = 0, **changes: Any) -> bool:
        """Rotate, and be killed at a task; return whether the run came to it."""
        killer = {
            "ANSIBLE_CALLBACKS_ENABLED": "airs_recorder,airs_killer",
            "AIRS_KILL_TASK": task,
            "AIRS_KILL_TIME": str(time_),
            "AIRS_KILL_DELAY": str(delay),
        }
        run = self.controller.run(_PLAYBOOK, *self.command(**changes), variables=killer, verbosity=0)
        assert run.exit_code in (0, -signal.SIGKILL), run.output
        return run.exit_code != 0


_SINK = """
- name: Read the file
  ansible.builtin.set_fact:
    secret_sink_last8: "{{ lookup('ansible.builtin.file', path)[-8:] if path is file else '' }}"
  vars:
    path: FOLDER/{{ secret_sink_name }}.key
  when: secret_sink_step == 'read'

- name: Write the file
  ansible.builtin.copy:
    src: "{{ secret_sink_file }}"
    dest: FOLDER/{{ secret_sink_name }}.key
    mode: "0600"
  no_log: true
  when: secret_sink_step == 'store'
"""
_PLAYBOOK = [{"import_playbook": "panw.airs.rotate"}]
_POLICY: JsonObject = {"ai-security-profiles": [{"model-type": "default", "model-configuration": {}}]}


@pytest.fixture
def rotation(controller: Controller, emulator: Emulator) -> Rotation:
    return Rotation(controller, emulator, Tenant(emulator))


def report(run: Run) -> list[str]:
    """What the role said in the end."""
    lines: list[str] = run["Show the summary"]["msg"]
    return lines


def failures(run: Run) -> list[str]:
    """What the failed tasks said, in their order."""
    return [event.result["msg"] for event in run.events if event.kind == "failed"]


def working(rotation: Rotation, *names: str) -> bool:
    """Whether each application has one key, whose secret is in the sink and works, and nothing is left over."""
    keys = [rotation.tenant.keys(name) for name in names]
    return (
        [len(rows) for rows in keys] == [1] * len(names)
        and all(rotation.secret(name)[-8:] == rows[0]["api_key_last8"] for name, rows in zip(names, keys, strict=True))
        and all(rotation.tenant.accepts(rotation.secret(name)) for name in names)
        and visible(rotation.folder) == sorted(f"{name}.key" for name in names)
    )


# --- what is rotated -------------------------------------------------------------------------------------------------


def test_keys_that_expire_soon_are_rotated_once(rotation: Rotation) -> None:
    for name, days in (("first", 10), ("second", 90)):
        rotation.onboard(name, days)
    old, kept = rotation.secret("first"), rotation.secret("second")
    (before,) = rotation.tenant.keys("first")
    rotation.emulator.clear_journal()

    run = rotation.run()
    (after,) = rotation.tenant.keys("first")
    rotated = f"first: rotated (expiring), {before['api_key_last8']} -> {after['api_key_last8']}, "
    rotated += f"expires {after['expiration']}, in {rotation.folder}/first.key"
    assert report(run) == [
        "Checked 2 API keys",
        rotated,
        f"second: unchanged, {kept[-8:]}, expires {rotation.tenant.keys('second')[0]['expiration']}",
    ]
    assert [write["path"].rpartition("/mgmt/")[2].split("/")[1] for write in rotation.emulator.writes()] == [
        "regenerate"
    ]
    assert len(rotation.emulator.journal("scan")) == 1
    assert working(rotation, "first", "second")
    assert not rotation.tenant.accepts(old)
    assert rotation.secret("second") == kept

    rotation.emulator.clear_journal()
    again = rotation.run()
    assert "changed=0 " in again.output
    assert rotation.emulator.writes() == rotation.emulator.journal("scan") == []
    assert rotation.secret("first")[-8:] == after["api_key_last8"]


def test_check_mode_prints_the_plan_and_changes_nothing(rotation: Rotation) -> None:
    rotation.onboard("bot", 10)
    rotation.emulator.clear_journal()
    run = rotation.run(check=True)
    assert report(run) == [
        "Checked 1 API key (plan)",
        f"bot: to be rotated (expiring), {rotation.secret('bot')[-8:]}",
    ]
    assert rotation.emulator.writes() == []
    assert working(rotation, "bot")


@pytest.mark.parametrize("choice", [{"apps": ["app-of-a"], "names": "b"}, {"names": "a\n b,\n"}], ids=str)
def test_keys_are_chosen_by_lists_and_by_text_as_surveys_give_it(rotation: Rotation, choice: JsonObject) -> None:
    for name in ("a", "b", "c"):
        rotation.onboard(name, 10)
    lines = report(rotation.run(check=True, **choice))
    assert [line.partition(":")[0] for line in lines[1:]] == ["a", "b"]


def test_a_key_that_is_named_is_rotated_when_the_sink_does_not_have_its_secret(rotation: Rotation) -> None:
    rotation.onboard("bot")
    (rotation.folder / "bot.key").unlink()
    # Without names it could be somebody else's.
    assert "unchanged" in report(rotation.run(check=True))[1]
    assert "rotated" in report(rotation.run(names=["bot"]))[1]
    assert working(rotation, "bot")


def test_a_variable_without_a_value_is_one_that_was_left_out(rotation: Rotation) -> None:
    rotation.onboard("old", 10)
    names = ("names", "apps", "expire_within", "profiles", "scans", "scan_endpoint", "rotation_time_interval")
    nothing: JsonObject = dict.fromkeys(names)
    assert "rotated (expiring)" in report(rotation.run(**nothing))[1]
    assert working(rotation, "old")


def test_always_rotates_what_is_named_and_never_the_whole_tenant(rotation: Rotation) -> None:
    rotation.onboard("bot")
    run = rotation.run(succeeds=False, regenerate="always")
    assert "would regenerate all API keys of the tenant. Specify the names" in failures(run)[0]
    old = rotation.secret("bot")
    rotation.run(regenerate="always", names="bot")
    assert rotation.secret("bot") != old
    assert working(rotation, "bot")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"names": "bto"}, "API key 'bto' does not exist. The tenant has a, b. Nothing was changed."),
        ({"sink": {"type": "file", "path": "/tmp/one.key"}}, "Add {name} or {app} to '/tmp/one.key'"),
        ({"sink": {"type": "vault_file", "path": "/tmp/{name}"}}, "requires vault_password or vault_password_file"),
        (
            {"scans": [{"prompt": "Hi", "expect": {"detected": ["bogus"]}}]},
            "contents[0] contains 'bogus', which is not a detector",
        ),
        ({"sink": {"type": "kubernetes"}}, "airs_secret_sink of type kubernetes requires name and namespace."),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused_before_any_change(
    rotation: Rotation, changes: JsonObject, sentence: str
) -> None:
    for name in ("a", "b"):
        rotation.onboard(name, 10)
    rotation.emulator.clear_journal()
    run = rotation.run(succeeds=False, **changes)
    assert sentence in failures(run)[-1]
    assert re.search("Nothing was (changed|sent).", failures(run)[-1])
    assert rotation.emulator.writes() == []


def test_a_host_of_the_inventory_rotates_the_keys_of_its_application(rotation: Rotation) -> None:
    for name in ("a", "b", "c"):
        rotation.onboard(name, 10)
    inventory = rotation.controller.folder / "airs.yml"
    inventory.write_text("plugin: panw.airs.airs\nexclude: [app-of-c]\n", encoding="utf-8")
    untouched = rotation.secret("c")
    run = rotation.run("-i", str(inventory), "-e", "rotate_hosts=airs_apps", "-e", "rotate_serial=1")
    assert [len(result["msg"]) for result in run.results("Show the summary")] == [2, 3]
    assert working(rotation, "a", "b", "c")
    assert rotation.secret("c") == untouched
    assert len([write for write in rotation.emulator.writes() if "regenerate" in write["path"]]) == 2


# --- nothing is lost -------------------------------------------------------------------------------------------------


def test_runs_that_were_killed_at_any_step_are_completed_by_the_next(rotation: Rotation) -> None:
    before = ("Ensure the secret sink is writable", "Regenerate the key")
    after = ("Store the secret", "Verify the new key with a scan", "Remove the journal")
    names = {f"bot{number}": task for number, task in enumerate((*before, *after))}
    for name, task in names.items():
        rotation.onboard(name, 10)
        assert rotation.killed(task, names=[name], sink=rotation.own_sink())
    left = [path for path in rotation.journals.iterdir() if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in left} == {0o600}
    rotation.emulator.clear_journal()

    run = rotation.run(sink=rotation.own_sink())
    assert [line.split(",")[0].split(": ")[1] for line in report(run)[1:]] == (
        ["rotated (expiring)"] * len(before) + ["stored and verified"] * len(after)
    )
    assert working(rotation, *names)
    assert len(rotation.emulator.writes()) == len(before)
    assert "changed=0 " in rotation.run(sink=rotation.own_sink()).output
    assert visible(rotation.journals) == []


@pytest.mark.slow
def test_a_run_may_be_killed_at_the_start_of_any_task(rotation: Rotation) -> None:
    """Each run rotates a key of its own, and is killed one task later than the one before; then one run heals all."""
    names = []
    for count in itertools.count(1):
        names.append(f"bot{count}")
        rotation.onboard(names[-1], 10)
        if not rotation.killed("*", count, names=names[-1:], sink=rotation.own_sink()):
            break
    assert len(names) > 30
    rotation.run(names=names, sink=rotation.own_sink())
    assert working(rotation, *names)
    assert "changed=0 " in rotation.run(names=names, sink=rotation.own_sink()).output


def test_what_was_done_before_a_run_was_killed_is_not_done_again(rotation: Rotation) -> None:
    for name in ("first", "second"):
        rotation.onboard(name, 10)
    assert rotation.killed("Store the secret", 2, sink=rotation.own_sink())
    first = rotation.secret("first")
    lines = report(rotation.run(sink=rotation.own_sink()))
    assert [line.split(",")[0] for line in lines[1:]] == ["first: unchanged", "second: stored and verified"]
    assert working(rotation, "first", "second")
    assert rotation.secret("first") == first
    assert "changed=0 " in rotation.run(sink=rotation.own_sink()).output


def test_a_run_that_is_killed_while_the_service_makes_the_secret_is_healed_by_the_next(rotation: Rotation) -> None:
    rotation.onboard("bot", 10)
    rotation.emulator.add_fault({"kind": "latency", "seconds": 1.5}, method="POST", path=REGENERATE)
    assert rotation.killed("Ensure the API keys are rotated", delay=1.2)
    _wait_for(lambda: rotation.tenant.keys("bot")[0]["api_key_last8"] != rotation.secret("bot")[-8:])

    # The key does not expire soon any more: what shows that there is something to do is the journal.
    run = rotation.run()
    assert "bot: rotated" in report(run)[1]
    assert working(rotation, "bot")
    assert "changed=0 " in rotation.run().output


def test_nothing_is_regenerated_when_the_sink_cannot_be_written(rotation: Rotation) -> None:
    rotation.onboard("bot", 10)
    rotation.emulator.clear_journal()
    run = rotation.run(
        succeeds=False, sink={"type": "file", "path": f"{rotation.folder}/missing/{{name}}.key"}, names="bot"
    )
    assert "missing does not exist. Nothing was changed." in failures(run)[-1]
    assert rotation.emulator.writes() == []
    assert working(rotation, "bot")


def test_one_key_that_fails_does_not_stop_the_others(rotation: Rotation) -> None:
    for name in ("a", "b"):
        rotation.onboard(name, 10)
    refusal = {"kind": "status", "status": 403, "body": {"status_code": 403, "error_message": "not yours"}}
    rotation.emulator.add_fault(refusal, method="POST", path=REGENERATE, times=2)
    run = rotation.run(succeeds=False)
    assert failures(run)[-1].startswith("1 of 2 API keys failed: a: ")
    assert "not yours" in failures(run)[-1]
    assert "b: rotated" in report(run)[2]
    rotation.run()
    assert working(rotation, "a", "b")


def test_a_file_that_cannot_be_read_does_not_stop_the_others(rotation: Rotation) -> None:
    for name in ("a", "b", "c"):
        rotation.onboard(name, 10 if name == "c" else 90)
    (rotation.folder / "a.key").unlink()
    (rotation.folder / "a.key").symlink_to("/proc/self/mem")  # which nobody can read, not even root
    run = rotation.run(succeeds=False)
    assert [line.split(":")[1].split(",")[0] for line in report(run)[1:]] == [
        " failed",
        " unchanged",
        " rotated (expiring)",
    ]
    assert rotation.tenant.accepts(rotation.secret("c"))


def test_a_key_that_does_not_work_yet_is_verified_by_the_next_run(rotation: Rotation) -> None:
    rotation.onboard("bot", 10)
    refusal = {"kind": "status", "status": 403, "body": {"error": {"message": "Invalid API Key"}}}
    rotation.emulator.add_fault(refusal, path="/v1/scan/*", times=2)
    run = rotation.run(succeeds=False)
    journal = f"{rotation.folder}/bot.key.airs-journal"
    assert f"The key was regenerated, and its secret is in {journal}. Run again." in failures(run)[-1]
    assert rotation.tenant.accepts(rotation.secret("bot"))
    rotation.emulator.clear_journal()
    run = rotation.run()
    assert "bot: stored and verified" in report(run)[1]
    assert (rotation.emulator.writes(), len(rotation.emulator.journal("scan"))) == ([], 1)
    assert working(rotation, "bot")


def test_without_a_profile_to_scan_with_nothing_is_regenerated(rotation: Rotation) -> None:
    rotation.onboard("bot", 10)
    rotation.tenant.call("DELETE", f"profile/{rotation.tenant.profiles('bot')[0]['profile_id']}")
    rotation.emulator.clear_journal()
    run = rotation.run(succeeds=False)
    assert "security profile 'app-of-bot' or 'bot' to scan with does not exist" in failures(run)[-1]
    assert rotation.emulator.writes() == []


def test_a_revoked_key_is_only_replaced_when_it_is_named(rotation: Rotation) -> None:
    rotation.onboard("bot")
    (row,) = rotation.tenant.keys("bot")
    secret = rotation.secret("bot")
    rotation.emulator.seed({"tenants": {ACCOUNT.tsg_id: {"api_keys": [{**row, "revoked": True, "api_key": secret}]}}})
    assert report(rotation.run()) == ["Checked 0 API keys"]
    assert "bot: to be rotated" in report(rotation.run(names="bot", check=True))[1]


#: Names that would do something where they are evaluated or put into a path, and the files of their secrets.
ODD_NAMES = {
    name: quote(name, safe="").replace("~", "%7E").replace("..", "%2E.")
    for name in (hostile.EVALUATED[0], *hostile.LEADING[:4])
}


# Each key takes a second. Both kinds of files take the same steps, and all names go through those of the first.
@pytest.mark.parametrize(("kind", "names"), [("file", sorted(ODD_NAMES)), ("vault_file", ["../up", "a_b"])])
def test_names_of_keys_are_neither_evaluated_nor_followed(rotation: Rotation, kind: str, names: list[str]) -> None:
    rotation.folder.mkdir()
    for name in names:
        rotation.make(name, 10)
        # Without names, a key is only taken where its place has something of it.
        (rotation.folder / f"{ODD_NAMES[name]}.key.airs-journal").touch()
    sink: JsonObject = {"type": kind, "path": f"{rotation.folder}/{{name}}.key"}
    sink |= {"vault_password": "of the vault"} if kind == "vault_file" else {}

    plan = rotation.run(check=True, sink=sink)
    assert [line.rpartition(": ")[0] for line in report(plan)[1:]] == names
    assert visible(rotation.folder) == sorted(f"{ODD_NAMES[name]}.key.airs-journal" for name in names)

    run = rotation.run(sink=sink)
    for line, name in zip(report(run)[1:], names, strict=True):
        assert line.startswith(f"{name}: rotated (not_stored), ")
        assert line.endswith(f"{rotation.folder}/{ODD_NAMES[name]}.key")
    assert visible(rotation.folder) == sorted(f"{ODD_NAMES[name]}.key" for name in names)
    if kind == "file":
        assert all(rotation.secret(ODD_NAMES[name])[-8:] == _last8(rotation, name) for name in names)
    assert "changed=0 " in rotation.run(sink=sink).output
    assert hostile.harm(rotation.controller.folder) == []


# --- helpers ---------------------------------------------------------------------------------------------------------


def _key(name: str) -> JsonObject:
    return {
        "api_key_name": name,
        "auth_code": "D0000001",
        "cust_app": f"app-of-{name}",
        "cust_env": "prod",
        "cust_cloud_provider": "aws",
        "created_by": "somebody",
        "revoked": False,
        "rotation_time_interval": 90,
        "rotation_time_unit": "days",
    }


def _last8(rotation: Rotation, name: str) -> str:
    (row,) = rotation.tenant.keys(name)
    return str(row["api_key_last8"])


def _wait_for(condition: Any, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
