# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as a document for approval: the action for each object, and the state that it was planned against.

The document is not executed. Applying creates the plan again and compares the two, so that either exactly the approved
changes are made, or none. Each object has up to three digests: of its configuration, of its state on the tenant, and of
the action. The last two decide; the first one shows where something has changed. None of them contains a secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from .._common.errors import AirsInputError
from .._common.files import no_file, remove, replace
from .._common.wording import called, one_line, some
from .._common.wording import told as told_once
from .._engine.compare import canonical
from .._engine.masking import remove_values
from .._engine.options import Options
from .files import is_within
from .kinds import KINDS
from .plan import Step
from .plan_text import FORMAT, markdown, text_of
from .summary import PLAIN

Row = dict[str, Any]
Document = dict[str, Any]

#: Another number for whatever an older version cannot apply, or would understand in another way.
VERSION = 1
#: What decides about a plan besides the configuration itself.
DECIDING = ("state", "purge", "protect", "force", "name_map", "name_prefix", "missing_dlp_profiles")
#: What is said of a plan of which nothing is left.
DONE = "no changes remain because the plan was already applied, or someone else made the same changes"
#: Largest plan, in bytes: more than one of 100,000 objects has.
_LARGEST = 64 << 20
_MODE = 0o640
#: Length of a word of a packed plan, in characters.
_WORD = 32
#: What a row says of its object besides its digests.
_TOLD = (
    "kind",
    "name",
    "action",
    "reason",
    "fields",
    "weakened",
    "below_baseline",
    "replaced_dlp_profiles",
    "goes_with",
)
_ORDER = ("delete", "regenerate", "update", "create")


# --- what a plan depends on ------------------------------------------------------------------------------------------


def depends_on(step: Step) -> Row:
    """Return the digests of a step: wanted, state and effect, each as far as there is such a thing."""
    parts = {"wanted": _wanted(step), "state": step.reconciler.state(step.plan.before), "effect": _effect(step)}
    return {name: _digest(part) for name, part in parts.items() if part is not None}


def _wanted(step: Step) -> Row | None:
    """Return what the configuration says of an object, without secrets; None where it does not name it."""
    entry = step.entry
    if step.purged or step.taken_by:
        return None
    left_out = (*entry.kind.reconciler.tenant_options, *secret_options(entry.kind.options), "stored_last8")
    return {name: value for name, value in entry.options.items() if value is not None and name not in left_out}


