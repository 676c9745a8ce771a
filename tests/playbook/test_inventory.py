# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin, through ansible-inventory and ansible-playbook."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Emulator, JsonObject
from support.playbook import Controller, Run, secrets_in
from support.tasks import task

SHOW = {"name": "Show", "ansible.builtin.debug": {"msg": "{{ airs_app_name }}"}}


def key(app: str, **members: Any) -> JsonObject:
    """A key of the seed, with its application."""
    return {"api_key_name": f"{app}-key", "auth_code": "D0000001", "cust_app": app, "cust_env": "prod", **members}


#: Three applications in two environments.
APPS = [
    key("support-bot", cust_cloud_provider="aws", cust_ai_agent_framework="langchain", rotation_time_interval=10),
    key("sales", cust_cloud_provider="gcp"),
    key("lab", cust_env="dev", cust_cloud_provider="gcp", rotation_time_interval=400),
]


def plant(emulator: Emulator, *keys: JsonObject) -> None:
    """Give the tenant applications."""
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"api_keys": list(keys)}}})


@dataclass
class Inventory:
    """What C(ansible-inventory --list) says."""

    hosts: dict[str, JsonObject]
    groups: dict[str, list[str]]
    exit_code: int
    output: str


class Inventories:
    """Inventory files of a controller."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self.file = controller.folder / "airs.yml"

    def write(self, **options: Any) -> None:
        """Write the inventory file."""
        self.file.write_text(yaml.safe_dump({"plugin": "panw.airs.airs", **options}), encoding="utf-8")

    def load(self, *arguments: str, variables: Mapping[str, str | None] | None = None, **options: Any) -> Inventory:
        """Write the file and load it at the highest verbosity."""
        self.write(**options)
        return self.load_again(*arguments, variables=variables)

    def load_again(self, *arguments: str, variables: Mapping[str, str | None] | None = None) -> Inventory:
        """Load the file as it is."""
        listing = self.controller.folder / "listing.json"
        # The output would be mixed with that of -vvvv.
        command = ["-i", str(self.file), "--list", "--output", str(listing), "-vvvv", *arguments]
        exit_code, output = self.controller.call("ansible-inventory", *command, variables=variables)
        text = listing.read_text(encoding="utf-8") if exit_code == 0 else '{"_meta": {"hostvars": {}}}'
        assert secrets_in(text) == []
        found = _unmarked(json.loads(text))
        hosts = found.pop("_meta")["hostvars"]
        groups = {name: group.get("hosts", []) for name, group in found.items()}
        # Before ansible-core 2.19 warnings are broken into lines.
        return Inventory(hosts, groups, exit_code, " ".join(output.split()))

    def play(self, *arguments: str, task_: JsonObject | None = None, **keywords: Any) -> Run:
        """Run one task for all applications."""
        play = {"hosts": "airs_apps", "gather_facts": False, "tasks": [task_ or SHOW], **keywords}
        return self.controller.run([play], "-i", str(self.file), *arguments)


def _unmarked(value: Any) -> Any:
    """Take off Ansible's mark of what is no template."""
    if isinstance(value, dict):
        return value["__ansible_unsafe"] if "__ansible_unsafe" in value else {k: _unmarked(v) for k, v in value.items()}
    return [_unmarked(part) for part in value] if isinstance(value, list) else value


@pytest.fixture
def inventories(controller: Controller) -> Inventories:
    return Inventories(controller)


@pytest.fixture
def inventory(inventories: Inventories, emulator: Emulator) -> Inventories:
    """The same, for a tenant with three applications."""
    plant(emulator, *APPS)
    return inventories


def paths(emulator: Emulator) -> list[str]:
    """The paths that were asked for."""
    return [entry["path"].rpartition("/")[2] for entry in emulator.journal()]


