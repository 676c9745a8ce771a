# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning a tenant: what has to be done about each object, in which order, and what stands against it.

Plans are made in the order of the kinds against what the tenant will hold by then: a profile that names a topic of the
same configuration is planned with the topic as it will be.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._common.errors import AirsInputError, AirsRefusal
from .._engine.reconcile import Plan, Reconciler, TaskOptions
from .._engine.session import Listing, Session
from .._kinds.registry import (
    API_KEY,
    CUSTOM_TOPIC,
    CUSTOMER_APP,
    DEPLOYMENT_PROFILE,
    DLP_PROFILE,
    SECURITY_PROFILE,
    Resource,
)
from .._policy import document
from .config import KINDS, Config, Entry, Fault

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
        needs: steps that must succeed first.
        error: why it failed, or was skipped.
        skipped: whether it was not tried.
        secret: the secret of a new key that is to be returned.
    """

    entry: Entry
    reconciler: Reconciler
    plan: Plan
    purged: bool = False
    needs: list[Step] = field(default_factory=list)
    error: str | None = None
    skipped: bool = False
    secret: str | None = None

    @property
    def title(self) -> str:
        """Kind and name, as sentences use them."""
        return self.entry.kind.resource.title(self.entry.name)

    @property
    def deletes(self) -> bool:
        """Whether the object goes."""
        return self.plan.action == "delete"


def listings(config: Config, purged: Iterable[str]) -> list[Listing]:
    """Return the lists that a configuration needs: one for each kind that it is about or refers to.

    Args:
        config: the configuration.
        purged: kinds of which everything else is to go.
    """
    counts = dict.fromkeys(KINDS, 0)
    for entry in config.entries:
        counts[entry.kind.plural] += 1
    wanted = [entry for entry in config.entries if entry.is_wanted]
    needed = {plural for plural, count in counts.items() if count} | set(purged)
    if any(document.topic_references(entry.options) for entry in wanted):
        needed.add(CUSTOM_TOPIC.plural)
    # A deleted key takes its application along, and a deleted application its keys.
    together = {API_KEY.plural, CUSTOMER_APP.plural}
    if needed & together and (purged or len(wanted) < len(config.entries)):
        needed |= together
    found = [
        Listing(kind.resource, kind.reconciler.list_filters, counts[plural])
        for plural, kind in KINDS.items()
        if plural in needed
    ]
    if any(entry.options.get("deployment_profile") for entry in wanted):
        found.append(Listing(DEPLOYMENT_PROFILE, {}))
    if any(document.dlp_profile_references(entry.options) for entry in wanted):
        found.append(Listing(DLP_PROFILE, {}))
    return found


class Planner:
    """Plans all objects of a configuration.

    Args:
        session: the tenant as it is.
        config: what it is to be.
        secret_paths: where the secrets of new keys go, by name; a key that is missing has its secret returned.
        check_mode: nothing may be changed.
        recovery_folder: where a secret goes that could not be stored.
    """

    def __init__(
        self,
        session: Session,
        config: Config,
        secret_paths: Mapping[str, str],
        *,
        check_mode: bool,
        recovery_folder: str,
    ) -> None:
        self._config = config
        self._foreseen = session.foreseen()
        self._secret_paths = secret_paths
        self._check_mode = check_mode
        self._recovery_folder = recovery_folder
        self._doomed: dict[str, str] = {}
        self._made = self._made_applications()
        #: What stands against the plan.
        self.faults: list[Fault] = []

    def purge(self, plurals: Iterable[str], protect: Iterable[str], force: bool) -> list[Entry]:
        """Return entries for what the tenant has and the configuration does not name.

        Args:
            plurals: kinds of which everything else is to go.
            protect: patterns of names that stay.
            force: whether it goes although others refer to it.
        """
        patterns = list(protect)

        def unnamed(plural: str) -> list[str]:
            kind, named = KINDS[plural], self._config.names(plural)
            names = self._foreseen.snapshot(kind.resource, **kind.reconciler.list_filters).names()
            return [
                name
                for name in names
                if name not in named and not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
            ]

        gone = {plural: unnamed(plural) for plural in KINDS if plural in plurals}
        if CUSTOMER_APP.plural in gone:
            used = self._applications_in_use(gone.get(API_KEY.plural, ()))
            gone[CUSTOMER_APP.plural] = [name for name in gone[CUSTOMER_APP.plural] if name not in used]
        entries = []
        for plural, names in gone.items():
            kind = KINDS[plural]
            validator = kind.validator()
            forced = {"force": True} if force and "force" in kind.module.options else {}
            for name in names:
                options = validator.validate({"name": name, "state": "absent", **forced}).validated_parameters
                entries.append(Entry(kind, f"purge of {plural}", options))
        return entries

    def _applications_in_use(self, purged_keys: Iterable[str]) -> set[str]:
        """Return the applications of all keys that will be there: they count as named."""
        entries = [entry for entry in self._config.entries if entry.kind.resource is API_KEY]
        gone = {*purged_keys, *(entry.name for entry in entries if not entry.is_wanted)}
        rows = self._foreseen.snapshot(API_KEY).rows()
        held = {str(row.get("cust_app")) for row in rows if row.get(API_KEY.name_field) not in gone}
        return held | self._made

    def _made_applications(self) -> set[str]:
        """Return the applications that come with the keys of the configuration."""
        return {
            str(entry.options.get("customer_app"))
            for entry in self._config.entries
            if entry.kind.resource is API_KEY and entry.is_wanted
        }

    def steps(self, purged: Iterable[Entry]) -> list[Step]:
        """Return a step for every entry and for all that is purged, in that order. See faults afterwards.

        Raises:
            AirsExchangeError: the service could not be read.
        """
        purged = list(purged)
        everything = [*self._config.entries, *purged]
        for entries, why in ((self._config.entries, "the config deletes it"), (purged, "purge deletes it")):
            topics = [entry.name for entry in entries if entry.kind.resource is CUSTOM_TOPIC and not entry.is_wanted]
            self._doomed.update(dict.fromkeys(topics, why))
        made: dict[int, Step] = {}
        for plural in KINDS:
            for entry in everything:
                if entry.kind.plural == plural:
                    made[id(entry)] = self._step(entry)
        for entry in purged:
            made[id(entry)].purged = True
        steps = [made[id(entry)] for entry in everything]
        _link(steps)
        self.faults += self._cascades(steps)
        return steps

    def _reconciler(self, entry: Entry) -> Reconciler:
        path = self._secret_paths.get(entry.name) if entry.kind.resource is API_KEY else None
        task = TaskOptions(entry.options, self._check_mode, self._recovery_folder, path)
        return entry.kind.reconciler(self._foreseen, task)

    def _step(self, entry: Entry) -> Step:
        reconciler = self._reconciler(entry)
        faults = list(self._unknown_names(entry)) if entry.is_wanted else []
        waits_for = self._faulty_need(entry) if entry.is_wanted and not faults else None
        if not faults and not waits_for:
            try:
                plan = reconciler.plan()
                reconciler.foresee(plan)
                return Step(entry, reconciler, plan)
            except AirsInputError as error:
                faults = [Fault(entry.path, error.why if isinstance(error, AirsRefusal) else error.message)]
        self.faults += faults
        reason = "; ".join(fault.message for fault in faults) or f"{waits_for} has an error"
        return Step(entry, reconciler, Plan("none", entry.name), error=reason)

    def _faulty_need(self, entry: Entry) -> str | None:
        """Return what an entry needs that the configuration has with a fault: one message about it is enough."""
        if entry.kind.resource is CUSTOMER_APP and self._foreseen.snapshot(CUSTOMER_APP).find(entry.name) is None:
            return "its API key"
        names = (name for _place, name in document.topic_references(entry.options))
        missing = (name for name in names if self._foreseen.snapshot(CUSTOM_TOPIC).find(name) is None)
        return next((CUSTOM_TOPIC.title(name) for name in missing), None)

    def _unknown_names(self, entry: Entry) -> Iterator[Fault]:
        """Yield a fault for every name in an entry that stands for nothing."""
        topics = self._config.names(CUSTOM_TOPIC.plural)
        for place, name in document.topic_references(entry.options):
            path = f"{entry.path}.{place}"
            if name in self._doomed:
                yield Fault(path, f"{CUSTOM_TOPIC.title(name)} cannot be used: {self._doomed[name]}")
            elif name not in topics:
                message = "no such topic in the config or on the tenant"
                yield from self._unknown(path, CUSTOM_TOPIC, name, message, also=topics)
        for place, name in document.dlp_profile_references(entry.options):
            yield from self._unknown(f"{entry.path}.{place}", DLP_PROFILE, name, "no such DLP profile on the tenant")
        if entry.kind.resource is CUSTOMER_APP and entry.name not in self._made:
            yield from self._unknown(
                f"{entry.path}.name",
                CUSTOMER_APP,
                entry.name,
                "no such application on the tenant, and no API key in the config that makes it",
                also=self._made,
            )
        profile = entry.options.get("deployment_profile")
        # A key that is there already need not find the profile that it was made with.
        if profile and self._foreseen.snapshot(API_KEY).find(entry.name) is None:
            try:
                self._foreseen.deployment_profile(profile)
            except AirsInputError as error:
                yield Fault(f"{entry.path}.deployment_profile", error.message)

    def _unknown(
        self, path: str, resource: Resource, name: str, message: str, also: Collection[str] = ()
    ) -> Iterator[Fault]:
        """Yield a fault when a name is neither on the tenant nor one of the others."""
        snapshot = self._foreseen.snapshot(resource)
        if snapshot.find(name) is not None:
            return
        near = snapshot.near(name, also) if len(self.faults) < _MOST_SUGGESTIONS else []
        meant = f"; did you mean {' or '.join(repr(match) for match in near)}?" if near else ""
        yield Fault(path, f"{message}: '{name}'{meant}")

    def _cascades(self, steps: list[Step]) -> Iterator[Fault]:
        """Yield a fault for every deletion that would take along what is to stay."""
        gone = [
            (step, step.plan.before)
            for step in steps
            if step.plan.before and step.deletes and step.entry.kind.resource in (API_KEY, CUSTOMER_APP)
        ]
        if not gone:
            return
        kept_keys: dict[str, list[str]] = {}
        for row in self._foreseen.snapshot(API_KEY).rows():
            kept_keys.setdefault(row.get("cust_app") or "", []).append(row.get(API_KEY.name_field) or "")
        wanted = {entry.kind.resource.title(entry.name) for entry in self._config.entries if entry.is_wanted}
        for step, before in gone:
            if step.entry.kind.resource is API_KEY:
                application = before.get("cust_app") or ""
                stays = [API_KEY.title(name) for name in kept_keys.get(application, [])]
                stays += [CUSTOMER_APP.title(application)] * (CUSTOMER_APP.title(application) in wanted)
                # Whether an application stays when it has other keys is not known, so nothing is risked.
                why = f"would delete its application '{application}' too"
            else:
                stays = [API_KEY.title(name) for name in kept_keys.get(step.entry.name, [])]
                if not step.purged:
                    # The entry says so: the keys that nobody wants go with it, as with the module.
                    stays = [title for title in stays if title in wanted]
                why = "would delete its API keys too"
            if stays:
                yield Fault(
                    step.entry.path,
                    f"deleting {step.title} {why}, and {stays[0]} is to stay: delete both or neither",
                )


def _link(steps: Iterable[Step]) -> None:
    """Tell every step what it needs: what it refers to must have been made, what refers to it must have let go."""
    changing = [step for step in steps if step.plan.changes]
    topics = _by_name(changing, CUSTOM_TOPIC)
    keys = [step for step in changing if step.entry.kind.resource is API_KEY and step.plan.action == "create"]
    makers: dict[str, list[Step]] = {}
    for step in keys:
        makers.setdefault(step.entry.options["customer_app"], []).append(step)
    pinning: dict[str, list[Step]] = {}
    for step in changing:
        if step.entry.kind.resource is SECURITY_PROFILE and step.plan.before:
            for _action, pins in document.pinned_topics(step.plan.before.get("policy") or {}):
                for pin in pins:
                    pinning.setdefault(pin.get("topic_name") or "", []).append(step)
    for step in changing:
        resource = step.entry.kind.resource
        if step.deletes:
            step.needs = pinning.get(step.entry.name, []) if resource is CUSTOM_TOPIC else []
        elif resource is SECURITY_PROFILE:
            names = dict.fromkeys(name for _place, name in document.topic_references(step.entry.options))
            step.needs = [topics[name] for name in names if name in topics]
        elif resource is CUSTOMER_APP:
            step.needs = makers.get(step.entry.name, [])


def _by_name(steps: Iterable[Step], resource: Resource) -> dict[str, Step]:
    return {step.entry.name: step for step in steps if step.entry.kind.resource is resource}


def other_tenant(session: Session, lists: Iterable[Listing], tsg_id: str) -> str | None:
    """Return the id of another tenant that listed objects belong to, or None when all is as it should be.

    Args:
        session: the tenant.
        lists: what was listed.
        tsg_id: the tenant that is meant.
    """
    ids: Iterator[Any] = (
        row.get("tsg_id") for listing in lists for row in session.snapshot(listing.resource, **listing.filters).rows()
    )
    return next((str(found) for found in ids if found and str(found) != tsg_id), None)
