"""Check an exported audit trail without radiopharm: python verify_audit.py FILE [KEY_FILE]

FILE is what `flask --app wsgi audit verify --export FILE` wrote: one JSON object a line. Each event
must carry the next number, the hash of the event before it, and the SHA-256 of its own fields, each
field behind its length in four bytes. Each seal must name the hash of its event, and the newest be
signed (Ed25519) by the key it names: compare that key with the one your site has on paper. Where a
site changed its key, a line signed by the one in use says until when an earlier one sealed: that
one's seals count for what is older, and the newest of them must be signed too. With the site's
audit key in KEY_FILE the head's MAC is checked too.

FILE may also be an extract, the events about one vial: `flask --app wsgi audit export --vial CODE`.
Each event must have the hash of its own fields, those that follow each other be linked, and the
list of all hashes be signed. That proves the words of each event, and who says that these are all;
that nothing was left out between them only the whole chain shows.
"""

import hashlib
import hmac
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

FIRST = "0" * 64
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def joined(*fields: object) -> bytes:
    """Fields behind their lengths, so that no two lists of fields give the same bytes."""
    parts = [str(field).encode() for field in fields]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def check(lines: Iterable[str], key: bytes | None = None) -> tuple[list[str], str | None]:
    """What holds, a sentence a stream; and what is wrong with the first line that does not."""
    said = []
    for stream, own in groupby(map(json.loads, lines), key=lambda line: line["stream"]):
        holds, wrong = check_stream(list(own), key)
        if wrong:
            return said, f"{stream}: {wrong}"
        said.append(f"{stream}: {holds}")
    return said, None


def check_stream(lines: list[dict[str, Any]], key: bytes | None) -> tuple[str, str | None]:
    """How far one stream holds, and what is wrong with its first line that does not."""
    if "extract" in lines[-1]:
        return check_extract(lines)
    hashes = [FIRST]
    for line in of_kind(lines, "canonical"):
        if wrong := wrong_event(line, hashes):
            return "", wrong
        hashes.append(line["hash"])
    if "head" not in lines[-1]:
        return "", "the stream has no head"
    wrong = wrong_head(lines[-1], hashes, key) or wrong_seals(lines, dict(enumerate(hashes)))
    return f"{len(hashes) - 1} events hold; {sealed(lines)}", wrong


def wrong_event(line: dict[str, Any], hashes: list[str]) -> str | None:
    """Why this is not the event that followed the last of *hashes*."""
    number, before = len(hashes), hashes[-1]
    body = joined("radiopharm.audit.v1", line["stream"], number, before, line["canonical"])
    expected = (number, before, hashlib.sha256(body).hexdigest())
    if (line["number"], line["previous"], line["hash"]) == expected:
        return None
    return f"event {number} is not the one that was written"


def check_extract(lines: list[dict[str, Any]]) -> tuple[str, str | None]:
    """The same for the events about one subject, which need not follow each other."""
    hashes: dict[int, str] = {}
    for line in of_kind(lines, "canonical"):
        if wrong := wrong_part(line, hashes, lines[-1]["extract"]):
            return "", wrong
        hashes[line["number"]] = line["hash"]
    if wrong := wrong_seals(lines, hashes):
        return "", wrong
    last = lines[-1]
    fields = [last[name] for name in ("stream", "extract", "head", "hash", "at", "key")]
    body = joined("radiopharm.extract.v1", *fields, *hashes.values())
    if not is_signed(bytes.fromhex(last["key"]), body, bytes.fromhex(last["signature"])):
        return "", f"the extract is not what key {last['key']} signed"
    said = f"{len(hashes)} events about {last['extract']} are as hashed; signed as all of them"
    return f"{said} at {last['at']}, of a chain of {last['head']}, by key {last['key']}", None


def wrong_part(line: dict[str, Any], hashes: dict[int, str], subject: str) -> str | None:
    """Why this is no event about *subject* after those with *hashes*."""
    number, before = line["number"], line["previous"]
    body = joined("radiopharm.audit.v1", line["stream"], number, before, line["canonical"])
    is_next = not hashes or number > max(hashes)
    is_linked = hashes.get(number - 1, before) == before
    is_about = subject in json.loads(line["canonical"])["subjects"]
    if is_next and is_linked and is_about and line["hash"] == hashlib.sha256(body).hexdigest():
        return None
    return f"event {number} is not the one that was written"


def wrong_head(line: dict[str, Any], hashes: list[str], key: bytes | None) -> str | None:
    """Why this is not the head of a stream with *hashes*."""
    last = len(hashes) - 1
    if (line["head"], line["hash"]) != (last, hashes[-1]):
        return f"the head names event {line['head']}, the last one is {last}"
    body = joined("radiopharm.head.v1", line["stream"], last, hashes[-1])
    if key and line["mac"] != hmac.new(key, body, hashlib.sha256).hexdigest():
        return "the head was sealed with another key"
    return None


