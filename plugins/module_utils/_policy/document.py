# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security profiles: convert readable options to the policy document, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._common.wording import did_you_mean, near
from .._engine.compare import canonical, difference
from .._engine.options import Options, OptionSpecs
from .data import BUILT_IN, LOG_SEVERITY, ROWS_OPTION, ROWS_SPEC, read_rows, update_rows, write_rows
from .layout import (
    DIRECTIONS,
    PER_DIRECTION,
    Policy,
    all_configurations,
    configurations,
    dlp_profile_names,
    is_per_direction,
    main_profile,
    named_members,
    pinned_topics,
)
from .meaning import means_the_same
from .overlay import copied, merged
from .protection import DISABLED, LISTS, Names, Protection, entries, part, section
from .protections import DEFAULT_LATENCY, PROTECTIONS
from .raw import Rename, identified, mentions
from .raw import renamed as renamed_policy
from .topics import buckets
from .toxic_content import KNOWN_CATEGORIES as KNOWN_TOXIC_CATEGORIES
from .toxic_content import category_names as toxic_category_names
from .urls import KNOWN_CATEGORIES as KNOWN_URL_CATEGORIES
from .urls import categories as url_categories

SHARED = tuple(protection for protection in PROTECTIONS if protection.shared)
OF_ONE_DIRECTION = tuple(protection for protection in PROTECTIONS if not protection.shared)


def option_specs() -> OptionSpecs:
    """Return the argument_spec entries of all protections, of the directions and of the raw policy."""
    one = {protection.option: protection.spec for protection in OF_ONE_DIRECTION}
    directions = {name: {"type": "dict", "options": one} for name in DIRECTIONS}
    return {
        **{protection.option: protection.spec for protection in PROTECTIONS},
        ROWS_OPTION: ROWS_SPEC,
        "directions": {"type": "dict", "options": directions},
        "policy": {"type": "dict"},
    }


# --- what the options say, without the service -----------------------------------------------------------------------


def sets(options: Options) -> Iterator[tuple[str, Options]]:
    """Yield every set of protections in the options, with the prefix of its option names: "directions.prompt.", say."""
    yield "", options
    for direction, given in (options.get("directions") or {}).items():
        if given is not None:
            yield f"directions.{direction}.", given


def faults(options: Options) -> list[str]:
    """Return a sentence part for everything in the options that cannot be right, without asking the service."""
    found = [fault for prefix, given in sets(options) for fault in _faults(prefix, given)]
    common = [entry.option for entry in OF_ONE_DIRECTION if options.get(entry.option) is not None]
    if options.get("directions") and common:
        found.append(
            f"{', '.join(common)} and directions are mutually exclusive: specify protections for each direction"
        )
    seconds = (options.get("latency") or {}).get("max_seconds")
    if seconds is not None and seconds < 1:
        found.append(f"latency.max_seconds must be at least 1, but is {seconds}")
    return found


def _faults(prefix: str, options: Options) -> Iterator[str]:
    for option in ("topics", "urls"):
        value = options.get(option) or {}
        seen: dict[str, str] = {}
        for action in LISTS:
            for name in value.get(action) or []:
                if seen.setdefault(name, action) != action:
                    yield f"{prefix}{option} has '{name}' in both {seen[name]} and {action}"
    leak = options.get("data_leak") or {}
    if leak.get("mask_inline") and leak.get("action") not in (None, "block"):
        yield f"{prefix}data_leak.mask_inline requires data_leak.action block"


def unfamiliar(held: Policy, options: Options) -> list[str]:
    """Return a sentence part for every category in the options that may be a mistake.

    The service says of no category whether it knows it, so that one that is new to us may be right.

    Args:
        held: the policy that the service holds; what it has already is no mistake.
        options: options of the module.
    """
    found = []
    for option, names_in, known in (
        ("urls", url_categories, KNOWN_URL_CATEGORIES),
        ("toxic_content", toxic_category_names, KNOWN_TOXIC_CATEGORIES),
    ):
        new = [
            (prefix, name)
            for prefix, given in sets(options)
            for name in names_in(given.get(option) or {})
            if name not in known
        ]
        has = [
            name
            for _prefix, given in sets(as_options(held) if new else {})
            for name in names_in(given.get(option) or {})
        ]
        for prefix, name in new:
            if name not in has:
                meant = did_you_mean(near(name, sorted({*known, *has}))[:1])
                found.append(f"{prefix}{option} contains the unknown category {name!r}{'; ' * bool(meant)}{meant}")
    return found


def topic_references(options: Options) -> list[tuple[str, str]]:
    """Return where the options name topics: (place, name), such as ("topics.block[1]", "financial-advice")."""
    return [
        (f"{prefix}topics.{action}[{index}]", name)
        for prefix, given in sets(options)
        for action in LISTS
        for index, name in enumerate((given.get("topics") or {}).get(action) or [])
    ] + _raw_references(options, "topic")


