# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema for editors says what the modules take: it is current, refuses what is wrong, and nothing else."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tenant_schema import complaints, schema

from ansible_collections.panw.airs.plugins.module_utils._tenant.config import validated
from ansible_collections.panw.airs.plugins.module_utils._tenant.files import Document, Source
from ansible_collections.panw.airs.plugins.module_utils._tenant.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "examples" / "airs-tenant.schema.json"
TOPIC = {"name": "advice", "description": "Advice", "examples": ["Is it good?"]}


@pytest.fixture(scope="module", autouse=True)
def written() -> None:
    """With C(make schema), the file is written first."""
    if os.environ.get("AIRS_WRITE_SCHEMA"):
        FILE.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")


def is_taken(config: Any) -> bool:
    """Whether a file with this content is right for airs_tenant."""
    return not validated([Document(Source("a.yml"), config)], {"secret_dir": None, "tsg_id": None}).faults


def test_the_schema_is_what_the_options_say() -> None:
    current = json.loads(FILE.read_text(encoding="utf-8"))
    assert current == schema(), "it is not current: run make schema"


def test_every_option_is_explained() -> None:
    for definition in schema()["definitions"].values():
        assert [name for name, option in definition["properties"].items() if not option.get("description")] == []


def test_no_description_only_refers_to_another() -> None:
    # The documentation of a module does so, where one page has both; an editor shows one of them.
    assert '"See ' not in json.dumps(schema())


# --- what is right ---------------------------------------------------------------------------------------------------


