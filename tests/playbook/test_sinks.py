# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets go: each kind of place, by the roles that use it; tests/collections has those of other collections."""

from __future__ import annotations

import base64
import itertools
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.emulator import Emulator, JsonObject
from support.playbook import ANSIBLE_PLAYBOOK, Controller, Run, visible
from support.tasks import BOT, CLEAN, ROTATE, SHOW_ALL
from support.tenant import Tenant

PASSWORD = "a password that nobody may see"
#: A store of the user's own: a file that the tasks find by a variable, and that only they know to read.
OWN_TASKS: list[JsonObject] = [
    {
        "name": "Look",
        "ansible.builtin.set_fact": {
            "secret_sink_last8": "{{ (lookup('file', own_store) | b64decode)[-8:] if own_store is file else '' }}"
        },
        "when": "secret_sink_step == 'read'",
    },
    {
        "name": "Prove",
        "ansible.builtin.file": {"path": "{{ own_store | dirname }}", "state": "directory", "mode": "0700"},
        "when": "secret_sink_step == 'prove'",
    },
    {
        "name": "Store",
        "ansible.builtin.copy": {
            "content": "{{ lookup('file', secret_sink_file) | b64encode }}",
            "dest": "{{ own_store }}",
            "mode": "0600",
        },
        "no_log": True,
        "when": "secret_sink_step == 'store'",
    },
    {
        "name": "Remove",
        "ansible.builtin.file": {"path": "{{ own_store }}", "state": "absent"},
        "when": "secret_sink_step == 'remove'",
    },
]


@pytest.fixture
def store(controller: Controller) -> Path:
    """A folder for secrets."""
    folder = controller.folder / "secrets"
    folder.mkdir()
    return folder


class Sink:
    """A place for the secret of the application bot, and how a test reads it."""

    def __init__(self, options: JsonObject, read: Callable[[], str | None], journals: Path) -> None:
        self.options = options
        self.read = read
        self.journals = journals


@pytest.fixture(params=["file", "vault_file", "tasks"])
def sink(request: pytest.FixtureRequest, controller: Controller, store: Path) -> Sink:
    """Each kind of place that needs nothing but Ansible."""
    file = store / "bot.key"
    if request.param == "file":
        options: JsonObject = {"type": "file", "path": f"{store}/{{name}}.key"}
        return Sink(options, lambda: file.read_text(encoding="utf-8") if file.exists() else None, store)
    if request.param == "vault_file":
        options = {"type": "vault_file", "path": f"{store}/{{name}}.key", "vault_password": PASSWORD}
        return Sink(options, lambda: view(controller, file) if file.exists() else None, store)
    tasks = controller.folder / "own.yml"
    tasks.write_text(yaml.safe_dump(OWN_TASKS), encoding="utf-8")
    journals = controller.folder / "journals"
    options = {"type": "tasks", "file": str(tasks), "journal_directory": str(journals)}
    return Sink(options, lambda: decoded(file) if file.exists() else None, journals)


def view(controller: Controller, file: Path) -> str:
    """What ansible-vault shows of a file."""
    password = controller.folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    command = [
        str(ANSIBLE_PLAYBOOK.with_name("ansible-vault")),
        "view",
        "--vault-password-file",
        str(password),
        str(file),
    ]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.removesuffix("\n")


def decoded(file: Path) -> str:
    """What the user's own tasks have stored."""
    return base64.b64decode(file.read_bytes()).decode()


def play(
    controller: Controller, playbook: str, sink: Sink, succeeds: bool = True, check: bool = False, **options: Any
) -> Run:
    """Run one of the playbooks with a sink."""
    file = controller.folder / "variables.yml"
    own = {"own_store": str(controller.folder / "secrets" / "bot.key")}
    file.write_text(yaml.safe_dump({"airs_secret_sink": sink.options, **own, **options}), encoding="utf-8")
    plays: list[JsonObject] = [{"import_playbook": f"panw.airs.{playbook}"}, SHOW_ALL]
    run = controller.run(plays, "-e", f"@{file}", "--diff", check=check)
    assert (run.exit_code == 0) == succeeds, run.output
    assert PASSWORD not in run.text
    return run


# Plain files are those of test_rotation.py and of the next test.
@pytest.mark.parametrize("sink", ["vault_file", "tasks"], indirect=True)
def test_a_sink_gets_the_secret_of_a_new_key_and_of_a_rotated_one(
    controller: Controller, tenant: Tenant, emulator: Emulator, sink: Sink
) -> None:
    with emulator.days_ago(55):
        onboarded = play(controller, "onboard", sink, **BOT)
    first = sink.read()
    assert first
    assert tenant.accepts(first)
    planned = [event for event in onboarded.events if event.task == "Ensure the application is onboarded (plan)"]
    assert [event.result["changed"] for event in planned] == [False] * (sink.options["type"] == "tasks")

    run = play(controller, "rotate", sink, **ROTATE)
    assert "bot: rotated" in run["Show the summary"]["msg"][1]
    second = sink.read()
    assert second
    assert second != first
    assert tenant.accepts(second)
    emulator.clear_journal()
    assert "changed=0 " in play(controller, "rotate", sink, **ROTATE).output
    assert emulator.writes() == []
    assert [name for name in visible(sink.journals) if name != "bot.key"] == []


def test_onboarding_into_a_sink_changes_nothing_in_check_mode_nor_the_second_time(
    controller: Controller, tenant: Tenant, store: Path
) -> None:
    file = store / "bot.key"
    sink = Sink({"type": "file", "path": str(file)}, lambda: None, store)
    play(controller, "onboard", sink, check=True, **BOT)
    assert list(store.iterdir()) == []
    assert tenant.keys("bot") == []
    play(controller, "onboard", sink, **BOT)
    secret = file.read_bytes()
    assert tenant.accepts(secret.decode())
    assert visible(store) == [file.name]
    assert "changed=0 " in play(controller, "onboard", sink, **BOT).output
    assert file.read_bytes() == secret


