# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as a page and as text: what its templates make of a report, also of one with hostile names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from support import hostile
from support.page import Page

from ansible_collections.panw.airs.plugins.filter.printable import printable
from ansible_collections.panw.airs.plugins.module_utils._engine.reconcile import Weakening
from ansible_collections.panw.airs.plugins.module_utils._engine.reporting import Held
from ansible_collections.panw.airs.plugins.module_utils._policy.posture import ACTIONS, REPORTED
from ansible_collections.panw.airs.plugins.module_utils._tenant.config import Fault
from ansible_collections.panw.airs.plugins.module_utils._tenant.kinds import KINDS
from ansible_collections.panw.airs.plugins.module_utils._tenant.report import Finding, report

Json = dict[str, Any]

TEMPLATES = Path(__file__).parents[2] / "roles" / "tenant" / "templates"
MINUS = "\N{MINUS SIGN}"
WEAKER, STRICTER = "Weaker than configured", "Stricter than configured"


def rendered(made: Mapping[str, Any], template: str, lines: int = 0) -> str:
    """What a template makes of a report, rendered with the settings that Ansible gives to Jinja."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES), trim_blocks=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    jinja.filters["panw.airs.printable"] = printable
    return jinja.get_template(template).render(tenant_result={"report": made}, __tenant_lines=lines)


def page(made: Mapping[str, Any]) -> Page:
    return Page(rendered(made, "drift.html.j2"))


def text(made: Mapping[str, Any], lines: int = 0) -> str:
    return rendered(made, "drift.txt.j2", lines)


def reported(
    findings: Sequence[Finding] = (),
    held: Mapping[str, Sequence[Json]] | None = None,
    *,
    faults: Sequence[Fault] = (),
    baseline: Json | None = None,
) -> Json:
    return report(
        findings,
        faults,
        Held(held or {}),
        protect=[],
        configuration="tenant/",
        now=datetime.now(timezone.utc),
        baseline=baseline,
    )


def _pin(profile: str, revision: int, latest: bool, stale: bool) -> Json:
    return {
        "profile_name": profile,
        "profile_revision": 1,
        "latest": latest,
        "action": "block",
        "pinned_revision": revision,
        "stale": stale,
    }


#: What a tenant holds, as its kinds describe it.
HELD: dict[str, list[Json]] = {
    "custom_topics": [
        {
            "topic_name": "stale",
            "revision": 2,
            "profiles": [_pin("told", 1, True, True), _pin("told", 1, False, True), _pin("unused", 2, True, False)],
        },
        {"topic_name": "alone", "revision": 1, "profiles": []},
    ],
    "security_profiles": [
        {"profile_name": "told", "does": {"prompt_injection": "alert", "topics": {"block": ["a", "b"]}}},
        {"profile_name": "unused", "does": {"source_code": "observe", "urls": {"default": "block"}}},
    ],
    "api_keys": [
        {"api_key_name": "old", "days_left": -3, "expiration": "2020-12-31T23:59:59Z", "cust_app": "a"},
        {"api_key_name": "later", "days_left": 31, "expiration": "2099-12-31T23:59:59Z"},
    ],
    "customer_apps": [
        {"app_name": "a", "ai_sec_profile_name": "told"},
        {"app_name": "b"},
        {"app_name": "d", "ai_sec_profile_name": "gone"},
    ],
}
FOUND = [
    Finding("custom_topic", "stale", "update", before={"examples": ["a", "b"]}, after={"examples": ["b", "c"]}),
    Finding(
        "security_profile",
        "told",
        "update",
        before={"prompt_injection": "alert", "urls": {"default": "", "block": []}},
        after={"prompt_injection": "block", "urls": {"default": "block", "block": ["x"]}},
        shortfall=[Weakening("prompt_injection", "block", "alert")],
        surplus=[Weakening("topics.b", "block", "allow")],
    ),
    Finding("security_profile", "unused", "update", repinned={"stale": 2}),
    Finding("customer_app", "a", error="it cannot be put right"),
    Finding("api_key", "new", "create", after={"environment": "prod", "cloud_provider": "aws"}),
]
BASELINE: Json = {
    "defined": True,
    "checked": 2,
    "below": [{"name": "told", "below": [{"protection": "prompt_injection", "required": "block", "actual": "alert"}]}],
    "exceptions": [{"name": "unused", "reason": "It is a test.", "protections": ["urls"], "needed": False}],
}


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_all_of_the_report() -> None:
    made = reported(FOUND, HELD, baseline=BASELINE)
    shown = page(made)
    assert made["verdict"] in shown.text

    both = "1 on both sides"
    assert shown.row("custom topic", "differs", "stale")[3:] == ["examples", f"{MINUS} a", both, "+ c", both]
    weaker = [WEAKER, "prompt_injection: alert instead of block"]
    assert shown.row("security profile", "differs", "told")[3:5] == [WEAKER]
    assert weaker[1:] in shown.rows
    assert ["topics.b: block instead of allow"] in shown.rows
    assert shown.row("urls") == ["urls", "off", "default: block, block: x"]
    assert shown.row("application", "cannot be put right", "a")[3:] == ["it cannot be put right"]
    assert shown.row("API key", "missing", "new")[3:] == ["2 settings"]
    assert shown.row("stale", "1 profile to be pinned to revision 2, when the topic is updated") != []
    below = ["told", "prompt_injection", "block", "alert"]
    assert shown.row(*below) == below
    assert shown.row("unused", "urls") == ["unused", "urls", "It is a test.", "not needed"]

    assert shown.row("a", "told") == [
        *("a", "told", "alert", "below baseline", "off", "off", "block", "2 blocked"),
        *["off"] * 6,
    ]
    assert shown.row("b", "none") == ["b", "none", *["none"] * 10]
    assert shown.row("d", "gone") == ["d", "gone", "not on the tenant", *["none"] * 10]
    assert ["unused", *["off"] * 6, "block", "malicious", *["off"] * 2, "unknown", "observe"] in shown.rows
    assert shown.row("told", "weaker than configured", "below the baseline") != []
    assert shown.row("old", "-3")[:4] == ["old", "-3", "expired", "2020-12-31"]
    assert shown.row("stale", "2")[:2] == ["stale", "2"]
    assert shown.row("alone", "1") == ["alone", "1", "nowhere", "0"]


def test_what_protects_less_comes_first_on_the_page() -> None:
    found = [
        Finding("security_profile", "up", "update", surplus=[Weakening("urls.default", "block", "off")]),
        Finding("custom_topic", "other", "update", before={"description": "x"}, after={"description": "y"}),
        Finding("security_profile", "down", "update", shortfall=[Weakening("urls.default", "block", "off")]),
    ]
    shown = page(reported(found)).text
    places = [shown.index(title) for title in (WEAKER, "down", "Other differences", "other", STRICTER, "up ")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("found", "faults", "state"),
    [
        ([], [], "neutral"),
        ([Finding("api_key", "a")], [], "good"),
        ([Finding("api_key", "a", "create")], [], "bad"),
        ([], [Fault("a", "b")], "bad"),
    ],
)
def test_the_verdict_is_green_only_for_what_was_compared(
    found: Sequence[Finding], faults: Sequence[Fault], state: str
) -> None:
    classes = [name for name in page(reported(found, faults=faults)).attributes("class") if "verdict" in name]
    assert classes == [f"verdict {state}"]


@pytest.mark.parametrize(
    ("found", "faults", "held", "count", "told"),
    [
        ([], [], {}, "\N{EN DASH}", "Nothing was compared."),
        ([], [Fault("a", "b")], {}, "?", "Errors of the configuration"),
        ([Finding("api_key", "a")], [], {}, "0", "No differences."),
        ([Finding("api_key", "a")], [], {"customer_apps": [{"app_name": "b"}]}, "0", "No differences in what was"),
    ],
)
def test_what_was_not_compared_is_no_zero(
    found: Sequence[Finding], faults: Sequence[Fault], held: Mapping[str, Sequence[Json]], count: str, told: str
) -> None:
    shown = page(reported(found, held, faults=faults)).text
    assert f"Drifted {count} " in shown
    assert f"What drifted {count} {told}" in shown


def test_what_is_allowed_has_not_the_colour_of_what_is_blocked() -> None:
    css = (TEMPLATES / "_drift.css").read_text(encoding="utf-8")
    colours = re.findall(r"--(\w+): (#\w+)", css)
    for name in ("l", "b", "a", "n", "u", "o"):
        assert [key for key, _colour in colours].count(name) == 3, "light, dark and print"
    chroma = {key: _chroma(colour) for key, colour in colours[:18]}
    assert chroma["l"] < 15 < chroma["b"]


def _chroma(colour: str) -> int:
    """How far a colour is from a grey."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) for place in (0, 2, 4)]
    return max(parts) - min(parts)


