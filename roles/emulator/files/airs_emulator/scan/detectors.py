# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for single texts: injections, toxic words, code, databases, agents and grounding."""

from __future__ import annotations

import hashlib
import re

from airs_emulator.http import JsonObject
from airs_emulator.policy import object_in, objects, text_in

from .findings import Finding, Sample, snippets, strictest, verdict
from .words import content_words


def _any_of(*expressions: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expression})" for expression in expressions), re.I)


_INJECTION = _any_of(
    r"\b(?:ignore|disregard|forget|override|skip)\b.{0,40}\b(?:previous|prior|above|earlier|system|all|your)\b"
    r".{0,30}\b(?:instruction|prompt|rule|guideline|direction|polic)",
    r"\b(?:reveal|print|show|repeat|display|leak|output|give)\b.{0,30}"
    r"\b(?:system|hidden|initial|secret) (?:prompt|instruction)",
    r"\bjail ?break",
    r"\b(?:do anything now|developer mode|god mode)\b",
    r"\byou are now (?:dan|unrestricted|unfiltered|free)\b",
    r"\b(?:pretend|act|behave)\b.{0,40}\b(?:no|without|unrestricted|unfiltered)\b"
    r".{0,20}(?:restriction|rule|filter|limit|ai\b)",
    r"\b(?:bypass|disable|turn off|circumvent)\b.{0,30}"
    r"\b(?:safety|guardrail|filter|content polic|restriction|moderation)",
)

#: The categories of toxic content, as a policy and as an answer names them. Policies: all eight are reported from live
#: tenants. Answers: two are, and the others are made like them.
_TOXIC_CATEGORIES = {
    "violent-crime": "Violent Crimes",
    "hate": "Hate",
    "sexual-content": "Sexual Content",
    "indiscriminate-weapon": "Indiscriminate Weapons",
    "self-harm": "Self-Harm",
    "cybercrime": "Cybercrimes",
    "controlled-substance": "Controlled Substances",
    "other-nonviolent-crime": "Other Non-violent crime and Misconduct",
}
#: Toxic words: category, confidence, expression.
_TOXIC = (
    (
        "violent-crime",
        "high",
        _any_of(r"\b(?:i will|i'll|going to) (?:kill|murder|stab|shoot) (?:you|him|her|them)\b"),
    ),
    (
        "indiscriminate-weapon",
        "high",
        _any_of(r"\bhow (?:to|do i|can i) (?:make|build) (?:a |an )?(?:pipe )?bomb\b", r"\bnerve (?:agent|gas)\b"),
    ),
    ("self-harm", "high", _any_of(r"\b(?:kill|hurt|cut) (?:myself|yourself)\b")),
    ("hate", "high", _any_of(r"\bhate (?:all )?(?:foreigners|immigrants|jews|muslims|women|gays)\b", r"\bsubhuman\b")),
    ("sexual-content", "high", _any_of(r"\b(?:porn|pornograph\w*|explicit sex)\b")),
    (
        "cybercrime",
        "high",
        _any_of(
            r"\b(?:write|create|build) (?:me )?(?:a |some )?(?:ransomware|keylogger|botnet)\b",
            r"\bhow (?:to|do i|can i) hack\b",
        ),
    ),
    ("controlled-substance", "high", _any_of(r"\b(?:buy|sell|make|cook) (?:some )?(?:cocaine|heroin|meth\w*)\b")),
    (
        "other-nonviolent-crime",
        "moderate",
        _any_of(
            r"\b(?:idiot|moron|imbecile|worthless|stupid (?:person|bot|fool))\b", r"\bhow (?:to|do i|can i) shoplift\b"
        ),
    ),
    ("hate", "moderate", _any_of(r"\bi hate you\b", r"\byou people are\b")),
)

_MALICIOUS_CODE = _any_of(
    r"EICAR-STANDARD-ANTIVIRUS-TEST-FILE",
    r"/dev/tcp/\d",
    r"\b(?:nc|ncat|netcat)\b[^\n]{0,40}\s-e\s",
    r"\b(?:curl|wget)\b[^\n|]{0,200}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b",
    r"\bbase64\b[^\n|]{0,40}(?:-d|--decode)[^\n|]{0,40}\|\s*(?:ba)?sh\b",
    r"\bpowershell\b[^\n]{0,80}\s-e(?:nc|ncodedcommand)?\s",
    r"\bIEX\b[^\n]{0,60}DownloadString",
    r"\brm\s+-[rf]{2,}\s+(?:--no-preserve-root\s+)?/(?:\s|\*|$)",
    r"os\.system\([^)]{0,80}(?:rm\s+-rf|curl|wget)",
    r":\(\)\s*\{\s*:\s*\|\s*:\s*&\s*\}\s*;",
)

