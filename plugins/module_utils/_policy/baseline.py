# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Baseline: the minimum protection of every profile, as options of a profile, and what a policy lacks.

Protections are compared by strictness. Protections that the baseline does not contain are not required, and more than
the required protection is always allowed. A setting that cannot be interpreted is neither off nor sufficient: it is
reported as unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .._engine.options import Options, OptionSpecs
from .._engine.reconcile import Weakening
from . import document
from .data import BUILT_IN, ROWS_OPTION, dlp_members
from .layout import DIRECTIONS, Policy, configurations
from .protection import DISABLED, LISTS, Configuration, Names, group
from .protections import PROTECTIONS
from .strictness import OFF, RANKS, changes, losses
from .toxic_content import KNOWN_CATEGORIES, LEVELS
from .urls import MALICIOUS

#: What is shown of an action that cannot be read.
UNKNOWN = "unknown"
#: The protections that a baseline may be about, as options.
REQUIRABLE = tuple(entry.option for entry in PROTECTIONS if entry.option != "severities")
#: What has no order, so that nothing can be the least of it.
WITHOUT_ORDER = ("severities", ROWS_OPTION)
#: What the policy calls that which a protection is about, where that is no detector.
_KEYS = {"urls": ("url-detected-action", *(f"{each}-url-category" for each in ("default", *LISTS)))}
_NAMES_IN_POLICY = {entry.option: _KEYS.get(entry.option, entry.detectors) for entry in PROTECTIONS}
#: Stands for all DLP profiles of a profile where a baseline names none; it makes the row data_leak.action.
_ANY_DLP_PROFILE = "action"


def option_specs() -> OptionSpecs:
    """Return the argument_spec entries of what a baseline may require, which is all that has an order."""
    specs = {entry.option: entry.spec for entry in PROTECTIONS if entry.option in REQUIRABLE}
    specs["latency"] = group(on_timeout=specs["latency"]["options"]["on_timeout"])
    one = {entry.option: entry.spec for entry in document.OF_ONE_DIRECTION if entry.option in REQUIRABLE}
    return {**specs, "directions": group(**dict.fromkeys(DIRECTIONS, group(**one)))}


def unordered(given: Mapping[str, Any]) -> list[str]:
    """Return a sentence part for each option of a profile that a baseline cannot have."""
    return [
        f"{option} cannot be required because its values cannot be ordered"
        for option in WITHOUT_ORDER
        if option in given
    ]


def faults(required: Options) -> list[str]:
    """Return a sentence part for everything in a baseline that cannot be right, or that requires nothing.

    Args:
        required: its options, validated.
    """
    found = document.faults(required)
    for prefix, given in document.sets(required):
        leak = given.get("data_leak") or {}
        if leak.get("profiles") and not leak.get("action"):
            found.append(f"{prefix}data_leak.profiles requires data_leak.action")
    if found:
        return found
    demanding = {split(each.protection)[:2] for each in _gaps(_said(required), _read({}))}
    for prefix, given in document.sets(required):
        direction = prefix.removeprefix("directions.").rstrip(".")
        idle = [name for name, value in given.items() if value is not None and (direction, name) not in demanding]
        found += [
            f"{prefix}{name} does not require anything: specify the required protection"
            for name in idle
            if name != "directions"
        ]
    return found if found or demanding else ["does not require anything: specify at least one protection"]


def below(required: Options, policy: Policy) -> list[Weakening]:
    """Return what a policy does less than a baseline requires, the greatest gap first.

    Args:
        required: options of the baseline, without faults.
        policy: the policy as the service holds it, with the names that its topics have now.

    Returns:
        For each part of a protection what is required ("before"), and what it does ("after").
    """
    read, held = _read(policy), configurations(policy)
    found = _gaps(_said(required), read)
    rows: dict[str, Weakening] = {}
    for each in found:
        direction, option, part = split(each.protection)
        does = each.after if each.after in RANKS else f"{each.after} ({UNKNOWN})"
        # One set of protections is that of every direction: one row is enough, that of the greatest gap.
        place = each.protection if direction in held else f"{option}.{part}".removesuffix(".")
        where = direction if direction in held else ""
        if does == OFF and (option == "latency" or _is_unread(option, _of(read, where), held[where])):
            does = UNKNOWN
        rows.setdefault(place, Weakening(place, each.before, does))
    return [*rows.values()]


