# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that are wrong whatever the service says."""

from __future__ import annotations

from typing import Any

import pytest
from support.catalogue import MODULES

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._engine.module import ModuleSpec, validate
from ansible_collections.panw.airs.plugins.module_utils._engine.options import (
    CONNECTION_OPTIONS,
    LIMITS,
    MANAGEMENT_OPTIONS,
    SCAN_OPTIONS,
    TRANSPORT_OPTIONS,
)
from ansible_collections.panw.airs.plugins.module_utils._engine.run import connect
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import CUSTOM_TOPIC
from ansible_collections.panw.airs.plugins.module_utils._policy import document
from ansible_collections.panw.airs.plugins.module_utils._tenant.tenant import TENANT_MODULE
from ansible_collections.panw.airs.plugins.plugin_utils._connection import connection_options

SPECS: dict[str, Any] = {**CUSTOM_TOPIC.option_specs(), **document.option_specs()}
#: Numbers whose limits are those of one kind or module, which checks them.
LIMITED_ELSEWHERE = {
    "batch_size",
    "concurrency",
    "max_deletions",
    "max_rows",
    "min_accuracy",
    "poll_interval",
    "poll_timeout",
    "prune_revisions",
    "rotation_time_interval",
    "time_interval",
    "token_ttl_interval",
}
#: Options that modules with such numbers need.
REQUIRED: dict[str, dict[str, Any]] = {
    "airs_api_key": {"name": "k"},
    "airs_api_key_rotation": {"path": "/run/secrets/{name}"},
    "airs_application": {"name": "a"},
    "airs_custom_topic": {"name": "t"},
    "airs_customer_app": {"name": "a"},
    "airs_oauth_token": {"oauth_client_id": "c", "customer_app": "a"},
    "airs_scan": {"contents": []},
    "airs_security_profile": {"name": "p"},
    "airs_tenant": {"config": {}},
    "airs_tenant_drift_info": {"config": {}},
    "airs_tenant_export": {"path": "x"},
}
WHOLE = "is a string with commas, which might be part of a value: use a list of quoted strings"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"examples": "Is it good, or bad? Tell me"}, f"examples {WHOLE}"),
        ({"topics": {"block": "Team [EU], advice"}}, f"block {WHOLE}"),
        ({"directions": {"prompt": {"data_leak": {"profiles": "PII, basic"}}}}, f"profiles {WHOLE}"),
    ],
)
def test_a_list_of_texts_is_never_cut_at_commas(given: dict[str, Any], words: str) -> None:
    assert validate(SPECS, {"name": "x", **given})[2] == [words]


def test_a_text_without_commas_is_a_list_of_one_and_known_words_may_be_cut() -> None:
    options, _secrets, faults = validate(SPECS, {"name": "x", "examples": "Is it good?"})
    assert (faults, options["examples"]) == ([], ["Is it good?"])
    options, _secrets, faults = validate(TENANT_MODULE.options, {"config": {}, "purge": "api_keys,customer_apps"})
    assert (faults, options["purge"]) == ([], ["api_keys", "customer_apps"])


@pytest.mark.parametrize("given", [{"timeout": 0}, {"timeout": -5}, {"timeout": 3601}, {"num_retries": -1}])
def test_a_time_or_a_number_of_tries_that_cannot_be_is_refused(given: dict[str, int]) -> None:
    module = ModuleSpec("airs_x", TRANSPORT_OPTIONS, lambda task: {})
    ((name, value),) = given.items()
    with pytest.raises(AirsInputError, match=f"airs_x: {name} must be between .*, but is {value}"):
        module.validated(given)


@pytest.mark.parametrize("spec", MODULES.values(), ids=MODULES)
def test_every_number_has_limits(spec: ModuleSpec) -> None:
    numbers = {name for name, option in spec.options.items() if option.get("type") in ("int", "float")}
    assert numbers <= set(LIMITS) | LIMITED_ELSEWHERE
    for name in sorted(numbers & set(LIMITS)):
        for number in (LIMITS[name][0] - 1, LIMITS[name][1] + 1):
            with pytest.raises(AirsInputError, match=f"{name} must be between"):
                spec.validated({**REQUIRED.get(spec.name, {}), name: number})