EXAMPLES = sorted((ROOT / "examples" / "tenant").rglob("*.yml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_right(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert complaints(content) == []


LENIENT: list[Any] = [
    None,
    {},
    {"custom_topics": []},
    {"custom_topics": [{"topic_name": "alias", "state": "absent"}]},
    {"custom_topics": [{**TOPIC, "examples": "one text"}]},
    {"custom_topics": [{**TOPIC, "examples": 5}]},
    {"custom_topics": [{**TOPIC, "examples": None}]},
    {"custom_topics": [{"name": "x" * 100}]},
    {"security_profiles": [{"name": "a", "latency": {"max_seconds": "5"}}]},
    {"security_profiles": [{"name": "a", "latency": {"max_seconds": 5.0}}]},
    {"security_profiles": [{"name": "a", "latency": '{"max_seconds": 5}'}]},
    {"security_profiles": [{"name": "a", "topics": "default=block"}]},
    {"security_profiles": [{"name": "a", "topics": {"block": "one"}}]},
    {"security_profiles": [{"name": "a", "policy": {"ai-security-profiles": []}}]},
    {"security_profiles": [{"name": "a", "directions": {"prompt": {"data_leak": None}, "response": None}}]},
    {"baseline": {"security_profile": {"prompt_injection": "block"}}},
    {
        "baseline": {
            "security_profile": {
                "data_leak": {"action": "block", "profiles": "PII"},
                "latency": {"on_timeout": "block"},
            },
            "exceptions": [{"name": "a", "reason": "a test", "protections": "latency,data_leak"}],
        }
    },
    *[
        {"security_profiles": [{"name": "a", "mask_data_in_storage": flag}]}
        for flag in (True, "yes", "No", "ON", "off", 1, 0, "1", "TRUE", "t", None)
    ],
]


@pytest.mark.parametrize("config", LENIENT, ids=str)
def test_whatever_the_modules_take_is_right(config: Any) -> None:
    assert is_taken(config)
    assert complaints(config) == []


def values(spec: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values for an option, good and bad."""
    odd: st.SearchStrategy[Any] = st.sampled_from(
        [None, True, 0, 1, 5, 2.5, "5", "5.0", "yes", "", "a,b", "a=b", "block", [], ["a"], [1], {}]
    )
    made: list[st.SearchStrategy[Any]] = [odd]
    if spec.get("choices"):
        made.append(st.sampled_from(spec["choices"]))
    if "options" in spec:
        part = st.fixed_dictionaries({}, optional={name: values(each) for name, each in spec["options"].items()})
        made.append(st.lists(part, max_size=2) if spec["type"] == "list" else part)
    return st.one_of(made)


def configs() -> Iterator[st.SearchStrategy[Any]]:
    """Configurations of one object of each kind."""
    for kind in KINDS.values():
        options = {name: values(spec) for name, spec in kind.options.items() if name != "name"}
        entry = st.fixed_dictionaries({"name": st.sampled_from(["a", " ", "..", "x" * 32])}, optional=options)
        yield st.fixed_dictionaries({kind.plural: st.tuples(entry).map(list)})


@settings(max_examples=300, deadline=None)
@given(config=st.one_of(list(configs())))
def test_nothing_that_the_modules_take_is_refused(config: Any) -> None:
    if is_taken(config):
        assert complaints(config) == []


# --- what is wrong ---------------------------------------------------------------------------------------------------


WRONG: list[Any] = [
    [],
    "text",
    {"custom_topic": []},
    {"custom_topics": None},
    {"custom_topics": TOPIC},
    {"custom_topics": [5]},
    {"custom_topics": [{"description": "nameless"}]},
    {"custom_topics": [{**TOPIC, "nam": "x"}]},
    {"custom_topics": [{**TOPIC, "name": " "}]},
    {"custom_topics": [{**TOPIC, "name": ".."}]},
    {"custom_topics": [{**TOPIC, "name": 2024}]},
    {"custom_topics": [{**TOPIC, "name": "x" * 101}]},
    {"custom_topics": [{**TOPIC, "description": "x" * 251}]},
    {"custom_topics": [{**TOPIC, "examples": ["x"] * 99}]},
    {"custom_topics": [{**TOPIC, "examples": "one, or two"}]},
    {"custom_topics": [{**TOPIC, "examples": {"a": 1}}]},
    {"custom_topics": [{**TOPIC, "examples": [True]}]},
    {"custom_topics": [{**TOPIC, "state": "gone"}]},
    {"custom_topics": [{**TOPIC, "state": None}]},
    {"custom_topics": [{**TOPIC, "description": ["x"]}]},
    {"security_profiles": [{"name": "a", "prompt_injection": None}]},
    {"custom_topics": [{**TOPIC, "client_secret": "x"}]},
    {"security_profiles": [{"name": "a", "prompt_injection": "stop"}]},
    {"security_profiles": [{"name": "a", "topics": {"deny": ["x"]}}]},
    {"security_profiles": [{"name": "a", "topics": ["x"]}]},
    {"security_profiles": [{"name": "a", "latency": {"max_seconds": "soon"}}]},
    {"security_profiles": [{"name": "a", "mask_data_in_storage": "perhaps"}]},
    {"security_profiles": [{"name": "a", "directions": {"prompt": {"prompt_injection": "stop"}}}]},
    {"security_profiles": [{"name": "a", "dlp_profiles": [{}]}]},
    {"api_keys": [{"name": "a", "rotation_time_interval": 0}]},
    {"baseline": None},
    {"baseline": {"security_profile": None}},
    {"baseline": {"security_profile": {"prompt_injection": "stop"}}},
    {"baseline": {"security_profile": {"prompt_injection": "block"}, "exceptions": [{"name": "a"}]}},
    {"baseline": {"exceptions": []}},
    {"api_keys": [{"name": "a", "auth_code": "x", "deployment_profile": "y"}]},
]


@pytest.mark.parametrize("config", WRONG, ids=lambda config: str(config)[:60])
def test_what_the_modules_refuse_is_marked_in_the_editor(config: Any) -> None:
    assert not is_taken(config)
    assert complaints(config)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_editors_find_the_schema_by_the_comment_of_an_example(path: Path) -> None:
    found = re.search(r"^# yaml-language-server: \$schema=(\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    assert (path.parent / found[1]).resolve() == FILE
