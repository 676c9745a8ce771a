# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security profiles: from options a security engineer reads at a glance to the policy document of the API, and back.

Each protection is one entry of PROTECTIONS: its option, how it is written into a policy and how it is read out of one.
Writing always starts from the policy that the service holds, so that what no option knows survives.

Shapes and names of the policy are those that live tenants were seen to store; the official description has fewer.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ._compare import canonical, difference, same

DISABLED = "disabled"
_DATABASE_VERBS = ("create", "read", "update", "delete")
_URL_LISTS = ("allow", "alert", "block")
_TOPIC_LISTS = ("allow", "block")


@dataclass(frozen=True)
class Names:
    """What the names in the options stand for.

    Args:
        topics: rows of custom topics, by name.
        dlp_profiles: rows of DLP profiles, by name.
    """

    topics: Mapping[str, Mapping[str, Any]]
    dlp_profiles: Mapping[str, Mapping[str, Any]]


class Draft:
    """A policy being written.

    Args:
        policy: the policy to start from; it is copied.
        names: what names stand for.
    """

    def __init__(self, policy: Mapping[str, Any], names: Names) -> None:
        self.policy: dict[str, Any] = copy.deepcopy(dict(policy))
        self.names = names

    @property
    def configuration(self) -> dict[str, Any]:
        """The model-configuration that holds all protections (there is always exactly one AI security profile)."""
        profiles = self.policy.setdefault("ai-security-profiles", [])
        if not profiles:
            profiles.append({"model-type": "default"})
        return section(profiles[0], "model-configuration")


@dataclass(frozen=True)
class Protection:
    """One option of a security profile.

    Args:
        option: its name.
        spec: its argument_spec entry.
        write: puts a value into a draft; an empty dict or 'disabled' clears.
        read: returns the value that a policy has, as one would write it; None when it says nothing.
        shared: whether it is about the whole profile also where each direction has protections of its own.
    """

    option: str
    spec: dict[str, Any]
    write: Callable[[Draft, Any], None]
    read: Callable[[Mapping[str, Any]], Any]
    shared: bool = False


