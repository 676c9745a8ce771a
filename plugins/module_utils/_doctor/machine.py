# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of this machine: Python, libraries, and what it knows of the account."""

from __future__ import annotations

import platform
import ssl
import sys
from collections.abc import Iterator
from importlib import metadata

from ansible.module_utils.ansible_release import __version__ as ansible_version

from .._common import deps
from .._common.version import VERSION
from .finding import Examination, Finding


def python(_examination: Examination) -> Iterator[Finding]:
    """Name the interpreter that runs the modules of the collection, which is the one that needs the libraries."""
    versions = f"ansible-core {ansible_version}, panw.airs {VERSION}, {ssl.OPENSSL_VERSION}"
    yield Finding("ok", f"Python {platform.python_version()} ({sys.executable}), {versions}")


def libraries(_examination: Examination) -> Iterator[Finding]:
    """Name the versions of the libraries.

    Raises:
        AirsDependencyError: one is missing.
    """
    deps.require()
    yield Finding("ok", ", ".join(f"{name} {metadata.version(name)}" for name in ("requests", "pydantic", "urllib3")))


def credentials(examination: Examination) -> Iterator[Finding]:
    """Name the account.

    Raises:
        AirsInputError: something is missing.
    """
    account = examination.task.credentials()
    if account is None:
        yield Finding("ok", "access_token is set; it is not renewed when it expires")
    else:
        whose = f"tenant {account.tsg_id}" if account.tsg_id else "the tenant of the account (tsg_id is not set)"
        yield Finding("ok", f"client ID '{account.client_id}' with a secret, for {whose}")