def test_a_failed_onboarding_leaves_nothing_in_the_sink(controller: Controller, tenant: Tenant, sink: Sink) -> None:
    unmet = [{"prompt": CLEAN, "expect": {"action": "block"}}]
    play(controller, "onboard", sink, succeeds=False, **BOT, onboard_app_scans=unmet)
    assert (tenant.keys("bot"), sink.read()) == ([], None)
    assert list(sink.journals.iterdir()) == []


def test_what_a_sink_has_of_something_else_is_not_overwritten(
    controller: Controller, tenant: Tenant, store: Path
) -> None:
    (store / "bot.key").write_text("something else", encoding="utf-8")
    sink = Sink({"type": "file", "path": f"{store}/bot.key"}, lambda: None, store)
    run = play(controller, "onboard", sink, succeeds=False, **BOT)
    assert "already has content, but API key 'bot' does not exist" in run.failure
    assert (store / "bot.key").read_text(encoding="utf-8") == "something else"
    assert tenant.keys("bot") == []


def test_a_place_is_given_once(controller: Controller, store: Path, emulator: Emulator) -> None:
    sink = Sink({"type": "file", "path": f"{store}/bot.key"}, lambda: None, store)
    run = play(controller, "onboard", sink, succeeds=False, **BOT, onboard_app_secret_path=f"{store}/bot.key")
    assert "onboard_app_secret_path and airs_secret_sink are mutually exclusive" in run.failure
    assert emulator.writes() == []


def test_an_encrypted_file_is_encrypted_and_private(controller: Controller, store: Path) -> None:
    password = controller.folder / "password"
    password.write_text(PASSWORD + "\n", encoding="utf-8")
    options = {
        "type": "vault_file",
        "path": f"{store}/bot.key",
        "vault_password_file": str(password),
        "vault_id": "airs",
    }
    play(controller, "onboard", Sink(options, lambda: None, store), **BOT)
    file = store / "bot.key"
    assert file.read_text(encoding="utf-8").startswith("$ANSIBLE_VAULT;1.2;AES256;airs\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(view(controller, file)) > 8


def test_an_encrypted_file_with_another_password_is_refused_before_any_change(
    controller: Controller, store: Path, emulator: Emulator
) -> None:
    options = {"type": "vault_file", "path": f"{store}/bot.key", "vault_password": PASSWORD}
    play(controller, "onboard", Sink(options, lambda: None, store), **BOT)
    emulator.clear_journal()
    wrong = Sink({**options, "vault_password": "another"}, lambda: None, store)
    run = play(controller, "rotate", wrong, succeeds=False, **ROTATE)
    assert "cannot be decrypted with this password" in run["Show the summary"]["msg"][1]
    assert emulator.writes() == []


def test_a_collection_that_is_missing_is_named_before_any_change(
    controller: Controller, emulator: Emulator, store: Path
) -> None:
    # Also where the package ansible, which has it, is installed beside ansible-core.
    controller.variables["ANSIBLE_COLLECTIONS_SCAN_SYS_PATH"] = "false"
    sink = Sink({"type": "hashi_vault", "path": "airs/{name}"}, lambda: None, store)
    run = play(controller, "onboard", sink, succeeds=False, **BOT)
    assert run.failure.startswith(
        "airs_secret_sink of type hashi_vault requires the collection community.hashi_vault: install it with "
        "'ansible-galaxy collection install community.hashi_vault'."
    )
    assert run.failure.endswith("Nothing was changed.")
    assert emulator.writes() == []


def test_a_look_at_many_files_finds_what_reading_each_does(controller: Controller, store: Path) -> None:
    keys = {"bot": "", "team/bot": "shop/assistant", "lost": "", "begun": "", "half-way": "shop"}
    files = {"bot-bot": "1234567890", "team%2Fbot-shop%2Fassistant": "short", "half-way-shop": "old-secret"}
    journals = {"begun-begun": "", "half-way-shop": "new-secret"}
    for name, secret in files.items():
        (store / f"{name}.key").write_text(secret, encoding="utf-8")
    for name, secret in journals.items():
        (store / f"{name}.key.airs-journal").write_text(secret, encoding="utf-8")
    use = {"ansible.builtin.include_role": {"name": "panw.airs.secret_sink"}}
    given = {"airs_secret_sink": {"type": "file", "path": f"{store}/{{name}}-{{app}}.key"}, "secret_sink_keys": keys}
    run = controller.play(
        {"name": "look", **use, "vars": {"secret_sink_step": "look"}},
        *itertools.chain.from_iterable(
            (
                {
                    "name": "read",
                    **use,
                    "vars": {"secret_sink_step": "read", "secret_sink_name": name, "secret_sink_app": app or name},
                },
                {"name": "show one", "ansible.builtin.debug": {"msg": "{{ secret_sink_state }}"}},
            )
            for name, app in sorted(keys.items())
        ),
        {"name": "show", "ansible.builtin.debug": {"msg": "{{ secret_sink_states }}"}},
        keywords={"vars": given},
    )
    states = run["show"]["msg"]
    read = [result["msg"] for result in run.results("show one")]
    assert read == [states[name] for name in sorted(keys)]
    assert [(state["last8"], state["journal_last8"], state["interrupted"]) for state in read] == [
        ("", "", True),
        ("34567890", "", False),
        ("d-secret", "w-secret", True),
        ("", "", False),
        ("short", "", False),
    ]
