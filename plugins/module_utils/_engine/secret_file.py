# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module airs_secret_file: one step with the destinations of secrets, without connecting to the service."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

from .._common.errors import AirsInputError, AirsSecretStoreError
from .._common.file_names import file_name
from .._common.secret_file import require_file
from .._common.secret_note import Owner
from .._common.secret_place import Cipher, FilePlace, Place, filled, refuse_shared
from .._common.wording import one_line
from .module import CENSORED, ModuleSpec
from .options import MANAGEMENT_OPTIONS, Options, OptionSpecs, secret_variables
from .task import Task


def handle(task: Task) -> dict[str, Any]:
    """Take one step with the place of each key.

    Raises:
        AirsInputError: it cannot be taken; nothing was changed.
        AirsSecretStoreError: a place could not be changed.
    """
    options, step = task.options, task.options["step"]
    if step in ("store", "settle") and not options["path"]:
        raise AirsInputError(
            f"step: {step} requires path, because other tasks write to the destination in place. Nothing was changed."
        )
    places = places_of(task)
    # What is odd about one key does not stop a look at the others.
    for place in [] if step == "look" else places:
        place.require_files()
    errors: list[str] = []
    if step == "settle":
        taken = [_settle(place, task.check_mode, errors) for place in places]
    else:
        taken = [] if step in ("look", "read") else [getattr(place, step)(task.check_mode) for place in places]
    found, secrets = {}, {}
    for place in places:
        # What cannot be read fails by itself when it is read by itself, and does not stop a look at the others.
        with contextlib.suppress(*[AirsInputError] * (step in ("look", "settle"))):
            secret = place.secret()
            found[place.key] = place.found(secret)
            secrets[place.key] = secret
    revealed = {"stored_secrets": secrets, CENSORED: True} if options["reveal_secret"] else {}
    failed = {"failed": True, "msg": " ".join(errors)} if errors else {}
    return {"changed": any(taken), "secret_files": found, **revealed, **failed}


def _settle(place: Place, dry: bool, errors: list[str]) -> bool:
    """Store the secret in the journal of a key, and end the journal; one with something else stays.

    Args:
        place: the file of the key.
        dry: change nothing.
        errors: gets the error; those of one key do not stop the others.

    Returns:
        Whether the file has changed, or would.
    """
    stored = False
    try:
        last8 = place.journal_secret()[-8:]
        if last8 in ("", *place.owner.last8s):
            # A journal without a secret is left of a key that was not made.
            stored = isinstance(place, FilePlace) and bool(last8) and place.store(dry)
            place.finish(dry)
    except (AirsInputError, AirsSecretStoreError) as error:
        errors.append(error.message)
    return stored


def places_of(task: Task) -> list[Place]:
    """Return the place of each key.

    Args:
        task: with the options of PLACE_OPTIONS, keys, owners, place and journal_directory.

    Raises:
        AirsInputError: the options cannot be right, or two keys have one place.
    """
    template = task.options["path"] or task.options["place"]
    if task.options["tsg_id"] is None and "{tsg_id}" in template:
        raise AirsInputError(f"'{template}' requires tsg_id. Nothing was changed.")
    places = [*_places(task)]
    refuse_shared(places, template, task.options["vault_password_file"])
    return places


def files_of(task: Task, apps: Mapping[str, str], owners: Mapping[str, Owner], tsg_id: str | None) -> list[FilePlace]:
    """Return the file of each key, with its journal.

    Args:
        task: with PLACE_OPTIONS, of which path is given.
        apps: the application of each key.
        owners: the same keys, as far as it is known whose they are.
        tsg_id: ID of the tenant, if it is known.

    Raises:
        AirsInputError: the options cannot be right, or two keys have one file.
    """
    options = {
        **{name: task.options[name] for name in PLACE_OPTIONS},
        "keys": apps,
        "owners": {key: owner.told() for key, owner in owners.items()},
        "tsg_id": tsg_id or task.options["tsg_id"],
        "place": None,
        "journal_directory": None,
    }
    return [place for place in places_of(task.about(options)) if isinstance(place, FilePlace)]


