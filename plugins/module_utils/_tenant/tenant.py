# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage a tenant in one task: read, validate, list, plan, apply, and report the result for each object."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._common.errors import AirsInputError
from .._common.secret_file import taken
from .._common.wording import called, one_line, some
from .._engine.module import CENSORED, ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, Options, OptionSpecs
from .._engine.session import Listing, Session
from .._engine.task import Task
from .._kinds.registry import CUSTOMER_APP
from .._kinds.security_profile import SecurityProfileReconciler
from .._policy.baseline import too_weak
from .._service.resource import Row
from .apply import Applier, Progress
from .baseline import BASELINE, Gap, baseline_documents, idle_exceptions, place_of
from .config import Config, Entry, Fault, by_line, validated
from .files import Document, read_documents
from .kinds import KINDS
from .plan import Planner, Step, listings, other_tenant
from .promotion import MAPPED, check, promote
from .summary import counted, secrets_in, summary, without_place

#: What is done about an object, as results say it; failed is counted besides.
ACTIONS = ("none", "create", "update", "regenerate", "delete", "skip")
_MOST_CONNECTIONS = 64
#: Lines and names that a message has at most; results have all.
_MOST_LINES = 50

Result = dict[str, Any]
#: Is told what was read.
_Told = Callable[[Sequence[Document]], None]


def handle(task: Task) -> Result:
    """Bring the tenant to its configuration.

    Raises:
        AirsInputError: an option cannot be right, or the tenant is another one; nothing was changed.
        AirsExchangeError: the tenant could not be read.
    """
    options = task.options
    approved = _approved_plan(task)
    config = configured(options, ahead(task))
    if config.faults:
        return _refused(config.faults)
    session = task.session()
    _require_folder(task)
    steps, faults = compared(task, session, config)
    _note_idle_exceptions(config, session, steps)
    if approved and not faults:
        stale = _keep_to(approved, task, session, steps)
        if stale:
            return {**_report(task, steps, planned=True), **stale}
    if not options["return_secrets"]:
        faults = [*faults, *_without_place(steps)]
    result = _done(task, session, steps, faults)
    if _writes_plan(task) and not result.get("failed"):
        result["plan"] = _write_plan(task, session, steps, result)
    # After all is done: what a key was given is its owner's, too.
    return {**result, **({"keys_to_store": _to_store(steps)} if options["secret_paths"] is not None else {})}


def _approved_plan(task: Task) -> Result | None:
    """Return the plan that is to be applied, or None where nobody has approved any. It is read before any request."""
    path, text = task.options["plan_path"], task.options["plan"]
    if path is None and text is None:
        return None
    from . import plan_file  # what most runs do without, and takes a while to load

    if text is not None:
        return plan_file.unpacked(text)
    if path == "":
        # Such as from a variable of a pipeline that is not set: without a plan, everything would be applied.
        raise AirsInputError("plan_path is empty: specify a plan file, or omit the option. Nothing was changed.")
    if _writes_plan(task):
        plan_file.clear_place(path, task.options["config_path"])
        return None
    return plan_file.read(path)


def _keep_to(approved: Result, task: Task, session: Session, steps: list[Step]) -> Result | None:
    """Leave out all that a plan leaves out; return the failure for one that is not what there is to do any more."""
    from . import plan_file

    held = plan_file.Approved(approved, task.options, session.tenant())
    task.notes += held.leave_out(steps)
    moved = held.moved(steps)
    for step in steps:
        step.reconciler.exact = True
    return _stale(approved, moved, is_done=moved == [plan_file.DONE]) if moved else None


def _writes_plan(task: Task) -> bool:
    """Tell whether a plan is written, rather than applied or verified."""
    return bool(task.check_mode and task.options["plan_path"] and not task.options["verify_plan"])