def dlp_profile_references(options: Options) -> list[tuple[str, str]]:
    """Return where the options name DLP profiles of the tenant: (place, name)."""
    rows = [(f"{ROWS_OPTION}[{index}].name", row["name"]) for index, row in enumerate(options.get(ROWS_OPTION) or [])]
    named = [
        (f"{prefix}data_leak.profiles[{index}]", name)
        for prefix, given in sets(options)
        for index, name in enumerate((given.get("data_leak") or {}).get("profiles") or [])
    ]
    return [
        (place, name)
        for place, name in [*named, *rows, *_raw_references(options, "dlp_profile")]
        if name != BUILT_IN["text"]
    ]


def _raw_references(options: Options, kind: str) -> list[tuple[str, str]]:
    if not options.get("policy"):
        return []
    found = mentions(options["policy"])
    return [(f"{each.place}.{each.name_key}", each.name) for each in found if each.kind == kind and each.name]


def nameless(options: Options, held: Policy) -> Iterator[tuple[str, str, list[str]]]:
    """Yield what the raw policy has by id alone, unless the policy that it is laid over has it, too.

    Args:
        options: options of the module.
        held: the policy that the service holds.

    Yields:
        Place, kind ("topic" or "dlp_profile") and ids.
    """
    if not options.get("policy"):
        return
    known = {str(each.entry.get(key)) for each in mentions(held) for key in _ID_KEYS}
    for each in mentions(options["policy"]):
        ids = [str(each.entry[key]) for key in _ID_KEYS if each.entry.get(key)]
        if ids and not each.name and not known.intersection(ids):
            yield each.place, each.kind, ids


_ID_KEYS = ("topic_id", "uuid", "id")


def renamed(options: Options, topic: Rename, dlp_profile: Rename) -> dict[str, Any]:
    """Return the options that name topics or DLP profiles with other names. Two names may become one.

    Args:
        options: options of the module; they are not changed.
        topic: gives the names of topics.
        dlp_profile: gives the names of DLP profiles; the built-in detection, too, may take the place of one.
    """
    found = _renamed_set(options, topic, dlp_profile)
    if options.get("directions"):
        found["directions"] = {
            direction: given and {**given, **_renamed_set(given, topic, dlp_profile)}
            for direction, given in options["directions"].items()
        }
    if options.get(ROWS_OPTION):
        rows = {name: row for row in reversed(options[ROWS_OPTION]) for name in [dlp_profile(row["name"])]}
        rows.pop(BUILT_IN["text"], None)
        found[ROWS_OPTION] = [{**row, "name": name} for name, row in reversed(rows.items())]
    if options.get("policy"):
        found["policy"] = renamed_policy(options["policy"], topic, dlp_profile)
    return found


def _renamed_set(given: Options, topic: Rename, dlp_profile: Rename) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for option, parts, name_of in (("topics", LISTS, topic), ("data_leak", ("profiles",), dlp_profile)):
        held = given.get(option)
        if held:
            lists = {part: [*dict.fromkeys(map(name_of, held[part]))] for part in parts if held.get(part)}
            found[option] = {**held, **lists}
    return found


# --- reading a policy ------------------------------------------------------------------------------------------------


def held_names(policy: Policy) -> Names:
    """Return what the names in a policy stand for, as the policy itself says it.

    It keeps what it holds, also where the tenant does not have it.
    """
    pins = [pin for _action, pins in pinned_topics(policy) for pin in pins]
    held = {str(row.get("name")): row for row in entries(policy.get("dlp-data-profiles"))}
    found = {name: {"id": member.get("id"), "version": member.get("version")} for name, member in named_members(policy)}
    return Names(
        topics={str(pin["topic_name"]): pin for pin in pins if pin.get("topic_name")},
        dlp_profiles={name: {"name": name, **found[name], **held.get(name, {})} for name in found},
    )


def unmanageable_options(policy: Policy, options: Options) -> list[str]:
    """Return the options that would not be enforced, because the policy has protections for each direction."""
    if not is_per_direction(policy):
        return []
    return [entry.option for entry in OF_ONE_DIRECTION if options.get(entry.option) is not None]


def unlisted_dlp_profiles(policy: Policy, options: Options) -> list[str]:
    """Return the names under dlp_profiles that a policy, made of these options, does not list."""
    listed = {row["name"] for row in read_rows(policy)}
    return [row["name"] for row in options.get(ROWS_OPTION) or [] if row["name"] not in listed]


def as_options(policy: Policy) -> dict[str, Any]:
    """Return what a policy does in the form of the options, for people: what nobody knows is shown as it is.

    See export.exported() for options that can be given to airs_security_profile.
    """
    found = configurations(policy)
    common = found.pop("")
    rows = {ROWS_OPTION: read_rows(policy)}
    if not found:
        return {**{protection.option: protection.read(common) for protection in PROTECTIONS}, **rows}
    return {
        **{protection.option: protection.read(common) for protection in SHARED},
        **rows,
        "directions": {
            name: {protection.option: protection.read(configuration) for protection in OF_ONE_DIRECTION}
            for name, configuration in found.items()
        },
    }


