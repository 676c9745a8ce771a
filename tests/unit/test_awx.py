# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kit for AWX in examples/awx, as data: what it names exists, and fits the roles and modules that it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from support.awx import KIT, configuration, injected, templates
from support.documents import ROOT
from support.emulator import JsonObject

from ansible_collections.panw.airs.plugins.module_utils._engine.options import (
    DEFAULT_BASE_URL,
    DEFAULT_TOKEN_URL,
    MANAGEMENT_OPTIONS,
    SCAN_ENDPOINTS,
    SCAN_OPTIONS,
)

EVENT_SOURCE = ROOT / "extensions/eda/plugins/event_source/airs_expiry.py"
TEMPLATES = templates()
JOBS = configuration("job_templates")
PROJECT = configuration("project")
TYPES = {kind["name"]: kind for kind in configuration("credential_types")["controller_credential_types"]}
CREDENTIALS = {entry["name"]: entry for entry in configuration("credentials")["controller_credentials"]}
WORKFLOWS = {workflow["name"]: workflow for workflow in JOBS["controller_workflows"]}
QUESTIONS = [
    pytest.param(template, question, id=f"{name}: {question['variable']}")
    for name, template in TEMPLATES.items()
    for question in template.get("survey_spec", {}).get("spec", [])
]
#: What each type of question may answer, and a sample of it.
ANSWERS: dict[str, Any] = {"text": "some-text", "textarea": "one, two\nthree", "integer": 7}


def plays(name: str) -> Iterator[JsonObject]:
    """The plays of a playbook of the project, those of the collection that it imports included."""
    pending = [KIT / "project" / name]
    while pending:
        for play in yaml.safe_load(pending.pop().read_text(encoding="utf-8")):
            imported = play.get("ansible.builtin.import_playbook", "")
            if imported:
                pending.append(ROOT / "playbooks" / f"{imported.removeprefix('panw.airs.')}.yml")
            yield play


def options(name: str) -> dict[str, Any]:
    """The options of all roles that a playbook of the project uses."""
    found: dict[str, Any] = {}
    for play in plays(name):
        uses = [{"name": role["role"]} for role in play.get("roles", [])]
        for task in play.get("tasks", []):
            uses += [
                task[key] for key in ("ansible.builtin.import_role", "ansible.builtin.include_role") if key in task
            ]
        for use in uses:
            specs = ROOT / "roles" / use["name"].removeprefix("panw.airs.") / "meta" / "argument_specs.yml"
            entry = yaml.safe_load(specs.read_text(encoding="utf-8"))["argument_specs"][use.get("tasks_from", "main")]
            found |= entry["options"]
    return found


def text(name: str) -> str:
    """A playbook of the project with what it imports, for the variables that it uses itself."""
    return " ".join(str(play) for play in plays(name))


@pytest.mark.parametrize(("template", "question"), QUESTIONS)
def test_every_answer_of_a_survey_is_one_that_the_role_takes(template: JsonObject, question: JsonObject) -> None:
    variable, known = question["variable"], options(template["playbook"])
    if variable not in known:
        assert f"{{{{ {variable} }}}}" in text(template["playbook"])
        return
    answers = question.get("choices") or [ANSWERS[question["type"]]]
    if "default" in question:
        answers = [*answers, question["default"]]
    spec = {key: value for key, value in known[variable].items() if key in ("type", "elements", "choices", "options")}
    for answer in answers:
        assert ArgumentSpecValidator({variable: spec}).validate({variable: answer}).error_messages == []


def test_surveys_ask_for_all_that_a_role_needs_and_nothing_else_gives() -> None:
    for name, template in TEMPLATES.items():
        if template["inventory"] != "Prisma AIRS controller" or name == "Roll back an onboarding":
            continue
        asked = {question["variable"] for question in template.get("survey_spec", {}).get("spec", [])}
        needed = {option for option, spec in options(template["playbook"]).items() if spec.get("required")}
        assert needed <= asked | set(template.get("extra_vars", {})), name


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_sets_is_known_to_its_playbook(name: str) -> None:
    template = TEMPLATES[name]
    for variable, value in template.get("extra_vars", {}).items():
        spec = options(template["playbook"]).get(variable)
        assert spec or re.search(rf"{{{{ {variable} \|", text(template["playbook"])), variable
        if spec and "options" in spec:
            validator = ArgumentSpecValidator({variable: {"type": "dict", "options": _bare(spec["options"])}})
            assert validator.validate({variable: value}).error_messages == []