def _write_plan(task: Task, session: Session, steps: Sequence[Step], result: Result) -> Result:
    """Write what a run would do as a plan that can be approved, and return what results say of it."""
    from . import plan_file

    options, path = task.options, task.options["plan_path"]
    made = plan_file.document(result["objects"], steps, options, session.tenant(), task.notes, task.runtime.learnt)
    plan_file.write(path, made)
    return {**plan_file.files(path), "digest": made["digest"], "packed": plan_file.packed(made)}


def _done(task: Task, session: Session, steps: list[Step], faults: list[Fault]) -> Result:
    """Do what there is to do, unless something stands against it, and return the result."""
    options = task.options
    if faults:
        # What there would be to do besides is worth knowing, too.
        return {**_report(task, steps, planned=True), **_refused(faults)}
    too_many = _too_many_deletions(steps, options["max_deletions"])
    if too_many:
        return {"failed": True, "msg": too_many, **_report(task, steps, planned=True), "changed": False}
    if not task.check_mode:
        total = Counter(step.entry.kind.plural for step in steps if step.plan.changes)
        Applier(session, options["concurrency"], Progress(total, task.runtime.say)).apply(steps)
    return {**_result(task, steps), "applications": _applications(steps, session.tenant(), planned=task.check_mode)}


def ahead(task: Task) -> _Told:
    """Ask for an access token, and return what asks for lists once it is told what was read.

    Reading changes nothing, and the service answers while a configuration that may be large is read and validated.
    """
    if not task.options["config_path"]:
        return lambda documents: None
    try:
        session = task.session()
    except AirsInputError:
        return lambda documents: None  # it is said once the configuration is right
    session.sign_in_ahead()
    return lambda documents: session.ask_ahead(_lists(documents))


def _lists(documents: Iterable[Document]) -> list[Listing]:
    """Return the list of each kind that documents have entries of; none where they cannot be used."""
    numbers: Counter[str] = Counter()
    for document in documents:
        if document.fault or not isinstance(document.content, Mapping):
            return []
        for plural, entries in document.content.items():
            if plural in KINDS and isinstance(entries, list):
                numbers[plural] += len(entries)
    return [Listing.of_current(KINDS[plural].resource, number) for plural, number in numbers.items() if number]


def configured(options: Options, told: _Told = lambda documents: None, *, judged: bool = True) -> Config:
    """Return the configuration that the options name, with all that is wrong with it.

    Args:
        options: those of the task.
        told: is told what was read, before it is validated.
        judged: whether it is wrong to do less than the baseline.

    Raises:
        AirsInputError: the options themselves cannot be right.
    """
    _check(options)
    check(options)
    config = _read(options, told)
    config.faults += [
        Fault(plural, f"is in {called('purge')}, but not in the configuration: use an empty list to delete all of them")
        for plural in options["purge"] or []
        if plural not in config.kinds
    ]
    config.faults += _shared_places(config.entries)
    config.faults += _below_baseline(config) if judged else []
    return config


def compared(task: Task, session: Session, config: Config) -> tuple[list[Step], list[Fault]]:
    """Return what has to be done for the tenant to be as a configuration says, and what stands against that.

    Args:
        task: the task that this is for.
        session: the tenant.
        config: the configuration, without faults.

    Raises:
        AirsInputError: the tenant is another one than tsg_id says.
        AirsExchangeError: the service could not be read.
    """
    options = task.options
    purge = options["purge"] or []
    session.notes += config.notes
    planner = Planner(session, config, task)
    lists = listings(config, purge)
    session.read_together(lists)
    if options["state"] == "overridden":
        other = other_tenant(session, lists, options["tsg_id"])
        if other:
            raise AirsInputError(
                f"tsg_id is {options['tsg_id']}, but the credentials are for tenant {other}. Use credentials "
                "for the intended tenant. Nothing was changed."
            )
    steps = planner.steps(planner.purge(purge, options["protect"] or [], options["force"]))
    return steps, [*planner.faults, *_less_than_baseline(config, session, steps)]


