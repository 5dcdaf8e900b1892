"""A backup's manifest: what must be in the file, under the same key that seals the audit heads.

A backup counts when it can be restored, so the manifest says everything that the restore checks.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from radiopharm.core.audit import Head, canonical, instant_text

FORMAT = "radiopharm.backup.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a database holds: its schema's revision, the rows of each table, each stream's end."""

    revision: str | None
    rows: Mapping[str, int]
    heads: Mapping[str, Head]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup file is and holds; `sha256` is the file's."""

    made_at: datetime
    engine: str
    sha256: str
    contents: Contents


class BadBackup(Exception):
    """The backup cannot be trusted or used; the message says why, and nothing was changed."""


def written(manifest: Manifest, key: bytes) -> str:
    """The manifest as JSON, signed with *key*."""
    body = {
        "format": FORMAT,
        "made_at": instant_text(manifest.made_at),
        "engine": manifest.engine,
        "sha256": manifest.sha256,
        "revision": manifest.contents.revision,
        "rows": dict(manifest.contents.rows),
        "heads": {name: asdict(head) for name, head in manifest.contents.heads.items()},
    }
    return json.dumps({**body, "mac": _mac(body, key)}, indent=1, sort_keys=True) + "\n"


def read(text: str, key: bytes) -> Manifest:
    """The manifest that *text* holds; `BadBackup` when it is not one, or not signed with *key*."""
    try:
        body = json.loads(text)
        mac = body.pop("mac")
        if not hmac.compare_digest(mac.encode(), _mac(body, key).encode()):
            raise BadBackup("The manifest was changed, or signed with another audit key.")
        return _manifest(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBackup("The manifest cannot be read.") from error


def differences(said: Contents, found: Contents) -> list[str]:
    """What the manifest says and the database is not, in words."""
    if said.revision != found.revision:
        return [f"The schema is at {found.revision}, the manifest says {said.revision}."]
    tables = sorted({*said.rows, *found.rows})
    wrong = [
        f"{table} has {found.rows.get(table)} rows, the manifest says {said.rows.get(table)}."
        for table in tables
        if said.rows.get(table) != found.rows.get(table)
    ]
    streams = sorted({*said.heads, *found.heads})
    return wrong + [
        f"The audit stream {name} ends elsewhere than the manifest says."
        for name in streams
        if said.heads.get(name) != found.heads.get(name)
    ]


def _manifest(body: Mapping[str, Any]) -> Manifest:
    if body["format"] != FORMAT:
        raise BadBackup(f"The manifest is not of the kind {FORMAT}.")
    heads = {name: Head(**members) for name, members in body["heads"].items()}
    return Manifest(
        made_at=datetime.fromisoformat(body["made_at"]),
        engine=body["engine"],
        sha256=body["sha256"],
        contents=Contents(revision=body["revision"], rows=body["rows"], heads=heads),
    )


def _mac(body: Mapping[str, Any], key: bytes) -> str:
    return hmac.new(key, canonical(body).encode(), hashlib.sha256).hexdigest()