def test_the_sink_is_one_that_the_role_takes() -> None:
    specs = yaml.safe_load((ROOT / "roles/secret_sink/meta/argument_specs.yml").read_text(encoding="utf-8"))
    spec = specs["argument_specs"]["main"]["options"]["airs_secret_sink"]["options"]
    sinks = [template["extra_vars"]["airs_secret_sink"] for template in TEMPLATES.values() if "extra_vars" in template]
    assert ArgumentSpecValidator(_bare(spec)).validate(sinks[0]).error_messages == []
    assert sinks == [sinks[0]] * len(sinks)


def _bare(specs: dict[str, Any]) -> dict[str, Any]:
    """Options without their documentation."""
    known = ("type", "elements", "choices", "required", "no_log")
    return {
        name: {
            **{key: value for key, value in spec.items() if key in known},
            **({"options": _bare(spec["options"])} if "options" in spec else {}),
        }
        for name, spec in specs.items()
    }


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_names_exists(name: str) -> None:
    template = TEMPLATES[name]
    assert (KIT / "project" / template["playbook"]).is_file()
    assert template["project"] in {project["name"] for project in PROJECT["controller_projects"]}
    assert template["inventory"] in {inventory["name"] for inventory in PROJECT["controller_inventories"]}
    assert template["execution_environment"] in {ee["name"] for ee in PROJECT["controller_execution_environments"]}
    assert set(template["credentials"]) <= set(CREDENTIALS)


def test_every_playbook_of_the_project_has_a_template() -> None:
    playbooks = {path.name for path in (KIT / "project").glob("*.yml")}
    assert {template["playbook"] for template in TEMPLATES.values()} == playbooks


def test_inventory_sources_are_in_the_project() -> None:
    for source in PROJECT["controller_inventory_sources"]:
        assert (KIT / "project" / source["source_path"]).is_file()
        assert source["source_project"] in {project["name"] for project in PROJECT["controller_projects"]}
        assert source["inventory"] in {inventory["name"] for inventory in PROJECT["controller_inventories"]}
        assert source.get("credential", "Prisma AIRS management") in CREDENTIALS


def test_steps_of_workflows_and_schedules_exist() -> None:
    for workflow in WORKFLOWS.values():
        nodes = {node["identifier"]: node for node in workflow["simplified_workflow_nodes"]}
        following = [name for node in nodes.values() for key in node if key.endswith("_nodes") for name in node[key]]
        assert set(following) == set(nodes) - {workflow["simplified_workflow_nodes"][0]["identifier"]}
        assert {node["unified_job_template"] for node in nodes.values() if "approval_node" not in node} <= set(
            TEMPLATES
        )
    for schedule in JOBS["controller_schedules"]:
        assert schedule["unified_job_template"] in TEMPLATES
        assert re.fullmatch(r"DTSTART:\d{8}T\d{6}Z RRULE:FREQ=DAILY;INTERVAL=1", schedule["rrule"])


def test_nothing_is_applied_that_nobody_has_approved() -> None:
    nodes = {
        node["identifier"]: node for node in WORKFLOWS["Change the tenant with approval"]["simplified_workflow_nodes"]
    }
    assert [node.get("success_nodes") for node in nodes.values()] == [["approve"], ["apply"], None]
    plan, apply = (TEMPLATES[nodes[name]["unified_job_template"]] for name in ("plan", "apply"))
    assert (plan["job_type"], plan["extra_vars"]["tenant_plan_artifact"]) == ("check", True)
    # An empty plan is refused; what nobody may enter at launch, only the workflow can set.
    assert apply["extra_vars"]["tenant_plan"] == ""
    assert not [key for template in (plan, apply) for key in template if key.startswith(("ask_", "survey"))]


def test_the_rulebook_of_the_guide_launches_a_template_of_the_kit() -> None:
    guide = (ROOT / "docs/docsite/rst/guide_operations.rst").read_text(encoding="utf-8")
    names = re.findall(r"run_job_template:\n +name: (.+)", guide)
    assert names
    assert set(names) <= set(TEMPLATES)


@pytest.mark.parametrize("name", ["Prisma AIRS management", "Prisma AIRS scan"])
def test_a_credential_type_gives_what_the_modules_take_from_the_environment(name: str) -> None:
    known = {**MANAGEMENT_OPTIONS, **SCAN_OPTIONS}
    taken = {variable: option for option, spec in known.items() for variable in spec.get("fallback", ((), []))[1]}
    fields = {field["id"]: field for field in TYPES[name]["inputs"]["fields"]}
    filled = injected(name, {field: f"the {field}" for field in fields})
    assert filled == {variable: f"the {taken[variable]}" for variable in filled}
    assert set(fields) == {taken[variable] for variable in filled}
    secret = {option for option in fields if known[option].get("no_log")}
    assert {name for name, field in fields.items() if field.get("secret")} == secret