def test_the_real_module_has_the_same_limits_and_trims() -> None:
    taken = dict.fromkeys(CONNECTION.options) | {"client_id": "me\n", "timeout": 0}
    with pytest.raises(AirsInputError, match=r"^airs_x: timeout must be between 1 and 3600, but is 0$"):
        CONNECTION.completed(taken)
    assert CONNECTION.completed({**taken, "timeout": 1})["client_id"] == "me"


def test_plugins_have_the_same_limits() -> None:
    with pytest.raises(
        AirsInputError, match=r"^num_retries must be between 0 and 20, but is -1; timeout must be between"
    ):
        connect(connection_options(Plugin(timeout=0, num_retries=-1)), Runtime())


# --- variables of the environment ------------------------------------------------------------------------------------


class Plugin:
    """An inventory or lookup plugin whose options Ansible has set."""

    def __init__(self, **options: Any) -> None:
        self._options = options

    def get_option(self, name: str) -> Any:
        """Return the value of an option."""
        return self._options.get(name, CONNECTION_OPTIONS[name].get("default"))


VARIABLES = {
    name: spec["fallback"][1] for name, spec in {**MANAGEMENT_OPTIONS, **SCAN_OPTIONS}.items() if "fallback" in spec
}
each_option = pytest.mark.parametrize("name", VARIABLES)
CONNECTION = ModuleSpec("airs_x", {**MANAGEMENT_OPTIONS, **SCAN_OPTIONS}, lambda task: {})


@each_option
def test_an_empty_variable_is_not_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    *first, last = VARIABLES[name]
    for variable in VARIABLES[name]:
        monkeypatch.setenv(variable, " \n")
    options, _secrets = CONNECTION.validated({})
    assert options[name] == CONNECTION.options[name].get("default")
    monkeypatch.setenv(last, "x")
    assert CONNECTION.validated({})[0][name] == "x"
    if name in CONNECTION_OPTIONS:
        # Ansible takes the last variable of a plugin that is set, empty or not: it is the first choice.
        seen = "" if first else "x"
        assert connection_options(Plugin(**{name: seen}))[name] == "x"


@each_option
@pytest.mark.parametrize("around", ["{}\n", "{}\r\n", " {} ", "\t{}", "\ufeff{}", "\ufeff {}\n"])
def test_white_space_around_a_value_is_trimmed(name: str, around: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = around.format("some thing")
    options, secrets = CONNECTION.validated({name: value})
    assert options[name] == "some thing"
    assert ("some thing" in secrets) == bool(CONNECTION.options[name].get("no_log"))
    if name in CONNECTION_OPTIONS:
        assert connection_options(Plugin(**{name: value}))[name] == "some thing"
    monkeypatch.setenv(VARIABLES[name][0], value)
    assert CONNECTION.validated({})[0][name] == "some thing"


@each_option
def test_an_option_with_nothing_in_it_is_omitted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLES[name][0], raising=False)
    assert CONNECTION.validated({name: " "})[0][name] == CONNECTION.options[name].get("default")
    monkeypatch.setenv(VARIABLES[name][0], "x")
    assert CONNECTION.validated({name: ""})[0][name] == "x"


def test_what_an_option_repeats_is_validated_although_ansible_does_not_look_into_it() -> None:
    spec = MODULES["airs_security_profile"]
    taken = {**dict.fromkeys(spec.options), "name": "bot", "directions": {"prompt": {"data_leak": {"profiles": "PII"}}}}
    completed = spec.completed(taken)
    assert completed["directions"]["prompt"]["data_leak"] == {"profiles": ["PII"], "action": None, "mask_inline": None}
    assert completed["name"] == "bot"
    wrong = {**taken, "directions": {"prompt": {"urls": {"blok": ["phishing"]}}}}
    with pytest.raises(AirsInputError, match=r"directions\.prompt\.urls\.blok .*did you mean 'block'"):
        spec.completed(wrong)
