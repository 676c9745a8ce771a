# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of a tenant's configuration, made from the options of the kinds and from their documentation.

It is for editors, which complete and check with it. It takes whatever the modules take, and leaves to them what it
cannot say.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # the library has no types
import yaml

from ansible_collections.panw.airs.plugins.module_utils._service.resource import Field
from ansible_collections.panw.airs.plugins.module_utils._tenant.baseline import BASELINE, BASELINE_OPTION
from ansible_collections.panw.airs.plugins.module_utils._tenant.kinds import KINDS, Kind

from .catalogue import MODULES

Schema = dict[str, Any]

#: What Ansible takes for yes or no, whatever the case.
_FLAG = (
    "^\\s*([yY]([eE][sS])?|[nN][oO]?|[tT]([rR][uU][eE])?|[fF]([aA][lL][sS][eE])?|[oO]([nN]|[fF][fF])|[01](\\.0)?)\\s*$"
)
#: A name is not empty, and no part of a path.
_NAME = "^(?!\\s*\\.{0,2}\\s*$)"
#: Dictionaries may be written as JSON, or as a=b.
_DICTIONARY = "[={]"
_MARKUP = re.compile(r"\b[A-Z]+\(((?:[^()]|\([^()]*\))*)\)")


def schema() -> Schema:
    """Return the schema."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Configuration of a tenant of Prisma AIRS",
        "description": "A file of the directory that panw.airs.airs_tenant takes as config_path.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            kind.plural: {
                "description": f"{kind.resource.label[:1].upper()}{kind.resource.label[1:]} objects, each with options "
                f"of panw.airs.{kind.module.name}.",
                "type": "array",
                "items": {"$ref": f"#/definitions/{kind.resource.kind}"},
            }
            for kind in KINDS.values()
        }
        | {BASELINE: {"$ref": f"#/definitions/{BASELINE}"}},
        "definitions": {kind.resource.kind: _entry(kind) for kind in KINDS.values()} | {BASELINE: _baseline()},
    }


def complaints(content: Any) -> list[str]:
    """What an editor says of the content of a file."""
    return [str(error.message) for error in _validator().iter_errors(content)]


@functools.cache
def _validator() -> Any:
    made = schema()
    jsonschema.Draft7Validator.check_schema(made)
    return jsonschema.Draft7Validator(made)


def _entry(kind: Kind) -> Schema:
    fields = {field.option: field for field in kind.resource.fields}
    fields["name"] = Field(kind.resource.name_field, "name", max_length=kind.resource.name_max_length)
    documented = _documented(kind.module.name)
    made = _object(kind.options, documented, fields)
    for alias in ("name", *kind.options["name"].get("aliases", ())):
        made["properties"][alias]["pattern"] = _NAME
        made["properties"][alias]["type"] = "string"
    exclusive = kind.module.constraints.get("mutually_exclusive", ())
    both = [{"not": {"required": [first, second]}} for first, second in exclusive]
    return {**made, "allOf": [*made.get("allOf", []), *both]} if both else made


def _baseline() -> Schema:
    profile = _documented("airs_security_profile")
    described = {
        "security_profile": {"description": "What every security profile must do at least.", "suboptions": profile},
        "exceptions": {
            "description": "Security profiles that may do less.",
            "suboptions": {
                "name": {"description": "Name of the profile."},
                "reason": {"description": "Why it may do less."},
                "protections": {"description": "The options that this is about; all if omitted."},
            },
        },
    }
    made = _object(BASELINE_OPTION["options"], described, {})
    for name in ("security_profile", "exceptions"):
        made["properties"][name]["type"] = [made["properties"][name]["type"][0]]
    return {"description": "The least that every security profile must do.", **made}


def _documented(module: str) -> Mapping[str, Any]:
    """Return what the documentation of a module says of its options."""
    text = importlib.import_module(f"ansible_collections.panw.airs.plugins.modules.{module}").DOCUMENTATION
    options: dict[str, Any] = yaml.safe_load(text)["options"]
    # Some options take others once more, which are documented only where they are options of the module.
    for name in MODULES[module].repeating:
        for part in options[name]["suboptions"].values():
            part["suboptions"] = options
    return options


def _object(specs: Mapping[str, Any], documented: Mapping[str, Any], fields: Mapping[str, Field]) -> Schema:
    properties: dict[str, Schema] = {}
    required: list[Schema] = []
    for name, spec in specs.items():
        value = _value(spec, documented.get(name, {}), fields.get(name))
        names = (name, *spec.get("aliases", ()))
        properties |= {each: dict(value) for each in names}
        if spec.get("required"):
            required.append(
                {"required": [name]} if len(names) == 1 else {"anyOf": [{"required": [each]} for each in names]}
            )
    made: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**made, "allOf": required} if required else made


def _value(spec: Mapping[str, Any], documented: Mapping[str, Any], field: Field | None) -> Schema:
    description = " ".join(_sentences(documented.get("description", ())))
    default = {"default": spec["default"]} if spec.get("default") is not None else {}
    made = _types(spec, documented, field)
    if default:
        made = _with_value(made)
    return {**({"description": description} if description else {}), **made, **default}


def _with_value(made: Schema) -> Schema:
    """Return the same for an option with a default: there, nothing is no value."""
    if "anyOf" in made:
        return {**made, "anyOf": [_with_value(each) for each in made["anyOf"]]}
    types = made.get("type")
    return {**made, "type": [each for each in types if each != "null"]} if isinstance(types, list) else made


def _types(spec: Mapping[str, Any], documented: Mapping[str, Any], field: Field | None) -> Schema:
    """Return what an option takes. Nothing is no value, and what Ansible converts is taken."""
    wanted, choices = spec["type"], spec.get("choices")
    limits = {} if field is None else _limits(field)
    if wanted == "list":
        element: Schema = {"type": "string", **limits.pop("element", {})}
        if spec.get("elements") == "dict":
            # Also in the place of a list: one of them, as a text.
            element = {
                **_object(spec.get("options", {}), documented.get("suboptions", {}), {}),
                "type": ["object", "string"],
            }
            return {"type": ["array", "string", "null"], "items": element, "pattern": _DICTIONARY, **limits}
        if choices:
            element["enum"] = [*choices]
            return {"type": ["array", "string", "null"], "items": element, **limits}
        # One element may stand for a list of it. With a comma, it could be one or several.
        return {
            "type": ["array", "string", "number", "boolean", "null"],
            "items": element,
            "pattern": "^[^,]*$",
            **limits,
        }
    if choices:
        return {"enum": [*choices]}
    if wanted == "bool":
        return {"anyOf": [{"type": ["boolean", "null"]}, {"enum": [0, 1]}, {"type": "string", "pattern": _FLAG}]}
    if wanted == "int":
        return {"type": ["integer", "string", "boolean", "null"], "pattern": "[0-9]", **limits}
    if wanted == "dict":
        if "options" not in spec:
            return {"type": ["object", "string", "null"], "pattern": _DICTIONARY}
        made = _object(spec["options"], documented.get("suboptions", {}), {})
        return {**made, "type": ["object", "string", "null"], "pattern": _DICTIONARY}
    return {"type": ["string", "null"], **limits}


def _limits(field: Field) -> Schema:
    found = {
        "maxLength": field.max_length,
        "maxItems": field.max_items,
        "minimum": field.min_value,
        "maximum": field.max_value,
        "element": {"maxLength": field.element_max_length} if field.element_max_length else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _sentences(description: Any) -> Iterator[str]:
    """Yield the sentences of a documentation without its markup."""
    for text in [description] if isinstance(description, str) else description:
        yield _MARKUP.sub(lambda found: found[1].removeprefix("ignore:"), text)
