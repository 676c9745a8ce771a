# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The protections of a security profile: each an option, how it is written into a configuration and read out of one.

A configuration is the part of a policy that holds protections: the profile's model-configuration or, where each
direction has its own, that of one direction. Writing starts from what the service holds, so that what no option knows
survives.

Shapes and names are those that live tenants were seen to store; the official description has fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

DISABLED = "disabled"
DATABASE_VERBS = ("create", "read", "update", "delete")
URL_LISTS = ("allow", "alert", "block")
TOPIC_LISTS = ("allow", "block")
SEVERITIES = ("low", "medium", "high", "critical")
DEFAULT_LATENCY = {"inline-timeout-action": "block", "max-inline-latency": 5}

Configuration = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """What the names in the options stand for.

    Args:
        topics: rows of custom topics, by name.
        dlp_profiles: rows of DLP profiles, by name.
    """

    topics: Mapping[str, Mapping[str, Any]]
    dlp_profiles: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Protection:
    """One option of a security profile.

    Args:
        option: its name.
        spec: its argument_spec entry.
        write: puts a value into a configuration; an empty dict or 'disabled' clears.
        read: returns the value that a configuration has, as one would write it.
        shared: whether it is about the whole profile also where each direction has protections of its own.
    """

    option: str
    spec: dict[str, Any]
    write: Callable[[dict[str, Any], Any, Names], None]
    read: Callable[[Configuration], Any]
    shared: bool = False


