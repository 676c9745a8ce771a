# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation says agrees with the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from support.catalogue import MODULES
from support.documents import GUIDES, ROOT
from support.snippets import Snippet, everything

from ansible_collections.panw.airs.plugins.module_utils._engine.options import MANAGEMENT_OPTIONS, SCAN_OPTIONS

GUIDE = {path.stem.removeprefix("guide_"): path.read_text(encoding="utf-8") for path in GUIDES}
DRAWINGS = sorted((ROOT / "docs/docsite/rst/images").iterdir())
SNIPPETS = everything()
GROUPS = {"group/panw.airs.airs": MANAGEMENT_OPTIONS, "group/panw.airs.airs_scans": SCAN_OPTIONS}
#: What stands for a template of an option that is no string.
SAMPLES = {"int": 1, "bool": True, "list": [], "dict": {}}

#: The methods of the official SDKs for management and scans, which the guide must place.
SDK_METHODS = re.findall(
    r"\w+",
    """
    create_new_ai_profile get_all_ai_profiles update_ai_profile delete_ai_profile force_delete_ai_profile
    create_new_custom_topic get_all_custom_topics modify_custom_topic_details delete_custom_topic
    force_delete_custom_topic create_new_api_key get_all_api_keys regenerate_api_key delete_api_key
    get_all_customer_apps update_customer_app delete_customer_app get_all_dlp_profiles get_all_deployment_profiles
    get_oauth_token sync_scan async_scan query_by_scan_ids query_by_report_ids
    """,
)


def without_templates(value: Any, spec: Mapping[str, Any]) -> Any:
    """Return the value of an option with a sample of its type in the place of a template."""
    if isinstance(value, str) and "{{" in value:
        choices = spec.get("choices")
        return choices[0] if choices else SAMPLES.get(spec.get("type", "str"), value)
    suboptions = spec.get("options") or {}
    if isinstance(value, list):
        return [without_templates(part, {"options": suboptions}) for part in value]
    if isinstance(value, dict):
        return {key: without_templates(part, suboptions.get(key, {})) for key, part in value.items()}
    return value


def faults(options: Mapping[str, Any], spec: Mapping[str, Any], **constraints: Any) -> list[str]:
    """Return what Ansible says against options."""
    validator = ArgumentSpecValidator(dict(spec), **constraints)
    errors: list[str] = validator.validate(without_templates(dict(options), {"options": spec})).error_messages
    return errors


def module_defaults(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the module_defaults of our groups, wherever they are."""
    if isinstance(data, dict):
        yield from (data.get("module_defaults") or {}).items()
        data = list(data.values())
    if isinstance(data, list):
        for part in data:
            yield from module_defaults(part)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: f"{snippet.source}: {snippet.title}")
def test_every_task_that_is_shown_fits_the_options(snippet: Snippet) -> None:
    for task in snippet.tasks():
        for key, options in task.items():
            if key.startswith("panw.airs.") and not isinstance(options, str):
                spec = MODULES[key.removeprefix("panw.airs.")]
                assert faults(options or {}, spec.options, **spec.constraints) == [], task["name"]
    for group, options in module_defaults(snippet.data):
        assert faults(options, GROUPS[group]) == []


def test_every_guide_is_in_the_list_of_guides_and_in_the_navigation() -> None:
    sections = yaml.safe_load((ROOT / "docs/docsite/extra-docs.yml").read_text())["sections"]
    listed = [name for section in sections for name in section["toctree"]]
    navigation = re.findall(r"collection/docsite/(\w+)$", (ROOT / "docs/site/rst/index.rst").read_text(), re.MULTILINE)
    assert listed == navigation
    assert sorted(listed) == [path.stem for path in GUIDES]


@pytest.mark.parametrize("drawing", DRAWINGS, ids=[path.stem for path in DRAWINGS])
def test_every_drawing_is_in_a_guide_with_a_text_instead_and_fits_light_and_dark(drawing: Path) -> None:
    directive = rf"^\.\. image:: images/{drawing.name}\n   :alt: .{{60,}}(?:\n      .+)*\n"
    assert sum(len(re.findall(directive, guide, re.MULTILINE)) for guide in GUIDE.values()) == 1
    source = drawing.read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in source
    assert "<title" in source
    assert drawing.stat().st_size < 8192


def test_every_image_of_a_guide_is_there() -> None:
    named = {name for guide in GUIDE.values() for name in re.findall(r"\.\. (?:image|figure):: images/(\S+)", guide)}
    assert named == {path.name for path in DRAWINGS}


def test_every_test_that_a_guide_names_is_there() -> None:
    for name, guide in GUIDE.items():
        for file, test in re.findall(r"``(tests/\S+\.py)::(\w+)``", guide):
            assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{name}: {file}::{test}"


@pytest.mark.parametrize("method", SDK_METHODS)
def test_the_guide_for_users_of_the_sdk_places_the_method(method: str) -> None:
    rows = re.findall(rf"^   \* - ``(?:client\.\w+\.)?{method}\(\)``\n     - (.+)", GUIDE["sdk"], re.MULTILINE)
    assert [bool(re.match(r":ansplugin:`airs_\w+ <", row)) for row in rows] == [True]


def templates() -> list[str]:
    """Return all texts in the code of the collection, with … where something is put in."""
    found = []
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
                found.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return found


TEMPLATES = templates()
QUOTED = re.findall(r"^   \* - ``(.+)``$", GUIDE["troubleshooting"], re.MULTILINE)


def test_the_troubleshooting_guide_quotes_errors() -> None:
    assert len(QUOTED) > 40


@pytest.mark.parametrize("quoted", QUOTED)
def test_every_error_that_the_troubleshooting_guide_quotes_is_in_the_code(quoted: str) -> None:
    assert [text for text in TEMPLATES if quoted in text]
