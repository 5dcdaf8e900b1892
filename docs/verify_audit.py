"""Check an exported audit trail without radiopharm: python verify_audit.py FILE [KEY_FILE]

FILE is what `flask --app wsgi audit verify --export FILE` wrote: one JSON object a line. Each event
must carry the next number, the hash of the event before it, and the SHA-256 of its own fields, each
field behind its length in four bytes. With the site's audit key the head's seal is checked too.
"""

import hashlib
import hmac
import json
import sys
from collections.abc import Iterable
from pathlib import Path


def joined(*fields: object) -> bytes:
    """Fields behind their lengths, so that no two lists of fields give the same bytes."""
    parts = [str(field).encode() for field in fields]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def first_bad(lines: Iterable[str], key: bytes | None = None) -> str | None:
    """What is wrong with the first line that does not hold; None when all of them do."""
    number, before, stream, sealed = 0, "0" * 64, "", True
    for line in map(json.loads, lines):
        if line["stream"] != stream:
            if not sealed:
                return f"{stream}: the stream has no head"
            number, before, stream = 0, "0" * 64, line["stream"]
        sealed = "head" in line
        if sealed:
            seal = joined("radiopharm.head.v1", stream, number, before)
            if (line["head"], line["hash"]) != (number, before):
                return f"{stream}: the head names event {line['head']}, the last one is {number}"
            if key and line["mac"] != hmac.new(key, seal, hashlib.sha256).hexdigest():
                return f"{stream}: the head was sealed with another key"
            continue
        number += 1
        body = joined("radiopharm.audit.v1", stream, number, before, line["canonical"])
        said = (line["number"], line["previous"], line["hash"])
        if said != (number, before, hashlib.sha256(body).hexdigest()):
            return f"{stream}: event {number} is not the one that was written"
        before = line["hash"]
    return None if sealed else f"{stream}: the stream has no head"


if __name__ == "__main__":
    key = Path(sys.argv[2]).read_bytes().strip() if len(sys.argv) > 2 else None
    with Path(sys.argv[1]).open(encoding="utf-8") as trail:
        sys.exit(first_bad(trail, key))
