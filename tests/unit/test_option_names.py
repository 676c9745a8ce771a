# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In a role, errors call an option as the user does: by the variable of the role that it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.catalogue import MODULES

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._common.wording import called, calling
from ansible_collections.panw.airs.plugins.plugin_utils._action import variables_of

ROLES = Path(__file__).resolve().parents[2] / "roles"


def tasks(content: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The modules of this collection in a list of tasks, blocks included, with their arguments."""
    for entry in content or []:
        for name, arguments in entry.items():
            if name.startswith("panw.airs.airs_"):
                yield name.removeprefix("panw.airs."), arguments
            elif name in ("block", "rescue", "always"):
                yield from tasks(arguments)


FOUND = [
    (file.parents[1].name, module, arguments)
    for file in sorted(ROLES.glob("*/tasks/**/*.yml"))
    for module, arguments in tasks(yaml.safe_load(file.read_text(encoding="utf-8")))
]


@pytest.mark.parametrize(
    ("role", "module", "arguments"), FOUND, ids=[f"{role}-{module}" for role, module, _given in FOUND]
)
def test_a_role_calls_options_by_variables_that_it_takes(role: str, module: str, arguments: dict[str, Any]) -> None:
    specs = yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    taken = {name for entry in specs["argument_specs"].values() for name in entry["options"]}
    names = variables_of(role, arguments)
    assert {option for option in names if option not in MODULES[module].options} == set()
    assert {name for name in names.values() if not name.startswith("airs_secret_sink.") and name not in taken} == set()


def test_the_roles_are_looked_at() -> None:
    by_module = {(role, module): variables_of(role, arguments) for role, module, arguments in FOUND}
    tenant = by_module["tenant", "airs_tenant"]
    assert tenant["secret_dir"] == "tenant_secret_dir"
    assert tenant["purge"] == "tenant_purge"
    assert tenant["return_secrets"] == "tenant_return_secrets"
    assert "secret_paths" not in tenant  # of the role's own making
    assert by_module["secret_sink", "airs_secret_file"]["path"] == "airs_secret_sink.path"
    assert by_module["rotate_api_keys", "airs_api_key"]["regenerate"] == "rotate_api_keys_regenerate"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "airs_tenant: one of the following is required: tenant_config, tenant_config_path"),
        ({"config": {}, "concurrency": "x"}, "airs_tenant: tenant_concurrency must be an integer, but is 'x'"),
        (
            {"config": {}, "state": "overridden"},
            "airs_tenant: tenant_state is overridden but all of the following are missing: tenant_purge",
        ),
        ({"config": {}, "nonsense": 1}, "airs_tenant: nonsense is not a supported option; supported options are "),
        (
            {"config": {"topics": []}},
            "airs_tenant: tenant_config.topics is not a supported option; did you mean 'custom_topics'?",
        ),
    ],
)
def test_what_is_wrong_with_options_is_said_in_the_words_of_the_role(given: dict[str, Any], message: str) -> None:
    names = {name: f"tenant_{name}" for name in ("config", "config_path", "state", "purge", "concurrency")}
    with calling(names), pytest.raises(AirsInputError) as raised:
        MODULES["airs_tenant"].validated(given)
    assert raised.value.message.startswith(message)
    assert called("state") == "state"


def test_text_of_others_is_left_as_it_is() -> None:
    with calling({"state": "tenant_state"}), pytest.raises(AirsInputError) as raised:
        MODULES["airs_tenant"].validated({"config": {}, "name_prefix": ["state"], "state": "state of state"})
    assert "is 'state of state'" in raised.value.message
