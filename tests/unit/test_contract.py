# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of the collection agree: registry, models, options, documentation, files, tables."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from support.catalogue import MODULES

from ansible_collections.panw.airs.plugins.module_utils._common.version import VERSION
from ansible_collections.panw.airs.plugins.module_utils._engine.module import ModuleSpec
from ansible_collections.panw.airs.plugins.module_utils._engine.options import MANAGEMENT_OPTIONS, SCAN_OPTIONS
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import RESOURCES
from ansible_collections.panw.airs.plugins.module_utils._policy.protections import PROTECTIONS
from ansible_collections.panw.airs.plugins.module_utils._scan import models as scan_models
from ansible_collections.panw.airs.plugins.module_utils._scan.detectors import DETECTORS
from ansible_collections.panw.airs.plugins.module_utils._scan.options import CONTENT_OPTIONS, IDS
from ansible_collections.panw.airs.plugins.module_utils._service import models
from ansible_collections.panw.airs.plugins.module_utils._service.resource import Resource
from ansible_collections.panw.airs.plugins.plugin_utils._action import ModuleAction

ROOT = Path(__file__).resolve().parents[2]
OFFICIAL = ROOT.parent / "shared/openapi/mgmt-service.yaml"
OFFICIAL_SCAN = OFFICIAL.with_name("scan-service.yaml")
RUNTIME = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())
FILES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("airs_*.py"))
#: Modules that ask no service, and so have no connection options and are in no group.
WITHOUT_SERVICE = ["airs_secret_file", "airs_tenant_lint"]

each_module = pytest.mark.parametrize("spec", MODULES.values(), ids=MODULES)
#: All models of what the service sends and takes.
MODELS = [
    model for place in (models, scan_models) for model in vars(place).values() if getattr(model, "model_fields", None)
]
each_resource = pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)


def documentation(name: str) -> dict[str, Any]:
    """Return what a module documents, options and attributes of its fragments included."""
    module = importlib.import_module(f"ansible_collections.panw.airs.plugins.modules.{name}")
    found: dict[str, Any] = yaml.safe_load(module.DOCUMENTATION)
    options: dict[str, Any] = dict(found.get("options") or {})
    attributes: dict[str, Any] = dict(found.get("attributes") or {})
    # Ansible does not follow the fragments of fragments, so a module has to name all of its own.
    for name_of_fragment in found.get("extends_documentation_fragment", []):
        fragment, _dot, variable = name_of_fragment.removeprefix("panw.airs.").partition(".")
        module = importlib.import_module(f"ansible_collections.panw.airs.plugins.doc_fragments.{fragment}")
        text = yaml.safe_load(getattr(module.ModuleDocFragment, (variable or "documentation").upper()))
        options.update(text.get("options") or {})
        attributes.update(text.get("attributes") or {})
    return {**found, "options": options, "attributes": attributes}


def examples(name: str) -> list[dict[str, Any]]:
    """Return the example tasks of a module."""
    module = importlib.import_module(f"ansible_collections.panw.airs.plugins.modules.{name}")
    tasks: list[dict[str, Any]] = yaml.safe_load(module.EXAMPLES)
    return tasks


def simplified(options: dict[str, Any], suboptions: str) -> dict[str, Any]:
    """Return options as far as documentation and argument_spec both say them."""
    return {
        name: {
            "type": entry.get("type", "str"),
            "elements": entry.get("elements"),
            "choices": entry.get("choices"),
            "default": entry.get("default"),
            "required": bool(entry.get("required")),
            "aliases": sorted(entry.get("aliases") or []),
            "options": simplified(entry.get(suboptions) or {}, suboptions),
        }
        for name, entry in options.items()
    }


def test_every_module_file_is_in_the_catalogue_and_the_other_way_round() -> None:
    assert sorted(MODULES) == FILES


def test_every_module_is_in_the_action_group_whose_options_it_takes() -> None:
    assert RUNTIME["action_groups"] == {
        group: sorted(name for name, spec in MODULES.items() if set(options) <= set(spec.options))
        for group, options in (("airs", MANAGEMENT_OPTIONS), ("airs_scans", SCAN_OPTIONS))
    }
    grouped = [name for group in RUNTIME["action_groups"].values() for name in group]
    assert sorted({*grouped, *WITHOUT_SERVICE}) == FILES