_SOURCE_CODE = _any_of(
    r"```",
    r"^\s*(?:def|class) \w+.*:\s*$",
    r"^\s*#include\s*<",
    r"\bfunction\s+\w*\s*\([^)]*\)\s*\{",
    r"\bpublic\s+static\s+void\b",
)

#: SQL statements by the operation under which the service counts them.
_DATABASE = {
    "create": _any_of(
        r"\bcreate\s+(?:or\s+replace\s+)?(?:table|database|view|index|user|schema)\b", r"\binsert\s+into\s+\w"
    ),
    "read": _any_of(r"\bselect\b[^;]{1,300}?\bfrom\s+[\w\"`\[]"),
    "update": _any_of(r"\bupdate\s+[\w\"`\[\].]+\s+set\b", r"\balter\s+(?:table|database|user)\b"),
    "delete": _any_of(
        r"\bdelete\s+from\b", r"\bdrop\s+(?:table|database|view|index|user|schema)\b", r"\btruncate\s+table\b"
    ),
}

#: What attacks on agents look like, by the category that a report names.
_AGENT = {
    "tools misuse": _any_of(
        r"\b(?:list|reveal|show|dump)\b.{0,30}\b(?:tools?|functions?)\b.{0,30}\b(?:schemas?|definitions?|available|access)",
        r"\b(?:call|invoke|run|use)\b.{0,30}\btools?\b.{0,40}\b(?:without|skip|bypass)\b.{0,20}\b(?:approval|permission|confirm)",
        r"\b(?:send|post|upload|exfiltrate)\b.{0,40}\b(?:conversation|chat history|memory|credentials)\b.{0,20}\bto\b",
    ),
    "memory manipulation": _any_of(
        r"\b(?:overwrite|erase|poison|wipe|replace)\b.{0,20}\b(?:your|the agent'?s?|its)\b.{0,10}\bmemory\b",
        r"\b(?:remember|store)\b.{0,30}\b(?:permanently|forever|in (?:your )?(?:long[- ]term )?memory)\b"
        r".{0,60}\b(?:instruction|always|ignore)",
    ),
}

#: Longest texts that grounding takes, in characters (official limitations).
GROUNDING_LIMITS = {"context": 100_000, "prompt": 10_000, "response": 20_000}
#: A response is grounded when the context has at least this part of its words.
_MIN_GROUNDED = 0.5


def model_protection(configuration: JsonObject, name: str) -> JsonObject:
    """The settings of a named model protection; empty when there is none."""
    items = objects(configuration, "model-protection")
    return next((item for item in items if item.get("name") == name), {})


def detect_injection(sample: Sample, configuration: JsonObject) -> Finding | None:
    """Attempts to talk the model out of its instructions."""
    action = text_in(model_protection(configuration, "prompt-injection"), "action")
    if not action:
        return None
    detected = bool(_INJECTION.search(sample.text))
    # No pi_report, which the official description has (reported from live tenants).
    report: JsonObject = {"pi_snippets": snippets(sample)} if detected else {}
    return Finding("injection", "pi", detected, action, report)


def detect_toxic_content(sample: Sample, configuration: JsonObject) -> Finding | None:
    """Toxic words. The profile has an action for high and for moderate confidence, perhaps others for a category."""
    settings = model_protection(configuration, "toxic-content")
    listed = objects(settings, "toxic-category-list")
    if not (text_in(settings, "action") or listed):
        return None
    by_category = {text_in(item, "category"): _by_confidence(text_in(item, "action")) for item in listed}
    default = _by_confidence(text_in(settings, "action"))
    found = [
        (category, confidence, by_category.get(category, default).get(confidence, "allow"))
        for category, confidence, expression in _TOXIC
        if expression.search(sample.text)
    ]
    confidences = {confidence for _category, confidence, _action in found}
    confidence = next((level for level in ("high", "moderate") if level in confidences), "")
    report: JsonObject = {"tc_report": {"confidence": confidence, "verdict": verdict(bool(found))}}
    details: JsonObject = {}
    if found:
        categories = list(dict.fromkeys(_TOXIC_CATEGORIES[category] for category, _confidence, _action in found))
        report["tc_report"]["toxic_categories"] = categories
        report["tc_snippets"] = snippets(sample)
        details = {"toxic_content_details": {"toxic_categories": categories}}
    action = strictest([action for _category, _confidence, action in found])
    return Finding("toxic_content", "tc", bool(found), action, report, details)