def section(parent: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the dict under a key; an absent or null one is made."""
    if not isinstance(parent.get(key), dict):
        parent[key] = {}
    return parent[key]  # type: ignore[no-any-return]  # made a dict just above


def part(configuration: Configuration, *keys: str) -> Any:
    """Return what is under a path of keys; {} where a part of the path is absent or null."""
    found: Any = configuration
    for key in keys:
        found = (found.get(key) if isinstance(found, Mapping) else None) or {}
    return found


# --- specs -----------------------------------------------------------------------------------------------------------


def _choice(*choices: str) -> dict[str, Any]:
    return {"type": "str", "choices": list(choices)}


def _names_list() -> dict[str, Any]:
    return {"type": "list", "elements": "str"}


def _group(**options: dict[str, Any]) -> dict[str, Any]:
    return {"type": "dict", "options": options}


# --- detectors: entries {name, action, ...} of a list ----------------------------------------------------------------


def _find(entries: Any, name: str) -> dict[str, Any] | None:
    return next((entry for entry in entries or [] if isinstance(entry, dict) and entry.get("name") == name), None)


def _set(parent: dict[str, Any], key: str, name: str, action: str | None) -> dict[str, Any]:
    """Set the action of a named entry in the list under a key; None removes the entry. Returns the entry."""
    entries = parent.get(key) or []
    entry = _find(entries, name)
    if action is None:
        entries = [other for other in entries if other is not entry]
    elif entry is None:
        entry = {"name": name, "action": action}
        entries = [*entries, entry]
    else:
        entry["action"] = action
    parent[key] = entries
    return entry or {}


def _detector(option: str, group: str, name: str, actions: tuple[str, ...]) -> Protection:
    """Return a protection that is one detector with one action."""

    def write(configuration: dict[str, Any], value: str, _names: Names) -> None:
        _set(configuration, group, name, None if value == DISABLED else value)

    def read(configuration: Configuration) -> str:
        return (_find(part(configuration, group), name) or {}).get("action") or DISABLED

    return Protection(option, _choice(*actions, DISABLED), write, read)


# --- toxic content ---------------------------------------------------------------------------------------------------


def _toxic_content(configuration: Configuration) -> dict[str, Any] | None:
    return _find(part(configuration, "model-protection"), "toxic-content")


def _by_confidence(text: Any) -> dict[str, str]:
    """Return the actions by confidence of "high:block, moderate:allow"."""
    pairs = (pair.partition(":") for pair in str(text or "").split(","))
    return {level.strip(): action.strip() for level, colon, action in pairs if colon}


def _confidence_text(actions: Mapping[str, str]) -> str:
    return f"high:{actions.get('high') or 'allow'}, moderate:{actions.get('moderate') or 'allow'}"


def _write_toxic_content(configuration: dict[str, Any], value: Mapping[str, Any], _names: Names) -> None:
    if not value:
        _set(configuration, "model-protection", "toxic-content", None)
        return
    existing = _toxic_content(configuration)
    actions = {
        **_by_confidence((existing or {}).get("action")),
        **{key: value[key] for key in value if key != "categories"},
    }
    # With categories only, live tenants store an empty action beside them.
    text = _confidence_text(actions) if actions else ""
    entry = _set(configuration, "model-protection", "toxic-content", text)
    categories = value.get("categories")
    if categories is not None:
        held = {kind.get("category"): kind for kind in entry.get("toxic-category-list") or []}
        entry["toxic-category-list"] = [
            {**held.get(kind["name"], {}), "category": kind["name"], "action": _confidence_text(kind)}
            for kind in categories
        ]


def _read_toxic_content(configuration: Configuration) -> dict[str, Any]:
    entry = _toxic_content(configuration) or {}
    categories = [
        {"name": kind.get("category"), **_by_confidence(kind.get("action"))}
        for kind in entry.get("toxic-category-list") or []
    ]
    return {**_by_confidence(entry.get("action")), **({"categories": categories} if categories else {})}


# --- topics ----------------------------------------------------------------------------------------------------------


def topic_buckets(configuration: Configuration) -> dict[str, list[dict[str, Any]]]:
    """Return the pinned topics by action; a bucket may be missing, empty or null."""
    entry = _find(part(configuration, "model-protection"), "topic-guardrails") or {}
    return {bucket.get("action", ""): bucket.get("topic") or [] for bucket in entry.get("topic-list") or [] if bucket}


def _write_topics(configuration: dict[str, Any], value: Mapping[str, Any], names: Names) -> None:
    if not value:
        _set(configuration, "model-protection", "topic-guardrails", None)
        return
    buckets = topic_buckets(configuration)
    pinned = {pin.get("topic_id"): pin for pins in buckets.values() for pin in pins}
    for action, wanted in _given_lists(value, TOPIC_LISTS).items():
        # What is named here moves here: it is taken out of the list that is not managed.
        buckets = {key: [pin for pin in pins if pin.get("topic_name") not in wanted] for key, pins in buckets.items()}
        buckets[action] = [_pin(names.topics[name], pinned) for name in wanted]
    existing = _find(configuration.get("model-protection"), "topic-guardrails")
    default = value.get("default") or (existing or {}).get("action") or "allow"
    entry = _set(configuration, "model-protection", "topic-guardrails", default)
    if existing is None:
        entry["options"] = []
    entry["topic-list"] = [{"action": action, "topic": pins} for action, pins in buckets.items()]


def _given_lists(value: Mapping[str, Any], actions: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the lists of names that are given, by action."""
    return {action: value[action] for action in actions if value.get(action) is not None}


def _pin(row: Mapping[str, Any], pinned: Mapping[Any, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a topic at its newest revision; what an earlier pin of it says besides is kept."""
    identity = {key: row[key] for key in ("topic_id", "topic_name", "revision")}
    return {**pinned.get(row["topic_id"], {}), **identity}


def _read_topics(configuration: Configuration) -> dict[str, Any]:
    entry = _find(part(configuration, "model-protection"), "topic-guardrails")
    if entry is None:
        return {}
    buckets = topic_buckets(configuration)
    names = {action: sorted(pin.get("topic_name") or "" for pin in buckets.get(action, [])) for action in TOPIC_LISTS}
    return {"default": entry.get("action"), **names}


# --- code and URLs ---------------------------------------------------------------------------------------------------


def _one_object(option: str, group: str, key: str, fixed: Mapping[str, str]) -> Protection:
    """Return a protection that is one object {action, ...} under a key of a section."""

    def write(configuration: dict[str, Any], value: str, _names: Names) -> None:
        holder = section(configuration, group)
        if value == DISABLED:
            holder.pop(key, None)
        else:
            entry = section(holder, key)
            for name, text in fixed.items():
                entry.setdefault(name, text)
            entry["action"] = value

    def read(configuration: Configuration) -> str:
        return part(configuration, group, key).get("action") or DISABLED

    return Protection(option, _choice("block", "allow", DISABLED), write, read)


def _write_urls(configuration: dict[str, Any], value: Mapping[str, Any], _names: Names) -> None:
    application = section(configuration, "app-protection")
    wanted = value or {"default": DISABLED, **{action: [] for action in URL_LISTS}}
    default = wanted.get("default")
    if default is not None:
        application["url-detected-action"] = "" if default == DISABLED else default
        application["default-url-category"] = {"member": None if default == DISABLED else ["malicious"]}
    for action, names in _given_lists(wanted, URL_LISTS).items():
        for other in URL_LISTS:
            members = section(application, f"{other}-url-category")
            if other == action:
                members["member"] = list(names)
            elif members.get("member"):
                members["member"] = [member for member in members["member"] if member not in names]


def _read_urls(configuration: Configuration) -> dict[str, Any]:
    application = part(configuration, "app-protection")
    members = {action: sorted(part(application, f"{action}-url-category").get("member") or []) for action in URL_LISTS}
    default = application.get("url-detected-action") or DISABLED
    return {} if default == DISABLED and not any(members.values()) else {"default": default, **members}


# --- data ------------------------------------------------------------------------------------------------------------


def dlp_members(configuration: Configuration) -> list[dict[str, Any]]:
    """Return the DLP profiles that data leak detection names."""
    return part(configuration, "data-protection", "data-leak-detection").get("member") or []


def _write_data_leak(configuration: dict[str, Any], value: Mapping[str, Any], names: Names) -> None:
    detection = section(section(configuration, "data-protection"), "data-leak-detection")
    if not value:
        detection.update({"action": "", "member": None, "mask-data-inline": False})
        return
    detection["action"] = value.get("action") or detection.get("action") or "block"
    detection.setdefault("member", None)
    if value.get("mask_inline") is not None:
        detection["mask-data-inline"] = value["mask_inline"]
    if value.get("profiles") is not None:
        held = {member.get("text"): member for member in detection.get("member") or []}
        detection["member"] = [held.get(name) or _dlp_member(names, name) for name in value["profiles"]]


def _dlp_member(names: Names, name: str) -> dict[str, Any]:
    row = names.dlp_profiles[name]
    return {"text": name, "id": row.get("id") or "", "version": row.get("version") or ""}


def _read_data_leak(configuration: Configuration) -> dict[str, Any]:
    detection = part(configuration, "data-protection", "data-leak-detection")
    members = dlp_members(configuration)
    if not detection.get("action") and not members:
        return {}
    return {
        "profiles": sorted(member.get("text") or "" for member in members),
        "action": detection.get("action") or None,
        "mask_inline": bool(detection.get("mask-data-inline")),
    }


def _write_database_security(configuration: dict[str, Any], value: Mapping[str, Any], _names: Names) -> None:
    data = section(configuration, "data-protection")
    if not value:
        data["database-security"] = None
        return
    verbs = {**dict.fromkeys(DATABASE_VERBS, "allow"), **_read_database_security(configuration), **value}
    for verb, action in verbs.items():
        _set(data, "database-security", f"database-security-{verb}", action)


def _read_database_security(configuration: Configuration) -> dict[str, str]:
    entries = part(configuration, "data-protection", "database-security")
    found = {verb: _find(entries, f"database-security-{verb}") for verb in DATABASE_VERBS}
    return {verb: entry["action"] for verb, entry in found.items() if entry and entry.get("action")}


# --- severities: what each finding counts as -------------------------------------------------------------------------

#: Where the severity of a protection is: the way to the object, or to the list and the name in it.
_SEVERITY_OF: dict[str, tuple[tuple[str, ...], str | None]] = {
    "prompt_injection": (("model-protection",), "prompt-injection"),
    "contextual_grounding": (("model-protection",), "contextual-grounding"),
    "topics": (("model-protection",), "topic-guardrails"),
    "agent_security": (("agent-protection",), "agent-security"),
    "malicious_code": (("app-protection", "malicious-code-protection"), None),
    "source_code": (("data-protection", "source-code-detection"), None),
    **{
        f"database_{verb}": (("data-protection", "database-security"), f"database-security-{verb}")
        for verb in DATABASE_VERBS
    },
}


def _bearer_of_severity(configuration: Configuration, option: str) -> Any:
    """Return the object that has the severity of a protection, or None where the protection is off."""
    path, name = _SEVERITY_OF[option]
    found = part(configuration, *path)
    return _find(found, name) if name else found or None


def _write_severities(configuration: dict[str, Any], value: Mapping[str, Any], _names: Names) -> None:
    for option in _SEVERITY_OF:
        bearer = _bearer_of_severity(configuration, option)
        if bearer is not None and (option in value or not value):
            _put(bearer, "severity", value.get(option))
    toxic = _toxic_content(configuration)
    if toxic is not None and ("toxic_content" in value or not value):
        levels = {level: text for level, text in (value.get("toxic_content") or {}).items() if text is not None}
        _put(
            toxic,
            "severity-by-confidence",
            {**(toxic.get("severity-by-confidence") or {}), **levels} if levels else None,
        )
    application = part(configuration, "app-protection")
    if application and ("urls" in value or not value):
        _put(application, "url-detected-severity", value.get("urls"))


def _put(holder: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        holder.pop(key, None)
    else:
        holder[key] = value


def _read_severities(configuration: Configuration) -> dict[str, Any]:
    found = {option: (_bearer_of_severity(configuration, option) or {}).get("severity") for option in _SEVERITY_OF}
    found["toxic_content"] = (_toxic_content(configuration) or {}).get("severity-by-confidence")
    found["urls"] = part(configuration, "app-protection").get("url-detected-severity")
    return {option: value for option, value in found.items() if value}


# --- the whole profile -----------------------------------------------------------------------------------------------


def _write_latency(configuration: dict[str, Any], value: Mapping[str, Any], _names: Names) -> None:
    latency = section(configuration, "latency")
    wanted = value or {"max_seconds": DEFAULT_LATENCY["max-inline-latency"], "on_timeout": "block"}
    if wanted.get("max_seconds") is not None:
        latency["max-inline-latency"] = wanted["max_seconds"]
    if wanted.get("on_timeout") is not None:
        latency["inline-timeout-action"] = wanted["on_timeout"]


def _read_latency(configuration: Configuration) -> dict[str, Any] | None:
    latency = part(configuration, "latency")
    pairs = {"max_seconds": latency.get("max-inline-latency"), "on_timeout": latency.get("inline-timeout-action")}
    return {key: value for key, value in pairs.items() if value is not None} or None


def _flag(option: str, key: str) -> Protection:
    """Return an option that is one flag of the whole profile."""

    def write(configuration: dict[str, Any], value: bool, _names: Names) -> None:
        configuration[key] = value

    return Protection(option, {"type": "bool"}, write, lambda configuration: configuration.get(key), shared=True)


PROTECTIONS: tuple[Protection, ...] = (
    _detector("prompt_injection", "model-protection", "prompt-injection", ("block", "allow", "alert")),
    Protection(
        "toxic_content",
        _group(
            high=_choice("block", "allow", "alert"),
            moderate=_choice("block", "allow", "alert"),
            categories={
                "type": "list",
                "elements": "dict",
                "options": {
                    "name": {"type": "str", "required": True},
                    "high": _choice("block", "allow", "alert"),
                    "moderate": _choice("block", "allow", "alert"),
                },
            },
        ),
        _write_toxic_content,
        _read_toxic_content,
    ),
    _detector("contextual_grounding", "model-protection", "contextual-grounding", ("block", "allow")),
    Protection(
        "topics",
        _group(default=_choice("allow", "block"), block=_names_list(), allow=_names_list()),
        _write_topics,
        _read_topics,
    ),
    _one_object("malicious_code", "app-protection", "malicious-code-protection", {"name": "malicious-code"}),
    _detector("agent_security", "agent-protection", "agent-security", ("block", "allow")),
    Protection(
        "urls",
        _group(
            default=_choice("block", "allow", DISABLED), allow=_names_list(), alert=_names_list(), block=_names_list()
        ),
        _write_urls,
        _read_urls,
    ),
    Protection(
        "data_leak",
        _group(profiles=_names_list(), action=_choice("block", "allow"), mask_inline={"type": "bool"}),
        _write_data_leak,
        _read_data_leak,
    ),
    Protection(
        "database_security",
        _group(**{verb: _choice("block", "allow") for verb in DATABASE_VERBS}),
        _write_database_security,
        _read_database_security,
    ),
    _one_object("source_code", "data-protection", "source-code-detection", {}),
    Protection(
        "severities",
        _group(
            **{option: _choice(*SEVERITIES) for option in (*_SEVERITY_OF, "urls")},
            toxic_content=_group(high=_choice(*SEVERITIES), moderate=_choice(*SEVERITIES)),
        ),
        _write_severities,
        _read_severities,
    ),
    Protection(
        "latency",
        _group(max_seconds={"type": "int"}, on_timeout=_choice("block", "allow")),
        _write_latency,
        _read_latency,
        shared=True,
    ),
    _flag("mask_data_in_storage", "mask-data-in-storage"),
    _flag("full_conversation_inspection", "enable-full-conversation-inspection"),
)