def too_weak(required: Options, options: Options) -> list[Weakening]:
    """Return what options of a profile make less than a baseline requires, whatever the tenant holds.

    They are applied to a profile that does just what is required, so that what they leave out is no fault.

    Args:
        required: options of the baseline, without faults.
        options: options of airs_security_profile, without faults.
    """
    wanted = _said(required)
    cases = [wanted]
    raw = next(_parts(options.get("policy"), ("content-type-configurations",)), None)
    directional = bool(options.get("directions")) or raw is not None
    if "directions" in wanted and not directional:
        cases = [{**wanted, **wanted["directions"].get(name, {})} for name in DIRECTIONS]
    found: dict[str, Weakening] = {}
    for case in cases:
        least = {name: value for name, value in case.items() if directional or name != "directions"}
        rows = below(least, _applied(least, options, directional))
        if any(map(_is_of_urls, rows)):
            # A category may be in a list, or among those of the default, as only the tenant can tell where the options
            # do not.
            best = below(least, _applied(_with_urls_blocked(least), options, directional))
            certain = {each.protection for each in best}
            rows = [each for each in rows if each.protection in certain or not _is_of_urls(each)]
        for each in rows:
            found.setdefault(each.protection, each)
    return [*found.values()]


def _is_of_urls(row: Weakening) -> bool:
    return split(row.protection)[1] == "urls"


def _with_urls_blocked(least: Options) -> dict[str, Any]:
    """Return the least with all URL categories that it names blocked by their list, and by default."""
    found = dict(least)
    if found.get("urls"):
        lists = ("block", "alert", "default_categories")
        named = [*dict.fromkeys([MALICIOUS, *(name for each in lists for name in found["urls"].get(each) or [])])]
        found["urls"] = {**found["urls"], "default": "block", "default_categories": named, "block": named}
    if "directions" in found:
        found["directions"] = {name: _with_urls_blocked(each) for name, each in found["directions"].items()}
    return found


def split(protection: str) -> tuple[str, str, str]:
    """Return direction, option and part of what strictness calls a part of a protection; "" for what it has not."""
    direction, place = "", protection
    if protection.startswith("directions."):
        direction, place = protection.split(".", 2)[1:]
    option, _dot, rest = place.partition(".")
    return direction, option, rest


# --- comparing -------------------------------------------------------------------------------------------------------


def _gaps(wanted: dict[str, Any], does: dict[str, Any]) -> list[Weakening]:
    """Return what does less, in the order of strictness, of each direction where there are several."""
    if "directions" in wanted or "directions" in does:
        pairs = {name: _comparable(_of(wanted, name), _of(does, name)) for name in DIRECTIONS}
        wanted = {**wanted, "directions": {name: pair[0] for name, pair in pairs.items()}}
        does = {**does, "directions": {name: pair[1] for name, pair in pairs.items()}}
    else:
        wanted, does = _comparable(wanted, does)
    nothing: dict[str, Any] = {**dict.fromkeys(entry.option for entry in document.SHARED), ROWS_OPTION: []}
    return losses(changes({**nothing, **wanted}, does))


def _read(policy: Policy) -> dict[str, Any]:
    """Return a policy in the form of the options, without what it has twice: nobody knows which of them counts."""
    found = document.as_options(policy)
    for direction, configuration in configurations(policy).items():
        options = found["directions"][direction] if direction else found
        names = Counter(_names(configuration))
        twice = [option for option, own in _NAMES_IN_POLICY.items() if any(names[name] > 1 for name in own)]
        options.update({option: None for option in twice if option in options})
    return found


def _names(node: Any) -> Iterator[str]:
    """Yield the names of all that has one in a part of a policy."""
    if isinstance(node, Mapping):
        if isinstance(node.get("name"), str):
            yield node["name"]
        node = [*node.values()]
    for each in node if isinstance(node, list) else ():
        yield from _names(each)


def _of(options: Options, direction: str) -> Options:
    """Return the protections of a direction; one set of them is that of every direction."""
    found: Options = options["directions"].get(direction, {}) if "directions" in options else options
    return found