@pytest.mark.parametrize("name", TYPES)
def test_a_field_that_is_left_empty_is_the_default_and_not_an_empty_variable(name: str) -> None:
    defaults = {
        "PANW_BASE_URL": DEFAULT_BASE_URL,
        "PANW_TOKEN_BASE_URL": DEFAULT_TOKEN_URL,
        "PANW_AI_SEC_API_ENDPOINT": SCAN_ENDPOINTS["us"],
    }
    given = injected(name, dict.fromkeys(TYPES[name]["inputs"]["required"], "given"))
    assert {variable: value for variable, value in given.items() if value not in ("given", "approle")} == {
        variable: default for variable, default in defaults.items() if variable in given
    }


@pytest.mark.parametrize("name", CREDENTIALS)
def test_credentials_are_whole_and_hold_nothing_but_variables(name: str) -> None:
    credential = CREDENTIALS[name]
    inputs = TYPES[credential["credential_type"]]["inputs"]
    assert set(inputs["required"]) == set(credential["inputs"])
    assert all(re.fullmatch(r"\{\{ vaulted_\w+ \}\}", value) for value in credential["inputs"].values())


# --- Event-Driven Ansible --------------------------------------------------------------------------------------------

EDA = configuration("eda")
RULEBOOKS = {path.name: path for path in (KIT / "project" / "rulebooks").glob("*.yml")}


@pytest.fixture(params=list(RULEBOOKS.values()), ids=list(RULEBOOKS))
def ruleset(request: pytest.FixtureRequest) -> JsonObject:
    """The only ruleset of a rulebook of the project."""
    (found,) = yaml.safe_load(request.param.read_text(encoding="utf-8"))
    checked: JsonObject = found
    return checked


def named(variable: str) -> set[str]:
    """The names of the objects in a list of the configuration."""
    return {str(entry["name"]) for entry in EDA[variable]}


def test_every_rulebook_is_activated_with_what_the_configuration_creates() -> None:
    assert {activation["rulebook"] for activation in EDA["eda_rulebook_activations"]} == set(RULEBOOKS)
    for activation in EDA["eda_rulebook_activations"]:
        assert activation["project"] in named("eda_projects")
        assert activation["decision_environment"] in named("eda_decision_environments")
        assert set(activation["eda_credentials"]) == named("eda_credentials")
    for credential in EDA["eda_credentials"]:
        assert all(re.fullmatch(r"\{\{ vaulted_\w+ \}\}", value) for value in credential["inputs"].values())


def test_a_rulebook_takes_its_connection_from_the_credential(ruleset: JsonObject) -> None:
    """Event-Driven Ansible knows no environment variables of credentials, only variables of the rulebook."""
    (kind,) = EDA["eda_credential_types"]
    fields = {field["id"]: field for field in kind["inputs"]["fields"]}
    assert kind["injectors"] == {"extra_vars": {f"airs_{field}": f"{{{{ {field} }}}}" for field in fields}}
    (source,) = ruleset["sources"]
    options = source["panw.airs.airs_expiry"]
    connection = {option: value for option, value in options.items() if "{{" in str(value)}
    assert connection == {field: f"{{{{ airs_{field} }}}}" for field in fields}

    documentation = re.findall(r'DOCUMENTATION = r"""\n(.*?)"""', EVENT_SOURCE.read_text(encoding="utf-8"), re.S)[0]
    assert set(options) <= set(yaml.safe_load(documentation)["options"])
    assert {field for field, about in fields.items() if about.get("secret")} == {
        field for field in fields if MANAGEMENT_OPTIONS[field].get("no_log")
    }
    # A field that is left empty has the default of the modules, because the variable must exist.
    defaults = {"base_url": DEFAULT_BASE_URL, "token_base_url": DEFAULT_TOKEN_URL}
    assert {field: about["default"] for field, about in fields.items() if "default" in about} == defaults
    assert set(kind["inputs"]["required"]) == set(fields) - set(defaults)


def test_a_rulebook_has_the_conditions_of_the_collection_and_launches_templates_of_the_kit(ruleset: JsonObject) -> None:
    (example,) = yaml.safe_load(
        (ROOT / "extensions/eda/rulebooks/rotate_expiring_keys.yml").read_text(encoding="utf-8")
    )
    assert [rule["condition"] for rule in ruleset["rules"]] == [rule["condition"] for rule in example["rules"]]
    launched = [rule["action"]["run_job_template"] for rule in ruleset["rules"] if "run_job_template" in rule["action"]]
    assert launched
    assert {job["name"] for job in launched} <= set(TEMPLATES)
    assert not any("event" in str(job) for job in launched)