def wrong_seals(lines: list[dict[str, Any]], hashes: dict[int, str]) -> str | None:
    """Which seal names another event or a key not in use; which key's newest seal is forged."""
    seals, key = of_kind(lines, "seal"), signer(lines)
    for seal in seals:
        if hashes.get(seal["seal"], unseen(lines, seal)) != seal["hash"]:
            return f"event {seal['seal']} is not the one that was sealed"
    if wrong := wrong_retired(lines, [seal for seal in seals if seal["key"] != key], key):
        return wrong
    for seal in {seal["key"]: seal for seal in seals}.values():
        if not is_genuine(seal):
            return f"the seal of event {seal['seal']} is not signed by the key it names"
    return None


def wrong_retired(
    lines: list[dict[str, Any]], seals: list[dict[str, Any]], key: str | None
) -> str | None:
    """Which of the *seals* by earlier keys speaks of what came after the end that *key* signed."""
    until = {}
    for line in of_kind(lines, "retired"):
        body = joined("radiopharm.retired.v1", line["retired"], line["until"], line["key"])
        signature = bytes.fromhex(line["signature"])
        if line["key"] != key or not is_signed(bytes.fromhex(line["key"]), body, signature):
            return f"the end of key {line['retired']} is not signed by the key in use"
        until[line["retired"]] = datetime.fromisoformat(line["until"])
    numbers = {seal["seal"] for seal in seals}
    written = {
        line["number"]: datetime.fromisoformat(json.loads(line["canonical"])["at"])
        for line in of_kind(lines, "canonical")
        if line["number"] in numbers
    }
    for seal in seals:
        at = max(written.get(seal["seal"], LONG_AGO), datetime.fromisoformat(seal["at"]))
        if at > until.get(seal["key"], LONG_AGO):
            return f"the seal of event {seal['seal']} is by a key that was not in use then"
    return None


def of_kind(lines: list[dict[str, Any]], member: str) -> list[dict[str, Any]]:
    """The lines that have a member."""
    return [line for line in lines if member in line]


def unseen(lines: list[dict[str, Any]], seal: dict[str, Any]) -> str | None:
    """The hash of an event that is not here: in an extract whatever its seal says, else none."""
    return seal["hash"] if "extract" in lines[-1] else None


def signer(lines: list[dict[str, Any]]) -> str | None:
    """The key in use, which everything hangs on: of the extract, the retirements, the last seal."""
    kinds = ("extract", "retired", "seal")
    found = (line["key"] for kind in kinds for line in reversed(lines) if kind in line)
    return next(found, None)


def is_genuine(seal: dict[str, Any]) -> bool:
    """Whether a seal is signed by the key it names."""
    fields = (seal["stream"], seal["seal"], seal["hash"], seal["at"], seal["key"])
    public, signature = bytes.fromhex(seal["key"]), bytes.fromhex(seal["signature"])
    return is_signed(public, joined("radiopharm.seal.v1", *fields), signature)


def sealed(lines: list[dict[str, Any]]) -> str:
    """How far the stream is sealed, in words."""
    seals = of_kind(lines, "seal")
    if not seals:
        return "no seal"
    newest, key = seals[-1], signer(lines)
    said = f"sealed up to event {newest['seal']} at {newest['at']} by key {newest['key']}"
    return said if newest["key"] == key else f"{said}, an earlier one of key {key}"


# Ed25519 as RFC 8032, section 5.1, states it; points are (X, Y, Z, T) with x = X/Z, xy = T/Z.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether *signature* is one of *message* by the private half of *public*."""
    ours, theirs = point(public), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or ours is None or theirs is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(digest, "little") % ORDER
    base = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert base is not None
    left, right = times(s, base), plus(theirs, times(h, ours))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


def point(text: bytes) -> Point | None:
    """The point that 32 bytes stand for; None when they stand for none."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if len(text) != 32 or y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def plus(a: Point, b: Point) -> Point:
    """The sum of two points."""
    low, high = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, a: Point) -> Point:
    """A point added to itself so many times."""
    found: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = plus(found, a)
        a, factor = plus(a, a), factor >> 1
    return found


if __name__ == "__main__":
    key = Path(sys.argv[2]).read_bytes().strip() if len(sys.argv) > 2 else None
    with Path(sys.argv[1]).open(encoding="utf-8") as trail:
        holds, wrong = check(trail, key)
    sys.stdout.writelines(f"{line}\n" for line in holds)
    sys.exit(wrong)