def _by_confidence(text: str) -> dict[str, str]:
    """The actions in C("high:block, moderate:allow"), or in C("high:block") alone; a plain one is meant for both."""
    pairs = [part.split(":", 1) for part in text.replace(" ", "").split(",") if ":" in part]
    return dict(pairs) if pairs else dict.fromkeys(("high", "moderate"), text)


def detect_malicious_code(sample: Sample, configuration: JsonObject) -> Finding | None:
    """The EICAR test file, shells that call home, droppers and wipers."""
    settings = object_in(object_in(configuration, "app-protection"), "malicious-code-protection")
    action = text_in(settings, "action")
    if not action:
        return None
    match = _MALICIOUS_CODE.search(sample.text)
    blocks = [match.group()] if match else []
    report: JsonObject = {
        "code_analysis_by_type": [
            {"file_type": "unknown", "code_sha256": hashlib.sha256(block.encode("utf-8", "surrogatepass")).hexdigest()}
            for block in blocks
        ],
        "verdict": verdict(bool(blocks)),
        "malware_script_report": {"verdict": verdict(bool(blocks))},
    }
    return Finding("malicious_code", "malicious_code", bool(blocks), action, {"mc_report": report})


def detect_source_code(sample: Sample, configuration: JsonObject) -> Finding | None:
    """Any source code."""
    settings = object_in(object_in(configuration, "data-protection"), "source-code-detection")
    action = text_in(settings, "action")
    if not action:
        return None
    detected = bool(_SOURCE_CODE.search(sample.text))
    report: JsonObject = {
        "category": "code-detection",
        "code_present": detected,
        # Rules have no confidence; these are of the size of reported ones.
        "confidence_score": 0.95 if detected else 0.25,
        "verdict": verdict(detected),
    }
    return Finding("source_code", "source_code", detected, action, {"source_code_report": report})


def detect_database(sample: Sample, configuration: JsonObject) -> Finding | None:
    """SQL statements, by operation."""
    settings = objects(object_in(configuration, "data-protection"), "database-security")
    named = {text_in(item, "name").removeprefix("database-security-"): text_in(item, "action") for item in settings}
    actions = {operation: action for operation, action in named.items() if action}
    if not actions:
        return None
    entries = [
        {"sub_type": f"database-security-{operation}", "verdict": "malicious", "action": actions[operation]}
        for operation, expression in _DATABASE.items()
        if operation in actions and expression.search(sample.text)
    ]
    action = strictest([entry["action"] for entry in entries])
    return Finding("db_security", "dbs", bool(entries), action, {"dbs_report": entries})


def detect_agent_threats(sample: Sample, configuration: JsonObject) -> Finding | None:
    """Attempts to misuse the tools or the memory of an agent."""
    settings = objects(configuration, "agent-protection")
    actions = [text_in(item, "action") for item in settings if item.get("name") == "agent-security"]
    if not any(actions):
        return None
    patterns = [
        {"category_type": category, "verdict": "malicious"}
        for category, expression in _AGENT.items()
        if expression.search(sample.text)
    ]
    report = {"model_verdict": verdict(bool(patterns)), "agent_patterns": patterns}
    return Finding("agent", "agent_security", bool(patterns), strictest(actions), {"agent_report": report})


def detect_ungrounded(sample: Sample, configuration: JsonObject) -> Finding | None:
    """A response that says much that is not in the context. Without a context nothing is ungrounded."""
    action = text_in(model_protection(configuration, "contextual-grounding"), "action")
    if not action:
        return None
    said = content_words(sample.text)
    known = content_words(f"{sample.context} {sample.prompt}")
    grounded = not sample.context or not said or len(said & known) / len(said) >= _MIN_GROUNDED
    report = {
        "status": "completed",
        "explanation": "" if grounded else "Most of the response has no support in the context",
        "category": "" if grounded else "irrelevant-context",
    }
    return Finding("ungrounded", "contextual_grounding", not grounded, action, {"cg_report": report})
