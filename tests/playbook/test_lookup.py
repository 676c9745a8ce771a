# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup of auth codes, through ansible-playbook."""

from __future__ import annotations

import hashlib
from typing import Any

from support.emulator import ACCOUNT, Emulator
from support.playbook import Controller, secrets_in
from support.tasks import API_KEY, api_key


def code_of(*arguments: str) -> str:
    """The expression of a lookup; names are given in quotes."""
    return f"lookup('panw.airs.airs_auth_code', {', '.join(arguments)})"


def show(expression: str) -> dict[str, Any]:
    """A task that shows an expression; here they all fail."""
    return {"name": "Show", "ansible.builtin.debug": {"msg": "{{ " + expression + " }}"}}


def key_with(expression: str) -> dict[str, Any]:
    """A task that makes a key with an auth code."""
    options = {name: value for name, value in API_KEY.items() if name != "deployment_profile"}
    return api_key("Make", {**options, "name": "k", "auth_code": "{{ " + expression + " }}", "secret_path": "key"})


def compare(expression: str, wanted: str, **keywords: Any) -> dict[str, Any]:
    """A task that fails unless a lookup gives something. Hashes are compared, so that the task holds no secret."""
    hashed = hashlib.sha256(wanted.encode()).hexdigest()
    condition = f"{expression} | hash('sha256') == '{hashed}'"
    return {"name": "Compare", "ansible.builtin.assert": {"that": condition, "quiet": True}, "no_log": True, **keywords}


def test_the_auth_code_of_a_name_is_found_activated_or_not(controller: Controller, emulator: Emulator) -> None:
    controller.play(compare(code_of("'dp-production'"), "D0000001"))
    controller.play(compare(code_of("'dp-unused'"), "D0000002"))


def test_several_names_take_one_list(controller: Controller, emulator: Emulator) -> None:
    controller.play(compare(code_of("'dp-unused'", "'dp-production'"), "D0000002,D0000001"))
    listed = [entry for entry in emulator.journal("management") if entry["path"].endswith("deploymentprofiles")]
    assert len(listed) == 1


def test_a_key_is_made_with_it_and_nothing_is_left_on_disk(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(key_with(code_of("'dp-production'")))
    assert run["Make"]["changed"]
    assert run["Make"]["invocation"]["module_args"]["auth_code"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    left = [
        path for path in controller.folder.rglob("*") if path.is_file() and secrets_in(path.read_text(errors="replace"))
    ]
    # The key's secret is where it was asked for, and nothing else anywhere.
    assert [path.name for path in left] == ["key"]
    assert "D0000001" not in left[0].read_text()


def test_the_token_is_shared_with_the_tasks_of_the_run(controller: Controller, emulator: Emulator) -> None:
    controller.play(key_with(code_of("'dp-production'")))
    assert len(emulator.journal("token")) == 1


def test_an_unknown_name_is_an_error_that_says_what_was_meant(controller: Controller) -> None:
    run = controller.play(show(code_of("'dp-prodction'")), succeeds=False)
    assert "Deployment profile 'dp-prodction' does not exist. Did you mean 'dp-production'?" in run.failure


def test_a_name_must_be_text(controller: Controller) -> None:
    run = controller.play(show(code_of("{'a': 1}")), succeeds=False)
    assert "airs_auth_code requires names of deployment profiles, but got {'a': 1}." in run.failure


def test_options_come_from_arguments_then_variables_then_environment(controller: Controller) -> None:
    controller.variables["PANW_CLIENT_SECRET"] = "wrong"
    secret = controller.folder / "secret"
    secret.write_text(ACCOUNT.client_secret)
    read = f"lookup('ansible.builtin.file', '{secret}')"
    variables = {"given": "{{ " + read + " }}", "ansible_airs_client_secret": "{{ given }}"}
    controller.play(compare(code_of("'dp-production'"), "D0000001", vars=variables))
    wrong = {"ansible_airs_client_secret": "wrong too"}
    controller.play(compare(code_of("'dp-production'", f"client_secret={read}"), "D0000001", vars=wrong))


def test_a_wrong_secret_is_one_sentence_that_does_not_show_it(controller: Controller) -> None:
    controller.variables["PANW_CLIENT_SECRET"] = "wrong-secret-of-a-test"
    run = controller.play(show(code_of("'dp-production'")), succeeds=False)
    assert "Could not get an access token for client ID" in run.failure
    assert "wrong-secret-of-a-test" not in run.text