def test_texts_have_enough_contrast() -> None:
    """As WCAG AA asks of texts that are not large, in light, dark and print."""
    css = (TEMPLATES / "_drift.css").read_text(encoding="utf-8")
    themes = [
        dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    ]
    assert len(themes) == 3
    poor = []
    for number, theme in enumerate(themes):
        pairs = [(f"{name}-ink", name) for name in "baluon"]
        pairs += [(ink, page) for ink in ("ink", "quiet", "accent") for page in ("page", "card", "head")]
        poor += [(number, *pair) for pair in pairs if _contrast(theme[pair[0]], theme[pair[1]]) < 4.5]
    assert poor == []


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# --- what it must not do ---------------------------------------------------------------------------------------------

HOSTILE = (
    *hostile.NAMES,
    "</script><script>alert(3)</script>",
    "</style>",
    "</title>",
    "<!--",
    "]]>",
    "&lt;b&gt;&amp;",
    "' onmouseover='alert(4)",
    '" autofocus onfocus="alert(5)',
    "javascript:alert(6)",
    "#drift",
    "x" * 500,
    "x" * 499 + "y",
    "bot",
    "Bot",
    "BOT",
    "b\N{COMBINING ACUTE ACCENT}ot",
    "__proto__",
    "items",
    "keys",
    "name",
    "",
)


