# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AI security profiles, which define the protections of applications.

An update never changes a profile in place: the service stores a new revision with a new ID and keeps the old one, which
continues to pin its topics (reported from live tenants). Therefore unnecessary writes are never sent, and deleting a
profile deletes every revision, starting with the latest.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .._common.errors import AirsConflictError
from .._common.wording import some
from .._engine.compare import canonical
from .._engine.info import info_module
from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, STATE_OPTION, Options
from .._engine.reconcile import (
    KNOWN_AFTER_APPLY,
    Named,
    Observation,
    Outcome,
    Plan,
    Reconciler,
    Reference,
    Rename,
    Weakening,
    write_handler,
)
from .._engine.session import Session
from .._policy import baseline, document, export
from .._policy.layout import Policy, pinned_topics
from .._policy.meaning import means_the_same
from .._policy.posture import is_any_on
from .._policy.protection import Names
from .._policy.strictness import weakened
from .._service import models
from .._service.model import request_faults
from .._service.resource import Row
from .registry import CUSTOM_TOPIC, DLP_PROFILE, SECURITY_PROFILE


class SecurityProfileReconciler(Reconciler):
    """Reconciles security profiles, by name; ids change with every update."""

    resource = SECURITY_PROFILE
    way_out = "Remove it from these policies, or set force: true."
    watched_as = "stale_topics"
    pinned = (CUSTOM_TOPIC,)
    tenant_options = ("on_weakening",)

    # --- what is to be known of the kind -----------------------------------------------------------------------------

    @classmethod
    def references(cls, options: Options) -> list[Reference]:
        """Return the topics and DLP profiles that the options name."""
        return [
            *(Reference(place, CUSTOM_TOPIC, name) for place, name in document.topic_references(options)),
            *(Reference(place, DLP_PROFILE, name) for place, name in document.dlp_profile_references(options)),
        ]

    @classmethod
    def renamed(cls, options: Options, name_of: Rename) -> dict[str, Any]:
        """Return the options with other names for the profile, its topics and its DLP profiles."""
        topic, dlp_profile = (functools.partial(name_of, other) for other in (CUSTOM_TOPIC, DLP_PROFILE))
        return {**super().renamed(options, name_of), **document.renamed(options, topic, dlp_profile)}

    @classmethod
    def keeps(cls, row: Row) -> list[Named]:
        """Return the topics and DLP profiles that a profile holds: it keeps them, whatever the tenant lists."""
        held = document.held_names(row.get("policy") or {})
        return [
            *((CUSTOM_TOPIC, name) for name in held.topics),
            *((DLP_PROFILE, name) for name in held.dlp_profiles),
        ]

    @classmethod
    def holds(cls, row: Row) -> list[Named]:
        """Return the topics that a profile pins: the service refuses to delete them."""
        return [(CUSTOM_TOPIC, pin.get("topic_name") or "") for pin in _pins(row)]

    @classmethod
    def exported(cls, session: Session, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Return profiles as options, with topics by the names that they have now."""
        topics = _topics_by_id(session)
        profiles = []
        stale, lost, partial = [], [], []
        for row in rows:
            name, policy = row[SECURITY_PROFILE.name_field], row.get("policy") or {}
            pins = [(pin, topics.get(pin.get("topic_id"))) for pin in _pins(row)]
            names = {pin.get("topic_id"): topic["topic_name"] for pin, topic in pins if topic}
            options, whole = export.exported(export.with_topic_names(policy, names))
            profiles.append({"name": name, **options})
            stale += [name] if any(topic and _identity(topic) != _identity(pin) for pin, topic in pins) else []
            lost += [name] if any(topic is None for _pin, topic in pins) else []
            partial += [] if whole else [name]
        for what, concerned in (
            ("Topics are pinned to old revisions, and applying this configuration pins the latest", stale),
            ("Deleted topics are pinned, which cannot be added to other profiles", lost),
            ("Parts of the policy are omitted because no option can represent them", partial),
        ):
            session.note_names(what, SECURITY_PROFILE, concerned)
        return profiles

    @classmethod
    def described(cls, session: Session) -> list[Row]:
        """Return the profiles with what they do, in the form of the options."""
        return [{**row, "does": document.as_options(row.get("policy") or {})} for row in super().described(session)]

    @classmethod
    def observe(cls, session: Session, options: Options) -> Iterator[Observation]:
        """Yield all profiles, with the topics of which their newest revision enforces an older one."""
        if not options["drift"]:
            return
        newest = {row[CUSTOM_TOPIC.id_field]: row.get("revision") for row in session.current(CUSTOM_TOPIC).rows()}
        profiles = session.current(SECURITY_PROFILE)
        for name in profiles.names():
            row = profiles.newest(name) or {}
            stale = {
                (str(pin.get("topic_name")), pin.get("revision"), newest.get(str(pin.get("topic_id"))))
                for pin in _pins(row)
                if pin.get("revision") != newest.get(str(pin.get("topic_id")))
            }
            found = tuple(sorted(stale, key=str))
            event = {
                "type": "drift",
                "state": "drifted" if found else "clean",
                "reason": "stale_topics",
                "kind": SECURITY_PROFILE.kind,
                "name": name,
                "topics": [dict(zip(("name", "pinned", "newest"), topic, strict=True)) for topic in found],
                "tsg_id": row.get("tsg_id"),
            }
            yield Observation(name, found, not found, event)

    @classmethod
    def state(cls, row: Row | None) -> Any:
        """Return what a plan depends on of a profile, its policy included."""
        return None if row is None else {"policy": canonical(row.get("policy")), **super().state(row)}

    @classmethod
    def below_baseline(cls, session: Session, required: Options, rows: Sequence[Row]) -> list[list[Weakening]]:
        """Return what each of some profiles does less than a baseline requires, the greatest gap first.

        Args:
            session: the tenant.
            required: options of the baseline.
            rows: the profiles, as they are or will be.
        """
        # What a baseline says of a topic is about the topic that has the name now.
        names = _topic_names(session) if document.topic_references(required) else {}
        policies = (export.with_topic_names(row.get("policy") or {}, names) for row in rows)
        return [baseline.below(required, policy) for policy in policies]

    # --- planning ----------------------------------------------------------------------------------------------------

    @classmethod
    def faults(cls, options: Options) -> list[str]:
        """Return what is wrong with the options as such."""
        keep = options["prune_revisions"]
        pruning = [f"prune_revisions must be at least 1, but is {keep}"] if keep is not None and keep < 1 else []
        # What cannot be read can be neither compared nor judged.
        policy = options.get("policy")
        unreadable = [f"policy.{fault}" for fault in request_faults(models.Policy, policy)] if policy else []
        return [*super().faults(options), *document.faults(options), *unreadable, *pruning]

    def plan_present(self, before: Row | None) -> Plan:
        """Return what has to be done, the revisions that are too old included.

        Raises:
            AirsInputError: the profile would protect less, which the task refuses.
        """
        plan = super().plan_present(before)
        self._judge(plan)
        keep = self.options["prune_revisions"]
        if before is not None and keep is not None:
            history = self.session.snapshot(self.resource, latest=False).revisions(self.name)
            # An update adds a revision, which counts.
            plan.leftovers = history[keep - (plan.action == "update") :]
        return plan

    def _judge(self, plan: Plan) -> None:
        """Say what the profile protects less than before, and what about it may be a mistake."""
        before, after = (None if row is None else row.get("policy") for row in (plan.before, plan.predicted))
        title, notes = f"Security profile '{self.name}'", self.session.notes
        if plan.action == "update":
            plan.weakened = weakened(*self._sides(plan))
        if plan.weakened:
            told = some([*map(str, plan.weakened)])
            if self.options.get("on_weakening") == "refuse":
                raise self.refusal(f"its protection would be weakened, and on_weakening is set to refuse: {told}.")
            if self.task.check_mode:
                notes.append(f"{title} would be weakened: {told}.")
        if not is_any_on(after or {}):
            notes.append(f"{title} has all protections turned off.")
        for odd in document.unfamiliar(before or {}, self.options):
            notes.append(f"{title}: {odd}{'' if odd.endswith('?') else '.'}")

    def desired(self, before: Row | None) -> Row:
        """Return the policy: the one that is held, with what the options manage replaced.

        Raises:
            AirsInputError: a name is unknown, or the profile's layout does not fit the options.
        """
        held = before.get("policy") if before else None
        self._refuse_other_layout(held or {})
        self._refuse_strangers(held or {})
        policy = document.desired_policy(held, self.options, self._names(before))
        unlisted = document.unlisted_dlp_profiles(policy, self.options)
        if unlisted:
            raise self.refusal(f"dlp_profiles contains {some(unlisted)}, which data_leak.profiles does not contain.")
        return {"policy": policy}

    def _refuse_strangers(self, held: Policy) -> None:
        """Refuse ids in the raw policy that mean nothing on this tenant and have no name beside them."""
        kinds = {"topic": CUSTOM_TOPIC, "dlp_profile": DLP_PROFILE}
        for place, kind, ids in document.nameless(self.options, held):
            rows = self.session.current(kinds[kind]).rows()
            if not any(value in row.values() for row in rows for value in ids):
                raise self.refusal(
                    f"{place} contains the ID {ids[0]!r}, and no {kinds[kind].label} of this tenant has this "
                    "ID. Specify its name, or remove it."
                )

    def _names(self, before: Row | None) -> Names:
        """Return what the names in the options stand for; what the profile holds need not be found."""
        held = document.held_names((before or {}).get("policy") or {})
        topics, dlp_profiles = dict(held.topics), dict(held.dlp_profiles)
        for each in self.references(self.options):
            if each.resource is DLP_PROFILE and each.name not in held.dlp_profiles:
                dlp_profiles[each.name] = self._resolve(each)
            elif each.resource is CUSTOM_TOPIC:
                row: Mapping[str, Any] | None = self.session.find(CUSTOM_TOPIC, each.name)
                if row is None or row.get(str(CUSTOM_TOPIC.revision_field)) is None:
                    # It is gone, or listed without what a profile needs of it.
                    row = held.topics.get(each.name) or self._resolve(each)
                topics[each.name] = row
        return Names(topics, dlp_profiles)

    def is_right(self, before: Row, body: Row) -> bool:
        """Tell whether the policies mean the same."""
        return means_the_same(before.get("policy"), body["policy"])

    def difference(self, plan: Plan) -> dict[str, Any]:
        """Return the diff in the form of the options, one entry per protection."""
        before, after = (None if row is None else row.get("policy") for row in (plan.before, plan.predicted))
        found = document.policy_difference(before, after)
        if plan.leftovers:
            found["before"]["old_revisions"] = [row.get("revision") for row in plan.leftovers]
        return found

    def shortfall(self, plan: Plan) -> list[Weakening]:
        """Return what the profile protects less than the options say; all that they say when it is missing."""
        before, after = self._sides(plan)
        return weakened(after, document.empty_policy() if plan.before is None else before)

    def surplus(self, plan: Plan) -> list[Weakening]:
        """Return what the profile protects more than the options say."""
        before, after = self._sides(plan)
        return weakened(before, after)

    @classmethod
    def repinned(cls, difference: Mapping[str, Any]) -> dict[str, Any]:
        """Return the newest revisions of topics, by name, when the profile only has older ones of them."""
        before, after = difference["before"], difference["after"]
        if [*before] != [document.PINS] or [*after] != [document.PINS]:
            return {}
        old, new = before[document.PINS], after[document.PINS]
        return {name: new[name] for name in new if new[name] != old[name]} if old.keys() == new.keys() else {}

    def _sides(self, plan: Plan) -> list[Any]:
        """Return the policies before and after a plan, with the names that their topics have now.

        One that was renamed is still what it was, and another that got its name is not.
        """
        rows = [row or {} for row in (plan.before, plan.predicted)]
        pinned = [[(pin.get("topic_id"), pin.get("topic_name")) for pin in _pins(row)] for row in rows]
        policies = [row.get("policy") for row in rows]
        if None in policies or all(pin in pinned[0] for pin in pinned[1]):
            return policies
        names = _topic_names(self.session)
        return [export.with_topic_names(policy, names) for policy in policies if policy is not None]

    def extra_results(self, plan: Plan) -> dict[str, Any]:
        """Return what gets weaker, and the numbers of the revisions that were deleted for being too old."""
        found: dict[str, Any] = {"weakened": [*map(asdict, plan.weakened)]}
        if self.options["prune_revisions"] is not None:
            found["pruned_revisions"] = [row.get("revision") for row in plan.leftovers]
        return found

    def blockers(self, error: AirsConflictError) -> str | None:
        """Name the policies that hold the profile."""
        names = {str(entry.get("policy_name")) for entry in self.holders(error)}
        return f"It is used by policies: {some(sorted(names), 20)}." if names else None

    def apply(self, plan: Plan) -> Outcome:
        """Do what a plan says, tell what gets weaker, then delete the revisions that are too old."""
        outcome = super().apply(plan)
        if plan.weakened:
            told = some([*map(str, plan.weakened)])
            self.session.notes.append(f"Security profile '{self.name}' was weakened: {told}.")
        self._delete_rows(plan.leftovers)
        return outcome

    def delete(self, before: Row) -> None:
        """Delete every revision, newest first: deleting only the newest would bring the one before back."""
        self._delete_rows(self.session.snapshot(self.resource, latest=False).revisions(self.name))

    def _delete_rows(self, rows: list[Row]) -> None:
        try:
            for row in rows:
                self.delete_row(row)
        except AirsConflictError as error:
            raise error.with_hint(self.conflict_advice(error) or error.hint or "") from None

    def remember(self, row: Row, replaces: Row | None = None) -> Row:
        """Take the answer of a write into what is known, the history of revisions included where it was read."""
        known = super().remember(row, replaces)
        current = self.session.current(self.resource)
        for snapshot in self.session.known(self.resource):
            if snapshot is not current:
                snapshot.put(known)
        return known

    def _resolve(self, reference: Reference) -> Row:
        """Return the row of a name. In check mode an earlier task may only have promised it."""
        resource, name = reference.resource, reference.name
        row = self.session.find(resource, name)
        if row is not None:
            if resource.revision_field and row.get(resource.revision_field) is None:
                raise self.refusal(f"the service does not provide the revision of {resource.title(name)}.")
            return row
        sentence = self.session.missing(resource, name)
        if not self.task.check_mode:
            raise self.refusal(sentence)
        self.session.notes.append(
            f"{sentence[:1].upper()}{sentence[1:]} In check mode, it is assumed that an earlier task would create it."
        )
        identity = {resource.id_field: KNOWN_AFTER_APPLY, resource.name_field: name}
        return {**identity, "revision": 1} if resource.revision_field else identity

    def _refuse_other_layout(self, held: Mapping[str, Any]) -> None:
        misfits = document.unmanageable_options(held, self.options)
        if misfits:
            raise self.refusal(
                f"it has separate protections for each direction, so {', '.join(misfits)} would not be "
                "enforced. Use directions instead."
            )


def _pins(row: Row) -> list[Mapping[str, Any]]:
    """Return the topics that a profile pins."""
    return [pin for _action, pins in pinned_topics(row.get("policy") or {}) for pin in pins]


def _topics_by_id(session: Session) -> dict[Any, Row]:
    """Return the newest row of every topic: some tenants list older ones as well."""
    rows = session.current(CUSTOM_TOPIC).rows()
    return {row.get("topic_id"): row for row in sorted(rows, key=lambda row: row.get("revision") or 0)}


def _topic_names(session: Session) -> dict[Any, str]:
    """Return the names that topics have now, by id."""
    names = {identifier: row["topic_name"] for identifier, row in _topics_by_id(session).items()}
    # What is yet to be made has no id that tells it from others.
    names.pop(KNOWN_AFTER_APPLY, None)
    return names


def _identity(topic: Mapping[str, Any]) -> tuple[Any, Any]:
    return topic.get("topic_name"), topic.get("revision")


def _described(row: Row) -> Row:
    """Return a profile with the options that make it."""
    return {**row, "options": export.exported(row.get("policy") or {})[0]}


SECURITY_PROFILE_MODULE = ModuleSpec(
    name="airs_security_profile",
    options={
        **MANAGEMENT_OPTIONS,
        **STATE_OPTION,
        **SECURITY_PROFILE.option_specs(),
        **document.option_specs(),
        "on_weakening": {"type": "str", "choices": ["report", "refuse"], "default": "report"},
        "prune_revisions": {"type": "int"},
        "force": {"type": "bool", "default": False},
    },
    handler=write_handler(SecurityProfileReconciler),
    repeating=("directions",),
)

SECURITY_PROFILE_INFO_MODULE = info_module(
    SECURITY_PROFILE,
    query={"latest": {"type": "bool", "default": True}},
    describer=lambda _options, _session: _described,
)
