# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reconcile an object: create a plan from the options and the state of the service, and apply it.

Reconciler does this for a regular kind of the registry. A kind with special behavior derives from it and overrides a
method or two: desired() if the body is not just the fields, difference() for a more readable diff, create() or update()
if a write requires more than one request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .._common.errors import AirsConflictError, AirsExchangeError, AirsInputError, AirsNotFoundError, AirsRefusal
from .._service.resource import Resource, Row, stripped
from .compare import canonical, difference, same
from .module import CENSORED
from .options import Options
from .reporting import Held, Section
from .session import Listing, Session
from .task import Task

#: Ids that the service gives only when it does the work (shown by predictions).
KNOWN_AFTER_APPLY = "(known after apply)"

Action = Literal["none", "create", "update", "delete"]

#: An object as others name it: its kind and its name.
Named = tuple[Resource, str]
#: Returns the name that takes the place of that of an object.
Rename = Callable[[Resource, str], str]


@dataclass(frozen=True)
class Reference:
    """A name in the options of an object that stands for another object.

    Args:
        place: where the options have it, such as "topics.block[1]".
        resource: the kind of the other object.
        name: its name.
        for_creation: whether it only counts when the object is created.
        missing: what to say when there is no such object; "" for what holds for any kind.
    """

    place: str
    resource: Resource
    name: str
    for_creation: bool = False
    missing: str = ""


@dataclass(frozen=True)
class Collateral:
    """An object that a deletion takes along.

    Args:
        resource: its kind.
        name: its name.
        guard: when the deletion is refused for its sake: when it is asked for ("wanted"), also when nobody asked for
            the deletion itself ("purge"), or always.
        why: what the deletion would do, to follow "deleting it".
    """

    resource: Resource
    name: str
    guard: Literal["wanted", "purge", "always"]
    why: str


@dataclass(frozen=True)
class Observation:
    """What a look at the tenant saw of one object.

    Args:
        subject: what tells the object from others that are watched.
        state: what a change of is an event.
        normal: whether there is nothing to report.
        event: the event, should it be one.
    """

    subject: Hashable
    state: Hashable
    normal: bool
    event: dict[str, Any]


#: Says more about a row than the service does, or None to leave it out; made once for all rows.
Describe = Callable[[Row], "Row | None"]


@dataclass(frozen=True)
class Weakening:
    """A part of a protection that does less than it did.

    Args:
        protection: the option, and the part of it.
        before: what it did: block, alert, allow, on, off, or an action that nobody knows as it is.
        after: what it does.
    """

    protection: str
    before: str
    after: str

    def __str__(self) -> str:
        """Return it as diffs and sentences have it."""
        return f"{self.protection}: {self.before} -> {self.after}"


@dataclass
class Plan:
    """What has to be done about one object.

    Args:
        action: what to do.
        name: name of the object.
        before: the object as the service holds it, or None.
        body: what to send for create and update.
        predicted: the object as it will be, or None for an absent one.
        leftovers: old revisions to be deleted besides.
        weakened: what it takes away of protections.
        adopted: whether the object was there when it was to be created (409), as it was to be. This run may have
            created it, or another.
    """

    action: Action
    name: str
    before: Row | None = None
    body: Row = field(default_factory=dict)
    predicted: Row | None = None
    leftovers: list[Row] = field(default_factory=list)
    weakened: list[Weakening] = field(default_factory=list)
    adopted: bool = False

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return self.action != "none" or bool(self.leftovers)

    def become(self, other: Plan) -> None:
        """Take over another plan, which was made because this one was overtaken: whoever has this one tells of it."""
        vars(self).update(vars(other))


@dataclass
class Outcome:
    """What came of a plan.

    Args:
        row: the object as the service holds it now, or None.
        secret: a secret that the service made, or None.
    """

    row: Row | None
    secret: str | None = None


