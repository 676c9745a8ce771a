# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module airs_api_key_rotation: whenever it is killed, the next run ends with one working secret for each key."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible.parsing.dataloader import DataLoader
from support.emulator import Emulator, JsonObject
from support.playbook import Controller, visible
from support.tenant import Tenant
from support.whole_tenant import seed, seeded_profile

from ansible_collections.panw.airs.plugins.module_utils._common.secret_place import FilePlace
from ansible_collections.panw.airs.plugins.module_utils._engine.run import run
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.module_utils._kinds import key_renewal
from ansible_collections.panw.airs.plugins.module_utils._kinds.api_key import ApiKeyReconciler
from ansible_collections.panw.airs.plugins.module_utils._kinds.key_renewal import API_KEY_ROTATION_MODULE
from ansible_collections.panw.airs.plugins.plugin_utils._vault import VaultCipher


class Killed(BaseException):
    """Ends a run as a signal does: nothing that it would do after an error is done."""


@dataclass
class Rotation:
    """Keys of a tenant, whose secrets are in a folder.

    C(vault) has the options of encrypted files, or none.
    """

    emulator: Emulator
    tenant: Tenant
    folder: Path
    vault: JsonObject

    def make(self, name: str, days: int = 10) -> None:
        """Make a key of 90 days of which so many are left, with its secret in its file."""
        body = {"api_key_name": name, "auth_code": "D0000001", "cust_app": name, "cust_env": "prod", "revoked": False}
        body |= {
            "cust_cloud_provider": "aws",
            "created_by": "x",
            "rotation_time_interval": 90,
            "rotation_time_unit": "days",
        }
        with self.emulator.days_ago(90 - days):
            secret = self.tenant.call("POST", "apikey", json=body)["api_key"]
        self.path(name).write_text(self.cipher.encrypt(secret) if self.vault else secret, encoding="utf-8")
        self.path(name).chmod(0o600)
        seed(self.emulator, ai_profiles=[seeded_profile(name)])

    @property
    def cipher(self) -> VaultCipher:
        """As the module encrypts."""
        return VaultCipher(DataLoader(), "of the vault", None, None)

    def path(self, name: str) -> Path:
        """The file of a key."""
        return self.folder / f"{name}.key"

    def secret(self, name: str) -> str:
        """What the file of a key holds."""
        text = self.path(name).read_text(encoding="utf-8")
        return self.cipher.decrypt(text) if self.vault else text

    def run(self, check_mode: bool = False, **options: Any) -> JsonObject:
        """Rotate."""
        given = {"path": f"{self.folder}/{{name}}.key", "verify_delay": 0, "verify_retries": 1, **self.vault, **options}
        validated, _secrets = API_KEY_ROTATION_MODULE.validated(given)
        runtime = Runtime(
            hides_secrets=True, vault=lambda *_given: self.cipher, recovery_folder=str(self.folder.parent)
        )
        result = run(API_KEY_ROTATION_MODULE, validated, check_mode=check_mode, diff_mode=False, runtime=runtime)
        assert "of the vault" not in str(result)
        return result

    def actions(self, result: JsonObject) -> dict[str, str]:
        """What was done about each key."""
        return {row["name"]: row["action"] for row in result["api_keys"]}

    def works(self, *names: str) -> bool:
        """Whether each key is there once, with its working secret in its file, and nothing is left over."""
        rows = {name: self.tenant.keys(name) for name in names}
        return (
            all(len(found) == 1 for found in rows.values())
            and all(self.secret(name)[-8:] == found[0]["api_key_last8"] for name, found in rows.items())
            and all(self.tenant.accepts(self.secret(name)) for name in names)
            and visible(self.folder) == sorted(f"{name}.key" for name in names)
        )