def _check(options: Options) -> None:
    """Refuse options that cannot be right, before any call."""
    if options["state"] == "overridden" and not options["tsg_id"]:
        raise AirsInputError(f"tsg_id is required with {called('state')}: overridden, to identify the intended tenant.")
    if options["state"] == "merged" and options["purge"]:
        raise AirsInputError(f"{called('purge')} requires {called('state')}: overridden. Nothing was changed.")
    if not 1 <= options["concurrency"] <= _MOST_CONNECTIONS:
        raise AirsInputError(
            f"{called('concurrency')} must be between 1 and {_MOST_CONNECTIONS}, but is {options['concurrency']}."
        )
    if options["max_deletions"] < 0:
        raise AirsInputError(f"{called('max_deletions')} must be at least 0, but is {options['max_deletions']}.")
    folder = options["secret_dir"]
    if folder and "{tsg_id}" in folder and not options["tsg_id"]:
        raise AirsInputError(f"{called('secret_dir')} '{folder}' requires tsg_id. Nothing was changed.")


def _require_folder(task: Task) -> None:
    """Refuse a folder for secrets that is none. One with names in it is looked for when they are known."""
    folder = task.options["secret_dir"]
    if folder and "{" not in folder and not os.path.isdir(folder):
        error = AirsInputError(
            f"{called('secret_dir')} {folder} is not a directory: create it first. Nothing was changed."
        )
        if os.path.lexists(folder):
            raise error
        task.suppose(error, "create it", task.notes)


def _read(options: Options, told: _Told) -> Config:
    path = options["config_path"]
    given = {plural: entries for plural, entries in (options["config"] or {}).items() if entries is not None}
    documents = read_documents(path) if path else [Document(content=given)]
    told(documents)
    documents = [*documents, *baseline_documents(options)]
    config = validated(documents, options)
    promote(config, options)
    return config


def _shared_places(entries: Iterable[Entry]) -> Iterator[Fault]:
    """Yield a fault for every secret whose file would be that of another one."""
    owners: dict[str, Entry] = {}
    for entry in entries:
        path = entry.kind.reconciler.place(entry.options) if entry.is_wanted else None
        if path:
            # With what is beside it; without .. and what is before it, wherever links lead.
            others = [owners.setdefault(each, entry) for each in taken(path)]
            for first in [other for other in others if other.name != entry.name][:1]:
                why = f"its secret would be stored in {path}, like that of {first.title}: use a different secret_path"
                yield entry.fault(why)


def _below_baseline(config: Config) -> Iterator[Fault]:
    """Yield a fault for every option that makes a profile do less than the baseline, whatever the tenant holds."""
    about = SecurityProfileReconciler
    if config.baseline is None:
        return
    for entry in config.entries:
        # What is wrong as such is told already.
        if entry.kind.reconciler is about and entry.is_wanted and not about.faults(entry.options):
            less = too_weak(config.baseline.required, entry.options)
            yield from _gap_faults(entry, config.baseline.gaps(entry.name, less))


def _less_than_baseline(config: Config, session: Session, steps: Iterable[Step]) -> Iterator[Fault]:
    """Yield a fault for every part of a profile that would do less than the baseline; the steps get to know it."""
    about = SecurityProfileReconciler
    judged = [step for step in steps if step.plan.predicted and step.entry.kind.reconciler is about]
    if config.baseline and judged:
        rows = [step.plan.predicted or {} for step in judged]
        for step, less in zip(judged, about.below_baseline(session, config.baseline.required, rows), strict=True):
            step.below = config.baseline.gaps(step.entry.name, less)
            yield from _gap_faults(step.entry, step.below)