def test_every_application_is_a_host_with_all_that_is_known(inventory: Inventories) -> None:
    found = inventory.load()
    assert sorted(found.hosts) == sorted(found.groups["airs_apps"]) == ["lab", "sales", "support-bot"]
    variables = found.hosts["support-bot"]
    (listed,) = variables.pop("airs_api_keys")
    assert re.fullmatch(r"[0-9a-f-]{36}", variables.pop("airs_customer_app_id"))
    assert variables == {
        "airs_app_name": "support-bot",
        "airs_tsg_id": ACCOUNT.tsg_id,
        "airs_environment": "prod",
        "airs_cloud_provider": "aws",
        "airs_ai_agent_framework": "langchain",
        "airs_model_name": "default",
        "airs_deployment_profiles": ["dp-production"],
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }
    rotation = ["rotation_time_interval", "rotation_time_unit"]
    assert sorted(listed) == ["days_left", "expiration", "id", "last8", "name", "reason", "revoked", *rotation]
    assert (listed["name"], listed["revoked"], listed["days_left"]) == ("support-bot-key", False, 9)
    # It lives for ten days: a third of that is left for it.
    assert listed["reason"] == ""


def test_a_load_takes_one_token_and_one_list_of_each_kind(inventory: Inventories, emulator: Emulator) -> None:
    inventory.load()
    assert sorted(paths(emulator)) == ["access_token", "apikeys", "customerapps"]


def test_pages_are_read_to_the_end(inventories: Inventories, emulator: Emulator) -> None:
    plant(emulator, *(key(f"app-{number:03}") for number in range(250)))
    found = inventories.load()
    assert sorted(found.hosts) == [f"app-{number:03}" for number in range(250)]
    assert all(len(variables["airs_api_keys"]) == 1 for variables in found.hosts.values())
    assert sorted(paths(emulator)) == ["access_token", *["apikeys"] * 3, *["customerapps"] * 3]


def test_groups_are_made_of_variables(inventory: Inventories) -> None:
    expiring = "airs_api_keys | selectattr('days_left', 'lt', 10) | length > 0"
    found = inventory.load(
        keyed_groups=[
            {"key": "airs_environment", "prefix": "airs"},
            {"key": "airs_ai_agent_framework", "prefix": "fw", "default_value": "none"},
        ],
        groups={"expiring": expiring},
        compose={"label": "airs_app_name | upper"},
        strict=True,
    )
    groups = {name: sorted(hosts) for name, hosts in found.groups.items() if hosts}
    assert groups == {
        "airs_apps": ["lab", "sales", "support-bot"],
        "airs_prod": ["sales", "support-bot"],
        "airs_dev": ["lab"],
        "fw_none": ["lab", "sales"],
        "fw_langchain": ["support-bot"],
        "expiring": ["support-bot"],
    }
    assert found.hosts["lab"]["label"] == "LAB"


def test_strict_makes_a_wrong_expression_an_error_and_without_it_is_left_out(inventory: Inventories) -> None:
    assert sorted(inventory.load(compose={"label": "nothing.like.it"}).hosts) == ["lab", "sales", "support-bot"]
    found = inventory.load(compose={"label": "nothing.like.it"}, strict=True)
    assert "Could not set label for host lab" in found.output


@pytest.mark.parametrize(
    ("filters", "hosts"),
    [
        ({"include": ["s*"]}, ["sales", "support-bot"]),
        ({"include": ["s*", "lab"], "exclude": ["support-*"]}, ["lab", "sales"]),
        ({"environments": ["dev"]}, ["lab"]),
        ({"environments": ["prod"], "exclude": ["*"]}, []),
        ({"include": []}, []),
    ],
)
def test_filters_choose_applications(inventory: Inventories, filters: JsonObject, hosts: list[str]) -> None:
    assert sorted(inventory.load(**filters).hosts) == hosts


def test_the_graph_shows_groups(inventory: Inventories) -> None:
    inventory.write(keyed_groups=[{"key": "airs_environment", "prefix": "airs"}])
    _code, output = inventory.controller.call("ansible-inventory", "-i", str(inventory.file), "--graph", "airs_dev")
    assert output.split() == ["@airs_dev:", "|--lab"]


def test_one_host_can_be_looked_at_and_an_unknown_one_is_named(inventory: Inventories) -> None:
    inventory.write()
    command = ["ansible-inventory", "-i", str(inventory.file), "--host"]
    _code, output = inventory.controller.call(*command, "sales")
    assert _unmarked(json.loads(output))["airs_cloud_provider"] == "gcp"
    exit_code, output = inventory.controller.call(*command, "sails")
    assert exit_code != 0
    assert "sails" in output


# --- the cache -------------------------------------------------------------------------------------------------------


def cache(folder: Path) -> JsonObject:
    """Options that cache in a folder."""
    return {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder)}