@pytest.fixture(params=["plain", "encrypted"])
def rotation(
    request: pytest.FixtureRequest,
    controller: Controller,
    emulator: Emulator,
    tenant: Tenant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Rotation:
    """Rotations of the account of the controller, with plain or with encrypted files."""
    for name, value in controller.variables.items():
        monkeypatch.setenv(name, str(value))
    folder = tmp_path / "keys"
    folder.mkdir()
    vault = {"encrypted": True, "vault_password": "of the vault"} if request.param == "encrypted" else {}
    return Rotation(emulator, tenant, folder, vault)


def before(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is killed before it does anything."""

    def killed(*_arguments: Any, **_keywords: Any) -> Any:
        raise Killed

    return killed


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is killed when it has done all."""

    def killed(*arguments: Any, **keywords: Any) -> Any:
        function(*arguments, **keywords)
        raise Killed

    return killed


#: Each step: what is killed, when, and what the next run does about the key.
STEPS = [
    (FilePlace, "prove", before, "rotate"),
    (FilePlace, "prove", after, "rotate"),
    (ApiKeyReconciler, "_send_regenerate", after, "rotate"),
    (ApiKeyReconciler, "_keep", before, "rotate"),
    (ApiKeyReconciler, "_keep", after, "resume"),
    (FilePlace, "store", before, "resume"),
    (FilePlace, "store", after, "resume"),
    (key_renewal._Renewal, "_verify", after, "resume"),
    (FilePlace, "finish", before, "resume"),
    (FilePlace, "finish", after, "none"),
]


@pytest.mark.parametrize(
    ("where", "step", "when", "action"), STEPS, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_run_that_is_killed_at_any_step_is_completed_by_the_next(
    rotation: Rotation, where: Any, step: str, when: Any, action: str
) -> None:
    for name in ("first", "second", "third"):
        rotation.make(name)
    function = getattr(where, step)
    second = iter([function, when(function)])

    def deadly(*arguments: Any, **keywords: Any) -> Any:
        return next(second)(*arguments, **keywords)

    with mock.patch.object(where, step, deadly), pytest.raises(Killed):
        rotation.run()
    assert {stat.S_IMODE(path.stat().st_mode) for path in rotation.folder.iterdir()} == {0o600}
    rotation.emulator.clear_journal()
    result = rotation.run()
    assert not result.get("failed"), result
    assert rotation.actions(result) == {"first": "none", "second": action, "third": "rotate"}
    assert rotation.works("first", "second", "third")
    assert len(rotation.emulator.writes()) == 1 + (action == "rotate")
    assert rotation.run()["changed"] is False


def test_what_is_due_is_rotated_once_and_check_mode_says_it(rotation: Rotation) -> None:
    for name, days in (("due", 10), ("fresh", 80)):
        rotation.make(name, days)
    rotation.emulator.clear_journal()
    plan = rotation.run(check_mode=True)
    assert (plan["changed"], rotation.actions(plan)) == (True, {"due": "rotate", "fresh": "none"})
    assert rotation.emulator.writes() == rotation.emulator.journal("scan") == []
    result = rotation.run()
    assert rotation.actions(result) == rotation.actions(plan)
    (row,) = [row for row in result["api_keys"] if row["name"] == "due"]
    assert row["reason"] == "expiring"
    assert row["new_last8"] == rotation.secret("due")[-8:] != row["old_last8"]
    assert (len(rotation.emulator.writes()), len(rotation.emulator.journal("scan"))) == (1, 1)
    assert rotation.works("due", "fresh")
    assert rotation.run()["changed"] is False


def test_one_key_that_fails_does_not_stop_the_others(rotation: Rotation) -> None:
    for name in ("a", "b", "c", "d"):
        rotation.make(name)
    rotation.path("a").write_bytes(b"\xff\xfe")
    (rotation.folder / "c.key.airs-journal").mkdir()
    (profile,) = rotation.tenant.profiles("d")
    rotation.tenant.call("DELETE", f"profile/{profile['profile_id']}")
    result = rotation.run()
    assert rotation.actions(result) == {"a": "failed", "b": "rotate", "c": "failed", "d": "failed"}
    assert result["msg"].startswith("3 of 4 API keys failed: a: ")
    assert "security profile 'd' or 'd' to scan with does not exist" in result["msg"]
    assert rotation.tenant.accepts(rotation.secret("b"))
    assert len([entry for entry in rotation.emulator.writes() if "regenerate" in entry["path"]]) == 1


def test_a_key_that_does_not_work_yet_is_named_with_its_journal_and_verified_by_the_next_run(
    rotation: Rotation,
) -> None:
    rotation.make("bot")
    refusal = {"kind": "status", "status": 403, "body": {"error": {"message": "Invalid API Key"}}}
    rotation.emulator.add_fault(refusal, path="/v1/scan/*", times=2)
    result = rotation.run()
    journal = rotation.folder / "bot.key.airs-journal"
    assert result["msg"].endswith(f"The key was regenerated, and its secret is in {journal}. Run again.")
    assert rotation.tenant.accepts(rotation.secret("bot"))
    assert rotation.actions(rotation.run()) == {"bot": "resume"}
    assert rotation.works("bot")


def test_another_run_that_was_faster_keeps_its_secret_and_its_journal(rotation: Rotation) -> None:
    rotation.make("bot")
    prove = FilePlace.prove

    def overtaken(self: FilePlace, dry: bool) -> bool:
        done = prove(self, dry)
        killed = mock.patch.object(FilePlace, "finish", after(lambda *_: 0))
        with mock.patch.object(FilePlace, "prove", prove), killed, pytest.raises(Killed):
            rotation.run()
        return done

    with mock.patch.object(FilePlace, "prove", overtaken):
        result = rotation.run()
    assert rotation.actions(result) == {"bot": "none"}
    assert rotation.tenant.accepts(rotation.secret("bot"))
    assert visible(rotation.folder) == ["bot.key", "bot.key.airs-journal"]
    assert (
        len([entry for entry in rotation.emulator.writes() if entry["status"] == 200 and "regen" in entry["path"]]) == 1
    )


def test_what_else_a_file_holds_is_never_overwritten(rotation: Rotation) -> None:
    for name in ("a", "b"):
        rotation.make(name)
    text = rotation.path("b").read_text(encoding="utf-8")
    rotation.path("a").write_text(text, encoding="utf-8")
    for check_mode in (True, False):
        result = rotation.run(check_mode=check_mode, names="a")
        assert f"{rotation.path('a')} contains the secret of API key 'b'. Use a different destination." in result["msg"]
    assert rotation.path("a").read_text(encoding="utf-8") == text
    assert not [entry for entry in rotation.emulator.writes() if "regenerate" in entry["path"]]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"names": "bto"}, "API key 'bto' does not exist"),
        ({"regenerate": "always"}, "regenerate: always would regenerate all API keys of the tenant"),
        ({"path": "/tmp/one"}, "would both be stored in /tmp/one. Add {name} or {app}"),
        (
            {"contents": [{"promt": "x"}]},
            "airs_scan: contents[0].promt is not a supported option; did you mean 'prompt'?",
        ),
        ({"contents": []}, "contents is empty: omit it, or set verify to false. Nothing was changed."),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused_before_any_change(
    rotation: Rotation, options: JsonObject, sentence: str
) -> None:
    for name in ("a", "b"):
        rotation.make(name)
    rotation.emulator.clear_journal()
    result = rotation.run(**options)
    assert result["failed"]
    assert sentence in result["msg"]
    assert rotation.emulator.writes() == []
