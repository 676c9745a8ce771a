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

from . import _policy
from ._argspec import MANAGEMENT_OPTIONS, STATE_OPTION, ModuleSpec
from ._compare import same
from ._errors import AirsConflictError
from ._reconcile import KNOWN_AFTER_APPLY, Plan, Reconciler, Row
from ._resources import CUSTOM_TOPIC, DLP_PROFILE, SECURITY_PROFILE, Resource
from ._run import write_handler
from ._session import unknown_name


class SecurityProfileReconciler(Reconciler):
    """Reconciles security profiles, by name; ids change with every update."""

    resource = SECURITY_PROFILE
    # Said explicitly: what the service does when it is left out is disputed.
    list_filters: Mapping[str, Any] = MappingProxyType({"latest": True})

    def faults(self) -> list[str]:
        """Return what is wrong with the options as such."""
        return [*super().faults(), *_policy.faults(self.options)]

    def desired(self, before: Row | None) -> Row:
        """Return the policy: the one that is held, with what the options manage replaced.

        Raises:
            AirsInputError: a name is unknown, or the profile's layout does not fit the options.
        """
        held = before.get("policy") if before else None
        self._refuse_other_layout(held or {})
        names = _policy.Names(
            topics={name: self._resolve(CUSTOM_TOPIC, name) for name in _policy.topic_names(self.options)},
            dlp_profiles={name: self._resolve(DLP_PROFILE, name) for name in _policy.dlp_profile_names(self.options)},
        )
        return {"policy": _policy.desired_policy(held, self.options, names)}

    def is_right(self, before: Row, body: Row) -> bool:
        """Tell whether the policies mean the same."""
        return same(before.get("policy"), body["policy"])

    def difference(self, plan: Plan) -> dict[str, Any]:
        """Return the diff in the form of the options, one entry per protection."""
        before, after = (None if row is None else row.get("policy") for row in (plan.before, plan.predicted))
        return _policy.policy_difference(before, after)

    def conflict_advice(self, error: AirsConflictError) -> str | None:
        """Name the policies that hold the profile."""
        entries = error.payload.get("payload") if isinstance(error.payload, Mapping) else None
        holders = sorted({str(entry.get("policy_name")) for entry in entries or []})
        if not holders:
            return None
        return f"It is used by policies: {', '.join(holders)}. Take it out of them, or set force: true."

    def delete(self, before: Row) -> None:
        """Delete every revision, newest first: deleting only the newest would bring the one before back."""
        client = self.session.client
        history = self.session.snapshot(self.resource, latest=False)
        for row in history.revisions(self.name):
            client.delete(self.resource, row, force=bool(self.options.get("force")))
        self.session.forget(self.resource)

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
        misfits = _policy.unmanageable_options(held, self.options)
        if misfits:
            raise self.refusal(
                f"its protections are per direction (content-type-mode), where {', '.join(misfits)} would not be "
                "enforced. Use the option policy."
            )


SECURITY_PROFILE_MODULE = ModuleSpec(
    name="airs_security_profile",
    options={
        **MANAGEMENT_OPTIONS,
        **STATE_OPTION,
        **SECURITY_PROFILE.option_specs(),
        **_policy.option_specs(),
        "force": {"type": "bool", "default": False},
    },
    handler=write_handler(SecurityProfileReconciler),
)