# --- writing a policy ------------------------------------------------------------------------------------------------


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
                    "latency": dict(DEFAULT_LATENCY),
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


def desired_policy(current: Policy | None, options: Options, names: Names) -> dict[str, Any]:
    """Return the policy that the options ask for.

    Args:
        current: the policy that the service holds, or None for a new profile.
        options: options of the module; what is None is not managed.
        names: what the names in the options stand for.

    Returns:
        The current policy with the managed parts replaced, ready to be written.

    Raises:
        AirsInputError: a part that is to be changed has a form that nobody knows.
    """
    policy = copied(dict(empty_policy() if current is None else current))
    before = dlp_profile_names(policy)
    _write(options, PROTECTIONS, names, lambda: section(_made_profile(policy), "model-configuration"))
    for direction, given in (options.get("directions") or {}).items():
        if any(value is not None for value in (given or {}).values()):
            _write(given, OF_ONE_DIRECTION, names, lambda key=DIRECTIONS[direction]: _made_direction(policy, key))
    update_rows(policy, before, dlp_profile_names(policy), names)
    if options.get(ROWS_OPTION):
        write_rows(policy, options[ROWS_OPTION])
    if options.get("policy"):
        # A name that is held already keeps what it stands for there.
        policy = merged(policy, identified(options["policy"], held_names(current or {}), names))
    return _writable(policy)


def _write(options: Options, protections: tuple[Protection, ...], names: Names, configuration: Any) -> None:
    """Write what the options say into the configuration that a function returns, called when they say something."""
    said = [protection for protection in protections if options.get(protection.option) is not None]
    made = configuration() if said else {}
    for protection in said:
        value = options[protection.option]
        # Of a group, suboptions that are left out are not managed either.
        if isinstance(value, Mapping):
            value = {key: given for key, given in value.items() if given is not None}
        protection.write(made, value, names)


def _made_profile(policy: dict[str, Any]) -> dict[str, Any]:
    """Return the ai-security-profile that the options are about, made where there is none."""
    if main_profile(policy) is None:
        policy["ai-security-profiles"] = [{"model-type": "default"}]
    return main_profile(policy) or {}


def _made_direction(policy: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the configuration of a direction; a policy with one set of protections goes over to the other layout.

    Each direction starts with those that were for everything.
    """
    profile = _made_profile(policy)
    if not is_per_direction(policy):
        common = section(profile, "model-configuration")
        sections = ("agent-protection", "app-protection", "data-protection", "model-protection")
        moved = {name: common.pop(name) for name in sections if name in common}
        profile["content-type-mode"] = PER_DIRECTION
        profile["content-type-configurations"] = {name: copied(moved) for name in DIRECTIONS.values()}
    return section(section(profile, "content-type-configurations"), key)


def _writable(policy: dict[str, Any]) -> dict[str, Any]:
    """Return a policy in the form that the service takes; what it means is the same."""
    for configuration in all_configurations(policy):
        for detector in entries(part(configuration, "model-protection")):
            # Live tenants show empty buckets, but refuse them in a write.
            if any(not pins for _bucket, pins in buckets(detector)):
                detector["topic-list"] = [bucket for bucket, pins in buckets(detector) if pins]
    for row in entries(policy.get("dlp-data-profiles")):
        # The service refuses a DLP profile without these two (reported from live tenants).
        row["uuid"] = row.get("uuid") or ""
        row["log-severity"] = row.get("log-severity") or LOG_SEVERITY
    return policy


# --- diff ------------------------------------------------------------------------------------------------------------


#: Where a diff has the revisions of the topics that a policy pins.
PINS = "topic_revisions"


def policy_difference(before: Policy | None, after: Policy | None) -> dict[str, Any]:
    """Return the diff of two policies in the form of the options, one line of a dict per protection.

    What no option knows is shown as it stands in the policy.
    """
    old, new = (None if policy is None else _lines(policy) for policy in (before, after))
    if old is None:
        # Of a new profile, what it does not do is no news.
        new = {line: value for line, value in (new or {}).items() if value != DISABLED}
    found = difference(old, new)
    if not found["before"] and not found["after"] and not means_the_same(before, after):
        found = {"before": {"policy": canonical(before)}, "after": {"policy": canonical(after)}}
    return found


def _lines(policy: Policy) -> dict[str, Any]:
    options = as_options(policy)
    directions = options.pop("directions", {})
    pins = {
        pin.get("topic_name") or str(pin.get("topic_id")): pin.get("revision")
        for _action, pins in pinned_topics(policy)
        for pin in pins
    }
    return {
        **options,
        **{f"{name}.{option}": value for name, given in directions.items() for option, value in given.items()},
        PINS: pins,
    }