def test_a_cached_inventory_sends_no_request_and_holds_no_secret(
    inventory: Inventories, emulator: Emulator, tmp_path: Path
) -> None:
    first = inventory.load(**cache(tmp_path / "cache"))
    emulator.clear_journal()
    second = inventory.load_again()
    assert second.hosts == first.hosts
    assert paths(emulator) == []
    (file,) = (tmp_path / "cache").iterdir()
    text = file.read_text(encoding="utf-8")
    assert "support-bot" in text
    assert secrets_in(text) == []
    assert "auth_code" not in text
    assert "days_left" not in text


def test_the_cache_is_made_anew_when_asked_for(inventory: Inventories, emulator: Emulator, tmp_path: Path) -> None:
    inventory.load(**cache(tmp_path / "cache"))
    plant(emulator, key("new"))
    assert "new" not in inventory.load_again().hosts
    run = inventory.play("--flush-cache")
    assert "new" in [result["msg"] for result in run.results("Show")]
    assert "new" in inventory.load_again().hosts


def test_filters_apply_to_what_is_cached(inventory: Inventories, emulator: Emulator, tmp_path: Path) -> None:
    inventory.load(**cache(tmp_path / "cache"), include=["lab"])
    emulator.clear_journal()
    assert sorted(inventory.load(**cache(tmp_path / "cache")).hosts) == ["lab", "sales", "support-bot"]
    assert paths(emulator) == []


def test_a_cache_never_serves_another_tenant(inventory: Inventories, emulator: Emulator, tmp_path: Path) -> None:
    inventory.load(**cache(tmp_path / "cache"))
    inventory.controller.use(emulator, OTHER_ACCOUNT)
    assert inventory.load_again().hosts == {}


def test_days_left_are_counted_at_every_load(inventory: Inventories, tmp_path: Path) -> None:
    inventory.load(**cache(tmp_path / "cache"))
    (file,) = (tmp_path / "cache").iterdir()
    # What is cached is when keys expire.
    file.write_text(re.sub(r"20\d\d(?=-\d\d-\d\dT)", "2001", file.read_text()))
    (key_,) = inventory.load_again().hosts["sales"]["airs_api_keys"]
    assert (key_["days_left"] < -9000, key_["reason"]) == (True, "expiring")


def test_a_key_whose_date_nobody_can_read_is_not_one_for_ever(inventory: Inventories, tmp_path: Path) -> None:
    inventory.load(**cache(tmp_path / "cache"))
    (file,) = (tmp_path / "cache").iterdir()
    file.write_text(re.sub(r"20\d\d-\d\d-\d\dT", "soon", file.read_text()))
    (key_,) = inventory.load_again().hosts["sales"]["airs_api_keys"]
    assert (key_["days_left"], key_["reason"]) == (None, "unreadable_expiry")


# --- connection options ----------------------------------------------------------------------------------------------


def test_the_variables_of_the_official_sdk_come_before_the_others(inventory: Inventories) -> None:
    found = inventory.load(variables={"PANW_MGMT_CLIENT_ID": "nobody", "PANW_MGMT_ENDPOINT": "http://127.0.0.1:9"})
    assert "sales" in found.hosts


def test_the_other_variables_serve_too(inventory: Inventories) -> None:
    found = inventory.load(variables={"PANW_CLIENT_ID": None, "PANW_MGMT_CLIENT_ID": ACCOUNT.client_id})
    assert "sales" in found.hosts


def test_connection_options_in_the_file_may_be_templates(inventory: Inventories) -> None:
    (inventory.controller.folder / "secret").write_text(ACCOUNT.client_secret)
    template = "{{ lookup('ansible.builtin.file', '" + str(inventory.controller.folder / "secret") + "') }}"
    assert "sales" in inventory.load(client_secret=template, variables={"PANW_CLIENT_SECRET": "wrong"}).hosts


def test_extra_variables_come_before_the_environment(inventory: Inventories, emulator: Emulator) -> None:
    # Not with a secret: ansible-inventory prints extra variables.
    extra = json.dumps({"given": emulator.base_url, "ansible_airs_base_url": "{{ given }}"})
    assert "sales" in inventory.load("-e", extra, variables={"PANW_BASE_URL": "http://127.0.0.1:9"}).hosts


