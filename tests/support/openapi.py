# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official API descriptions, and a check whether an exchange is what they describe."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import requests
import yaml

JsonObject = dict[str, Any]

#: The descriptions are not part of the project; they may lie beside the checkout.
FOLDER = Path(__file__).resolve().parents[3] / "shared" / "openapi"
MANAGEMENT = FOLDER / "mgmt-service.yaml"
SCAN = FOLDER / "scan-service.yaml"
#: Statuses that any request may get, whether an operation names them or not: they need no more than a schema.
GENERIC_STATUSES = {"400", "401", "429", "500", "502", "503", "504"}

_FORMATS = jsonschema.FormatChecker(formats=())


def load(path: Path) -> JsonObject:
    """A description as JSON has it: the files have numbers as keys of responses, which YAML keeps as numbers."""
    description: JsonObject = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
    return description


def violations(description: JsonObject, answer: requests.Response, prefix: str) -> Iterator[str]:
    """What a request and its answer have that the description does not allow. Of requests, only accepted ones count."""
    request = answer.request
    where = f"{request.method} {request.path_url} -> {answer.status_code}"
    place = operation_of(description, answer, prefix)
    if place is None:
        yield f"{where}: no such operation"
        return
    operation = description["paths"][place[1]][place[0]]
    if answer.ok and request.body:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        yield from (f"{where}: request: {text}" for text in _mismatches(description, schema, json.loads(request.body)))
    status = str(answer.status_code)
    documented = operation["responses"].get(status)
    if documented is None and status in GENERIC_STATUSES:
        documented = operation["responses"].get("default")
    if documented is None:
        yield f"{where}: no such response"
        return
    schema = _resolve(description, documented)["content"]["application/json"]["schema"]
    yield from (f"{where}: response: {text}" for text in _mismatches(description, schema, answer.json()))


def operation_of(description: JsonObject, answer: requests.Response, prefix: str) -> tuple[str, str] | None:
    """The operation of an exchange: its method in lower case and its path as the description writes it."""
    method = str(answer.request.method).lower()
    path = str(answer.request.path_url).partition("?")[0].removeprefix(prefix)
    for template, item in description["paths"].items():
        expression = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
        if method in item and re.fullmatch(expression, path):
            return method, template
    return None


def _resolve(description: JsonObject, node: JsonObject) -> JsonObject:
    if "$ref" not in node:
        return node
    found: Any = description
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    resolved: JsonObject = found
    return resolved


def _mismatches(description: JsonObject, schema: JsonObject, value: object) -> Iterator[str]:
    rooted = {**schema, "components": description["components"]}
    validator = jsonschema.Draft7Validator(
        {"allOf": [rooted], "components": description["components"]}, format_checker=_FORMATS
    )
    for error in validator.iter_errors(value):
        place = "/".join(str(part) for part in error.absolute_path)
        yield f"{place}: {error.message[:150]}"


def _format(name: str) -> Callable[[Callable[[Any], object]], Callable[[Any], object]]:
    """Make a function the check of a format; what raises ValueError does not have it."""
    decorate: Callable[[Callable[[Any], object]], Callable[[Any], object]] = _FORMATS.checks(name, raises=ValueError)
    return decorate


@_format("int32")
def _int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@_format("int64")
def _int64(value: object) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


@_format("uint32")
def _uint32(value: object) -> bool:
    return not isinstance(value, int) or 0 <= value < 2**32


@_format("date-time")
def _date_time(value: object) -> bool:
    if isinstance(value, str):
        # Any number of digits may follow the seconds; strptime knows six.
        datetime.strptime(re.sub(r"(:\d\d)\.\d+", r"\1", value), "%Y-%m-%dT%H:%M:%S%z")
    return True


@_format("uuid")
def _uuid(value: object) -> bool:
    if isinstance(value, str):
        uuid.UUID(value)
    return True
