# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definition of a kind of object, as plain data: its paths, its names, and the fields that users can write.

The options of its modules, request bodies, comparison, diff, output, and the limits that are checked before any request
are derived from a Resource. Standard library only, so that Ansible can import it anywhere.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from .._common.wording import one_line

#: An object as the service gives it: parsed JSON.
Row = dict[str, Any]

#: What stands in results in the place of a secret.
MASK = "********"


# Compared by identity: each is there once, and what compares by value costs every run of Ansible some milliseconds.
@dataclasses.dataclass(frozen=True, eq=False)
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
        required: whether it is required when creating the object.
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
            found.append(f"{self.option} must have at most {self.max_length} characters, but has {len(value)}")
        if self.max_items is not None and len(value) > self.max_items:
            found.append(f"{self.option} must have at most {self.max_items} entries, but has {len(value)}")
        if self.element_max_length is not None:
            found += [
                f"{self.option}[{index}] must have at most {self.element_max_length} characters, but has {len(part)}"
                for index, part in enumerate(value)
                if len(part) > self.element_max_length
            ]
        if self.min_value is not None and value < self.min_value:
            found.append(f"{self.option} must be at least {self.min_value}, but is {value}")
        if self.max_value is not None and value > self.max_value:
            found.append(f"{self.option} must be at most {self.max_value}, but is {value}")
        return found


@dataclasses.dataclass(frozen=True, eq=False)
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
        told_by: API field by which sentences tell objects of one name apart, where the id is a secret.
        list_path: path of the list operation, below the management base URL.
        list_key: where the rows are in the answer.
        paged: whether the list takes offset and limit.
        list_filters: query parameters with which the list has the current objects.
        further_lists: query parameters of lists that may have what the plain one leaves out.
        superseded_field: API field that is true of a row whose place another row of the same name has taken.
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
    told_by: str = ""
    paged: bool = True
    list_filters: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    further_lists: tuple[Mapping[str, Any], ...] = ()
    superseded_field: str = ""
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
        return f"{self.label} '{one_line(name)}'"

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
        if options["name"].strip() in (".", ".."):
            # The libraries take such a segment out of a path: deleting it would be another operation.
            found.append(f"name is '{options['name'].strip()}', which the service cannot address")
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