def _note_idle_exceptions(config: Config, session: Session, steps: Iterable[Step]) -> None:
    """Note the exceptions of the baseline that nothing needs, as far as profiles were looked at."""
    judged = [step for step in steps if step.entry.kind.reconciler is SecurityProfileReconciler]
    if config.baseline and judged:
        resource = SecurityProfileReconciler.resource
        # Of what has an error it is not known.
        unknown = [step.entry.name for step in judged if step.error]
        gaps = {step.entry.name: step.below for step in judged if not step.error and step.entry.is_wanted}
        names = {*session.current(resource).names(), *unknown}
        needless, lost = idle_exceptions(config.baseline, gaps, names)
        session.note_names("Remove exceptions from the baseline that are no longer needed", resource, needless)
        session.note_names("Exceptions from the baseline are for profiles that do not exist", resource, lost)


def _gap_faults(entry: Entry, gaps: Iterable[Gap]) -> Iterator[Fault]:
    for gap in gaps:
        if gap.exception is None:
            place, what = place_of(gap, entry.options)
            why = f"the baseline requires {gap.required}{what}, but it is {gap.actual}"
            yield entry.fault(f"{why}: configure at least the required protection, or add an exception", place)


def _without_place(steps: Iterable[Step]) -> Iterator[Fault]:
    """Yield a fault for every secret that would come into being and be stored nowhere: it cannot be read later."""
    for step in steps:
        if _makes_secret_without_place(step):
            yield step.entry.fault(
                f"no destination for the new secret of {step.title}: set {called('secret_dir')} or "
                f"secret_path, or set {called('return_secrets')} to return the secret in the result",
            )


def _to_store(steps: Iterable[Step]) -> list[Row]:
    """Return whose secrets others may store, and whether there is a new one, or will be."""
    found = [(step, step.reconciler.to_store()) for step in steps if step.entry.is_wanted]
    return [{**each, "due": _makes_secret(step)} for step, each in found if each is not None]


def _applications(steps: Iterable[Step], tsg_id: str, *, planned: bool) -> list[Row]:
    """Return the applications that exist and are managed: those in the configuration, and those of its API keys."""
    found: dict[str, Row] = {}
    for step in steps:
        row = step.plan.before if planned else step.plan.predicted
        if row is not None and step.entry.is_wanted and not step.error:
            for resource, name in [(step.reconciler.resource, step.entry.name), *step.reconciler.makes(row)]:
                if resource is CUSTOMER_APP:
                    found[name] = {"name": name, "tsg_id": tsg_id}
    return list(found.values())


def _too_many_deletions(steps: Iterable[Step], limit: int) -> str | None:
    deletions = [step.title for step in steps if step.deletes]
    if len(deletions) <= limit:
        return None
    return (
        f"{len(deletions)} objects would be deleted, but {called('max_deletions')} is {limit}: {some(deletions)}. "
        "Nothing was changed."
    )


# --- results ---------------------------------------------------------------------------------------------------------


def _refused(faults: list[Fault]) -> Result:
    """Return the result for a configuration that has faults."""
    faults = by_line(faults)
    lines = [str(fault) for fault in faults[:_MOST_LINES]]
    if len(faults) > _MOST_LINES:
        lines.append(f"and {len(faults) - _MOST_LINES} more, see errors in the result")
    count = "1 error" if len(faults) == 1 else f"{len(faults)} errors"
    return {
        "failed": True,
        "changed": False,
        "msg": f"The configuration has {count}. Nothing was changed:\n" + "\n".join(lines),
        "errors": [fault.told() for fault in faults],
    }


def _stale(approved: Result, moved: list[str], *, is_done: bool) -> Result:
    """Return the result for a plan that is not what there is to do any more."""
    what = f"The plan of {one_line(approved['made'])} is stale"
    lines = [*moved[:_MOST_LINES], *([f"and {len(moved) - _MOST_LINES} more"] if len(moved) > _MOST_LINES else [])]
    why = "Create a new plan with --check. Changes since the plan was created:\n" + "\n".join(lines)
    msg = f"{what}: {moved[0]}. Nothing was changed." if is_done else f"{what}. Nothing was changed. {why}"
    return {"failed": True, "changed": False, "msg": msg, "moved": moved}