class Reconciler:
    """Reconciles objects of one kind.

    Args:
        session: client and snapshots.
        task: what is wanted; its options are those of one object.
    """

    resource: Resource
    #: What results call an update.
    update_action = "update"
    #: Whether what somebody else has made just as it is wanted, while we were about to, counts as made.
    adopts = True
    #: Whether only what was planned may be done, for somebody has approved it.
    exact = False
    #: What a watch calls its look at this kind; "" for a kind that nobody watches.
    watched_as = ""
    #: What to do about a deletion that others block, a whole sentence.
    way_out = ""
    #: Options of a whole tenant that its entries of this kind take over.
    tenant_options: tuple[str, ...] = ()
    #: Kinds that deletions of this one take along, or that keep its objects in use.
    entangled: tuple[Resource, ...] = ()
    #: Kinds whose ids the rows of this one hold.
    pinned: tuple[Resource, ...] = ()
    #: Further lists that described() reads.
    described_by: tuple[Listing, ...] = ()

    def __init__(self, session: Session, task: Task) -> None:
        self.session = session
        self.task = task
        self.options = task.options
        #: What an error says that cannot be done, until more is known.
        self._attempt = "manage"

    # --- what is to be known of the kind -----------------------------------------------------------------------------

    @classmethod
    def references(cls, options: Options) -> list[Reference]:
        """Return the names in the options that stand for other objects."""
        return []

    @classmethod
    def renamed(cls, options: Options, name_of: Rename) -> dict[str, Any]:
        """Return the options with other names: that of the object, and those that stand for others.

        Args:
            options: the options; they are not changed.
            name_of: gives the names.
        """
        return {**options, "name": name_of(cls.resource, str(options["name"]))}

    @classmethod
    def keeps(cls, row: Row) -> list[Named]:
        """Return what an object holds, so that a reference to it need not be found.

        Args:
            row: the object as the service holds it.
        """
        return []

    @classmethod
    def makes(cls, fields: Mapping[str, Any]) -> list[Named]:
        """Return the objects that come into being with one of this kind.

        Args:
            fields: the object in the API's terms: a row, or what the options say.
        """
        return []

    @classmethod
    def used_by(cls, row: Row) -> list[Named]:
        """Return the objects that keep this one in use as long as they are there, as its own row names them."""
        return []

    @classmethod
    def holds(cls, row: Row) -> list[Named]:
        """Return the objects that cannot be deleted as long as this one refers to them."""
        return []

    @classmethod
    def takes_along(cls, row: Row, session: Session) -> list[Collateral]:
        """Return the objects that the deletion of one takes along.

        Args:
            row: the object.
            session: what the tenant will hold.
        """
        return []

    @classmethod
    def exported(cls, session: Session, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Return objects as the options that make them of whatever they are applied to. What is not said is noted.

        Args:
            session: the tenant.
            rows: the objects, by name.
        """
        return [_fields_as_options(cls.resource, row) for row in rows]

    @classmethod
    def described(cls, session: Session) -> list[Row]:
        """Return the current objects, with what there is to say of them beyond what the service says."""
        return session.current(cls.resource).rows()

    @classmethod
    def reported(cls, held: Held) -> Section:
        """Return what a report says of the kind, besides what drifted and what nobody named."""
        return Section()

    @classmethod
    def observe(cls, session: Session, options: Options) -> Iterator[Observation]:
        """Yield what is to be watched of each object of the kind.

        Args:
            session: the tenant.
            options: those of the watch.
        """
        return iter(())

    @classmethod
    def state(cls, row: Row | None) -> Any:
        """Return what a plan depends on of an object as the service holds it, without what the service moves itself.

        Args:
            row: the object, or None.
        """
        if row is None:
            return None
        resource = cls.resource
        names = [field.name for field in resource.fields if not field.secret]
        names += [name for name in (resource.id_field, resource.revision_field, resource.superseded_field) if name]
        return canonical({name: row.get(name) for name in names})

    # --- hooks -------------------------------------------------------------------------------------------------------

    @classmethod
    def place(cls, options: Options) -> str | None:
        """Return the file that is to have the secret of an object; None when it has none, or no place for it."""
        return None

    def to_store(self) -> Row | None:
        """Return whose secret others may store, should one be made; None where there is none for them."""
        return None

    @classmethod
    def faults(cls, options: Options) -> list[str]:
        """Return what is wrong with the options as such; checked before any call."""
        return cls.resource.faults(options)

    def desired(self, before: Row | None) -> Row:
        """Return the whole body to be written, without name and signature.

        Args:
            before: the object as the service holds it, or None.

        Raises:
            AirsInputError: the object cannot become what is asked for.
        """
        held = {field.name: before.get(field.name) for field in self.resource.fields} if before else {}
        return {**held, **self.resource.body(self.options)}

    def is_right(self, before: Row, body: Row) -> bool:
        """Tell whether the service already holds what the body says; white space around texts does not count."""
        return all(same({key: stripped(before.get(key))}, {key: stripped(value)}) for key, value in body.items())

    def difference(self, plan: Plan) -> dict[str, Any]:
        """Return the diff of a plan: writable fields only, by the options that set them, no secrets."""
        fields = [field for field in self.resource.fields if not field.secret]
        before, after = (
            row and {field.option: row[field.name] for field in fields if row.get(field.name) is not None}
            for row in (plan.before, plan.predicted)
        )
        return difference(before, after)

    def diff(self, plan: Plan) -> dict[str, Any]:
        """Return the diff of a plan as results have it, what it takes away of protections first."""
        found = self.difference(plan)
        if plan.weakened:
            found["after"] = {"weakened": [*map(str, plan.weakened)], **found["after"]}
        title = self.resource.title(plan.name)
        return {**found, "before_header": title, "after_header": title}

    def shortfall(self, plan: Plan) -> list[Weakening]:
        """Return what the object protects less, as the service holds it, than a plan would have it."""
        return []

    def surplus(self, plan: Plan) -> list[Weakening]:
        """Return what a plan would make the object protect less than it does, as the service holds it."""
        return []

    @classmethod
    def repinned(cls, difference: Mapping[str, Any]) -> dict[str, Any]:
        """Return the new revisions that an object is pinned to, by name, if nothing else about it differs.

        Args:
            difference: what differs, as difference() returns it.
        """
        return {}

    @staticmethod
    def holders(error: AirsConflictError) -> list[Mapping[str, Any]]:
        """Return what the service says of the objects that block a deletion, as far as it can be read."""
        entries = error.payload.get("payload") if isinstance(error.payload, Mapping) else None
        return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []

    def blockers(self, error: AirsConflictError) -> str | None:
        """Return the sentence that names what blocks a deletion, or None when the service does not tell."""
        return None

    def conflict_advice(self, error: AirsConflictError) -> str | None:
        """Return what to do about a deletion that others block."""
        blockers = self.blockers(error)
        return f"{blockers} {self.way_out}" if blockers else None

    def extra_results(self, plan: Plan) -> dict[str, Any]:
        """Return what the result says besides the object."""
        return {}

    # --- planning ----------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Name of the object."""
        return str(self.options["name"])

    def current(self) -> Row | None:
        """Return the object as the service holds it, or None."""
        return self.session.current(self.resource).find(self.name)

    def plan(self) -> Plan:
        """Return what has to be done.

        Raises:
            AirsInputError: the options cannot be fulfilled; nothing has been changed.
            AirsExchangeError: the service could not be read.
        """
        self._refuse(self.faults(self.options))
        return self.planned()

    def planned(self) -> Plan:
        """Return what has to be done for options that have no faults as such; raises what plan() raises."""
        before = self.current()
        if self.options.get("state") == "absent":
            self._attempt = "delete"
            return Plan("delete" if before else "none", self.name, before)
        return self.plan_present(before)

    def plan_present(self, before: Row | None) -> Plan:
        """Return what has to be done for the object to be there as asked for."""
        self._attempt = "update" if before else "create"
        if before is None:
            missing = [
                field.option
                for field in self.resource.fields
                if field.required and self.options.get(field.option) is None
            ]
            self._refuse(
                [f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} required when creating"]
                if missing
                else []
            )
        body = self.desired(before)
        if before is not None and self.is_right(before, body):
            return Plan("none", self.name, before, body, before)
        return Plan("create" if before is None else "update", self.name, before, body, self._predict(before, body))

    def _predict(self, before: Row | None, body: Row) -> Row:
        fresh: Row = {self.resource.id_field: KNOWN_AFTER_APPLY, self.resource.name_field: self.name}
        revision = self.resource.revision_field
        if revision:
            fresh[revision] = 1
        predicted = {**(before or fresh), **body}
        if before and revision and isinstance(before.get(revision), int):
            predicted[revision] = before[revision] + 1
        return predicted

    def _refuse(self, faults: list[str]) -> None:
        if faults:
            raise self.refusal(f"{'; '.join(faults)}.")

    def refusal(self, why: str) -> AirsInputError:
        """Return the error that says why nothing was done.

        Args:
            why: one or more sentences; the first without a capital.
        """
        return AirsRefusal(f"{self._attempt} {self.resource.title(self.name)}", why)

    # --- doing -------------------------------------------------------------------------------------------------------

    def apply(self, plan: Plan) -> Outcome:
        """Apply a plan. If the service has changed in the meantime (404, 409), the plan is created again, once.

        Raises:
            AirsExchangeError: the service refused or cannot be reached.
            AirsInputError: the new plan cannot be fulfilled.
        """
        try:
            return self._perform(plan)
        except (AirsNotFoundError, AirsConflictError) as error:
            if plan.action == "delete":
                advice = self.conflict_advice(error) if isinstance(error, AirsConflictError) else None
                raise (error.with_hint(advice) if advice else error) from None
            self.session.forget(self.resource)
            overtaken = self.plan_again(plan)
            if isinstance(error, AirsConflictError) and overtaken.action == "create":
                raise
            if overtaken.changes or not self.adopts:
                plan.become(overtaken)
            else:
                plan.adopted = plan.action == "create"
            return self._perform(overtaken)

    def plan_again(self, plan: Plan) -> Plan:
        """Return what has to be done now, after what was planned has come to pass in part, or was overtaken.

        Args:
            plan: what was planned.

        Raises:
            AirsInputError: that is something else, and only what was planned may be done.
        """
        now = self.planned()
        if self.exact and now.changes:
            # What was to be made by this run had no id yet.
            awaited = plan.before is not None and plan.before.get(self.resource.id_field) == KNOWN_AFTER_APPLY
            as_before = awaited or self.state(now.before) == self.state(plan.before)
            if now.action != plan.action or not as_before:
                title = self.resource.title(self.name)
                raise AirsInputError(f"Skipped {title}: it has changed since the plan was approved. Create a new plan.")
        return now

    def _perform(self, plan: Plan) -> Outcome:
        if plan.action == "create":
            return self.create(plan)
        if plan.action == "update" and plan.before is not None:
            return self.update(plan, plan.before)
        if plan.action == "delete" and plan.before is not None:
            self.delete(plan.before)
            return Outcome(None)
        return Outcome(plan.before)

    def create(self, plan: Plan) -> Outcome:
        """Create the object; one that a lost answer left behind is adopted."""

        def send() -> Row:
            signed = {"created_by": self.session.client.updated_by, "updated_by": self.session.client.updated_by}
            body = {self.resource.name_field: self.name, **plan.body, **signed}
            return self.session.client.create(self.resource, self.name, body)

        row = self.write_once(send, lambda found: self.is_right(found, plan.body))
        return Outcome(self.remember(row))

    def update(self, plan: Plan, before: Row) -> Outcome:
        """Replace the object; a lost answer is looked up before anything is sent again."""

        def send() -> Row:
            body = {self.resource.name_field: self.name, **plan.body, "updated_by": self.session.client.updated_by}
            return self.session.client.update(self.resource, before, body)

        row = self.write_once(send, lambda found: self.is_right(found, plan.body))
        return Outcome(self.remember(row, replaces=before))

    def delete(self, before: Row) -> None:
        """Delete the object."""
        self.delete_row(before)

    def delete_row(self, row: Row) -> None:
        """Delete one row, of kinds with revisions one revision, and take it out of what is known."""
        self.session.client.delete(self.resource, row, force=bool(self.options.get("force")))
        for snapshot in self.session.known(self.resource):
            snapshot.remove(row)

    def record_planned(self, plan: Plan) -> None:
        """Let the session hold what a plan will make of the object, so that later plans can build on it."""
        snapshot = self.session.current(self.resource)
        if plan.action == "delete" and plan.before is not None:
            snapshot.remove(plan.before)
        elif plan.changes and plan.predicted is not None:
            snapshot.put(plan.predicted, plan.before)

    def write_once(self, send: Callable[[], Row], took_effect: Callable[[Row], bool]) -> Row:
        """Send a write that must not be repeated blindly.

        When the outcome is unknown (5xx, lost answer) the kind is listed: what took effect is adopted, else the write
        is sent again, as often as the client retries.

        Args:
            send: sends the write.
            took_effect: tells from the object as listed whether an earlier try did the work.

        Returns:
            The object as answered or as listed.
        """
        transport = self.session.client.transport
        attempt = 0
        while True:
            try:
                return send()
            except AirsExchangeError as error:
                if not error.outcome_unknown:
                    raise
                found = self._look_again(error)
                if found is not None and took_effect(found):
                    return found
                if attempt >= transport.num_retries:
                    raise
                transport.wait(attempt, error)
                attempt += 1

    def _look_again(self, error: AirsExchangeError) -> Row | None:
        """Return the object as it is after a write of unknown outcome."""
        self.session.forget(self.resource)
        try:
            return self.current()
        except AirsExchangeError:
            raise error from None  # what the user asked for failed first

    def remember(self, row: Row, replaces: Row | None = None) -> Row:
        """Take the answer of a write into the snapshot, in the shape of a list row."""
        # Answers to writes lack what lists have and the other way round (reported from live tenants).
        held = {key: value for key, value in (replaces or {}).items() if key != "last_modified_ts"}
        known = {**held, **row}
        self.session.current(self.resource).put(known, replaces)
        return known


def _fields_as_options(resource: Resource, row: Row) -> dict[str, Any]:
    """Return name and fields of an object as options; a field without a value is an empty one."""
    empty: dict[str, Any] = {"str": "", "list": []}
    fields = {
        field.option: row.get(field.name) or empty.get(field.type) for field in resource.fields if not field.secret
    }
    return {
        "name": row[resource.name_field],
        **{option: value for option, value in fields.items() if value is not None},
    }


def write_handler(reconciler_type: type[Reconciler]) -> Callable[[Task], dict[str, Any]]:
    """Return the handler of a module that makes and unmakes objects of one kind."""

    def handle(task: Task) -> dict[str, Any]:
        reconciler = reconciler_type(task.session(), task)
        resource = reconciler.resource
        plan = reconciler.plan()
        if task.check_mode:
            row, secret = plan.predicted, None
        else:
            outcome = reconciler.apply(plan)
            row, secret = outcome.row, outcome.secret
        result: dict[str, Any] = {"changed": plan.changes, resource.kind: None if row is None else resource.view(row)}
        result.update(reconciler.extra_results(plan))
        if secret is not None:
            result.update({f"{resource.kind}_secret": secret, CENSORED: True})
        if task.diff_mode:
            result["diff"] = reconciler.diff(plan)
        return result

    return handle
