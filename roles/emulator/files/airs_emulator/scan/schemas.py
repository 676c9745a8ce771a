# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies of scan requests."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _is_uuid(text: str) -> str:
    UUID(text)
    return text


Label = Annotated[str, Field(max_length=100)]
Uuid = Annotated[str, Field(max_length=36), AfterValidator(_is_uuid)]


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class AiProfile(_Body):
    """Which profile to use: the exact revision of an id, or the newest one of a name. The id wins (unverified)."""

    profile_id: Uuid | None = None
    profile_name: Label | None = None


class AgentMeta(_Body):
    """The agent on whose behalf the content is scanned."""

    agent_id: str | None = None
    agent_version: str | None = None
    agent_arn: str | None = None


class Metadata(_Body):
    """Where the content comes from; it has no influence on the verdict."""

    app_name: str | None = None
    app_user: str | None = None
    ai_model: str | None = None
    user_ip: str | None = None
    agent_meta: AgentMeta | None = None


class ToolMetadata(_Body):
    """The tool that was called."""

    ecosystem: str
    method: str
    server_name: str
    tool_invoked: str | None = None


class ToolEvent(_Body):
    """A call of a tool."""

    metadata: ToolMetadata | None = None
    input: str | None = None
    output: str | None = None


class Content(_Body):
    """One turn of a conversation."""

    prompt: str | None = None
    response: str | None = None
    code_prompt: str | None = None
    code_response: str | None = None
    context: str | None = None
    tool_event: ToolEvent | None = None

    @property
    def prompt_text(self) -> str:
        """All that goes to the model."""
        return "\n".join(filter(None, (self.prompt, self.code_prompt)))

    @property
    def response_text(self) -> str:
        """All that comes from it."""
        return "\n".join(filter(None, (self.response, self.code_response)))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to scan."""
        event = self.tool_event
        return not (self.prompt_text or self.response_text or (event and (event.input or event.output)))


class ScanRequest(_Body):
    """One scan. Only the last element of the contents is scanned, the others are its history."""

    # Required in the official description; a key may have a profile linked to it (reported from live tenants).
    ai_profile: AiProfile | None = None
    contents: Annotated[list[Content], Field(min_length=1)]
    transaction_id: Label | None = None
    tr_id: Label | None = None
    session_id: Label | None = None
    metadata: Metadata | None = None


class AsyncScanRequest(_Body):
    """One element of an asynchronous batch."""

    req_id: Annotated[int, Field(ge=0, le=2**32 - 1)]
    scan_req: ScanRequest
