# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each type of airs_secret_sink requires: suboptions, collections, and Python packages."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.plugins.loader import lookup_loader, module_loader

from ansible_collections.panw.airs.plugins.module_utils._common.wording import one_line
from ansible_collections.panw.airs.plugins.module_utils._engine.module import validate
from ansible_collections.panw.airs.plugins.plugin_utils._folders import start_of_paths

SINK = "airs_secret_sink"


@dataclass(frozen=True)
class _Type:
    """A type of sink.

    Args:
        suboptions: those that it cannot do without.
        modules: modules of other collections that it uses.
        lookups: likewise, lookups.
        packages: Python packages that these import.
    """

    suboptions: tuple[str, ...]
    modules: tuple[str, ...] = ()
    lookups: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


_TYPES = {
    "file": _Type(("path",)),
    "vault_file": _Type(("path",)),
    "hashi_vault": _Type(("path",), ("community.hashi_vault.vault_kv2_write",), packages=("hvac",)),
    "kubernetes": _Type(("name", "namespace"), ("kubernetes.core.k8s",), packages=("kubernetes",)),
    "aws_secretsmanager": _Type(
        ("name",),
        ("community.aws.secretsmanager_secret",),
        ("amazon.aws.secretsmanager_secret",),
        ("boto3", "botocore"),
    ),
    "tasks": _Type(("file",)),
}


def sink_faults(sink: Any, specs: Mapping[str, dict[str, Any]], playbook_dir: str) -> Iterator[str]:
    """Yield why a sink cannot be used as it is described, in sentences without a secret.

    Args:
        sink: the value of airs_secret_sink.
        specs: its suboptions, as in argument_specs.yml.
        playbook_dir: where relative paths of a play start.
    """
    found = validate({SINK: {"type": "dict", "options": specs}}, {SINK: sink})[2]
    yield from (f"{one_line(fault)}{'' if fault.endswith('?') else '.'}" for fault in found)
    if found:
        return
    kind = _TYPES[sink["type"]]
    title = f"{SINK} of type {sink['type']}"
    missing = [name for name in kind.suboptions if not sink.get(name)]
    if sink["type"] == "vault_file" and not (sink.get("vault_password") or sink.get("vault_password_file")):
        missing.append("vault_password or vault_password_file")
    if missing:
        yield f"{title} requires {' and '.join(missing)}."
    elif sink["type"] == "tasks":
        file = os.path.realpath(os.path.join(start_of_paths(playbook_dir), os.path.expanduser(sink["file"])))
        if not os.path.isfile(file):
            yield one_line(f"{title}: the file {file} does not exist.")
    yield from _not_installed(title, kind)


def _is_there(loader: Any, name: str) -> bool:
    return bool(loader.find_plugin_with_context(name).resolved)


def _not_installed(title: str, kind: _Type) -> Iterator[str]:
    """Yield what is not installed, with the commands that install it."""
    plugins = [(module_loader, name) for name in kind.modules] + [(lookup_loader, name) for name in kind.lookups]
    absent = [name for loader, name in plugins if not _is_there(loader, name)]
    collections = list(dict.fromkeys(".".join(name.split(".")[:2]) for name in absent))
    if collections:
        yield _installed_with(title, "collection", collections, "ansible-galaxy collection install")
    # The modules run in the Python that runs Ansible.
    packages = [name for name in kind.packages if importlib.util.find_spec(name) is None]
    if packages:
        yield _installed_with(title, "Python package", packages, f"{sys.executable} -m pip install")


def _installed_with(title: str, what: str, names: Sequence[str], command: str) -> str:
    more = len(names) > 1
    return (
        f"{title} requires the {what}{'s' * more} {' and '.join(names)}: install {'them' if more else 'it'} with "
        f"'{command} {' '.join(names)}'."
    )
