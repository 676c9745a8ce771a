# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry: every kind of object the service has, as plain data.

From a Resource come the options of its modules, its request bodies, comparison, diff, output and the limits that are
checked before any call. Standard library only, so that Ansible can read it anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: What stands in results in the place of a secret.
MASK = "********"


@dataclass(frozen=True)
class Field:
    """A field that users write.

    Args:
        name: name in the API.
        option: name of the option; aliases are further names, those of the official SDK among them.
        type: Ansible type of the option.
        elements: Ansible type of the elements of a list.
        choices: all values the option takes, where the service's set is known.
        max_length: longest value, in characters.
        max_items: most elements of a list.
        element_max_length: longest element, in characters.
        min_value: smallest number.
        max_value: largest number.
        required: must be given to create the object.
        immutable: cannot be changed once the object exists.
        secret: never shown; the option is no_log.
    """

    name: str
    option: str
    aliases: tuple[str, ...] = ()
    type: str = "str"
    elements: str | None = None
    choices: tuple[str, ...] | None = None
    max_length: int | None = None
    max_items: int | None = None
    element_max_length: int | None = None
    min_value: int | None = None
    max_value: int | None = None
    required: bool = False
    immutable: bool = False
    secret: bool = False

    def option_spec(self) -> dict[str, Any]:
        """Return the argument_spec entry of the option."""
        spec: dict[str, Any] = {"type": self.type}
        if self.elements:
            spec["elements"] = self.elements
        if self.choices:
            spec["choices"] = list(self.choices)
        if self.aliases:
            spec["aliases"] = list(self.aliases)
        # Said either way where the name looks like a secret's to Ansible.
        if self.secret:
            spec["no_log"] = True
        return spec

    def faults(self, value: Any) -> list[str]:
        """Return a sentence part for every limit that a value breaks; None is no value."""
        if value is None:
            return []
        found = []
        if self.max_length is not None and len(value) > self.max_length:
            found.append(f"{self.option} is {len(value)} characters long, at most {self.max_length} are allowed")
        if self.max_items is not None and len(value) > self.max_items:
            found.append(f"{self.option} has {len(value)} entries, at most {self.max_items} are allowed")
        if self.element_max_length is not None:
            found += [
                f"{self.option}[{index}] is {len(part)} characters long, at most {self.element_max_length} are allowed"
                for index, part in enumerate(value)
                if len(part) > self.element_max_length
            ]
        if self.min_value is not None and value < self.min_value:
            found.append(f"{self.option} is {value}, at least {self.min_value} is needed")
        if self.max_value is not None and value > self.max_value:
            found.append(f"{self.option} is {value}, at most {self.max_value} is allowed")
        return found