def _result(task: Task, steps: list[Step]) -> Result:
    result = _report(task, steps, planned=task.check_mode)
    for step in steps:
        if step.secret:
            result.setdefault(f"{step.entry.kind.resource.kind}_secrets", {})[step.entry.name] = step.secret
            result[CENSORED] = True
    failed = [step for step in steps if step.error and not step.skipped]
    if failed:
        reasons = some([f"{step.title}: {step.error}" for step in failed], separator="; ")
        skipped = sum(step.skipped for step in steps)
        also = f", {skipped} {'was' if skipped == 1 else 'were'} skipped" if skipped else ""
        result.update(failed=True, msg=f"{len(failed)} of {len(steps)} objects failed{also}: {reasons}")
        traces = [step.trace for step in failed if step.trace]
        result.update({"exception": "\n\n".join(traces)} if traces else {})
    return result


def _report(task: Task, steps: Sequence[Step], planned: bool) -> Result:
    """Return a row for each step, the counts, what they come to in words, and the diffs of what changes.

    Args:
        task: the task.
        steps: all steps.
        planned: whether nothing of it is done, because of check mode or of what stands against it.
    """
    rows, diffs = [], []
    counts = {plural: dict.fromkeys((*ACTIONS, "failed"), 0) for plural in KINDS}
    changed = False
    for step in steps:
        row: Result = {"kind": step.entry.kind.resource.kind, "name": step.entry.name, "action": action_of(step)}
        if step.taken_by:
            by = step.taken_by.entry
            row["goes_with"] = {"kind": by.kind.resource.kind, "name": by.name}
        rows.append(row)
        if step.built_in:
            row["replaced_dlp_profiles"] = step.built_in
        if step.below:
            row["below_baseline"] = [{**gap.row, "exception": gap.exception} for gap in step.below]
        if step.plan.changes and not step.error:
            changed = True
            try:
                more, difference = _told(step, task.diff_mode)
                row.update(more)
                diffs += difference
            except Exception as error:  # noqa: BLE001 - it is done, and the others must be told all the same
                step.fail(error)
        if step.error:
            row["error"] = step.error
        counts[step.entry.kind.plural][counted(row)] += 1
    lost = [step.entry.name for step in steps if _makes_secret_without_place(step)]
    replaced = [{"security_profile": step.entry.name, "dlp_profile": name} for step in steps for name in step.built_in]
    return {
        "changed": changed,
        "objects": rows,
        "counts": counts,
        "weakened": [
            {"kind": row["kind"], "name": row["name"], **each} for row in rows for each in row.get("weakened", [])
        ],
        "summary": [*summary(rows, planned), *_secrets(task, rows, lost, planned)],
        **({"replaced_dlp_profiles": replaced} if replaced else {}),
        "below_baseline": [{"name": row["name"], **each} for row in rows for each in row.get("below_baseline", [])],
        **({"secrets_without_place": lost} if lost else {}),
        **({"diff": diffs} if task.diff_mode else {}),
    }


def _secrets(task: Task, rows: Sequence[Row], lost: Sequence[str], planned: bool) -> list[str]:
    """Return the lines that say where the new secrets are. Those of journals are taken elsewhere."""
    journals = task.options["secret_paths"]
    paths = [row["secret_path"] for row in rows if "secret_path" in row and not row.get("error")]
    kept = [path for path in paths if path not in (journals or {}).values()]
    told = secrets_in(kept, planned)
    return told if journals is not None else [*told, *without_place(lost, planned)]