def test_a_vaulted_secret_in_the_file_is_read(inventory: Inventories) -> None:
    password = inventory.controller.folder / "password"
    password.write_text("p")
    encrypt = ["encrypt_string", "--vault-password-file", str(password), ACCOUNT.client_secret, "-n", "client_secret"]
    _code, text = inventory.controller.call("ansible-vault", *encrypt)
    block = text[text.index("client_secret:") : text.index("\n", text.rindex("   ")) + 1]
    inventory.file.write_text(f"plugin: panw.airs.airs\n{block}")
    found = inventory.load_again("--vault-password-file", str(password), variables={"PANW_CLIENT_SECRET": "wrong"})
    assert "sales" in found.hosts


def test_a_wrong_secret_is_one_sentence_that_does_not_show_it(inventory: Inventories) -> None:
    wrong = "wrong-secret-of-a-test"
    found = inventory.load(variables={"PANW_CLIENT_SECRET": wrong, "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"})
    assert found.exit_code != 0
    assert "Could not get an access token for client ID" in found.output
    assert "Check client_id and client_secret." in found.output
    assert wrong not in found.output


def test_missing_credentials_are_named(inventory: Inventories) -> None:
    found = inventory.load(variables={"PANW_CLIENT_SECRET": None})
    assert "client_secret is required: set the option, or PANW_CLIENT_SECRET in the environment." in found.output
    assert found.hosts == {}


def test_other_file_names_are_left_to_other_plugins(inventory: Inventories, emulator: Emulator) -> None:
    inventory.file = inventory.file.with_name("hosts.yml")
    assert inventory.load().hosts == {}
    assert paths(emulator) == []


# --- names -----------------------------------------------------------------------------------------------------------


def test_what_a_name_says_is_never_evaluated(inventories: Inventories, emulator: Emulator) -> None:
    plant(emulator, key("{{ 1 + 1 }}", api_key_name="k"))
    inventories.write()
    run = inventories.play(task_=SHOW)
    assert run["Show"]["msg"] == "{{ 1 + 1 }}"


def test_an_application_that_is_named_like_a_group_or_localhost_is_a_host(
    inventory: Inventories, emulator: Emulator
) -> None:
    plant(emulator, key("localhost"), key("airs_apps"), key("airs_prod"))
    found = inventory.load(
        keyed_groups=[{"key": "airs_environment", "prefix": "airs"}], compose={"label": "airs_app_name"}
    )
    assert {variables["airs_app_name"]: variables["label"] for variables in found.hosts.values()} == {
        name: name for name in ("airs_apps", "airs_prod", "lab", "localhost", "sales", "support-bot")
    }
    assert not {"localhost", "airs_apps"} & set(found.hosts)


def test_a_prefix_keeps_two_tenants_apart(inventory: Inventories) -> None:
    assert sorted(inventory.load(hostname_prefix="eu-").hosts) == ["eu-lab", "eu-sales", "eu-support-bot"]


# --- plays -----------------------------------------------------------------------------------------------------------


def test_a_play_runs_a_task_for_every_application_with_the_token_of_the_inventory(
    inventory: Inventories, emulator: Emulator
) -> None:
    inventory.write()
    ask = task("Ask", "airs_customer_app_info", {"name": "{{ airs_app_name }}"})
    run = inventory.play(task_=ask)
    assert run.exit_code == 0, run.output
    answered = [result["customer_apps"][0]["app_name"] for result in run.results("Ask")]
    assert sorted(answered) == ["lab", "sales", "support-bot"]
    assert paths(emulator).count("access_token") == 1


def test_facts_and_modules_of_ansible_run_in_the_controller(inventory: Inventories) -> None:
    inventory.write(include=["lab"])
    where = {"name": "Where", "ansible.builtin.command": {"cmd": "echo here"}}
    # As a user has it: no interpreter is set from outside.
    inventory.controller.variables["ANSIBLE_PYTHON_INTERPRETER"] = "/no/such/python"
    run = inventory.play(task_=where)
    assert run["Where"]["stdout"] == "here"


def test_three_slices_cover_every_application_exactly_once(inventories: Inventories, emulator: Emulator) -> None:
    names = [f"app-{number}" for number in range(8)]
    plant(emulator, *map(key, names))
    inventories.write()
    shown = []
    for limit in ("airs_apps[0:2]", "airs_apps[3:5]", "airs_apps[6:]"):
        run = inventories.play("--limit", limit)
        assert run.exit_code == 0, run.output
        shown += [result["msg"] for result in run.results("Show")]
    assert sorted(shown) == names