@each_module
def test_the_action_group_is_documented(spec: ModuleSpec) -> None:
    groups = [f"panw.airs.{group}" for group, names in RUNTIME["action_groups"].items() if spec.name in names]
    assert documentation(spec.name)["attributes"]["action_group"]["membership"] == groups
    assert bool(groups) == (spec.name not in WITHOUT_SERVICE)


def test_every_module_runs_in_the_controller() -> None:
    folder = ROOT / "plugins" / "action"
    assert sorted(file.stem for file in folder.glob("*.py")) == FILES
    for name in FILES:
        plugin = importlib.import_module(f"ansible_collections.panw.airs.plugins.action.{name}")
        assert issubclass(plugin.ActionModule, ModuleAction)
        assert plugin.ActionModule.spec.name == name


def test_ansible_imports_the_engine_before_it_forks() -> None:
    # The very call that strategies make in the parent process, for what it tells them of an action.
    code = (
        "import gc, json, sys; from ansible.plugins.loader import action_loader, init_plugin_loader;"
        "init_plugin_loader();"
        "found = [action_loader.get(name, class_only=True) for name in sys.argv[1:]];"
        "print(json.dumps([all(found), *(name in sys.modules for name in ('requests', 'pydantic')),"
        "gc.get_freeze_count() > 10_000]))"
    )
    names = [f"panw.airs.{name}" for name in FILES]
    said = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == [True, True, True, True]