@dataclass(frozen=True)
class Resource:
    """A kind of object.

    Args:
        kind: name of the kind: key of results, part of module names.
        plural: key of the list that info modules return.
        label: name in sentences.
        model: name of the model of a row in _models.
        request_model: name of the model of the body of create and update.
        name_field: API field with the natural key.
        id_field: API field with the id the service gives.
        list_path: path of the list operation, below the management base URL.
        list_key: where the rows are in the answer.
        paged: whether the list takes offset and limit.
        name_max_length: longest name, in characters.
        name_aliases: further names of the option name.
        revision_field: API field that counts versions, for kinds that keep them.
        create_path: path of the create operation.
        update_path: path of the update operation, with {id}.
        delete_path: path of the delete operation, with {id} or {name}.
        force_delete_path: path of the delete that ignores references.
        delete_signed: whether deletion takes updated_by (forced deletion always does).
        fields: what users write, besides the name.
        secret_fields: answer fields that are masked in results.
        dropped_fields: answer fields that never appear in results.
        permission: the permission that a role needs, for error messages.
    """

    kind: str
    plural: str
    label: str
    model: str
    name_field: str
    id_field: str
    list_path: str
    list_key: str
    request_model: str = ""
    paged: bool = True
    name_max_length: int | None = None
    name_aliases: tuple[str, ...] = ()
    revision_field: str | None = None
    create_path: str = ""
    update_path: str = ""
    delete_path: str = ""
    force_delete_path: str = ""
    delete_signed: bool = False
    fields: tuple[Field, ...] = ()
    secret_fields: tuple[str, ...] = ()
    dropped_fields: tuple[str, ...] = ()
    permission: str = ""

    def title(self, name: str) -> str:
        """Return the kind and name as sentences use them."""
        return f"{self.label} '{name}'"

    def option_specs(self) -> dict[str, dict[str, Any]]:
        """Return the argument_spec entries of the name and of all fields."""
        name: dict[str, Any] = {"type": "str", "required": True}
        if self.name_aliases:
            name["aliases"] = list(self.name_aliases)
        return {"name": name, **{field.option: field.option_spec() for field in self.fields}}

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """Return a sentence part for every limit that the options break."""
        found = Field(self.name_field, "name", max_length=self.name_max_length).faults(options["name"])
        if not options["name"].strip():
            found.append("name is empty")
        for field in self.fields:
            found += field.faults(options.get(field.option))
        return found

    def body(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the options say in the API's terms; what is left out stays out."""
        given = {field.name: options.get(field.option) for field in self.fields}
        return {name: stripped(value) for name, value in given.items() if value is not None}

    def view(self, row: Mapping[str, Any], reveal: bool = False) -> dict[str, Any]:
        """Return a row as results show it: snake_case keys, secrets masked unless reveal is set.

        Args:
            row: the object as the service gives it.
            reveal: whether masked fields are shown.
        """
        return {
            _snake(key): value if reveal else _masked(key, value, self.secret_fields)
            for key, value in row.items()
            if key not in self.dropped_fields
        }


def _masked(key: str, value: Any, secrets: tuple[str, ...]) -> Any:
    """Return a value with everything masked that stands under the name of a secret, however deep."""
    if isinstance(value, Mapping):
        return {name: _masked(name, part, secrets) for name, part in value.items()}
    if isinstance(value, list):
        return [_masked(key, part, secrets) for part in value]
    return MASK if key in secrets and value else value


def stripped(value: Any) -> Any:
    """Return text without the white space around it, such as the line end of a YAML block, as the official SDK does."""
    if isinstance(value, list):
        return [stripped(element) for element in value]
    return value.strip() if isinstance(value, str) else value


def _snake(key: str) -> str:
    """Return a top-level API field name in snake_case: customer_appId is the one camel in the API."""
    return re.sub(r"_?([A-Z])", lambda match: "_" + match[1].lower(), key)


# Sources of the limits: the official SDK's constants (API key name), and hard limits that community tools found on live
# tenants (topics). Paths: the official API description, with the corrections that live tenants taught.

CUSTOM_TOPIC = Resource(
    kind="custom_topic",
    plural="custom_topics",
    label="custom topic",
    model="CustomTopic",
    request_model="CustomTopicRequest",
    name_field="topic_name",
    id_field="topic_id",
    list_path="/v1/mgmt/topics",
    list_key="custom_topics",
    name_max_length=100,
    name_aliases=("topic_name",),
    revision_field="revision",
    create_path="/v1/mgmt/topic",
    update_path="/v1/mgmt/topic/uuid/{id}",
    delete_path="/v1/mgmt/topic/{id}",
    force_delete_path="/v1/mgmt/topic/{id}/force",
    fields=(
        Field("description", "description", max_length=250, required=True),
        Field("examples", "examples", type="list", elements="str", max_items=5, element_max_length=250),
    ),
    permission="airs_api.custom_topic",
)

SECURITY_PROFILE = Resource(
    kind="security_profile",
    plural="security_profiles",
    label="security profile",
    model="SecurityProfile",
    request_model="SecurityProfileRequest",
    name_field="profile_name",
    id_field="profile_id",
    list_path="/v1/mgmt/profiles",
    list_key="ai_profiles",
    name_max_length=100,
    name_aliases=("profile_name",),
    revision_field="revision",
    create_path="/v1/mgmt/profile",
    update_path="/v1/mgmt/profile/uuid/{id}",
    delete_path="/v1/mgmt/profile/{id}",
    force_delete_path="/v1/mgmt/profile/{id}/force",
    # Its options are protections, not fields: see _policy.
    fields=(),
    permission="airs_api.ai_sec_profile",
)

API_KEY = Resource(
    kind="api_key",
    plural="api_keys",
    label="API key",
    model="ApiKey",
    request_model="ApiKeyRequest",
    name_field="api_key_name",
    id_field="api_key_id",
    list_path="/v1/mgmt/apikeys",
    list_key="api_keys",
    name_max_length=31,
    name_aliases=("api_key_name",),
    create_path="/v1/mgmt/apikey",
    delete_path="/v1/mgmt/apikey/delete/{name}",
    delete_signed=True,
    fields=(
        Field("auth_code", "auth_code", secret=True, immutable=True),
        Field("dp_name", "deployment_profile", aliases=("dp_name",), immutable=True),
        Field("cust_app", "customer_app", aliases=("cust_app", "app_name"), required=True, immutable=True),
        Field("cust_env", "environment", aliases=("cust_env",), required=True, immutable=True),
        Field("cust_cloud_provider", "cloud_provider", aliases=("cust_cloud_provider",), required=True, immutable=True),
        Field("cust_ai_agent_framework", "ai_agent_framework", aliases=("cust_ai_agent_framework",), immutable=True),
        Field(
            "rotation_time_interval",
            "rotation_time_interval",
            type="int",
            min_value=1,
            max_value=2**31 - 1,
            required=True,
        ),
        Field("rotation_time_unit", "rotation_time_unit", choices=("hours", "days", "months", "years"), required=True),
    ),
    secret_fields=("auth_code",),
    dropped_fields=("api_key",),
    permission="airs_api.api_keys",
)

CUSTOMER_APP = Resource(
    kind="customer_app",
    plural="customer_apps",
    label="customer application",
    model="CustomerApp",
    request_model="CustomerAppRequest",
    name_field="app_name",
    id_field="customer_appId",
    list_path="/v1/mgmt/customerapps",
    list_key="customer_apps",
    name_aliases=("app_name",),
    # There is no create_path: the service makes an application with its first API key.
    update_path="/v1/mgmt/customerapp?customer_app_id={id}",
    delete_path="/v1/mgmt/customerapp?app_name={name}",
    delete_signed=True,
    fields=(
        Field("cloud_provider", "cloud_provider"),
        Field("environment", "environment"),
        Field("model_name", "model_name"),
        Field("ai_agent_framework", "ai_agent_framework"),
    ),
    secret_fields=("auth_code",),
    permission="the permission for customer applications",
)

DEPLOYMENT_PROFILE = Resource(
    kind="deployment_profile",
    plural="deployment_profiles",
    label="deployment profile",
    model="DeploymentProfile",
    name_field="dp_name",
    id_field="auth_code",
    list_path="/v1/mgmt/deploymentprofiles",
    list_key="deployment_profiles",
    paged=False,
    name_aliases=("dp_name",),
    secret_fields=("auth_code",),
    permission="read access to deployment profiles",
)

DLP_PROFILE = Resource(
    kind="dlp_profile",
    plural="dlp_profiles",
    label="DLP profile",
    model="DlpProfile",
    name_field="name",
    id_field="id",
    list_path="/v1/mgmt/dlpprofiles",
    list_key="dlp_profiles",
    paged=False,
    permission="read access to DLP profiles",
)

RESOURCES = {
    resource.kind: resource
    for resource in (CUSTOM_TOPIC, SECURITY_PROFILE, API_KEY, CUSTOMER_APP, DEPLOYMENT_PROFILE, DLP_PROFILE)
}
