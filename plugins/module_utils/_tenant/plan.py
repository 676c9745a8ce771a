# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan the changes of a tenant: the action for each object, their order, and errors that prevent them.

Kinds are planned in order, against the future state of the tenant: a profile that references a topic of the same
configuration is planned with the topic as it will be.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._common.errors import AirsExchangeError, AirsInputError, AirsRefusal, AirsUnexpectedError, foreseen
from .._common.wording import called, did_you_mean, looks, some
from .._engine.module import validate
from .._engine.reconcile import Named, Plan, Reconciler, Reference
from .._engine.session import Listing, Session
from .._engine.task import Task
from .._kinds.registry import DLP_PROFILE
from .baseline import Gap
from .config import Config, Entry, Fault
from .kinds import KINDS, Kind
from .promotion import with_built_in

#: Faults that come with a suggestion: finding what a name may have meant takes a while where there are many.
_MOST_SUGGESTIONS = 20


@dataclass
class Step:
    """What has to be done about one object, and what came of it.

    Args:
        entry: the object as configured.
        reconciler: does it.
        plan: what has to be done; in the end what was done.
        purged: whether it only goes because the configuration does not name it.
        taken_by: the deletion that takes it along, so that nothing is to be done for it; None for all else.
        needs: steps that must succeed first.
        error: why it failed, or was skipped.
        skipped: whether it was not tried.
        secret: the secret of a new key that is to be returned.
        trace: where an error came from that nobody foresaw, or None.
        built_in: DLP profiles that the tenant lacks, and whose place the built-in detection takes.
        below: what the object will do less than the baseline.
    """

    entry: Entry
    reconciler: Reconciler
    plan: Plan
    purged: bool = False
    taken_by: Step | None = None
    needs: list[Step] = field(default_factory=list)
    error: str | None = None
    skipped: bool = False
    secret: str | None = None
    trace: str | None = None
    built_in: list[str] = field(default_factory=list)
    below: list[Gap] = field(default_factory=list)

    def fail(self, error: Exception) -> None:
        """Take in why the step failed."""
        seen = foreseen(error)
        self.error = seen.message
        self.trace = seen.trace if isinstance(seen, AirsUnexpectedError) else None

    def leave_alone(self) -> None:
        """Do nothing about the object."""
        self.plan = Plan("none", self.plan.name, self.plan.before, self.plan.body, self.plan.before)

    @property
    def title(self) -> str:
        """Kind and name, as sentences use them."""
        return self.entry.title

    @property
    def deletes(self) -> bool:
        """Whether the object goes."""
        return self.plan.action == "delete"


