# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model of the service's documents is: a request is refused, and an answer noted, where it does not fit.

Models are hand-written pydantic models, from the official API description. Unknown fields are kept (the live service
has more than its description) and pass through untouched. Values never show in messages, because a value may be a
secret.
"""

from __future__ import annotations

from typing import Any

from .._common.deps import BaseModel, ConfigDict, ValidationError
from .._common.errors import AirsInputError


class AirsModel(BaseModel):
    """Base of all models: keeps what it does not know, hides values in errors."""

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
    expires_in: int | None = None
    scope: str | None = None


def check_request(model: type[Any], body: Any, what: str) -> None:
    """Refuse a request body that does not fit its model.

    Args:
        model: the model of the body.
        body: what would be sent.
        what: what the request does, to follow "Could not ".

    Raises:
        AirsInputError: names each place that does not fit, without values.
    """
    faults = answer_faults(model, body)
    if faults:
        raise AirsInputError(f"Could not {what}: {'; '.join(faults)}. Nothing was sent.")


def answer_faults(model: type[Any], data: Any) -> list[str]:
    """Hold an answer against its model.

    Args:
        model: the model of the answer.
        data: parsed JSON.

    Returns:
        A sentence part for each place that does not fit, without values; empty when all fits.
    """
    try:
        model.model_validate(data)
    except ValidationError as error:
        return [
            f"{'.'.join(str(part) for part in fault['loc']) or 'body'}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
            for fault in error.errors(include_input=False, include_url=False, include_context=False)
        ]
    return []