def secret_options(specs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the names of the options that are secrets: a digest of a short one could be guessed."""
    return [name for name, spec in specs.items() if spec.get("no_log")]


def _effect(step: Step) -> Any:
    """Return what a step does; None for one that does nothing."""
    plan, resource = step.plan, step.entry.kind.resource
    if not plan.changes:
        return None
    secrets = {*resource.secret_fields, *resource.dropped_fields}
    body = {name: value for name, value in plan.body.items() if name not in secrets} if not step.deletes else {}
    leftovers = [str(row.get(resource.id_field)) for row in plan.leftovers]
    options = {name: step.entry.options.get(name) for name in ("force", "secret_path")}
    return canonical({"action": plan.action, "body": body, "leftovers": leftovers, **options})


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


# --- the document ----------------------------------------------------------------------------------------------------


def document(
    rows: Sequence[Row],
    steps: Sequence[Step],
    options: Options,
    tsg_id: str,
    notes: Sequence[str] = (),
    secrets: Collection[str] = (),
) -> Document:
    """Return a plan as a document.

    Args:
        rows: what results say of the steps.
        steps: all steps, none with an error.
        options: those of the task.
        tsg_id: the tenant.
        notes: sentences for whoever approves it.
        secrets: what must not be in it.

    Raises:
        AirsInputError: the tenant is not known, or a name has a secret in it.
    """
    if not tsg_id:
        raise AirsInputError("tsg_id is required because a plan is for one tenant. No plan was written.")
    objects = []
    for row, step in zip(rows, steps, strict=True):
        told = {name: row[name] for name in _TOLD if row.get(name) not in (None, [])}
        # Those of an unchanged object only say later what has moved.
        objects.append({**told, **depends_on(step)})
    changes = [row for row in objects if row["action"] != "none"]
    kinds = [kind.resource.kind for kind in KINDS.values()]
    changes.sort(key=lambda row: (not row.get("weakened"), _ORDER.index(row["action"]), kinds.index(row["kind"])))
    gone = [row for row in changes if row["action"] == "delete"]
    made = {
        "format": FORMAT,
        "version": VERSION,
        "made": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tsg_id": tsg_id,
        "options": deciding(options),
        "weakened": [{"name": row["name"], **each} for row in changes for each in row.get("weakened", [])],
        "deleted": [{name: row[name] for name in ("kind", "name", "goes_with") if name in row} for row in gone],
        "warnings": told_once(notes),
        "changes": changes,
        "unchanged": [row for row in objects if row["action"] == "none"],
    }
    if remove_values(made, secrets) != made:
        raise AirsInputError(
            "The name of an object contains an auth code, a token, or an API key, but plans are shown to "
            "people. Rename the object first. No plan was written."
        )
    return {**made, "digest": _overall(made)}


def deciding(options: Options) -> Row:
    """Return the options that decide about a plan besides the configuration, those that are empty left out."""
    found = {name: _normal(options.get(name)) for name in DECIDING}
    return {name: value for name, value in found.items() if value}


def _normal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: part for name, part in value.items() if part}
    return sorted(set(value)) if isinstance(value, list) else value


def _overall(made: Mapping[str, Any]) -> str:
    text = json.dumps({name: value for name, value in made.items() if name != "digest"}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def files(path: str) -> dict[str, str]:
    """Return the files of a plan: that for machines, and beside it those for people, as text and Markdown."""
    stem = path.removesuffix(".json")
    return {"path": path, "text": f"{stem}.txt", "markdown": f"{stem}.md"}


def write(path: str, made: Document) -> None:
    """Write the files of a plan, each whole or not at all, and that which is applied last.

    Raises:
        AirsInputError: one cannot be written.
    """
    texts = {"text": text_of(made), "markdown": markdown(made), "path": _lines(made)}
    try:
        for name, text in texts.items():
            replace(os.path.abspath(files(path)[name]), text, _MODE)
    except OSError as error:
        raise AirsInputError(f"Cannot write the plan to {path}: {error.strerror}.") from None


def _lines(made: Document) -> str:
    """Return a plan as JSON with a line for each object, which differences of two plans are read by."""
    parts = []
    for name, value in made.items():
        rows = isinstance(value, list) and value
        text = "[\n" + ",\n".join(f"  {json.dumps(row)}" for row in value) + "\n ]" if rows else json.dumps(value)
        parts.append(f" {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def clear_place(path: str, config_path: str | None) -> None:
    """Remove an earlier plan, so that it does not pass for the one that is to be made. Nothing else is removed.

    Args:
        path: the file of the plan.
        config_path: the configuration, where it is in files.

    Raises:
        AirsInputError: something else is there, or what is there is read as a part of the configuration.
    """
    if is_within(path, config_path):
        raise AirsInputError(
            f"{called('plan_path')} {path} must not be in the configuration directory, because it would be "
            "read as part of it."
        )
    for file in files(path).values():
        _require_plan(file)
    try:
        for file in files(path).values():
            remove(file)
    except OSError as error:
        raise AirsInputError(f"Cannot remove the plan {path}: {error.strerror}. No plan was written.") from None


def _require_plan(file: str) -> None:
    """Refuse a file that is there and is not of a plan."""
    other = no_file(file)
    if other:
        raise AirsInputError(f"{file} is {other}: use a different {called('plan_path')}. No plan was written.")
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            head = stream.read(200)
    except FileNotFoundError:
        return
    except OSError as error:
        raise AirsInputError(f"{file} cannot be read: {error.strerror}. No plan was written.") from None
    if head.strip() and FORMAT not in head:
        raise AirsInputError(
            f"{file} exists and is not a plan: use a different {called('plan_path')}. No plan was written."
        )


# --- reading ---------------------------------------------------------------------------------------------------------


def read(path: str) -> Document:
    """Return the plan of a file.

    Raises:
        AirsInputError: there is none, or it is not fit to be applied.
    """
    what = f"The plan {path}"
    other = no_file(path)
    if other:
        raise AirsInputError(f"{what} must be a plan file, but is {other}. Nothing was changed.")
    try:
        with open(path, "rb") as stream:
            text = stream.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise AirsInputError(
            f"The plan {path} does not exist. Create it first, with the same command and --check. Nothing was changed."
        ) from None
    except OSError as error:
        raise AirsInputError(f"{what} cannot be read: {error.strerror}. Nothing was changed.") from None
    return _checked(text, what)


def packed(made: Document) -> str:
    """Return a plan as a text of letters, digits, + and /, in words, which nobody takes for a template or a secret."""
    text = base64.b64encode(zlib.compress(json.dumps(made).encode(), 9)).decode("ascii")
    return " ".join(text[start : start + _WORD] for start in range(0, len(text), _WORD))


def unpacked(text: str) -> Document:
    """Return the plan of a text that packed() has made.

    Raises:
        AirsInputError: it is none, or not fit to be applied.
    """
    if not text.strip():
        raise AirsInputError("The plan is empty. Create a plan first, in check mode. Nothing was changed.")
    decompressor = zlib.decompressobj()
    try:
        plain = decompressor.decompress(base64.b64decode("".join(text.split()), validate=True), _LARGEST + 1)
    except (binascii.Error, ValueError, zlib.error):
        plain = b""
    return _checked(plain, "The plan")


def _checked(text: bytes, what: str) -> Document:
    try:
        made = json.loads(text) if len(text) <= _LARGEST else None
    except (ValueError, RecursionError):
        made = None
    if not isinstance(made, dict) or made.get("format") != FORMAT:
        raise AirsInputError(f"{what} is not a plan, or is damaged. Create a new plan. Nothing was changed.")
    if made.get("version") != VERSION:
        raise AirsInputError(
            f"{what} was created by a different version of this collection. Create a new plan. Nothing was changed."
        )
    if made.get("digest") != _overall(made) or not _is_whole(made):
        raise AirsInputError(
            f"{what} was modified after it was created, and is not what was approved. Create a new plan. "
            "Nothing was changed."
        )
    return made


def _is_whole(made: Document) -> bool:
    """Tell whether a document has what moved() reads."""
    kinds = {kind.resource.kind for kind in KINDS.values()}
    rows = [*_list(made.get("changes")), *_list(made.get("unchanged"))]
    return (
        all(isinstance(made.get(name), str) for name in ("made", "tsg_id"))
        and isinstance(made.get("options"), dict)
        and all(
            isinstance(row, dict)
            and all(isinstance(row.get(name), str) for name in ("kind", "name", "action"))
            and row["kind"] in kinds
            for row in rows
        )
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [None]


# --- holding a plan against what there is now ------------------------------------------------------------------------


class Approved:
    """An approved plan, held against the steps as they are now.

    Args:
        made: the plan.
        options: those of the task.
        tsg_id: the tenant.

    Raises:
        AirsInputError: it is the plan of another tenant.
    """

    def __init__(self, made: Document, options: Options, tsg_id: str) -> None:
        if tsg_id and made["tsg_id"] != tsg_id:
            raise AirsInputError(
                f"The plan is for tenant {made['tsg_id']}, but the credentials are for tenant {tsg_id}. "
                "Nothing was changed."
            )
        self.made = made
        self._options = deciding(options)
        self._rows = {_key(row): row for row in (*made["changes"], *made["unchanged"])}

    def leave_out(self, steps: Iterable[Step]) -> list[str]:
        """Leave alone what has become due only since the plan was made, and return a sentence for each.

        Time passes between a plan and its approval, and a key that expires soon is no reason to refuse all else.
        """
        told, steps = [], list(steps)
        for step in steps:
            row = self._rows.get((step.entry.kind.resource.kind, step.entry.name))
            reason = step.reconciler.extra_results(step.plan).get("reason") if step.plan.changes else None
            if row is None or row["action"] != "none" or not reason or step.error:
                continue
            now = depends_on(step)
            if (row.get("wanted"), row.get("state")) == (now.get("wanted"), now.get("state")):
                step.leave_alone()
                told.append(
                    f"{step.title} became due for rotation after the plan was created ({reason}), and will be in "
                    "the next plan."
                )
        for step in steps if told else ():
            step.needs = [need for need in step.needs if need.plan.changes]
        return told

    def moved(self, steps: Sequence[Step]) -> list[str]:
        """Return what has moved since the plan was made, a line each; nothing where it still is exactly what is to do.

        Args:
            steps: all steps as they are now.
        """
        told = list(self._moved_options())
        if told:
            return told  # whatever else differs may follow from it
        now: dict[tuple[str, str], Row] = {}
        same = set()
        for step in steps:
            row = {"kind": step.entry.kind.resource.kind, "name": step.entry.name, "action": step.plan.action}
            key = _key(row)
            if not step.plan.changes and not self._rows.get(key, row).get("effect"):
                same.add(key)  # nothing was and is to be done about it: most of a large tenant
            else:
                now[key] = {**row, **depends_on(step)}
        for key in {**self._rows, **now}:
            if key not in same:
                told += _moved(self._rows.get(key), now.get(key))
        done = [row for row in self._rows.values() if row.get("effect")]
        if told and done and not any(row.get("effect") for row in now.values()):
            return [DONE]
        return told

    def _moved_options(self) -> Iterator[str]:
        for name in dict.fromkeys((*self.made["options"], *self._options)):
            before, after = self.made["options"].get(name), self._options.get(name)
            if before != after:
                yield one_line(f"options: {name} was {_said(before)}, and is now {_said(after)}")


def _moved(before: Row | None, after: Row | None) -> Iterator[str]:
    """Yield what has moved of one object; nothing where the plan does the same as before."""
    then, now = before or {}, after or {}
    acts = then.get("effect") or now.get("effect")
    if not acts or (then.get("effect"), then.get("state")) == (now.get("effect"), now.get("state")):
        return
    what, told = PLAIN.title(now or then), []
    places = [("files", "wanted"), ("tenant", "state")]
    if before is None or after is None:
        # What the files do not name is known only where it goes.
        places = [place for place in places if (then or now).get(place[1])][:1]
    for place, name in places:
        if then.get(name) != now.get(name):
            how = "is new" if not then.get(name) else "has changed" if now.get(name) else "no longer exists"
            told.append(f"{place}: {what} {how}")
    if not told and then.get("effect") and now.get("effect"):
        told.append(f"tenant: an object that {what} references has changed")
    yield from told or [f"{what}: {_to_do(then)} when the plan was created, {_to_do(now)} now"]


def _to_do(row: Row) -> str:
    return f"{row['action']}" if row.get("effect") else "no changes"


def _said(value: Any) -> str:
    if isinstance(value, list):
        return f"[{some([str(part) for part in value], 10)}]"
    return "not set" if value is None else str(value)


def _key(row: Row) -> tuple[str, str]:
    return row["kind"], row["name"]
