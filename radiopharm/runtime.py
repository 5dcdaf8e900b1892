"""What one process runs with: settings, database, clock and reference data, built once at start."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from config.settings import BadSetting, Settings
from radiopharm import reference
from radiopharm.clock import Clock, utc_now
from radiopharm.core import container_numbers, working_hours
from radiopharm.core.access import AccessTable
from radiopharm.core.container_numbers import NumberScheme
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.second_check import ReadingsDiffer
from radiopharm.core.signing import Signing
from radiopharm.core.working_hours import WorkingHours
from radiopharm.reference.access import read_access
from radiopharm.services import second_checks, signatures
from radiopharm.services.accounts import WrongSecret
from radiopharm.services.anchors import Anchor, named
from radiopharm.services.tickets import Tickets
from radiopharm.store import Connection, Engine, acts, make_engine
from radiopharm.store.once import Once
from radiopharm.store.vault import Vault

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The composition root's product; entry points read `clock` once and pass the instant on."""

    settings: Settings
    engine: Engine
    clock: Clock
    reference: Reference
    access: AccessTable
    tickets: Tickets
    anchors: tuple[Anchor, ...]
    working_hours: WorkingHours
    container_numbers: NumberScheme

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent look at the database."""
        return acts.reading(self.engine)

    def act(
        self,
        work: acts.Work,
        *,
        actor: Person,
        now: datetime,
        once: Once | None = None,
    ) -> acts.Outcome:
        """Do *work* in one transaction with its audit event, or nothing.

        A wrong secret for a signature undoes the act and is counted in one of its own; so are two
        readings of a dose that differ.
        """
        try:
            return self._perform(work, actor, now, once)
        except WrongSecret as wrong:
            if wrong.username:
                self._perform(partial(_count, wrong), actor, now, None)
            raise
        except ReadingsDiffer as differ:
            self._perform(partial(_keep, differ), actor, now, None)
            raise

    def taken(self, take: Callable[[acts.Act], T], actor: Person, now: datetime) -> T:
        """What *take* reads to be taken out of the house, with the event that says so.

        A paper is made anew each time it is asked for: no idempotency key answers in its place.
        """
        found: list[T] = []

        def work(act: acts.Act) -> acts.Answer:
            found[:] = [take(act)]
            return {}

        self.act(work, actor=actor, now=now)
        return found[0]

    def proved(self, signing: Signing, actor: Person, now: datetime) -> Signing:
        """*signing* with its secret proved and its ticket opened, before any act locks the site.

        A wrong secret is said, and counted, by the act.
        """
        ticket = self.tickets.open(signing.ticket)
        with self.reading() as db:
            kept = signatures.kept_hash(db, signing, actor.site.id)
        return signatures.proved(signing, kept, ticket, now)

    def _perform(
        self, work: acts.Work, actor: Person, now: datetime, once: Once | None
    ) -> acts.Outcome:
        return acts.perform(
            self.engine,
            work,
            actor=actor,
            now=now,
            reference=self.reference,
            audit_key=self.settings.audit_key,
            once=once,
        )


def _count(wrong: WrongSecret, act: acts.Act) -> acts.Answer:
    signatures.note_wrong_secret(act, wrong)
    return {}


def _keep(differ: ReadingsDiffer, act: acts.Act) -> acts.Answer:
    second_checks.note_difference(act, differ)
    return {}


def make_runtime(settings: Settings, clock: Clock = utc_now) -> Runtime:
    """The runtime of *settings*; reads the reference data, opens no connection yet."""
    return Runtime(
        settings=settings,
        engine=make_engine(settings.database_url, Vault(settings.identity_key)),
        clock=clock,
        reference=reference.load(settings.reference_directory),
        access=read_access(settings.reference_directory / "access.toml"),
        tickets=Tickets(settings.secret_key),
        anchors=tuple(map(_anchor, settings.anchors)),
        working_hours=_working_hours(settings.working_hours),
        container_numbers=_container_numbers(settings.container_numbers),
    )


def _working_hours(text: str) -> WorkingHours:
    try:
        return working_hours.read(text)
    except ValueError as error:
        raise BadSetting("RADIOPHARM_WORKING_HOURS must be like 07:00-18:00") from error


def _container_numbers(pattern: str) -> NumberScheme:
    try:
        return container_numbers.read(pattern)
    except ValueError as error:
        raise BadSetting(f"RADIOPHARM_CONTAINER_NUMBERS cannot be used: {error}") from error


def _anchor(address: str) -> Anchor:
    try:
        return named(address)
    except ValueError as error:
        raise BadSetting(
            f"RADIOPHARM_ANCHORS: {address} is none of file:///PATH, syslog://HOST:PORT and "
            "mail://HOST/TO?from=FROM"
        ) from error
