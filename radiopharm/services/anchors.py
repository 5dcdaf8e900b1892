"""Places outside the database where seals are kept: each takes a line of text, or raises `OSError`.

A place is worth as much as it is out of reach of whoever could rewrite the database: a file on
another mount that only grows, the log host of the hospital, the mailbox of the safety officer.
"""

import os
import smtplib
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from radiopharm.core import seals
from radiopharm.core.seals import NotASeal, Seal

WAIT_S = 10


class Anchor(Protocol):
    """Somewhere to keep a seal, called `place`, at most once in `every`."""

    @property
    def place(self) -> str: ...

    @property
    def every(self) -> timedelta: ...

    def keep(self, seal: Seal) -> None:
        """Keep *seal* for good; raises `OSError` when it could not be."""


def named(address: str) -> "Anchor":
    """The place that *address* names: `file:///…`, `syslog://host:601`, `mail://host/to?from=…`.

    Raises `ValueError` when it names none.
    """
    parts = urlsplit(address)
    if parts.scheme == "file" and parts.path and not parts.netloc:
        return FileAnchor(Path(unquote(parts.path)))
    if parts.scheme == "syslog" and parts.hostname:
        return SyslogAnchor(parts.hostname, parts.port or 601)
    sender = parse_qs(parts.query).get("from", [""])[0]
    if parts.scheme == "mail" and parts.hostname and "@" in parts.path and "@" in sender:
        return MailAnchor(parts.hostname, sender, unquote(parts.path).strip("/"))
    raise ValueError(address)


@dataclass(frozen=True, slots=True)
class FileAnchor:
    """A file that only grows, best on another mount and with the append-only attribute."""

    path: Path
    place = "file"
    every = timedelta(0)

    def keep(self, seal: Seal) -> None:
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            os.write(handle, f"{seal.line}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def kept(self) -> Iterator[Seal]:
        """Every seal that lies there, oldest first; what is none is passed over."""
        if self.path.exists():
            with self.path.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    with suppress(NotASeal):
                        yield seals.read(line)


@dataclass(frozen=True, slots=True)
class PrintedFoot:
    """The foot of the sheet that is being printed; what it keeps is `printed`."""

    printed: list[Seal] = field(default_factory=list)
    place = "print"
    every = timedelta(0)

    def keep(self, seal: Seal) -> None:
        self.printed.append(seal)


@dataclass(frozen=True, slots=True)
class SyslogAnchor:
    """The hospital's log host, by TCP, so that a lost line is noticed."""

    host: str
    port: int
    place = "syslog"
    every = timedelta(0)

    def keep(self, seal: Seal) -> None:
        priority = 8 * 13 + 5  # facility log audit, severity notice (RFC 5424)
        said = f"<{priority}>1 - {socket.gethostname()} radiopharm - seal - {seal.line}"
        framed = f"{len(said.encode())} {said}".encode()  # octet counting (RFC 6587)
        with socket.create_connection((self.host, self.port), timeout=WAIT_S) as line:
            line.sendall(framed)


@dataclass(frozen=True, slots=True)
class MailAnchor:
    """The safety officer's mailbox."""

    host: str
    sender: str
    recipient: str
    place = "mail"
    every = timedelta(days=1)

    def keep(self, seal: Seal) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"] = self.sender, self.recipient
        letter["Subject"] = f"radiopharm audit seal, {seal.stream}, event {seal.number}"
        letter.set_content(
            f"Keep this letter. It is a witness of the audit trail.\n\n{seal.line}\n"
        )
        with smtplib.SMTP(self.host, timeout=WAIT_S) as server:
            server.send_message(letter)
