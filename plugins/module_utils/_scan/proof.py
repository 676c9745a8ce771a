# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans that prove an API key with its security profile, at the end of an onboarding or a rotation."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .._common.errors import AirsError
from .._common.wording import one_line
from .._engine.options import SCAN_OPTIONS, Options, OptionSpecs
from .._engine.task import Task
from .scan import SCAN_MODULE

#: Options of whatever proves something with scans; airs_scan checks those of the contents.
PROOF_OPTIONS: OptionSpecs = {
    "verify": {"type": "bool", "default": True},
    "verify_retries": {"type": "int", "default": 5},
    "verify_delay": {"type": "int", "default": 3},
    "contents": {"type": "list", "elements": "dict"},
    **{name: SCAN_OPTIONS[name] for name in ("api_endpoint", "region")},
}
#: Options of a scan that are those of the task.
_OF_SCANS = ("api_endpoint", "region", "num_retries", "timeout", "validate_certs", "ca_path")

Contents = Sequence[Mapping[str, Any]]


def require_scans(task: Task, contents: Contents) -> None:
    """Make sure that scans can be sent as they are described.

    Args:
        task: with PROOF_OPTIONS.
        contents: what to scan, as airs_scan takes it.

    Raises:
        AirsInputError: they cannot; nothing was sent.
    """
    SCAN_MODULE.handler(task.about({**_options(task.options, contents, "x", "x", "x"), "validate_only": True}))


def prove(task: Task, contents: Contents, secret: str, profile: str, app: str, *, retries: int) -> None:
    """Scan until the verdicts are as expected: a change may take some seconds to reach the scan API.

    Args:
        task: with PROOF_OPTIONS.
        contents: what to scan, as airs_scan takes it.
        secret: the API key.
        profile: name of the security profile.
        app: name of the application.
        retries: maximum number of retries.

    Raises:
        AirsError: the verdicts are others, or there are none.
    """
    task.runtime.learnt.add(secret)
    scan = task.about(_options(task.options, contents, secret, profile, app))
    for tries in itertools.count():
        try:
            why = SCAN_MODULE.handler(scan).get("msg")
        except AirsError as error:
            if tries >= retries:
                raise
            why = error.message
        if why is None:
            return
        if tries >= retries:
            raise AirsError(str(why))
        if task.runtime.say:
            task.runtime.say(one_line(f"{profile}: verifying again, {retries - tries} retries left"))
        time.sleep(task.options["verify_delay"])


def _options(options: Options, contents: Contents, secret: str, profile: str, app: str) -> Options:
    """Return the options of the scan as airs_scan takes them."""
    given = {name: options[name] for name in _OF_SCANS if options[name] is not None}
    about = {"contents": list(contents), "profile_name": profile, "app_name": app, "api_key": secret}
    validated, _secrets = SCAN_MODULE.validated({**given, **about})
    return validated
