"""Before anything serves or schedules: what is unsafe is said, and nothing starts."""

import ipaddress
from collections.abc import Iterable
from pathlib import Path

import click
from flask import current_app

from config.settings import Settings
from radiopharm.cli.acting import runtime
from radiopharm.services import sealing
from radiopharm.store import durability, patients

OTHERS = 0o007


def require_safe(*, host: str = "127.0.0.1") -> None:
    """Raise with every fault of settings, files and database on a line of its own."""
    here = runtime()
    found = [
        *_plain_http(host, is_https=here.settings.https),
        *_debugging(),
        *_retired_seal_key(here.settings),
        *_open_to_others([*here.settings.key_files, *durability.files(here.engine)]),
        *(faults := durability.faults(here.engine)),
        *([] if faults else _other_identity_key()),
    ]
    here.engine.dispose()
    if found:
        raise click.ClickException("radiopharm does not start:\n" + "\n".join(found))


def _plain_http(host: str, *, is_https: bool) -> Iterable[str]:
    if not is_https and not _is_loopback(host):
        yield (
            f"{host} is seen by other machines, and passwords would cross the network in the "
            "clear: put a proxy that speaks HTTPS in front and set RADIOPHARM_HTTPS=1."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _debugging() -> Iterable[str]:
    if current_app.debug:
        yield "Debugging is on, and whoever sees an error page could run code: unset FLASK_DEBUG."


def _retired_seal_key(settings: Settings) -> Iterable[str]:
    known = sealing.keys(settings)
    if known.current in known.retired:
        yield "RADIOPHARM_RETIRED_SEAL_KEYS names the key in use: give RADIOPHARM_SEAL_KEY another."


def _other_identity_key() -> Iterable[str]:
    with runtime().reading() as db:
        if not patients.is_key_right(db):
            yield (
                "RADIOPHARM_IDENTITY_KEY does not open the patients of this database: give the key "
                "they were written with. Nobody can read them without it."
            )


def _open_to_others(paths: Iterable[Path]) -> Iterable[str]:
    for path in paths:
        if path.exists() and path.stat().st_mode & OTHERS:
            yield f"Everyone on this machine can open {path}: chmod 600 {path}"