def everywhere(names: Sequence[str]) -> Json:
    """A report that has each of some names in all places that may have one."""
    pins = [_pin(name, 1, True, True) for name in names]
    does = [
        {"topics": {"block": [name]}, "prompt_injection": name, "data_leak": {"profiles": [name]}} for name in names
    ]
    findings = [
        *(Finding("custom_topic", name, error=name) for name in names),
        *(
            Finding(
                "security_profile",
                name,
                "update",
                before={"urls": {"default": name, "block": [name]}, name: {name: name}},
                after={"urls": {"default": "block", "block": [name, "x"]}, name: None},
                shortfall=[Weakening(f"topics.{name}", name, name)],
                surplus=[Weakening(f"urls.{name}", name, name)],
            )
            for name in names
        ),
        *(Finding("api_key", name, "create", after={"environment": name, "rest": [name]}) for name in names),
        *(Finding("security_profile", f"pinned {name}", "update", repinned={name: 2}) for name in names),
    ]
    held: dict[str, list[Json]] = {
        "custom_topics": [{"topic_name": name, "revision": 2, "profiles": pins} for name in names],
        "security_profiles": [{"profile_name": n, "does": each} for n, each in zip(names, does, strict=True)],
        "api_keys": [
            {
                "api_key_name": name,
                "days_left": 3,
                "expiration": name,
                "cust_app": name,
                "cust_env": name,
                "dp_name": name,
            }
            for name in names
        ],
        "customer_apps": [
            {"app_name": name, "ai_sec_profile_name": name, "environment": name, "cloud_provider": name}
            for name in names
        ],
    }
    gap = {"required": "block", "actual": names[0]}
    baseline = {
        "defined": True,
        "checked": len(names),
        "below": [{"name": name, "below": [{"protection": f"topics.{name}", **gap}]} for name in names],
        "exceptions": [{"name": n, "reason": n, "protections": [n], "needed": True} for n in names],
    }
    return reported(findings, held, baseline=baseline)