def _comparable(required: Options, read: Options) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return two sets of protections so that whatever is weaker in the second one is less than required."""
    wanted, does = dict(required), dict(read)
    for option, fitted in (
        ("topics", _fitted_topics),
        ("urls", _fitted_urls),
        ("toxic_content", _fitted_toxic_content),
        ("data_leak", _fitted_data_leak),
    ):
        if wanted.get(option):
            wanted[option], does[option] = fitted(dict(wanted[option]), dict(does.get(option) or {}))
    return wanted, does


def _fitted_topics(wanted: dict[str, Any], does: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    # To let some pass is what a default that blocks is for: topics that are not named to be looked at are free.
    named = {name for action in LISTS for name in wanted.get(action) or [] if action != "allow"}
    free = {name for action, names in does.items() if action != "default" for name in names if name not in named}
    return {**wanted, "allow": []}, _without(free, _each_once(does))


def _fitted_urls(wanted: dict[str, Any], does: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    # As in a new profile, the default is about something.
    if wanted.get("default") not in (None, DISABLED):
        wanted.setdefault("default_categories", [MALICIOUS])
    free = set(wanted.get("allow") or [])
    return _without(free, wanted), _without(free, _each_once(does))


def _each_once(value: Options) -> dict[str, Any]:
    """Return the value of a group with each name under its weakest action only: nobody knows which one counts."""
    found, seen = dict(value), set[str]()
    unknown = [action for action in value if action not in (*LISTS, "default", "default_categories")]
    for action in (*unknown, *LISTS):
        found[action] = [name for name in value.get(action) or [] if name not in seen]
        seen.update(found[action])
    return found


def _without(names: Collection[str], value: Options) -> dict[str, Any]:
    """Return the value of a group without some of the names in its lists."""
    lists = {key: listed for key, listed in value.items() if key != "default" and isinstance(listed, list)}
    return {**value, **{key: [name for name in listed if name not in names] for key, listed in lists.items()}}


def _fitted_toxic_content(wanted: dict[str, Any], does: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    categories = does.get("categories") or []
    for level in LEVELS:
        named = {kind["name"] for kind in categories if kind.get(level)}
        # Where each category has its own action, the detector's is empty, and each of them counts.
        if wanted.get(level) and not does.get(level) and named.issuperset(KNOWN_CATEGORIES):
            does[level] = wanted[level] if len(named) == len(categories) else None
    return wanted, does


def _fitted_data_leak(wanted: dict[str, Any], does: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    if wanted.get("action") and not wanted.get("profiles"):
        wanted["profiles"] = [_ANY_DLP_PROFILE]
        does["profiles"] = [*does["profiles"], _ANY_DLP_PROFILE] if does.get("profiles") else []
    return wanted, does


def _said(required: Options) -> dict[str, Any]:
    """Return the options of a baseline without those that were not given, at any depth."""
    found: dict[str, Any] = _without_none(required)
    return found


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return [*map(_without_none, value)] if isinstance(value, list) else value


# --- what cannot be read ---------------------------------------------------------------------------------------------


def _is_unread(option: str, does: Options, configuration: Configuration) -> bool:
    """Tell whether a protection that reads as off may do something all the same.

    Args:
        option: the protection, or one with a part that reads as off.
        does: the configuration in the form of the options.
        configuration: the part of the policy that they are about.
    """
    if option == "data_leak" and any(not member.get("text") for member in dlp_members(configuration)):
        return True  # it has an id, which may be that of any DLP profile
    nothing = does.get(option) in (None, {}, DISABLED)
    return nothing and any(map(_says, _parts(configuration, _NAMES_IN_POLICY[option])))


def _parts(node: Any, names: Collection[str]) -> Iterator[Any]:
    """Yield what stands under one of these names, as a key or in what has it as its name."""
    if isinstance(node, Mapping):
        name = node.get("name")
        if isinstance(name, str) and name in names:
            yield node
        for key, value in node.items():
            if key in names:
                yield value
            else:
                yield from _parts(value, names)
    elif isinstance(node, list):
        for each in node:
            yield from _parts(each, names)


def _says(node: Any) -> bool:
    """Tell whether a part of a policy says more than what it is called, and how severe it is."""
    if isinstance(node, Mapping):
        return any(_says(value) for key, value in node.items() if key != "name" and "severity" not in key)
    return any(map(_says, node)) if isinstance(node, list) else bool(node)


# --- what options make of a profile that does just enough ------------------------------------------------------------


def _applied(least: dict[str, Any], options: Options, directional: bool) -> Policy:
    """Return what options make of a profile that does the least.

    Args:
        least: what the least is.
        options: options of airs_security_profile.
        directional: whether the profile has protections for each direction.
    """
    given = _enough(least)
    if directional:
        shared = [entry.option for entry in document.SHARED]
        given = {name: value for name, value in least.items() if name in shared}
        given["directions"] = {name: _enough(_of(least, name)) for name in DIRECTIONS}
    names = Names(
        topics={name: {"topic_id": name, "topic_name": name, "revision": 1} for name in _topics_in(given, options)},
        dlp_profiles={name: {"name": name} for name in _dlp_profiles_in(given, options)},
    )
    return document.desired_policy(document.desired_policy(None, given, names), options, names)


def _enough(least: Options) -> dict[str, Any]:
    """Return options that make a new profile do the least."""
    found = dict(least)
    leak, toxic = found.get("data_leak") or {}, found.get("toxic_content") or {}
    if leak.get("action") and not leak.get("profiles"):
        found["data_leak"] = {**leak, "profiles": [BUILT_IN["text"]]}
    if toxic.get("categories"):
        # A category that has an action of its own has one for each confidence.
        of_all = {level: toxic[level] for level in LEVELS if level in toxic}
        found["toxic_content"] = {**toxic, "categories": [{**of_all, **kind} for kind in toxic["categories"]]}
    return found


def _topics_in(*several: Options) -> Iterator[str]:
    return (name for options in several for _place, name in document.topic_references(options))


def _dlp_profiles_in(*several: Options) -> Iterator[str]:
    return (name for options in several for _place, name in document.dlp_profile_references(options))
