# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects that a tenant's configuration may hold. A later kind is one line here."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, OptionSpecs
from .._engine.reconcile import Reconciler
from .._kinds.api_key import API_KEY_MODULE, ApiKeyReconciler
from .._kinds.custom_topic import CUSTOM_TOPIC_MODULE, CustomTopicReconciler
from .._kinds.customer_app import CUSTOMER_APP_MODULE, CustomerAppReconciler
from .._kinds.security_profile import SECURITY_PROFILE_MODULE, SecurityProfileReconciler
from .._service.resource import Resource


@dataclass(frozen=True)
class Kind:
    """A kind of object that a tenant's configuration may hold.

    Args:
        module: the module whose options its entries take.
        reconciler: makes and unmakes such objects, and knows all that is to be known of the kind.
    """

    module: ModuleSpec
    reconciler: type[Reconciler]

    @property
    def resource(self) -> Resource:
        """Its entry in the registry."""
        return self.reconciler.resource

    @property
    def plural(self) -> str:
        """Its key in the configuration."""
        return self.resource.plural

    @functools.cached_property
    def options(self) -> OptionSpecs:
        """The options of an entry: those of the module without those of the connection."""
        return {name: spec for name, spec in self.module.options.items() if name not in MANAGEMENT_OPTIONS}


#: In the order in which they are made: each refers to those before it. They are deleted in the reverse order.
KINDS: dict[str, Kind] = {
    kind.plural: kind
    for kind in (
        Kind(CUSTOM_TOPIC_MODULE, CustomTopicReconciler),
        Kind(SECURITY_PROFILE_MODULE, SecurityProfileReconciler),
        Kind(API_KEY_MODULE, ApiKeyReconciler),
        Kind(CUSTOMER_APP_MODULE, CustomerAppReconciler),
    )
}

KINDS_OPTION: dict[str, dict[str, Any]] = {
    "kinds": {"type": "list", "elements": "str", "choices": list(KINDS), "default": list(KINDS)}
}
