# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data loss prevention: a handful of patterns, grouped into the predefined profiles."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

from airs_emulator.http import JsonObject
from airs_emulator.policy import object_in, objects, text_in

from .findings import Finding, Sample


@dataclass(frozen=True)
class Pattern:
    """A kind of sensitive data: where it may be, and a check of what was found there."""

    name: str
    expression: re.Pattern[str]
    holds: Callable[[str], bool] = lambda _text: True

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where it is, as positions of characters."""
        return [match.span() for match in self.expression.finditer(text) if self.holds(match.group())]


def _passes_luhn(text: str) -> bool:
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


CREDIT_CARD = Pattern("Credit Card Number", re.compile(r"\b\d(?:[ -]?\d){12,18}\b", re.ASCII), _passes_luhn)
SSN = Pattern(
    "Tax Id - US - TIN",
    re.compile(r"\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b", re.ASCII),
)
IP_ADDRESS = Pattern("IP Address", re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)", re.ASCII), _is_address)
IBAN = Pattern(
    "Bank - International Bank Account Number - IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b")
)
MEDICAL_RECORD = Pattern("Medical Record Number", re.compile(r"\b(?:MRN|medical record)\D{0,10}\d{6,10}\b", re.I))
SECRETS = (
    Pattern("Secret Key - AWS Access Key ID", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    Pattern("Secret Key - AWS Secret Access Key", re.compile(r"aws_secret_access_key\W{1,5}[A-Za-z0-9/+]{40}", re.I)),
    Pattern("Secret Key - GitHub Access Token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b")),
    Pattern("Secret Key - Private Key", re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")),
    Pattern("Credentials - Password", re.compile(r"\bpassword\s*(?:[:=]|is)\s*[^\s,;]{6,}", re.I)),
)
PROFANITY = Pattern("Profanity", re.compile(r"\b(?:shit|fuck\w*|bullshit|asshole)\b", re.I))
SELF_HARM = Pattern("Self Harm", re.compile(r"\b(?:kill myself|hurt myself|suicide)\b", re.I))

_PERSONAL = (SSN, CREDIT_CARD)
_HEALTH = (SSN, MEDICAL_RECORD)
_FINANCE = (CREDIT_CARD, IBAN)
_SENSITIVE = (*_PERSONAL, IBAN, *SECRETS)
#: The built-in detection, which a member without an id names. The DLP profile of nearly the same name is another one.
_BUILT_IN = "sensitive content"
#: The patterns of the predefined profiles, by name in lower case.
_PROFILES: dict[str, tuple[Pattern, ...]] = {
    "sensitive content": (*_SENSITIVE, MEDICAL_RECORD, IP_ADDRESS),
    "ip addresses": (IP_ADDRESS,),
    "secrets and credentials": SECRETS,
    "bulk ccn": (CREDIT_CARD,),
    "financial information": _FINANCE,
    "glba": (*_FINANCE, SSN),
    "phi": _HEALTH,
    "hipaa": _HEALTH,
    "healthcare": _HEALTH,
    "pii": _PERSONAL,
    "pii - basic": _PERSONAL,
    "gdpr": (*_PERSONAL, IBAN),
    "ccpa": _PERSONAL,
    "profanity": (PROFANITY,),
    "self harm": (SELF_HARM,),
}


def detect_data_leak(sample: Sample, configuration: JsonObject) -> Finding | None:
    """Sensitive data of the kinds that the profile's DLP profiles look for."""
    settings = object_in(object_in(configuration, "data-protection"), "data-leak-detection")
    action, members = text_in(settings, "action"), objects(settings, "member")
    if not action or not members:
        return None
    spans: dict[str, list[tuple[int, int]]] = {}
    matched = members[0]
    for member in members:
        for pattern in _patterns(member):
            found = pattern.spans(sample.text)
            if found and not spans:
                matched = member
            if found:
                spans[pattern.name] = found
    report: JsonObject = {
        "dlp_report_id": hashlib.sha256(sample.text.encode("utf-8", "surrogatepass")).hexdigest().upper(),
        "dlp_profile_name": text_in(matched, "text"),
        "dlp_profile_id": text_in(matched, "id"),
        "data_pattern_rule1_verdict": "MATCHED" if spans else "NOT_MATCHED",
        "data_pattern_rule2_verdict": "",
    }
    masked = _mask(sample.text, spans) if spans and settings.get("mask-data-inline") else None
    return Finding("dlp", "dlp", bool(spans), action, {"dlp_report": report}, masked=masked)


def _patterns(member: JsonObject) -> tuple[Pattern, ...]:
    """What a member of the data leak detection looks for.

    That of a profile which the user made at the DLP service is not known here; it gets the built-in detection.
    """
    name = text_in(member, "text")
    if name == _BUILT_IN and not member.get("id"):
        return _SENSITIVE
    return _PROFILES.get(name.lower(), _SENSITIVE)


def _mask(text: str, spans: dict[str, list[tuple[int, int]]]) -> JsonObject:
    """The text with every character of a match replaced.

    Places are positions of the first and the last byte (bytes: official API description; the last one is part of the
    match: reported from live tenants).
    """
    characters = list(text)
    for found in spans.values():
        for start, end in found:
            characters[start:end] = "X" * (end - start)

    def bytes_before(position: int) -> int:
        return len(text[:position].encode("utf-8", "surrogatepass"))

    return {
        "data": "".join(characters),
        "pattern_detections": [
            {"pattern": name, "locations": [[bytes_before(start), bytes_before(end) - 1] for start, end in found]}
            for name, found in spans.items()
        ],
    }
