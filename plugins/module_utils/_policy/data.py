# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data protections: data leaks, by DLP profile, and database statements, by type."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .protection import (
    ACTIONS,
    Configuration,
    Names,
    Protection,
    choice,
    entries,
    find,
    group,
    list_of,
    names_list,
    part,
    section,
    set_action,
)

DATABASE_VERBS = ("create", "read", "update", "delete")
#: The service's own detection: it is on every tenant and in no list of DLP profiles, whose "Sensitive Content" is
#: another thing (reported from live tenants).
BUILT_IN: Mapping[str, str] = {"text": "sensitive content", "id": "", "version": "2"}
#: What the service takes for the severity of a DLP profile in the log; it refuses one without (reported).
LOG_SEVERITY = "low"

#: Settings of a DLP profile in a policy: suboption, and key in the row.
ROW_SETTINGS = {"log_severity": "log-severity", "file_based": "file-based", "non_file_based": "non-file-based"}

# --- data leaks ------------------------------------------------------------------------------------------------------


def dlp_members(configuration: Configuration) -> list[dict[str, Any]]:
    """Return the DLP profiles that data leak detection names, as far as they can be read."""
    return entries(part(configuration, "data-protection", "data-leak-detection", "member"))


def _write_data_leak(configuration: dict[str, Any], value: Mapping[str, Any], names: Names) -> None:
    if not value:
        if part(configuration, "data-protection", "data-leak-detection"):
            detection = section(section(configuration, "data-protection"), "data-leak-detection")
            detection.update({"action": "", "member": None, "mask-data-inline": False})
        return
    detection = section(section(configuration, "data-protection"), "data-leak-detection")
    wanted, held = value.get("profiles"), dlp_members(configuration)
    if wanted is not None:
        known = {member.get("text") for member in held}
        kept = [member for member in held if not member.get("text") or member["text"] in wanted]
        added = [_member(names, name) for name in dict.fromkeys(wanted) if name not in known]
        detection["member"] = kept + added or None
    detection.setdefault("member", None)
    if value.get("action") is not None:
        detection["action"] = value["action"]
    elif not detection.get("action"):
        detection["action"] = "block" if wanted and not held else ""
    if value.get("mask_inline") is not None:
        detection["mask-data-inline"] = value["mask_inline"]


def _member(names: Names, name: str) -> dict[str, Any]:
    if name == BUILT_IN["text"]:
        return dict(BUILT_IN)
    row = names.dlp_profiles[name]
    return {"text": name, "id": row.get("id") or "", "version": row.get("version") or ""}


def _read_data_leak(configuration: Configuration) -> dict[str, Any]:
    detection = part(configuration, "data-protection", "data-leak-detection")
    members = dlp_members(configuration)
    if not detection.get("action") and not members and not detection.get("mask-data-inline"):
        return {}
    return {
        "profiles": sorted({str(member["text"]) for member in members if member.get("text")}),
        "action": detection.get("action") or None,
        "mask_inline": bool(detection.get("mask-data-inline")),
    }


DATA_LEAK = Protection(
    "data_leak",
    group(profiles=names_list(), action=choice(*ACTIONS), mask_inline={"type": "bool"}),
    _write_data_leak,
    _read_data_leak,
    detectors=("data-leak-detection",),
)

# --- a policy's own list of DLP profiles -----------------------------------------------------------------------------

#: The option for what a policy says of its DLP profiles; it is about the policy, not about a configuration of it.
ROWS_OPTION = "dlp_profiles"
ROWS_SPEC = list_of(**{option: {"type": "str"} for option in ROW_SETTINGS})


def update_rows(policy: dict[str, Any], before: Collection[str], after: Collection[str], names: Names) -> None:
    """Let a policy's list of DLP profiles follow what its data leak detections name.

    Args:
        policy: the policy; it is changed.
        before: names that the detections had.
        after: names that they have now.
        names: what new names stand for.
    """
    rows = policy.get("dlp-data-profiles") or []
    gone = {name for name in before if name not in after}
    if any(row.get("name") in gone for row in entries(rows)):
        policy["dlp-data-profiles"] = [row for row in rows if not (isinstance(row, dict) and row.get("name") in gone)]
    rows = policy.get("dlp-data-profiles") or []
    listed = {row.get("name") for row in entries(rows)}
    # One that is held without a row was accepted without.
    new = [name for name in after if name not in (*before, *listed, BUILT_IN["text"])]
    if new:
        policy["dlp-data-profiles"] = [*rows, *({**names.dlp_profiles[name], "name": name} for name in new)]


def write_rows(policy: dict[str, Any], wanted: list[Mapping[str, Any]]) -> None:
    """Put the settings of DLP profiles into a policy's list of them; those that it does not list are left out."""
    for setting in wanted:
        for row in entries(policy.get("dlp-data-profiles")):
            if row.get("name") == setting["name"]:
                given = {
                    key: setting[option] for option, key in ROW_SETTINGS.items() if setting.get(option) is not None
                }
                row.update({key: value for key, value in given.items() if (row.get(key) or "") != value})


def read_rows(policy: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the settings of DLP profiles in a policy, in the format of the option."""
    found = {
        str(row["name"]): {option: row.get(key) or "" for option, key in ROW_SETTINGS.items()}
        for row in entries(policy.get("dlp-data-profiles"))
        if row.get("name")
    }
    return [
        {"name": name, **found[name], "log_severity": found[name]["log_severity"] or LOG_SEVERITY}
        for name in sorted(found)
    ]


# --- database security -----------------------------------------------------------------------------------------------


def database_entry(configuration: Configuration, verb: str) -> dict[str, Any] | None:
    """Return the detector for statements that do something, or None."""
    return find(part(configuration, "data-protection", "database-security"), f"database-security-{verb}")


def _write_database_security(configuration: dict[str, Any], value: Mapping[str, Any], _names: Names) -> None:
    held = part(configuration, "data-protection", "database-security")
    if not value:
        if held:
            section(configuration, "data-protection")["database-security"] = None
        return
    # Live tenants have all four, or none.
    verbs = {**({} if held else dict.fromkeys(DATABASE_VERBS, "allow")), **value}
    data = section(configuration, "data-protection")
    for verb in DATABASE_VERBS:
        if verbs.get(verb) is not None:
            set_action(data, "database-security", f"database-security-{verb}", verbs[verb])


def _read_database_security(configuration: Configuration) -> dict[str, Any]:
    found = {verb: database_entry(configuration, verb) for verb in DATABASE_VERBS}
    return {verb: entry["action"] for verb, entry in found.items() if entry and entry.get("action")}


DATABASE_SECURITY = Protection(
    "database_security",
    group(**{verb: choice(*ACTIONS) for verb in DATABASE_VERBS}),
    _write_database_security,
    _read_database_security,
    detectors=("database-security", *(f"database-security-{verb}" for verb in DATABASE_VERBS)),
)