#: All elements and attributes that the page has.
_ELEMENTS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "footer",
        "nav",
        "section",
        "details",
        "summary",
        "h1",
        "h2",
        "h3",
        "p",
        "div",
        "span",
        "strong",
        "small",
        "b",
        "i",
        "a",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "label",
        "input",
        "svg",
        "rect",
        "code",
        "script",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "lang",
        "charset",
        "name",
        "content",
        "http-equiv",
        "class",
        "id",
        "href",
        "scope",
        "colspan",
        "rowspan",
        "for",
        "type",
        "placeholder",
        "autocomplete",
        "spellcheck",
        "role",
        "aria-label",
        "aria-hidden",
        "hidden",
        "open",
        "viewbox",
        "preserveaspectratio",
        "x",
        "width",
        "height",
    ]
)


def test_names_are_only_ever_text_on_the_page() -> None:
    shown = page(everywhere(HOSTILE))
    assert {element for element, _attributes in shown.elements} <= _ELEMENTS
    assert {name for _element, attributes in shown.elements for name in attributes} <= _ATTRIBUTES
    assert [element for element, _attributes in shown.elements if element == "script"] == ["script"]
    for name in HOSTILE:
        assert hostile.raw(name) or name.strip() in shown.texts or not name, name


def test_what_reorders_a_text_and_what_controls_a_terminal_is_escaped_on_the_page() -> None:
    assert hostile.raw(rendered(everywhere(HOSTILE), "drift.html.j2")) == []


def test_links_lead_to_ids_and_each_id_is_the_only_one() -> None:
    shown = page(everywhere(HOSTILE))
    ids, links = shown.attributes("id"), shown.attributes("href")
    assert len(ids) == len({*ids})
    assert [each for each in ids if not re.fullmatch("[A-Za-z][A-Za-z0-9._~-]*", each)] == []
    assert [link for link in links if link[:1] != "#" or link[1:] not in ids] == []
    # Labels, too.
    assert {*shown.attributes("for")} <= {*ids}


def test_an_application_leads_to_its_profile_to_its_topics_and_back() -> None:
    source = rendered(reported([], HELD), "drift.html.j2")
    rows = {each: row for row in source.split("<tr ")[1:] for each in re.findall(r'id="([^"]+)"', row.split(">")[0])}
    assert "#profiles-told" in rows["applications-a"]
    assert "#custom_topics-stale" in rows["profiles-told"]
    assert "#applications-a" in rows["profiles-told"]
    assert "#profiles-told" in rows["custom_topics-stale"]
    assert "#applications-a" in rows["api_keys-old"]


