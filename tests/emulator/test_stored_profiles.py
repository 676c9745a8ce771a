# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of live tenants, which hold more forms than any write would make."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from support.emulator import ACCOUNT
from support.raw_api import JsonObject, RawApi
from support.stored_profiles import live_rows, live_tenant, shaped_tenant

TENANTS = pytest.mark.parametrize("tenant", [live_tenant, shaped_tenant])


def seeded(document: JsonObject) -> list[JsonObject]:
    rows: list[JsonObject] = document["tenants"][ACCOUNT.tsg_id]["ai_profiles"]
    return rows


def without_empty_buckets(content: Any) -> Any:
    """A policy as a client has to send it: the service refuses buckets without topics, which its rows hold."""
    if isinstance(content, list):
        return [without_empty_buckets(item) for item in content if not _is_empty_bucket(item)]
    if isinstance(content, dict):
        return {name: without_empty_buckets(value) for name, value in content.items()}
    return content


def _is_empty_bucket(item: Any) -> bool:
    return isinstance(item, dict) and "topic" in item and not item["topic"]


@TENANTS
def test_seeded_rows_are_listed_as_they_are_stored(api: RawApi, tenant: Callable[[], JsonObject]) -> None:
    api.emulator.seed(tenant())
    listed = api.rows("profiles")
    for stored, row in zip(reversed(seeded(tenant())), listed, strict=True):
        assert json.dumps({member: row[member] for member in stored}) == json.dumps(stored)


def test_the_rows_of_a_live_tenant_come_in_its_order(api: RawApi) -> None:
    api.emulator.seed(live_tenant())
    assert [row["profile_id"] for row in api.rows("profiles")] == [row["profile_id"] for row in live_rows()]
    pinned = {row["topic_name"]: row["revision"] for row in api.rows("topics")}
    assert (pinned["topic-1"], pinned["topic-7"]) == (8, 136)


@TENANTS
def test_what_is_stored_can_be_written_again(api: RawApi, tenant: Callable[[], JsonObject]) -> None:
    api.emulator.seed(tenant())
    for row in api.rows("profiles", latest="true"):
        written = api.update_profile(row, without_empty_buckets(row["policy"]))
        assert api.update_profile(written, written["policy"])["policy"] == written["policy"], row["profile_name"]
