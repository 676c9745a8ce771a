# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove secrets from results. (ansible-core has a function for this, but deprecates it in 2.22.)"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

#: How keys end whose values are secrets that were asked for; their result is hidden as a whole.
ASKED_FOR = ("_secret", "_secrets", "auth_code")
#: What ansible-core puts in the place of a secret that is a whole value, and of one in the middle of a text.
WHOLE, PART = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "********"


def remove_values(value: Any, secrets: Iterable[str], kept: tuple[str, ...] = ()) -> Any:
    """Return a value without secrets, however deep they are in it, those in keys included.

    Args:
        value: a result: dictionaries, lists, texts, numbers.
        secrets: the texts to take out.
        kept: how keys end whose values stay as they are.
    """
    # Nearly always there is none, and to look through one text costs a fraction of going through all parts.
    text = _json(value)
    found = {str(secret) for secret in secrets if secret and _json(str(secret))[1:-1] in text}
    # The longest first: one may be a part of another.
    longest_first = sorted(found, key=len, reverse=True)
    return _without(value, longest_first, kept) if longest_first else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, (set, frozenset)) else str(value)


def _without(value: Any, secrets: list[str], kept: tuple[str, ...]) -> Any:
    if isinstance(value, Mapping):
        return {
            _text(key, secrets): entry if str(key).endswith(kept) else _without(entry, secrets, kept)
            for key, entry in value.items()
        }
    if isinstance(value, (list, tuple, set)):
        return [_without(entry, secrets, kept) for entry in value]
    if isinstance(value, str):
        return WHOLE if value in secrets else _text(value, secrets)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return WHOLE if any(secret in str(value) for secret in secrets) else value
    return value


def _text(value: Any, secrets: list[str]) -> Any:
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, PART)
    return value
