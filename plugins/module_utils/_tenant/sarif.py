# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as SARIF 2.1.0, which code scanning shows next to the files of the configuration.

A result without a location of its own, such as an object that only exists on the tenant, is shown in the first line of
the first file of the report, because GitHub does not accept results without a location.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._common.version import VERSION
from .._common.wording import one_line, some
from .kinds import KINDS

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
#: Rules by id: how grave a finding is, and what it is.
_RULES = {
    "configuration-error": ("error", "The configuration has an error, so nothing was compared"),
    "weaker": ("error", "The tenant protects less than the configuration"),
    "below-baseline": ("error", "A security profile is below the baseline"),
    "missing": ("error", "An object in the configuration does not exist on the tenant"),
    "conflict": ("error", "The tenant differs from the configuration, and the difference cannot be resolved"),
    "differs": ("warning", "The tenant differs from the configuration"),
    "due": ("warning", "An API key is due for rotation"),
    "unwanted": ("warning", "The tenant has an object that the configuration excludes"),
    "older-topic": ("warning", "Security profiles pin an older revision of a topic"),
    "stricter": ("note", "The tenant protects more than the configuration"),
}
_LABELS = {kind.resource.kind: kind.resource for kind in KINDS.values()}


class _Place(NamedTuple):
    """File and line, as far as there are such."""

    file: str | None
    line: int | None


@dataclass(frozen=True)
class _Found:
    """A finding: which rule it is of, what it is about, a sentence, and where that stands."""

    rule: str
    about: str
    sentence: str
    place: _Place


def sarif(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a drift report as SARIF, ready to be written as JSON.

    Args:
        report: the report of C(airs_tenant_drift_info).
    """
    found = [*_errors(report), *_drift(report), *_older_topics(report), *_gaps(report)]
    places = [each.place for each in found if each.place[0]]
    start = report["directory"]
    root = _root(start, places[0][0] or "") if places else start
    elsewhere = _Place(places[0][0], 1) if places else _Place(None, None)
    rules = [*_RULES]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "panw.airs.drift",
                        "semanticVersion": VERSION,
                        "rules": [
                            {
                                "id": rule,
                                "shortDescription": {"text": text},
                                "defaultConfiguration": {"level": level},
                            }
                            for rule, (level, text) in _RULES.items()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": each.rule,
                        "ruleIndex": rules.index(each.rule),
                        "level": _RULES[each.rule][0],
                        "message": {"text": _plain(each.sentence)},
                        "locations": _locations(each.place if each.place[0] else elsewhere, start, root),
                        "partialFingerprints": {"object/v1": _digest(each.rule, each.about)},
                    }
                    for each in found
                ],
            }
        ],
    }


def _errors(report: Mapping[str, Any]) -> Iterator[_Found]:
    for error in report["errors"]:
        sentence = ": ".join(part for part in (error["path"], error["message"]) if part)
        yield _Found("configuration-error", sentence, sentence, _Place(error["file"], error["line"]))


def _drift(report: Mapping[str, Any]) -> Iterator[_Found]:
    for entry in report["drift"]:
        title = _title(entry["kind"], entry["name"])
        yield _Found(_rule(entry), title, _sentence(entry, title), _Place(entry["file"], entry["line"]))


def _rule(entry: Mapping[str, Any]) -> str:
    if entry["status"] == "differs" and entry["impact"] != "other":
        return str(entry["impact"])
    return str(entry["status"])


def _sentence(entry: Mapping[str, Any], title: str) -> str:
    if entry["error"]:
        return f"{title} differs from the configuration, and cannot be updated: {entry['error']}"
    if entry["status"] != "differs":
        what = {
            "missing": "does not exist on the tenant",
            "due": "is due for rotation",
            "unwanted": "must not exist on the tenant",
        }
        return f"{title} {what[entry['status']]}."
    for impact, part in (("weaker", "weakened"), ("stricter", "strengthened")):
        if entry["impact"] == impact:
            changed = [f"{each['protection']} is {each['after']} instead of {each['before']}" for each in entry[part]]
            return f"{title} is {impact} than configured: {some(changed)}."
    fields = [*dict.fromkeys(change["field"] for change in entry["changes"])]
    return f"{title} differs from the configuration{': ' * bool(fields)}{some(fields)}."


def _older_topics(report: Mapping[str, Any]) -> Iterator[_Found]:
    for repin in report["repins"]:
        topic = _title("custom_topic", repin["topic"])
        names = [one_line(name) for name in repin["profiles"]]
        pins = f"{'1 security profile is' if len(names) == 1 else f'{len(names)} security profiles are'} to be pinned"
        sentence = f"{topic}: {pins} to revision {repin['revision']}: {some(names)}."
        yield _Found("older-topic", topic, sentence, _Place(repin["file"], repin["line"]))


def _gaps(report: Mapping[str, Any]) -> Iterator[_Found]:
    places = {row["name"]: _Place(row["file"], row["line"]) for row in report["profiles"]}
    for row in report["baseline"]["below"]:
        title = _title("security_profile", row["name"])
        gaps = [f"{each['protection']} is {each['actual']} instead of {each['required']}" for each in row["below"]]
        yield _Found("below-baseline", title, f"{title} is below the baseline: {some(gaps)}.", places[row["name"]])


def _title(kind: str, name: str) -> str:
    title = _LABELS[kind].title(name)
    return title[:1].upper() + title[1:]


def _plain(text: str) -> str:
    """Return a text in which nothing is a link."""
    return re.sub(r"([\\\[\]])", r"\\\1", one_line(text))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def _root(start: str, file: str) -> str:
    """Return the folder that places are told from: that of the repository, else that where paths start."""
    above = pathlib.Path(_full(start, file)).parents
    return next((str(folder) for folder in above if (folder / ".git").exists()), start)


def _full(start: str, file: str) -> str:
    return os.path.normpath(os.path.join(start, file))


def _locations(place: _Place, start: str, root: str) -> list[dict[str, Any]]:
    file, line = place
    if not file:
        return []
    path = _full(start, file)
    inside = os.path.relpath(path, root)
    if inside.startswith(os.pardir):
        uri = {"uri": pathlib.Path(path).as_uri()}
    else:
        uri = {"uri": urllib.parse.quote(inside.replace(os.sep, "/")), "uriBaseId": "%SRCROOT%"}
    return [{"physicalLocation": {"artifactLocation": uri, "region": {"startLine": line or 1}}}]
