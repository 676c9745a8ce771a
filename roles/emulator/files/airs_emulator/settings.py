# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches for behaviours of the service that are disputed, that differ between tenants, or that a test wants."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Settings(BaseModel):
    """The switches and their defaults; the README of the role says what speaks for each default."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    # Writes of a profile add the severities and empty members that the writer left out.
    fill_defaults: bool = True
    # Reads add the empty members that some tenants add to a policy.
    canonicalise: bool = False
    # Reads show the missing bucket of a topic list as `topic: null`.
    null_topics: bool = False
    # A profile list without the parameter `latest` shows only the current revisions.
    latest_default: bool = False
    # What a delete answers: a bare JSON string, an object as in the official description, or nothing.
    delete_body: Literal["string", "object", "empty"] = "string"
    # The last page of a list says `next_offset: 0` instead of leaving it out.
    next_offset_zero: bool = False
    # The answer to GET /v1/mgmt/customerapp.
    customerapp_get: Literal[200, 403] = 403
    # Rows of a page when the client names no limit, and at most.
    page_default: Positive = 100
    page_max: Positive = 1000
    # Lifetime of an access token of the management API, in seconds.
    token_ttl_seconds: Positive = 899
    # A regenerated API key stays listed, as revoked.
    keep_revoked_keys: bool = False
    # The topic list shows superseded revisions too.
    topic_history: bool = False
    # Distinct topics that one profile may hold.
    topics_per_profile_max: Positive = 20
    # Scan requests in one asynchronous batch.
    async_batch_max: Positive = 25
    # How long the results of an asynchronous scan are pending, in seconds.
    async_pending_seconds: NotNegative = 0.5
    # The answer to POST /v1/mgmt/scanlogs.
    scanlogs: Literal[200, 403, 404] = 200
    # Names of profiles whose plain delete is refused, with the policies that the refusal names.
    profile_delete_blocked_by: dict[str, list[dict[str, Any]]] = {}
    # How long every request of the service takes, in seconds.
    latency_seconds: NotNegative = 0.0
