# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spellings of environments and cloud providers."""

from __future__ import annotations

import pytest

from ansible_collections.panw.airs.plugins.module_utils._kinds.spellings import known_as


@pytest.mark.parametrize(
    ("option", "value", "used", "meant"),
    [
        ("environment", "prod", [], None),
        ("environment", "production", [], "prod"),
        ("environment", "Prod", [], "prod"),
        ("environment", "PRODUCTION ", [], "prod"),
        ("environment", "Stage", [], "staging"),
        ("environment", "development", [], "dev"),
        # What nobody has spelled otherwise is what it is.
        ("environment", "test", [], None),
        ("environment", "pre-prod", [], None),
        ("environment", "", [], None),
        # What the tenant uses is known, and comes first.
        ("environment", "production", ["production"], None),
        ("environment", "prod", ["production"], None),
        ("environment", "PROD", ["production"], "production"),
        ("environment", "pre-prod", ["PreProd"], "PreProd"),
        ("cloud_provider", "aws", ["AWS"], None),
        ("cloud_provider", "AWS", [], "aws"),
        ("cloud_provider", "Azure", [], "azure"),
        ("cloud_provider", "Google Cloud", [], "gcp"),
        ("cloud_provider", "google-cloud", ["GCP"], "GCP"),
        ("cloud_provider", "\uff21\uff37\uff33", [], "aws"),
        ("cloud_provider", "on premises", [], None),
        ("cloud_provider", "---", ["..."], None),
    ],
)
def test_a_spelling_is_known_by_another_in_case_or_form(
    option: str, value: str, used: list[str], meant: str | None
) -> None:
    assert known_as(option, value, used) == meant