def test_the_page_obeys_only_its_own_style_and_script() -> None:
    shown = page(everywhere(HOSTILE))
    assert shown.policy == {
        "default-src": "'none'",
        "style-src": shown.digest("style"),
        "script-src": shown.digest("script"),
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_page_needs_nothing_else() -> None:
    source = rendered(reported(FOUND, HELD, baseline=BASELINE), "drift.html.j2")
    assert re.findall(r"(?i)url\(|@import|<link|<iframe|<img|https?:|innerHTML|eval|style=", source) == []


def test_everything_that_the_page_puts_out_is_escaped() -> None:
    source = (TEMPLATES / "drift.html.j2").read_text(encoding="utf-8")
    outputs = {match.strip() for match in re.findall(r"\{\{-?(.*?)-?\}\}", source, re.DOTALL)}
    # Put together of what is escaped already.
    macros = "|".join(re.findall(r"\{% macro (\w+)\(", source))
    made_here = {output for output in outputs if re.match(rf"({macros})\(|cells_of\[", output)}
    assert {output for output in outputs - made_here if not output.endswith("| e")} == set()
    # A filter binds closer than the rest of an expression.
    assert [output for output in outputs - made_here if " if " in output and not output.startswith("(")] == []


def test_the_headings_of_the_page_are_in_order() -> None:
    levels = [
        int(element[1])
        for element, _attributes in page(everywhere(("a", "b"))).elements
        if re.fullmatch("h[1-6]", element)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_every_table_has_heads_of_columns_and_of_rows() -> None:
    shown = page(everywhere(("a", "b")))
    scopes = shown.attributes("scope")
    assert len([each for each, _attributes in shown.elements if each == "th"]) == len(scopes)
    assert {*scopes} == {"col", "row", "rowgroup"}


# --- the text --------------------------------------------------------------------------------------------------------


def test_the_text_says_the_same_as_the_page() -> None:
    made = reported(FOUND, HELD, baseline=BASELINE)
    lines = text(made).splitlines()
    assert lines[1] == made["verdict"]
    weaker = lines.index("WEAKER THAN CONFIGURED")
    assert lines[weaker + 1 : weaker + 6] == [
        "  security profile told: differs",
        "    weaker: prompt_injection: alert instead of block",
        "    stricter: topics.b: block instead of allow",
        "    prompt_injection: alert -> block",
        "    urls: off -> default: block, block: x",
    ]
    assert weaker < lines.index("OTHER DIFFERENCES")
    for line in (
        "    examples: a, b -> b, c",
        "  application a: cannot be put right: it cannot be put right",
        "  stale: 1 profile to be pinned to revision 2, when the topic is updated",
        "    prompt_injection: alert instead of block",
        "  unused: urls: It is a test. (not needed)",
        "  old                             expired, 3 days ago",
        "  stale, revision 2, 1 stale pin",
    ):
        assert line in lines, line


def test_the_text_explains_its_table() -> None:
    lines = text(reported(FOUND, HELD, baseline=BASELINE)).splitlines()
    table = [line.split() for line in lines[lines.index("PROTECTIONS BY APPLICATION") + 1 :]]
    assert table[0][:3] == ["application", "profile", "inj"]
    assert table[1] == ["a", "told", "alert!", "off", "off", "block", *["off"] * 6]
    assert table[2] == ["b", "-", *["none"] * 10]
    legend = {line.split()[0] for line in lines if line.startswith("  ")}
    assert {"inj", "block", "alert", "allow", "?", "off", "none", "!"} <= legend
    assert "!" not in {line.split()[0] for line in text(reported(FOUND, HELD)).splitlines() if line.strip()}


def test_the_screen_has_one_line_for_each_object_and_no_more_than_asked_for() -> None:
    found = [
        Finding(
            "security_profile",
            f"bot-{number}",
            "update",
            before={"urls": {"default": "alert"}, "prompt_injection": "alert"},
            after={"urls": {"default": "block"}, "prompt_injection": "block"},
            shortfall=[Weakening(part, "block", "alert") for part in ("a", "b", "c", "d")],
        )
        for number in range(30)
    ]
    found += [Finding("custom_topic", "topic", "update", before={"examples": ["a"]}, after={"examples": ["b"]})]
    held: dict[str, list[Json]] = {
        "customer_apps": [{"app_name": f"app-{number}"} for number in range(30)],
        "api_keys": [{"api_key_name": f"key-{number}", "days_left": 1, "revoked": True} for number in range(30)],
    }
    lines = text(reported(found, held), lines=5).splitlines()
    lost = "; ".join(f"{part}: alert instead of block" for part in ("a", "b", "c"))
    assert f"  security profile bot-4: differs: {lost} and 1 more" in lines
    assert "  custom topic topic: differs: examples" in lines
    assert [line for line in lines if "bot-5" in line or "app-5" in line or "key-5" in line] == []
    assert lines.count("  ... and 25 more") == 3
    assert len(lines) < 50


@pytest.mark.parametrize("lines", [0, 3])
def test_what_controls_a_terminal_is_escaped_in_the_text(lines: int) -> None:
    assert hostile.raw(text(everywhere(HOSTILE), lines)) == []
    # A name is on one line, so that it cannot pass for another entry.
    assert "line\nbreak" not in text(everywhere(("line\nbreak",)), lines)


# --- words -----------------------------------------------------------------------------------------------------------


def test_the_words_of_the_templates_know_all_that_a_report_may_say() -> None:
    jinja = Environment(loader=FileSystemLoader(TEMPLATES), trim_blocks=True)
    words: Any = jinja.get_template("_words.j2").module
    kinds = [kind.resource.kind for kind in KINDS.values()]
    assert [*words.protections] == [*REPORTED]
    assert {*words.actions} == {*ACTIONS, "none"}
    assert {*words.kinds} == {*words.parts} == {*kinds}
    assert [*words.plurals] == [*KINDS]
    assert {*words.parts.values()} <= {*reported()}