def test_a_tenant_imports_what_few_need_only_where_it_is_needed() -> None:
    code = (
        "import json, sys; from ansible.plugins.loader import action_loader, init_plugin_loader; init_plugin_loader();"
        "action_loader.get('panw.airs.airs_tenant', class_only=True);"
        "print(json.dumps([name.rpartition('.')[2] for name in sys.modules if 'panw.airs' in name]))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert {"tenant", "session"} <= set(json.loads(said))
    few = {"api_key", "application", "customer_app", "drift", "lines", "plan_file", "report", "secret_place", "undo"}
    assert not few & set(json.loads(said))


def summary(name: str) -> str:
    module = importlib.import_module(f"ansible_collections.panw.airs.plugins.modules.{name}")
    return str(yaml.safe_load(module.DOCUMENTATION)["short_description"])


def test_every_module_is_in_the_table_of_the_readme() -> None:
    rows = re.findall(r"^\| `(airs_\w+)` \| (.+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(rows) == [(name, summary(name)) for name in FILES]


def test_the_version_is_that_of_the_collection() -> None:
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"] == VERSION


@each_module
def test_options_are_documented_as_they_are(spec: ModuleSpec) -> None:
    documented = simplified(documentation(spec.name)["options"], "suboptions")
    assert documented == simplified(spec.documented_options(), "options")


def test_the_first_screen_of_a_profile_names_every_protection() -> None:
    described = " ".join(documentation("airs_security_profile")["description"])
    assert {protection.option for protection in PROTECTIONS} <= set(re.findall(r"O\((\w+)", described))


def test_what_a_direction_takes_is_documented_once_as_options_of_the_module() -> None:
    options, spec = documentation("airs_security_profile")["options"], MODULES["airs_security_profile"]
    named = re.findall(r"O\((\w+)\)", " ".join(options["directions"]["description"]))
    for direction in spec.options["directions"]["options"].values():
        assert sorted(direction["options"]) == sorted(named)
        assert all(spec.options[name] == entry for name, entry in direction["options"].items())
    assert not any("suboptions" in direction for direction in options["directions"]["suboptions"].values())


@each_module
def test_environment_variables_are_documented(spec: ModuleSpec) -> None:
    options = documentation(spec.name)["options"]
    for name, entry in spec.options.items():
        for variable in entry.get("fallback", (None, []))[1]:
            assert f"E({variable})" in str(options[name]["description"]), f"{name}: {variable}"


@each_module
def test_secret_looking_options_say_whether_they_are_secret(spec: ModuleSpec) -> None:
    for name, entry in spec.options.items():
        if re.search(r"secret|token|password|auth_code|api_key$", name):
            assert "no_log" in entry or name in ("num_retries",), name


@each_module
def test_examples_fit_the_options(spec: ModuleSpec) -> None:
    shown = [task[f"panw.airs.{spec.name}"] for task in examples(spec.name) if f"panw.airs.{spec.name}" in task]
    assert shown
    for options in shown:
        # A template gives a dictionary only when it runs.
        filled = {
            name: {} if _is_template_of_dict(spec, name, each) else each for name, each in (options or {}).items()
        }
        checked = ArgumentSpecValidator(dict(spec.options), **spec.constraints).validate(filled)
        assert checked.error_messages == []


def _is_template_of_dict(spec: ModuleSpec, name: str, value: Any) -> bool:
    return spec.options.get(name, {}).get("type") == "dict" and isinstance(value, str) and value.startswith("{{")


@each_module
def test_options_that_are_missing_are_named(spec: ModuleSpec) -> None:
    needed = [name for name, option in spec.options.items() if option.get("required")]
    one_of = [name for names in spec.constraints.get("required_one_of", []) for name in names]
    told = " ".join(ArgumentSpecValidator(dict(spec.options), **spec.constraints).validate({}).error_messages)
    assert all(name in told for name in needed + one_of)
    assert bool(told) == bool(needed + one_of)


@each_resource
def test_every_field_of_the_registry_is_in_the_request_model(resource: Resource) -> None:
    if resource.request_model:
        fields = wire_names(getattr(models, resource.request_model))
        assert {field.name for field in resource.fields} | {resource.name_field} <= fields


@each_resource
def test_every_field_that_the_registry_speaks_of_is_in_the_answer_model(resource: Resource) -> None:
    named = {resource.name_field, resource.id_field, *resource.dropped_fields}
    named |= {resource.revision_field} if resource.revision_field else set()
    assert named <= wire_names(getattr(models, resource.model))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_a_model_says_is_read_is_a_field_of_it(model: Any) -> None:
    assert model.essential | model.read <= wire_names(model)
    required = {field.alias or name for name, field in model.model_fields.items() if field.is_required()}
    assert model.essential <= required


def test_every_secret_field_of_the_registry_is_in_some_answer() -> None:
    answered = set().union(*(wire_names(model) for model in vars(models).values() if hasattr(model, "model_fields")))
    assert {name for resource in RESOURCES.values() for name in resource.secret_fields} <= answered


def wire_names(model: Any) -> set[str]:
    """Return the names of a model's fields as they are in JSON."""
    return {field.alias or name for name, field in model.model_fields.items()}


#: Models that the official description has under another name.
OFFICIAL_NAMES = {
    "CustomTopic": "CustomTopicObject",
    "CustomTopicRequest": "CustomTopicObject",
    "SecurityProfile": "AIProfileObject",
    "SecurityProfileRequest": "AIProfileObject",
    "AiSecurityProfile": "AiSecurityProfileObject",
    "Latency": "LatencyObject",
    "DataProtection": "DataProtectionObject",
    "AppProtection": "AppProtectionObject",
    "DlpProfile": "DLPDataProfileObject",
    "ApiKey": "APIKeyObject",
    "ApiKeyRequest": "APIKeyCreationObject",
    "ApiKeyOfApp": "APIKeyDPInfo",
    "CustomerApp": "CustomerAppObjectWithAPIKeyAndDP",
    "CustomerAppRequest": "CustomerAppObject",
    "OauthToken": "Oauth2TokenObject",
    "OauthTokenRequest": "ClientIdAndCustomerApp",
    "DeploymentProfile": "DeploymentProfileEntryObject",
    "TopicPin": "TopicObject",
    "TopicBucket": "TopicArray",
    "ToxicCategory": "ToxicCategoryConfig",
}

#: What the models have beyond the official description, and why.
BEYOND_OFFICIAL = {
    ("DataProtection", "database-security"): "live, but taken out of the description in March 2026",
    ("AppProtection", "default-url-category"): "live, never described",
    ("AppProtection", "url-detected-action"): "live, never described",
    ("CustomerAppRequest", "auth_code"): "the official SDK and live tenants want it",
    ("AppProtection", "malicious-code-protection"): "live, never described",
    ("AppProtection", "url-detected-severity"): "live, never described",
    ("DataProtection", "source-code-detection"): "live, never described",
    ("ToxicCategory", "severity-by-confidence"): "live, never described",
    ("TopicPin", "severity"): "live, never described",
    ("AiSecurityProfile", "content-type-mode"): "live, never described",
    ("AiSecurityProfile", "content-type-configurations"): "live, never described",
    ("CustomTopic", "tsg_id"): "live, taken out of the description in September 2025",
    ("SecurityProfile", "tsg_id"): "live, taken out of the description in September 2025",
    ("CustomerApp", "ai_sec_profile_name"): "the official SDK has it",
}


#: The same for the scan API.
BEYOND_OFFICIAL_SCAN = {
    ("ScanRequest", "transaction_id"): "live, and the official SDK has it",
    ("ScanResponse", "transaction_id"): "live, and the official SDK has it",
}
#: The names of its models. Objects that hold what only detectors say are kept as they are.
OFFICIAL_SCAN_NAMES = {
    "AiProfile": "AiProfile",
    "ScanContent": "ScanContent",
    "ToolEvent": "ToolEvent",
    "ToolEventMetadata": "ToolEventMetadata",
    "ScanMetadata": "Metadata",
    "AgentMeta": "AgentMeta",
    "ScanRequest": "ScanRequest",
    "AsyncScanObject": "AsyncScanObject",
    "AsyncScanResponse": "AsyncScanResponse",
    "ScanResponse": "ScanResponse",
    "ContentError": "ContentErrors",
    "ToolDetected": "ToolDetected",
    "ToolDetectionSummary": "ScanSummary",
    "ScanIdResult": "ScanIdResult",
    "ThreatScanReport": "ThreatScanReportObject",
    "DetectionResult": "DetectionServiceResultObject",
    "DetectionMetadata": "DSResultMetadata",
}


@pytest.mark.skipif(not OFFICIAL_SCAN.exists(), reason="the official API description is not beside the checkout")
@pytest.mark.parametrize(("name", "official"), OFFICIAL_SCAN_NAMES.items())
def test_models_of_the_scan_api_have_the_fields_of_the_official_description(name: str, official: str) -> None:
    schema = yaml.safe_load(OFFICIAL_SCAN.read_text())["components"]["schemas"][official]
    ours, theirs = wire_names(getattr(scan_models, name)), set(schema["properties"])
    assert ours - theirs == {field for model, field in BEYOND_OFFICIAL_SCAN if model == name}
    assert theirs <= ours


@pytest.mark.skipif(not OFFICIAL_SCAN.exists(), reason="the official API description is not beside the checkout")
def test_detectors_are_those_of_the_official_description() -> None:
    schemas = yaml.safe_load(OFFICIAL_SCAN.read_text())["components"]["schemas"]
    flags = ("PromptDetected", "ResponseDetected", "ToolDetectionFlags")
    official = {name for schema in flags for name in schemas[schema]["properties"]}
    assert official == set(schemas["DetectionServiceName"]["enum"])
    assert set(DETECTORS) == official | {"source_code"}  # live, never described


def test_each_detector_is_known_by_the_option_that_turns_it_on() -> None:
    detecting = {protection.option for protection in PROTECTIONS if not protection.shared} - {"severities"}
    assert set(DETECTORS.values()) == detecting


def test_a_content_takes_what_the_model_of_a_content_has() -> None:
    wanted = set(CONTENT_OPTIONS) - {"name", "history", "expect", *IDS}
    assert wanted == wire_names(scan_models.ScanContent)


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the official API description is not beside the checkout")
@pytest.mark.parametrize(("name", "official"), OFFICIAL_NAMES.items())
def test_models_have_the_fields_of_the_official_description(name: str, official: str) -> None:
    schema = yaml.safe_load(OFFICIAL.read_text())["components"]["schemas"][official]
    ours, theirs = wire_names(getattr(models, name)), set(schema["properties"])
    assert ours - theirs == {field for model, field in BEYOND_OFFICIAL if model == name}
    if not name.endswith("Request"):
        assert theirs <= ours
