# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all scripts do the same way: read the configuration and look what differs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bench.policies import JsonObject, policy

#: Requests that are under way at the same time, in the scripts that do several at once.
IN_FLIGHT = 16
#: Rows of a page: what the official SDK asks for unless told otherwise.
PAGE = 100


def configuration() -> dict[str, list[JsonObject]]:
    """Read the files of the folder that the command line names."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    config: dict[str, list[JsonObject]] = {}
    for path in sorted(Path(sys.argv[1]).glob("*.yml")):
        config.update(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))
    return config


def credentials() -> dict[str, str]:
    """Return who we are and where the service is, from the environment, by the names of the SDK's parameters."""
    return {
        name: os.environ[f"PANW_{name.upper()}"]
        for name in ("client_id", "client_secret", "base_url", "token_base_url")
    }


def topic_bodies(config: Mapping[str, list[JsonObject]]) -> dict[str, JsonObject]:
    """Return what the topics have to be, by name."""
    return {
        topic["name"]: {"description": topic["description"], "examples": topic["examples"]}
        for topic in config["custom_topics"]
    }


def profile_bodies(
    config: Mapping[str, list[JsonObject]], topics: Mapping[str, Mapping[str, Any]]
) -> dict[str, JsonObject]:
    """Return what the profiles have to be, by name."""
    return {profile["name"]: {"policy": policy(profile, topics)} for profile in config["security_profiles"]}


def what_differs(
    wanted: Mapping[str, JsonObject], held: Mapping[str, Mapping[str, Any]]
) -> Iterable[tuple[str, JsonObject]]:
    """Yield names and bodies of what is missing or other than it should be."""
    for name, body in wanted.items():
        row = held.get(name)
        if row is None or any(row.get(member) != value for member, value in body.items()):
            yield name, body
