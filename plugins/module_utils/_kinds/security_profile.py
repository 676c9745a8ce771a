# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AI security profiles: which protections an application has.

An update never changes a profile in place: the service stores a new revision under a new id and keeps the old one,
which goes on pinning its topics (reported from live tenants). So a needless write is never sent, and absent removes
every revision, newest first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .._common.errors import AirsConflictError
from .._engine.compare import same
from .._engine.options import MANAGEMENT_OPTIONS, STATE_OPTION, ModuleSpec
from .._engine.reconcile import KNOWN_AFTER_APPLY, Outcome, Plan, Reconciler, Row
from .._engine.run import write_handler
from .._engine.session import unknown_name
from .._policy import document
from .._policy.protections import Names
from .registry import CUSTOM_TOPIC, DLP_PROFILE, SECURITY_PROFILE, Resource


class SecurityProfileReconciler(Reconciler):
    """Reconciles security profiles, by name; ids change with every update."""

    resource = SECURITY_PROFILE
    # Said explicitly: what the service does when it is left out is disputed.
    list_filters: Mapping[str, Any] = MappingProxyType({"latest": True})

    @classmethod
    def faults(cls, options: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with the options as such."""
        keep = options["prune_revisions"]
        pruning = [f"prune_revisions is {keep}, at least 1 must be kept"] if keep is not None and keep < 1 else []
        return [*super().faults(options), *document.faults(options), *pruning]

    def plan_present(self, before: Row | None) -> Plan:
        """Return what has to be done, the revisions that are too old included."""
        plan = super().plan_present(before)
        keep = self.options["prune_revisions"]
        if before is not None and keep is not None:
            history = self.session.snapshot(self.resource, latest=False).revisions(self.name)
            # An update adds a revision, which counts.
            plan.leftovers = history[keep - (plan.action == "update") :]
        return plan

    def desired(self, before: Row | None) -> Row:
        """Return the policy: the one that is held, with what the options manage replaced.

        Raises:
            AirsInputError: a name is unknown, or the profile's layout does not fit the options.
        """
        held = before.get("policy") if before else None
        self._refuse_other_layout(held or {})
        names = Names(
            topics={
                name: self._resolve(CUSTOM_TOPIC, name) for _place, name in document.topic_references(self.options)
            },
            dlp_profiles={
                name: self._resolve(DLP_PROFILE, name) for _place, name in document.dlp_profile_references(self.options)
            },
        )
        return {"policy": document.desired_policy(held, self.options, names)}

    def is_right(self, before: Row, body: Row) -> bool:
        """Tell whether the policies mean the same."""
        return same(before.get("policy"), body["policy"])

    def difference(self, plan: Plan) -> dict[str, Any]:
        """Return the diff in the form of the options, one entry per protection."""
        before, after = (None if row is None else row.get("policy") for row in (plan.before, plan.predicted))
        found = document.policy_difference(before, after)
        if plan.leftovers:
            found["before"]["old_revisions"] = [row.get("revision") for row in plan.leftovers]
        return found

    def extra_results(self, plan: Plan) -> dict[str, Any]:
        """Return the numbers of the revisions that were deleted for being too old."""
        if self.options["prune_revisions"] is None:
            return {}
        return {"pruned_revisions": [row.get("revision") for row in plan.leftovers]}

    def conflict_advice(self, error: AirsConflictError) -> str | None:
        """Name the policies that hold the profile."""
        entries = error.payload.get("payload") if isinstance(error.payload, Mapping) else None
        holders = sorted({str(entry.get("policy_name")) for entry in entries or []})
        if not holders:
            return None
        return f"It is used by policies: {', '.join(holders)}. Take it out of them, or set force: true."

    def apply(self, plan: Plan) -> Outcome:
        """Do what a plan says, then delete the revisions that are too old."""
        outcome = super().apply(plan)
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
        current = self.session.snapshot(self.resource, **self.list_filters)
        for snapshot in self.session.known(self.resource):
            if snapshot is not current:
                snapshot.put(known)
        return known

    def _resolve(self, resource: Resource, name: str) -> Mapping[str, Any]:
        """Return the row of a name. In check mode an earlier task may only have promised it."""
        snapshot = self.session.snapshot(resource)
        row = snapshot.find(name)
        if row is not None:
            return row
        sentence = unknown_name(resource, name, snapshot)
        if not self.check_mode:
            raise self.refusal(sentence)
        self.session.notes.append(
            f"{sentence[:1].upper()}{sentence[1:]} In check mode it is taken for one that an earlier task would create."
        )
        identity = {resource.id_field: KNOWN_AFTER_APPLY, resource.name_field: name}
        return {**identity, "revision": 1} if resource.revision_field else identity

    def _refuse_other_layout(self, held: Mapping[str, Any]) -> None:
        misfits = document.unmanageable_options(held, self.options)
        if misfits:
            raise self.refusal(
                f"it has protections for each direction, where {', '.join(misfits)} would not be enforced. "
                "Give them under directions."
            )


SECURITY_PROFILE_MODULE = ModuleSpec(
    name="airs_security_profile",
    options={
        **MANAGEMENT_OPTIONS,
        **STATE_OPTION,
        **SECURITY_PROFILE.option_specs(),
        **document.option_specs(),
        "prune_revisions": {"type": "int"},
        "force": {"type": "bool", "default": False},
    },
    handler=write_handler(SecurityProfileReconciler),
)