def section(parent: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the dict under a key; an absent or null one is made."""
    if not isinstance(parent.get(key), dict):
        parent[key] = {}
    return parent[key]  # type: ignore[no-any-return]  # made a dict just above


def _configuration(policy: Mapping[str, Any]) -> Mapping[str, Any]:
    profiles = policy.get("ai-security-profiles") or [{}]
    return profiles[0].get("model-configuration") or {}


def _part(policy: Mapping[str, Any], *keys: str) -> Any:
    """Return what is under a path of keys in the model-configuration; {} where a part is absent or null."""
    found: Any = _configuration(policy)
    for key in keys:
        found = (found.get(key) if isinstance(found, Mapping) else None) or {}
    return found


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

    def write(draft: Draft, value: str) -> None:
        _set(draft.configuration, group, name, None if value == DISABLED else value)

    def read(policy: Mapping[str, Any]) -> str:
        entry = _find(_part(policy, group), name)
        return (entry or {}).get("action") or DISABLED

    return Protection(option, {"type": "str", "choices": [*actions, DISABLED]}, write, read)


# --- toxic content ---------------------------------------------------------------------------------------------------


def _toxic_actions(policy: Mapping[str, Any]) -> dict[str, str]:
    entry = _find(_part(policy, "model-protection"), "toxic-content") or {}
    pairs = (part.partition(":") for part in str(entry.get("action") or "").split(","))
    return {level.strip(): action.strip() for level, colon, action in pairs if colon}


def _write_toxic_content(draft: Draft, value: Mapping[str, Any]) -> None:
    if not value:
        _set(draft.configuration, "model-protection", "toxic-content", None)
        return
    actions = {"high": "allow", "moderate": "allow", **_toxic_actions(draft.policy), **value}
    text = f"high:{actions['high']}, moderate:{actions['moderate']}"
    _set(draft.configuration, "model-protection", "toxic-content", text)


# --- topics ----------------------------------------------------------------------------------------------------------


def _buckets(policy: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the pinned topics by action; a bucket may be missing, empty or null."""
    entry = _find(_part(policy, "model-protection"), "topic-guardrails") or {}
    return {bucket.get("action", ""): bucket.get("topic") or [] for bucket in entry.get("topic-list") or [] if bucket}


def _write_topics(draft: Draft, value: Mapping[str, Any]) -> None:
    configuration = draft.configuration
    if not value:
        _set(configuration, "model-protection", "topic-guardrails", None)
        return
    buckets = _buckets(draft.policy)
    pinned = {pin.get("topic_id"): pin for pins in buckets.values() for pin in pins}
    for action, names in _given_lists(value, _TOPIC_LISTS).items():
        # What is named here moves here: it is taken out of the list that is not managed.
        buckets = {key: [pin for pin in pins if pin.get("topic_name") not in names] for key, pins in buckets.items()}
        buckets[action] = [_pin(draft.names.topics[name], pinned) for name in names]
    existing = _find(configuration.get("model-protection"), "topic-guardrails")
    default = value.get("default") or (existing or {}).get("action") or "allow"
    entry = _set(configuration, "model-protection", "topic-guardrails", default)
    if existing is None:
        entry["options"] = []
    others = [bucket for bucket in entry.get("topic-list") or [] if bucket and bucket.get("action") not in buckets]
    entry["topic-list"] = others + [{"action": action, "topic": pins} for action, pins in buckets.items()]


def _given_lists(value: Mapping[str, Any], actions: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the lists of names that are given, by action."""
    return {action: value[action] for action in actions if value.get(action) is not None}


def _pin(row: Mapping[str, Any], pinned: Mapping[Any, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a topic at its newest revision; what an earlier pin of it says besides is kept."""
    identity = {key: row[key] for key in ("topic_id", "topic_name", "revision")}
    return {**pinned.get(row["topic_id"], {}), **identity}


def _read_topics(policy: Mapping[str, Any]) -> dict[str, Any]:
    entry = _find(_part(policy, "model-protection"), "topic-guardrails")
    if entry is None:
        return {}
    buckets = _buckets(policy)
    names = {action: sorted(pin.get("topic_name") or "" for pin in buckets.get(action, [])) for action in _TOPIC_LISTS}
    return {"default": entry.get("action"), **names}


# --- applications: code and URLs -------------------------------------------------------------------------------------


def _write_malicious_code(draft: Draft, value: str) -> None:
    application = section(draft.configuration, "app-protection")
    if value == DISABLED:
        application.pop("malicious-code-protection", None)
    else:
        detector = section(application, "malicious-code-protection")
        detector.setdefault("name", "malicious-code")
        detector["action"] = value


def _read_malicious_code(policy: Mapping[str, Any]) -> str:
    return _part(policy, "app-protection", "malicious-code-protection").get("action") or DISABLED


def _write_urls(draft: Draft, value: Mapping[str, Any]) -> None:
    application = section(draft.configuration, "app-protection")
    wanted = value or {"default": DISABLED, **{action: [] for action in _URL_LISTS}}
    default = wanted.get("default")
    if default is not None:
        application["url-detected-action"] = "" if default == DISABLED else default
        application["default-url-category"] = {"member": None if default == DISABLED else ["malicious"]}
    for action, names in _given_lists(wanted, _URL_LISTS).items():
        for other in _URL_LISTS:
            members = section(application, f"{other}-url-category")
            if other == action:
                members["member"] = list(names)
            elif members.get("member"):
                members["member"] = [member for member in members["member"] if member not in names]


def _read_urls(policy: Mapping[str, Any]) -> dict[str, Any]:
    application = _part(policy, "app-protection")
    members = {
        action: sorted(_part(policy, "app-protection", f"{action}-url-category").get("member") or [])
        for action in _URL_LISTS
    }
    default = application.get("url-detected-action") or DISABLED
    return {} if default == DISABLED and not any(members.values()) else {"default": default, **members}


# --- data ------------------------------------------------------------------------------------------------------------


def _write_data_leak(draft: Draft, value: Mapping[str, Any]) -> None:
    detection = section(section(draft.configuration, "data-protection"), "data-leak-detection")
    if not value:
        detection.update({"action": "", "member": None, "mask-data-inline": False})
        draft.policy["dlp-data-profiles"] = []
        return
    detection["action"] = value.get("action") or detection.get("action") or "block"
    detection.setdefault("member", None)
    if value.get("mask_inline") is not None:
        detection["mask-data-inline"] = value["mask_inline"]
    if value.get("profiles") is not None:
        members = {member.get("text"): member for member in detection.get("member") or []}
        rows = {row.get("name"): row for row in draft.policy.get("dlp-data-profiles") or []}
        detection["member"] = [members.get(name) or _dlp_member(draft.names, name) for name in value["profiles"]]
        draft.policy["dlp-data-profiles"] = [
            rows.get(name) or _dlp_row(draft.names, name) for name in value["profiles"]
        ]


def _dlp_member(names: Names, name: str) -> dict[str, Any]:
    row = names.dlp_profiles[name]
    return {"text": name, "id": row.get("id") or "", "version": row.get("version") or ""}


def _dlp_row(names: Names, name: str) -> dict[str, Any]:
    # The service refuses a DLP profile without log-severity (reported from live tenants).
    row = dict(names.dlp_profiles[name])
    return {**row, "uuid": row.get("uuid") or "", "log-severity": row.get("log-severity") or "low"}


def _read_data_leak(policy: Mapping[str, Any]) -> dict[str, Any]:
    detection = _part(policy, "data-protection", "data-leak-detection")
    members = detection.get("member") or []
    if not detection.get("action") and not members:
        return {}
    return {
        "profiles": sorted(member.get("text") or "" for member in members),
        "action": detection.get("action") or None,
        "mask_inline": bool(detection.get("mask-data-inline")),
    }


def _write_database_security(draft: Draft, value: Mapping[str, Any]) -> None:
    data = section(draft.configuration, "data-protection")
    if not value:
        data["database-security"] = None
        return
    for verb, action in {
        **dict.fromkeys(_DATABASE_VERBS, "allow"),
        **_read_database_security(draft.policy),
        **value,
    }.items():
        _set(data, "database-security", f"database-security-{verb}", action)


def _read_database_security(policy: Mapping[str, Any]) -> dict[str, str]:
    entries = _part(policy, "data-protection", "database-security")
    found = {verb: _find(entries, f"database-security-{verb}") for verb in _DATABASE_VERBS}
    return {verb: entry["action"] for verb, entry in found.items() if entry and entry.get("action")}


# --- the whole profile -----------------------------------------------------------------------------------------------


_DEFAULT_LATENCY = {"inline-timeout-action": "block", "max-inline-latency": 5}


def _write_latency(draft: Draft, value: Mapping[str, Any]) -> None:
    latency = section(draft.configuration, "latency")
    wanted = value or {"max_seconds": _DEFAULT_LATENCY["max-inline-latency"], "on_timeout": "block"}
    if wanted.get("max_seconds") is not None:
        latency["max-inline-latency"] = wanted["max_seconds"]
    if wanted.get("on_timeout") is not None:
        latency["inline-timeout-action"] = wanted["on_timeout"]


def _read_latency(policy: Mapping[str, Any]) -> dict[str, Any]:
    latency = _part(policy, "latency")
    pairs = {"max_seconds": latency.get("max-inline-latency"), "on_timeout": latency.get("inline-timeout-action")}
    return {key: value for key, value in pairs.items() if value is not None}


def _write_mask_data_in_storage(draft: Draft, value: bool) -> None:
    draft.configuration["mask-data-in-storage"] = value


def _read_mask_data_in_storage(policy: Mapping[str, Any]) -> bool:
    return bool(_configuration(policy).get("mask-data-in-storage"))


def _choice(*choices: str) -> dict[str, Any]:
    return {"type": "str", "choices": list(choices)}


def _names_list() -> dict[str, Any]:
    return {"type": "list", "elements": "str"}


def _group(**options: dict[str, Any]) -> dict[str, Any]:
    return {"type": "dict", "options": options}


PROTECTIONS: tuple[Protection, ...] = (
    _detector("prompt_injection", "model-protection", "prompt-injection", ("block", "allow", "alert")),
    Protection(
        "toxic_content",
        _group(high=_choice("block", "allow", "alert"), moderate=_choice("block", "allow", "alert")),
        _write_toxic_content,
        _toxic_actions,
    ),
    _detector("contextual_grounding", "model-protection", "contextual-grounding", ("block", "allow")),
    Protection(
        "topics",
        _group(default=_choice("allow", "block"), block=_names_list(), allow=_names_list()),
        _write_topics,
        _read_topics,
    ),
    Protection("malicious_code", _choice("block", "allow", DISABLED), _write_malicious_code, _read_malicious_code),
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
        _group(**{verb: _choice("block", "allow") for verb in _DATABASE_VERBS}),
        _write_database_security,
        _read_database_security,
    ),
    Protection(
        "latency",
        _group(max_seconds={"type": "int"}, on_timeout=_choice("block", "allow")),
        _write_latency,
        _read_latency,
        shared=True,
    ),
    Protection(
        "mask_data_in_storage", {"type": "bool"}, _write_mask_data_in_storage, _read_mask_data_in_storage, shared=True
    ),
)


def option_specs() -> dict[str, dict[str, Any]]:
    """Return the argument_spec entries of all protections and of the raw policy."""
    return {**{protection.option: protection.spec for protection in PROTECTIONS}, "policy": {"type": "dict"}}


def faults(options: Mapping[str, Any]) -> list[str]:
    """Return a sentence part for everything in the options that cannot be right, without asking the service."""
    found = []
    for option, lists in (("topics", _TOPIC_LISTS), ("urls", _URL_LISTS)):
        value = options.get(option) or {}
        seen: dict[str, str] = {}
        for action in lists:
            for name in value.get(action) or []:
                if seen.setdefault(name, action) != action:
                    found.append(f"{option} has '{name}' under both {seen[name]} and {action}")
    leak = options.get("data_leak") or {}
    if leak.get("mask_inline") and leak.get("action") == "allow":
        found.append("data_leak.mask_inline works with data_leak.action block only")
    seconds = (options.get("latency") or {}).get("max_seconds")
    if seconds is not None and seconds < 1:
        found.append(f"latency.max_seconds is {seconds}, at least 1 is needed")
    return found


def topic_names(options: Mapping[str, Any]) -> list[str]:
    """Return the names of all topics that the options name."""
    topics = options.get("topics") or {}
    return [name for action in _TOPIC_LISTS for name in topics.get(action) or []]


def dlp_profile_names(options: Mapping[str, Any]) -> list[str]:
    """Return the names of all DLP profiles that the options name."""
    return list((options.get("data_leak") or {}).get("profiles") or [])


def unmanageable_options(current: Mapping[str, Any], options: Mapping[str, Any]) -> list[str]:
    """Return the options that do not fit the layout of an existing policy.

    A profile in the per-direction layout keeps its protections per prompt, response and tool event; what is written to
    the shared place is not enforced there.
    """
    profiles = current.get("ai-security-profiles") or [{}]
    if profiles[0].get("content-type-mode") != "per_content_type":
        return []
    return [entry.option for entry in PROTECTIONS if not entry.shared and options.get(entry.option) is not None]


def empty_policy() -> dict[str, Any]:
    """Return a policy with everything off.

    It has all sections, because the web interface of Strata Cloud Manager fails on profiles that lack some.
    """
    return {
        "ai-security-profiles": [
            {
                "model-type": "default",
                "model-configuration": {
                    "mask-data-in-storage": False,
                    "latency": dict(_DEFAULT_LATENCY),
                    "data-protection": {
                        "data-leak-detection": {"action": "", "member": None, "mask-data-inline": False},
                        "database-security": None,
                    },
                    "app-protection": {
                        "alert-url-category": {"member": []},
                        "block-url-category": {"member": []},
                        "allow-url-category": {"member": []},
                        "default-url-category": {"member": None},
                        "url-detected-action": "",
                    },
                    "model-protection": [],
                    "agent-protection": [],
                },
            }
        ],
        "dlp-data-profiles": [],
    }


def desired_policy(current: Mapping[str, Any] | None, options: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Return the policy that the options ask for.

    Args:
        current: the policy that the service holds, or None for a new profile.
        options: options of the module; what is None is not managed.
        names: what the names in the options stand for.

    Returns:
        The current policy with the managed parts replaced, ready to be written.
    """
    draft = Draft(empty_policy() if current is None else current, names)
    for protection in PROTECTIONS:
        value = options.get(protection.option)
        if value is not None:
            # Of a group, suboptions that are left out are not managed either.
            given = (
                {key: part for key, part in value.items() if part is not None} if isinstance(value, Mapping) else value
            )
            protection.write(draft, given)
    if options.get("policy"):
        draft.policy = _merged(draft.policy, options["policy"])
    _strip_empty_buckets(draft.policy)
    return draft.policy


def _merged(base: Any, over: Any) -> Any:
    """Merge a raw policy over another: dicts by key, lists of named things by name, all else replaced."""
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        return {**base, **{key: _merged(base.get(key), value) for key, value in over.items()}}
    if isinstance(base, list) and isinstance(over, list):
        key = _list_key(over)
        if key:
            rest = {entry[key]: entry for entry in over}
            kept = [_merged(entry, rest.pop(entry.get(key), entry)) for entry in base if isinstance(entry, Mapping)]
            return [*kept, *rest.values()]
    return copy.deepcopy(over)


def _list_key(entries: list[Any]) -> str | None:
    """Return the key that names the entries of a list, or None for lists that are replaced as a whole."""
    for key in ("name", "model-type"):
        if entries and all(isinstance(entry, Mapping) and isinstance(entry.get(key), str) for entry in entries):
            return key
    return None


def _strip_empty_buckets(node: Any) -> None:
    """Take empty buckets out of every topic-list: live tenants show them, but refuse them in a write."""
    if isinstance(node, dict):
        buckets = node.get("topic-list")
        if isinstance(buckets, list):
            node["topic-list"] = [bucket for bucket in buckets if isinstance(bucket, dict) and bucket.get("topic")]
        for value in node.values():
            _strip_empty_buckets(value)
    elif isinstance(node, list):
        for value in node:
            _strip_empty_buckets(value)


def friendly(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy in the form of the options."""
    return {protection.option: protection.read(policy) for protection in PROTECTIONS}


def policy_difference(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the diff of two policies in the form of the options, one entry per protection.

    What no option knows is shown as it stands in the policy.
    """
    sides: list[dict[str, Any] | None] = []
    for policy in (before, after):
        if policy is None:
            sides.append(None)
            continue
        pins = {pin["topic_name"]: pin.get("revision") for pins in _buckets(policy).values() for pin in pins}
        sides.append({**friendly(policy), "topic_revisions": pins})
    found = difference(*sides)
    if not found["before"] and not found["after"] and not same(before, after):
        found = {"before": {"policy": canonical(before)}, "after": {"policy": canonical(after)}}
    return found