def _told(step: Step, diff_mode: bool) -> tuple[Result, list[Result]]:
    """Return what there is to say of an object that changes beyond the action, and its diff where one is wanted."""
    action = action_of(step)
    more: Result = {}
    if action == "update":
        difference = step.reconciler.difference(step.plan)
        more["fields"] = list(dict.fromkeys([*difference["before"], *difference["after"]]))
    more |= step.reconciler.extra_results(step.plan)
    return more, [step.reconciler.diff(step.plan)] if diff_mode else []


def _makes_secret_without_place(step: Step) -> bool:
    """Tell whether a secret comes into being that is returned, and stored nowhere."""
    return _makes_secret(step) and step.entry.kind.reconciler.place(step.entry.options) is None


def _makes_secret(step: Step) -> bool:
    """Tell whether a secret comes into being that has no file of its own."""
    made = step.plan.action in ("create", "update") and not step.error
    return made and step.entry.kind.module.returns_secret(step.entry.options)


def action_of(step: Step) -> str:
    """Return what was done about an object, in the words of results."""
    if step.skipped:
        return "skip"
    if step.plan.action == "none":
        return "update" if step.plan.leftovers else "none"
    return step.reconciler.update_action if step.plan.action == "update" else step.plan.action


def _returns_secret(options: Options) -> bool:
    """Tell whether something may be made whose secret is returned. A file is not read for that."""
    if options["secret_dir"] or not options["return_secrets"]:
        return False
    return bool(options["config_path"]) or any(
        kind.module.returns_secret(entry)
        for plural, kind in KINDS.items()
        for entry in (options["config"] or {}).get(plural) or []
        if isinstance(entry, Mapping)
    )


#: What a tenant is compared with, and how.
COMPARISON_OPTIONS: OptionSpecs = {
    **MANAGEMENT_OPTIONS,
    # no_log: Ansible takes the name api_keys for that of a secret.
    "config": {
        "type": "dict",
        "options": {
            **{plural: {"type": "list", "elements": "dict", "no_log": False} for plural in KINDS},
            BASELINE: {"type": "dict"},
        },
    },
    "config_path": {"type": "path"},
    BASELINE: {"type": "dict"},
    "baseline_path": {"type": "path"},
    "state": {"type": "str", "choices": ["merged", "overridden"], "default": "merged"},
    "purge": {"type": "list", "elements": "str", "choices": list(KINDS)},
    "protect": {"type": "list", "elements": "str"},
    "max_deletions": {"type": "int", "default": 10},
    "force": {"type": "bool", "default": False},
    "concurrency": {"type": "int", "default": 8},
    "name_map": {
        "type": "dict",
        # no_log: Ansible takes the name api_keys for that of a secret.
        "options": {plural: {"type": "dict", "no_log": False} for plural in MAPPED},
    },
    "name_prefix": {"type": "str"},
    "missing_dlp_profiles": {"type": "str", "choices": ["refuse", "built_in"], "default": "refuse"},
}
COMPARISON_CONSTRAINTS: dict[str, Any] = {
    "mutually_exclusive": [("config", "config_path"), (BASELINE, "baseline_path")],
    "required_one_of": [("config", "config_path")],
    "required_if": [("state", "overridden", ["purge"])],
}

TENANT_MODULE = ModuleSpec(
    name="airs_tenant",
    options={
        **COMPARISON_OPTIONS,
        "on_weakening": {"type": "str", "choices": ["report", "refuse"]},
        "plan_path": {"type": "path"},
        "plan": {"type": "str"},
        "verify_plan": {"type": "bool", "default": False},
        "secret_dir": {"type": "path", "no_log": False},
        "secret_paths": {"type": "dict", "no_log": False},
        "return_secrets": {"type": "bool", "default": False, "no_log": False},
    },
    handler=handle,
    constraints={
        **COMPARISON_CONSTRAINTS,
        "mutually_exclusive": [*COMPARISON_CONSTRAINTS["mutually_exclusive"], ("plan_path", "plan")],
    },
    returns_secret=_returns_secret,
    hidden_options=("config", "plan"),
)
