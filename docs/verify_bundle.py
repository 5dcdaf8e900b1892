"""Check an inspector's bundle without radiopharm: python verify_bundle.py [FOLDER]

FOLDER is what the ZIP unpacked to, by default where this file lies. Every file must have the
SHA-256 that SHA256SUMS gives it, and none may be missing or more. The trail in events.jsonl is
checked by verify_audit.py. Each register's hash must be that of its own data, and the trail must
hold an event that says exactly these hashes were handed out, at or before the newest seal. The
manifest must be signed by KEY, so that no paper beside the data was changed either. A seal by a key
that the site used before counts where KEY signed until when that was.
"""

import hashlib
import json
import runpy
import sys
from pathlib import Path
from typing import Any

MANIFEST = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"


def check(folder: Path) -> tuple[list[str], str | None]:
    """What holds, a sentence each; and the first thing that is wrong."""
    if wrong := wrong_files(folder):
        return [], wrong
    audit = runpy.run_path(str(folder / "verify_audit.py"))
    with (folder / "events.jsonl").open(encoding="utf-8") as trail:
        lines = list(trail)
    holds, wrong = audit["check"](lines)
    if wrong:
        return holds, wrong
    said = ["every file is the one that was packed", *holds]
    key = (folder / "KEY").read_text().strip()
    events = list(map(json.loads, lines))
    for stream in {event["stream"] for event in events}:
        own = [event for event in events if event["stream"] == stream]
        if audit["signer"](own) not in (key, None):
            return said, "a seal was made with another key than KEY"
    wrong = wrong_registers(folder, events) or wrong_signature(folder, key, audit)
    return [*said, "every register holds the figures that the sealed trail names"], wrong


def wrong_files(folder: Path) -> str | None:
    """Which file is missing, too many, or not the one that was packed."""
    listed = {}
    for line in (folder / MANIFEST).read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name in sorted(here ^ {*listed, MANIFEST, SIGNATURE}):
        return f"{name} is {'not in the manifest' if name in here else 'missing'}"
    for name, digest in listed.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            return f"{name} is not the file that was packed"
    return None


def wrong_registers(folder: Path, lines: list[dict[str, Any]]) -> str | None:
    """Which register is not hashed as it says, or that no sealed event names just these."""
    hashes = {}
    for path in sorted((folder / "registers").glob("*.json")):
        body = json.loads(path.read_text(encoding="utf-8"))
        said = body.pop("sha256")
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if hashlib.sha256(text.encode()).hexdigest() != said:
            return f"{path.name} does not have the hash it names"
        hashes[path.stem] = said
    sealed = {line["stream"]: line["seal"] for line in lines if "seal" in line}
    for line in lines:
        is_sealed = "canonical" in line and line["number"] <= sealed.get(line["stream"], 0)
        if is_sealed and json.loads(line["canonical"])["facts"].get("registers") == hashes:
            return None
    return "no sealed event says that these registers were handed out"


def wrong_signature(folder: Path, key: str, audit: dict[str, Any]) -> str | None:
    """Whether the manifest is another than KEY signed."""
    manifest = (folder / MANIFEST).read_text(encoding="utf-8")
    signature = bytes.fromhex((folder / SIGNATURE).read_text(encoding="utf-8"))
    body = audit["joined"]("radiopharm.bundle.v1", key, manifest)
    if audit["is_signed"](bytes.fromhex(key), body, signature):
        return None
    return f"{MANIFEST} is not the one that KEY signed"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    holds, wrong = check(folder)
    sys.stdout.writelines(f"{line}\n" for line in holds if not wrong)
    sys.exit(wrong)