def _places(task: Task) -> Iterator[Place]:
    """Yield the place of each key."""
    options = task.options
    cipher = _cipher(task) if options["encrypted"] else None
    tenant = options["tsg_id"] or ""
    for variable in secret_variables(options["path"] or ""):
        raise AirsInputError(
            f"path refers to the environment variable {variable}, which contains a secret. Nothing was changed."
        )
    path = os.path.expandvars(os.path.expanduser(options["path"] or ""))
    folder = os.path.realpath(options["journal_directory"] or "")
    if "$" in (path or folder):
        # It would be looked at once more, with names in it, by whoever takes it for a path.
        raise AirsInputError(
            f"'{options['path'] or folder}' contains a $ that does not refer to an environment variable. Use "
            "a different path. Nothing was changed."
        )
    for key, app in options["keys"].items():
        key = str(key)
        names = {"name": key, "app": str(app or key), "tsg_id": tenant}
        said = (options["owners"] or {}).get(key)
        owner = Owner.of(f"API key '{one_line(key)}'", said if isinstance(said, dict) else {"tsg_id": tenant})
        if path:
            safe = {name: file_name(value) for name, value in names.items()}
            file = os.path.realpath(filled(path, safe))
            yield FilePlace(key, file, file, owner, cipher)
        else:
            yield Place(key, filled(options["place"], names), os.path.join(folder, file_name(f"{tenant}/{key}")), owner)


def _cipher(task: Task) -> Cipher:
    options: Options = task.options
    if task.runtime.vault is None:
        raise AirsInputError(
            "encrypted requires Ansible Vault, which is only available on the controller. Run this task "
            "without async, and do not delegate it to another host. Nothing was changed."
        )
    if options["vault_password_file"]:
        require_file(options["vault_password_file"], f"vault_password_file {options['vault_password_file']}")
    return task.runtime.vault(options["vault_password"], options["vault_password_file"], options["vault_id"])


#: Where secrets are in files.
PLACE_OPTIONS: OptionSpecs = {
    # No "path": where Ansible has looked for variables of the environment, {name} may have been a part of one.
    "path": {"type": "str"},
    "encrypted": {"type": "bool", "default": False},
    # Hidden, and not no_log: that would take it out of paths, too, and they are used.
    "vault_password": {"type": "str", "no_log": False},
    "vault_password_file": {"type": "path", "no_log": False},
    "vault_id": {"type": "str"},
}
PLACE_CONSTRAINTS: dict[str, Any] = {
    "mutually_exclusive": [("vault_password", "vault_password_file")],
    "required_if": [("encrypted", True, ("vault_password", "vault_password_file"), True)],
}

SECRET_FILE_MODULE = ModuleSpec(
    name="airs_secret_file",
    options={
        "step": {
            "type": "str",
            "choices": ["look", "read", "prove", "store", "finish", "settle", "remove"],
            "required": True,
        },
        "keys": {"type": "dict", "required": True, "no_log": False},
        "tsg_id": MANAGEMENT_OPTIONS["tsg_id"],
        "owners": {"type": "dict"},
        **PLACE_OPTIONS,
        "place": {"type": "str"},
        "journal_directory": {"type": "path"},
        "reveal_secret": {"type": "bool", "default": False, "no_log": False},
    },
    handler=handle,
    constraints={
        "required_one_of": [("path", "place")],
        "required_if": PLACE_CONSTRAINTS["required_if"],
        "mutually_exclusive": [("path", "place"), *PLACE_CONSTRAINTS["mutually_exclusive"]],
        "required_by": {"place": ["journal_directory"]},
    },
    returns_secret=lambda options: bool(options["reveal_secret"]),
    hidden_options=("vault_password",),
)
