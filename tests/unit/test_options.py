# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that are wrong whatever the service says."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._engine.module import ModuleSpec, validate
from ansible_collections.panw.airs.plugins.module_utils._engine.options import TRANSPORT_OPTIONS
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import CUSTOM_TOPIC
from ansible_collections.panw.airs.plugins.module_utils._policy import document
from ansible_collections.panw.airs.plugins.module_utils._tenant.tenant import TENANT_MODULE

SPECS: dict[str, Any] = {**CUSTOM_TOPIC.option_specs(), **document.option_specs()}
WHOLE = "is a text with commas, which may belong to it: give a list, with the text in quotes"


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
    with pytest.raises(AirsInputError, match=f"airs_x: {name} is {value}, but must be from [01] to (3600|20)"):
        module.validated(given)
