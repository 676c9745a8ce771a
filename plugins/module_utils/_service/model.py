# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base of the models of the service's documents: requests and responses that do not match are errors.

Models are hand-written pydantic models, based on the official API description. Unknown fields are preserved (the live
service has more than its description) and passed on unmodified. Values never appear in messages, because a value could
be a secret.

A field of a response that is used must have the expected type, at any depth. Otherwise it could be considered empty or
off. A field that is only passed on can have any type, and a missing field only causes a note if it is not required.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from .._common.deps import BaseModel, ConfigDict, Field, ValidationError
from .._common.errors import AirsInputError

#: Longest lifetime of a token that a service can mean, in seconds.
LONGEST_LIFETIME = 10 * 366 * 86400


class AirsModel(BaseModel):
    """Base of all models: keeps what it does not know, hides values in errors."""

    #: Names in JSON of the fields that an answer cannot be without.
    essential: ClassVar[frozenset[str]] = frozenset()
    #: The same of further fields that are read.
    read: ClassVar[frozenset[str]] = frozenset()

    model_config = ConfigDict(
        extra="allow",
        hide_input_in_errors=True,
        populate_by_name=True,
        protected_namespaces=(),
        # Most tasks use a few models: each is built when it is used first.
        defer_build=True,
    )


class TokenResponse(AirsModel):
    """Answer of the token endpoint (official description of the authentication service)."""

    access_token: str
    token_type: str | None = None
    expires_in: int | None = Field(None, ge=0, le=LONGEST_LIFETIME)
    scope: str | None = None


def get_ready(*kinds: type[AirsModel]) -> None:
    """Build models before they are needed: while an answer is on its way, there is time for it."""
    for model in kinds:
        model.model_rebuild()


def check_request(model: type[Any], body: Any, what: str) -> None:
    """Refuse a request body that does not fit its model.

    Args:
        model: the model of the body.
        body: what would be sent.
        what: what the request does, to follow "Could not ".

    Raises:
        AirsInputError: names each place that does not fit, without values.
    """
    faults = request_faults(model, body)
    if faults:
        raise AirsInputError(f"Cannot {what}: {'; '.join(faults)}. Nothing was sent.")


def request_faults(model: type[Any], body: Any) -> list[str]:
    """Return a sentence part, without values, for each place of a body, or of a part of one, that does not fit."""
    return [_told(fault) for fault in _faults(model, body, strict=False)]


def token_faults(answer: Any) -> list[str]:
    """Return a sentence part for everything that makes an answer none of a token endpoint; empty when all fits."""
    return request_faults(TokenResponse, answer)


def answer_faults(model: type[AirsModel], data: Any) -> tuple[list[str], list[str]]:
    """Hold an answer against its model.

    Args:
        model: the model of the answer.
        data: parsed JSON.

    Returns:
        A sentence part, without values, for each place for which the answer cannot be used, and for each other one
        that does not fit. Both are empty when all fits.
    """
    found = _faults(model, data, strict=True)
    grave = [fault for fault in found if _is_grave(model, fault)]
    return [*map(_told, grave)], [_told(fault) for fault in found if fault not in grave]


def _faults(model: type[Any], data: Any, *, strict: bool) -> list[Any]:
    """Return what does not fit. Strictly, nothing is made fit: the text "no" is not false, and "7" not a number."""
    try:
        model.model_validate(data, strict=strict)
    except ValidationError as error:
        return error.errors(include_url=False, include_context=False)
    return []


def _is_grave(model: type[AirsModel], fault: Mapping[str, Any]) -> bool:
    place = fault["loc"]
    if not place:
        return True
    if fault["type"] == "missing" or (fault["input"] is None and isinstance(place[-1], str)):
        return len(place) == 1 and place[0] in model.essential
    return place[0] in model.essential or place[0] in model.read


def _told(fault: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    message = "Input should be an object" if fault["type"] == "model_type" else fault["msg"]
    return f"{place}: {message[:1].lower()}{message[1:]}" if place else "it is not an object"