def is_protected(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether one of the patterns says that an object of this name may be there without being configured."""
    # A name may have brackets, which mean something else in a pattern.
    return any(name == pattern or fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def listings(config: Config, purged: Iterable[str]) -> list[Listing]:
    """Return the lists that a configuration needs: one for each kind that it is about or refers to.

    Args:
        config: the configuration.
        purged: kinds of which everything else is to go.
    """
    purged = set(purged)
    counts = dict.fromkeys(KINDS, 0)
    for entry in config.entries:
        counts[entry.kind.plural] += 1
    named = {plural for plural, count in counts.items() if count} | purged
    needed = {plural: KINDS[plural].resource for plural in KINDS if plural in named}
    for entry in config.entries:
        if entry.is_wanted:
            needed |= {each.resource.plural: each.resource for each in entry.kind.reconciler.references(entry.options)}
    if purged or not all(entry.is_wanted for entry in config.entries):
        # Whoever deletes has to know what goes along.
        needed |= {other.plural: other for plural in named for other in KINDS[plural].reconciler.entangled}
    order = [*KINDS, *needed]
    return [Listing.of_current(needed[plural], counts.get(plural)) for plural in sorted(needed, key=order.index)]


class Planner:
    """Plans all objects of a configuration.

    Args:
        session: the tenant as it is.
        config: what it is to be.
        task: the task that this is for.
    """

    def __init__(self, session: Session, config: Config, task: Task) -> None:
        self._config = config
        self._protect: list[str] = []
        self._prefix = task.options.get("name_prefix") or ""
        self._planned = session.planning()
        self._task = task
        self._wanted = {_key((entry.kind.resource, entry.name)) for entry in config.entries if entry.is_wanted}
        #: What comes into being with the objects of the configuration, by plural and name, and what makes it.
        self._makers: dict[str, dict[str, Entry]] = {}
        for entry in config.entries:
            if entry.is_wanted:
                for made, name in entry.kind.reconciler.makes(entry.kind.resource.body(entry.options)):
                    self._makers.setdefault(made.plural, {}).setdefault(name, entry)
        #: Why objects go, of those that do.
        self._doomed: dict[_Key, str] = {}
        #: What stands against the plan.
        self.faults: list[Fault] = []

    # --- purging -----------------------------------------------------------------------------------------------------

    def purge(self, plurals: Iterable[str], protect: Iterable[str], force: bool) -> list[Entry]:
        """Return entries for what the tenant has and the configuration does not name.

        Args:
            plurals: kinds of which everything else is to go.
            protect: patterns of names that stay.
            force: whether it goes although others refer to it.
        """
        for plural in KINDS:
            if plural in plurals:
                for resource in (KINDS[plural].resource, *KINDS[plural].reconciler.entangled):
                    self._planned.require_certain(resource)
        self._protect = list(protect)
        gone: dict[str, list[str]] = {}
        for plural in KINDS:
            if plural in plurals:
                named = self._config.names(plural)
                gone[plural] = [
                    name
                    for name in self._planned.current(KINDS[plural].resource).names()
                    if name not in named and not self._stays(name)
                ]
        self._refuse_look_alikes(gone)
        used = self._in_use(gone)
        entries = []
        for plural, names in gone.items():
            kind = KINDS[plural]
            forced = {"force": True} if force and "force" in kind.options else {}
            for name in names:
                if _key((kind.resource, name)) not in used:
                    given = {"name": name, "state": "absent", **forced}
                    options, _secrets, _faults = validate(kind.options, given, kind.module.constraints)
                    entries.append(Entry(kind, f"purge of {plural}", options))
        return entries

    def _refuse_look_alikes(self, gone: Mapping[str, Iterable[str]]) -> None:
        """Refuse to purge what is named in protect but for what eyes miss, such as case or a blank at the end."""
        protected = {looks(pattern): pattern for pattern in self._protect}
        for plural, names in gone.items():
            for name in names:
                pattern = protected.get(looks(name))
                if pattern is not None:
                    title = KINDS[plural].resource.title(name)
                    told = f"{title} would be purged, but its name is similar to {pattern!r}: use the exact name"
                    self.faults.append(Fault("protect", told))

    def _stays(self, name: str) -> bool:
        """Tell whether purge has to leave an object alone, for it is protected, or not of this configuration."""
        return is_protected(name, self._protect) or not name.startswith(self._prefix)

    def _in_use(self, gone: dict[str, list[str]]) -> set[_Key]:
        """Return what all that stays has made, or is named by in its own row: it counts as named."""
        leaving = {
            plural: {entry.name for entry in self._config.entries if entry.kind is kind and not entry.is_wanted}.union(
                gone.get(plural, ())
            )
            for plural, kind in KINDS.items()
        }
        used = {(plural, name) for plural, makers in self._makers.items() for name in makers}
        for plural, kind in KINDS.items():
            if any(other.plural in gone for other in kind.reconciler.entangled):
                for row in self._planned.current(kind.resource).rows():
                    if row.get(kind.resource.name_field) not in leaving[plural]:
                        used.update(map(_key, kind.reconciler.makes(row)))
        for plural in gone:
            resource, used_by = KINDS[plural].resource, KINDS[plural].reconciler.used_by
            for row in self._planned.current(resource).rows():
                if any(name not in leaving[other.plural] for other, name in used_by(row)):
                    used.add((plural, row.get(resource.name_field) or ""))
        return used

    # --- steps -------------------------------------------------------------------------------------------------------

    def steps(self, purged: Iterable[Entry]) -> list[Step]:
        """Return a step for every entry and for all that is purged, in that order. See faults afterwards.

        Raises:
            AirsExchangeError: the service could not be read.
        """
        purged = list(purged)
        everything = [*self._config.entries, *purged]
        for entries, why in ((self._config.entries, "the configuration deletes it"), (purged, "purge deletes it")):
            gone = [_key((entry.kind.resource, entry.name)) for entry in entries if not entry.is_wanted]
            self._doomed.update(dict.fromkeys(gone, why))
        there = self._names_by_looks()
        made: dict[int, Step] = {}
        for plural in KINDS:
            for entry in everything:
                if entry.kind.plural == plural:
                    made[id(entry)] = self._step(entry)
        for entry in purged:
            made[id(entry)].purged = True
        steps = [made[id(entry)] for entry in everything]
        steps += self._taken_along(steps)
        self._tell_look_alikes(steps, there)
        _link(steps)
        return steps

    def _names_by_looks(self) -> dict[_Key, set[str]]:
        """Return the names of all that the tenant has, as far as that is known, by kind and what they look like."""
        found: dict[_Key, set[str]] = {}
        for plural, kind in KINDS.items():
            for name in {name for snapshot in self._planned.known(kind.resource) for name in snapshot.names()}:
                found.setdefault((plural, looks(name)), set()).add(name)
        return found

    def _tell_look_alikes(self, steps: Sequence[Step], there: Mapping[_Key, set[str]]) -> None:
        """Note what would be made beside an object whose name looks the same; where purge deletes that, refuse it.

        A mistyped name must not delete an object that is in use and create it again, with another secret.
        """
        leaving = {_key((step.entry.kind.resource, step.entry.name)) for step in steps if step.purged and step.deletes}
        for step in steps:
            kind = step.entry.kind
            if step.plan.action != "create":
                continue
            for resource, name in [(kind.resource, step.entry.name), *_makes(step)]:
                others = there.get((resource.plural, looks(name)), set())
                if name in others:
                    continue
                for other in sorted(others.difference(self._config.names(resource.plural))):
                    told = f"{resource.title(name)} does not exist, but {other!r} does, which is a similar name"
                    if (resource.plural, other) in leaving:
                        one = f"correct one of the names, or add {other!r} to {called('protect')}"
                        why = f"{told} and would be purged: {one}"
                        self.faults.append(step.entry.fault(why))
                    else:
                        self._planned.notes.append(f"{told}. Both will exist.")

    def _step(self, entry: Entry) -> Step:
        built_in = self._built_in(entry)
        reconciler = entry.kind.reconciler(self._planned, self._task.about(entry.options))
        try:
            step = self._planned_step(entry, reconciler)
            step.built_in = built_in
            return step
        except AirsExchangeError:
            raise  # what cannot be read concerns all
        except Exception as error:  # noqa: BLE001 - one odd object must not keep the others from what they need
            step = Step(entry, reconciler, Plan("none", entry.name))
            step.fail(error)
            return step

    def _built_in(self, entry: Entry) -> list[str]:
        """Let the built-in detection take the place of DLP profiles that the tenant lacks, if that is asked for."""
        if self._task.options.get("missing_dlp_profiles") != "built_in" or not entry.is_wanted:
            return []
        named = {each.name for each in self._references(entry) if each.resource is DLP_PROFILE}
        found = with_built_in(entry, {name for name in named if self._planned.find(DLP_PROFILE, name) is None})
        if found:
            # A list that did not come proves nothing.
            self._planned.require_certain(DLP_PROFILE)
            self._planned.notes.append(
                f"Security profile '{entry.name}': the built-in detection of sensitive data is used instead of missing "
                f"DLP profiles: {some(found)}."
            )
        return found

    def _planned_step(self, entry: Entry, reconciler: Reconciler) -> Step:
        references = self._references(entry) if entry.is_wanted else []
        faults = [fault for reference in references for fault in self._unknown(entry, reference)]
        waits_for = self._faulty_need(entry, references) if not faults else None
        if not faults and not waits_for:
            try:
                plan = reconciler.planned()
                reconciler.record_planned(plan)
                return Step(entry, reconciler, plan)
            except AirsInputError as error:
                faults = [entry.fault(error.why if isinstance(error, AirsRefusal) else error.message)]
        self.faults += faults
        reason = "; ".join(fault.message for fault in faults) or f"{waits_for} has an error"
        return Step(entry, reconciler, Plan("none", entry.name), error=reason)

    def _references(self, entry: Entry) -> list[Reference]:
        """Return the names in an entry that have to stand for something."""
        found = entry.kind.reconciler.references(entry.options)
        if not found:
            return []
        # An object that is there already need not find what only its creation refers to, and keeps what it holds,
        # unless that is to go.
        row = self._planned.current(entry.kind.resource).find(entry.name)
        if row is None:
            return found
        kept = {_key(named) for named in entry.kind.reconciler.keeps(row)}
        keys = [_key((each.resource, each.name)) for each in found]
        return [
            each
            for each, key in zip(found, keys, strict=True)
            if key in self._doomed or not (each.for_creation or key in kept)
        ]

    def _unknown(self, entry: Entry, reference: Reference) -> Iterator[Fault]:
        """Yield a fault for a name that stands for nothing, or for what is to go."""
        resource, name = reference.resource, reference.name
        key = _key((resource, name))
        if key in self._doomed:
            yield entry.fault(f"{resource.title(name)} cannot be used because {self._doomed[key]}", reference.place)
            return
        others: Collection[str] = self._config.names(resource.plural) if resource.plural in KINDS else ()
        if resource is entry.kind.resource:
            others = ()  # it does not make itself
        made = self._makers.get(resource.plural, {})
        if name in others or name in made or self._planned.find(resource, name) is not None:
            return
        # Finding what a name may have meant takes a while where there are many.
        looked_up = len(self.faults) < _MOST_SUGGESTIONS
        meant = did_you_mean(self._planned.current(resource).near(name, (*others, *made)) if looked_up else [])
        where = "in the configuration or on the tenant" if resource.plural in KINDS else "on the tenant"
        message = reference.missing or f"no such {resource.label} {where}"
        yield entry.fault(f"{message}: '{name}'{'; ' * bool(meant)}{meant}", reference.place)

    def _faulty_need(self, entry: Entry, references: Iterable[Reference]) -> str | None:
        """Return what an entry needs that the configuration has with a fault: one message about it is enough."""
        for reference in references:
            if self._planned.find(reference.resource, reference.name) is None:
                maker = self._makers.get(reference.resource.plural, {}).get(reference.name)
                return reference.resource.title(reference.name) if maker is None else maker.title
        return None

    def _taken_along(self, steps: Iterable[Step]) -> list[Step]:
        """Return a step for everything that a deletion takes along: it is counted, protected and told like any other.

        What is to stay stands against the plan.
        """
        found: list[Step] = []
        for step in steps:
            if step.plan.before is None or not step.deletes:
                continue
            for each in step.entry.kind.reconciler.takes_along(step.plan.before, self._planned):
                kind = KINDS[each.resource.plural]
                asked_for = _key((each.resource, each.name)) in self._wanted
                there = self._planned.current(each.resource).newest(each.name)
                stays = self._stays(each.name) if step.purged else is_protected(each.name, self._protect)
                guarded = there is not None and stays
                if asked_for or guarded or each.guard == "always" or (each.guard == "purge" and step.purged):
                    title = each.resource.title(each.name)
                    told = f"{title} must not be deleted"
                    if guarded and not asked_for:
                        named = is_protected(each.name, self._protect)
                        told = f"{called('protect')} contains {title}" if named else f"{title} does not have the prefix"
                    why = f"deleting {step.title} {each.why}, but {told}: delete both or neither"
                    self.faults.append(step.entry.fault(why))
                    break
                if there is not None:
                    found.append(self._taken(kind, each.name, step))
        return found

    def _taken(self, kind: Kind, name: str, by: Step) -> Step:
        """Return the step of an object that another deletion takes along."""
        options, _secrets, _faults = validate(kind.options, {"name": name, "state": "absent"}, kind.module.constraints)
        options |= dict.fromkeys(kind.reconciler.tenant_options)
        entry = Entry(kind, f"deleted together with {by.title}", options)
        reconciler = kind.reconciler(self._planned, self._task.about(options))
        plan = reconciler.plan()
        reconciler.record_planned(plan)
        return Step(entry, reconciler, plan, purged=by.purged, taken_by=by)


#: What tells an object from all others: the plural of its kind, and its name.
_Key = tuple[str, str]


def _key(named: Named) -> _Key:
    resource, name = named
    return resource.plural, name


def _makes(step: Step) -> Iterable[Named]:
    """Return what comes into being with an object."""
    kind = step.entry.kind
    return kind.reconciler.makes(kind.resource.body(step.entry.options))


def _link(steps: Iterable[Step]) -> None:
    """Tell every step what it needs: what it refers to must have been made, what refers to it must have let go."""
    changing = [step for step in steps if step.plan.changes]
    by_key = {_key((step.entry.kind.resource, step.entry.name)): step for step in changing}
    makers: dict[_Key, list[Step]] = {}
    holders: dict[_Key, list[Step]] = {}
    for step in changing:
        kind = step.entry.kind
        if step.plan.action == "create":
            for made in _makes(step):
                makers.setdefault(_key(made), []).append(step)
        if step.plan.before:
            for held in kind.reconciler.holds(step.plan.before):
                holders.setdefault(_key(held), []).append(step)
    for step in changing:
        own = _key((step.entry.kind.resource, step.entry.name))
        if step.deletes:
            step.needs = [step.taken_by] if step.taken_by else holders.get(own, [])
            continue
        keys = dict.fromkeys(
            _key((each.resource, each.name)) for each in step.entry.kind.reconciler.references(step.entry.options)
        )
        step.needs = [made for key in keys for made in makers.get(key, [])]
        step.needs += [by_key[key] for key in keys if key in by_key and key != own]


def other_tenant(session: Session, lists: Iterable[Listing], tsg_id: str) -> str | None:
    """Return the ID of another tenant that listed objects belong to, or None if there is none.

    Args:
        session: the tenant.
        lists: what was listed.
        tsg_id: the tenant that is meant.
    """
    ids: Iterator[Any] = (
        row.get("tsg_id") for listing in lists for row in session.snapshot(listing.resource, **listing.filters).rows()
    )
    return next((str(found) for found in ids if found and str(found) != tsg_id), None)
