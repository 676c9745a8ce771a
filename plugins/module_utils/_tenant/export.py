# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Export the configuration of a tenant to files, one for each object, so that a repository records its history.

Files that this module wrote are marked in their first line. No other files are ever modified or removed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .._common.errors import AirsError, AirsInputError
from .._common.file_names import file_names
from .._common.files import READABLE, replace, sweep
from .._common.wording import some
from .._common.yaml_text import dump_yaml
from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS
from .._engine.task import Task
from .info import incomplete, tenant_config, with_secrets
from .kinds import KINDS, KINDS_OPTION

#: How every file begins that is written here.
MARK = "# Written by airs_tenant_export"
_HEAD = f"""\
{MARK}, which removes it when the object is deleted.
# Without the line above, the module does not change this file.
"""
_SUFFIX = ".yml"

Files = dict[str, str]


# --- texts -----------------------------------------------------------------------------------------------------------


def files_of(config: Mapping[str, list[dict[str, Any]]]) -> Files:
    """Return the files of a config: their texts, by path relative to the folder."""
    found = {}
    for plural, entries in config.items():
        names = file_names(entry["name"] for entry in entries)
        for entry in entries:
            path = os.path.join(plural, names[entry["name"]] + _SUFFIX)
            found[path] = _HEAD + dump_yaml({plural: [entry]})
    return found


# --- files -----------------------------------------------------------------------------------------------------------


def _check_folder(path: str) -> None:
    """Make sure that there can be files in the folder, without making anything.

    Raises:
        AirsInputError: there cannot.
    """
    found = path
    while not os.path.lexists(found):
        found = os.path.dirname(found)
    if not os.path.isdir(found):
        trouble = "it is not a directory" if found == path else f"{found} is not a directory"
    elif not os.access(found, os.W_OK | os.X_OK):
        trouble = "it is not writable" if found == path else f"{found} is not writable"
    else:
        return
    raise _refusal(path, trouble)


def _refusal(path: str, trouble: str) -> AirsInputError:
    return AirsInputError(f"Cannot export to path {path}: {trouble}. Nothing was written.")


def _texts(path: str, kinds: Iterable[str]) -> Files:
    """Return the files that are there, by path relative to the folder; of what is no file, an empty text.

    Raises:
        AirsInputError: one cannot be read.
    """
    found = {}
    for plural in kinds:
        folder = os.path.join(path, plural)
        if os.path.lexists(folder):
            _check_folder(folder)
            for name in os.listdir(folder):
                file = os.path.join(folder, name)
                if name.endswith(_SUFFIX) and not name.startswith("."):
                    found[os.path.join(plural, name)] = _text(file, path) if os.path.isfile(file) else ""
    return found


def _text(file: str, path: str) -> str:
    try:
        with open(file, encoding="utf-8", errors="replace", newline="") as stream:
            return stream.read()
    except OSError as error:
        raise _refusal(path, f"{file} cannot be read ({error.strerror})") from None


# --- the module ------------------------------------------------------------------------------------------------------


def handle(task: Task) -> dict[str, Any]:
    """Write the config of the tenant.

    Raises:
        AirsInputError: the folder cannot be exported to; nothing was written.
        AirsError: a file could not be written.
    """
    path = os.path.abspath(task.options["path"])
    kinds = [plural for plural in KINDS if plural in task.options["kinds"]]
    _check_folder(path)
    there = _texts(path, kinds)
    # About as many as the last time.
    expected = Counter(name.partition(os.sep)[0] for name in there)
    config, errors = tenant_config(task.session(), kinds, expected)
    _refuse_secrets(config, task.runtime.learnt)
    wanted = files_of(config)
    ours = {name for name, text in there.items() if text.startswith(MARK)}
    foreign = sorted(there.keys() & wanted.keys() - ours)
    if foreign:
        raise _refusal(
            path,
            f"{some(foreign)} would be overwritten, but was not written by this module: move the file, or "
            "use a different path",
        )
    written = sorted(name for name, text in wanted.items() if there.get(name) != text)
    # Of a kind with objects that nobody could make sense of, it is not known what is gone.
    removed = sorted(name for name in ours - wanted.keys() if name.partition(os.sep)[0] not in errors)
    if not task.check_mode:
        _apply(path, {name: wanted[name] for name in written}, removed)
    result: dict[str, Any] = {
        "changed": bool(written or removed),
        "written": written,
        "removed": removed,
        "unchanged": len(wanted) - len(written),
        **incomplete(errors),
    }
    if task.diff_mode:
        result["diff"] = [
            {
                "before": there.get(name, ""),
                "after": wanted.get(name, ""),
                "before_header": name,
                "after_header": name,
            }
            for name in sorted([*written, *removed])
        ]
    return result


def _refuse_secrets(config: Mapping[str, list[dict[str, Any]]], secrets: set[str]) -> None:
    """Refuse to write a secret that somebody has put into a name or a text. Without it, the text would be another.

    Raises:
        AirsInputError: there is one; names its object, but not the secret.
    """
    found = with_secrets(config, secrets)
    if found:
        raise AirsInputError(
            f"The text of {some(found)} contains an auth code, a token, or an API key. Remove it there, then "
            "export again. Nothing was written."
        )


def _apply(path: str, written: Files, removed: Iterable[str]) -> None:
    """Remove what is gone, then write what is new: an object may have got a name that differs in case only."""
    name = ""
    for folder in {os.path.dirname(name): None for name in written}:
        sweep(os.path.join(path, folder), READABLE)
    try:
        for name in removed:
            os.unlink(os.path.join(path, name))
        for name, text in written.items():
            file = os.path.join(path, name)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            replace(file, text, READABLE)
    except OSError as error:
        raise AirsError(
            f"Cannot write {os.path.join(path, name)}: {error.strerror}. Run again to complete the export."
        ) from None


TENANT_EXPORT_MODULE = ModuleSpec(
    name="airs_tenant_export",
    options={**MANAGEMENT_OPTIONS, "path": {"type": "path", "required": True}, **KINDS_OPTION},
    handler=handle,
)
