"""The proof of the audit trail, whole or in part, and the trail taken out so that anyone can."""

from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, abort, g, render_template, request, send_file

from radiopharm.core.actions import Action
from radiopharm.schemas.audits import subject_of
from radiopharm.services import extracts, proof
from radiopharm.store import seals
from radiopharm.store.acts import Act
from radiopharm.store.audit import SYSTEM
from radiopharm.web import access

bp = Blueprint("proofs", __name__)


@bp.get("/audit/verification")
def show() -> str:
    """Walk every chain now, against every witness; the ends of this site's are shown."""
    runtime = access.runtime()
    with runtime.reading() as db:
        found = proof.prove(db, runtime.settings, runtime.anchors)
        sealed = seals.newest(db)
    mine = [end for end in found.streams if end.stream in _streams()]
    return render_template(
        "audit/verification.html", found=found, streams=mine, sealed=sealed, at=g.now
    )


@bp.get("/audit/verification/part")
def part() -> str:
    """Walk what is younger than the last seal, or the stretch in which a code's events stand."""
    runtime, subject = access.runtime(), _subject()
    with runtime.reading() as db:
        settings, anchors = runtime.settings, runtime.anchors
        if subject:
            stood = proof.prove_about(db, settings, anchors, subject, *_streams())
        else:
            stood = proof.prove_since_seal(db, settings, anchors)
    mine = [each for each in stood if each.end.stream in _streams()]
    return render_template("audit/part.html", parts=mine, code=request.args.get("about"), at=g.now)


@bp.get("/audit/trail.jsonl")
def export() -> Response:
    """The site's chain, or a code's signed extract, for the stand-alone verifier; an event too."""
    subject, runtime = _subject(), access.runtime()
    settings = runtime.settings
    with runtime.reading() as db:
        if subject:
            taken_out = _kept(extracts.about(db, settings, subject, g.now, *_streams()))
        else:
            taken_out = _kept(extracts.chain(db, settings, *_streams()))

    def work(act: Act) -> dict[str, Any]:
        taken = "audit extract" if subject else "audit chain"
        act.record(Action.EXPORTED, *([subject] if subject else []), export=taken)
        return {}

    access.act(work)
    name = f"audit-{request.args.get('about') or 'chain'}-{g.now:%Y%m%dT%H%M%SZ}.jsonl"
    return send_file(
        taken_out, mimetype="application/jsonl", as_attachment=True, download_name=name
    )


def _kept(lines: Iterable[str]) -> BinaryIO:
    """In a file without a name: a slow reader must not hold the database meanwhile."""
    file = TemporaryFile()  # noqa: SIM115 - closed with the response
    file.writelines(f"{line}\n".encode() for line in lines)
    file.seek(0)
    return cast(BinaryIO, file)


def _subject() -> str:
    """The subject that is asked about, empty for the whole trail; 404 for a code of nothing."""
    code = request.args.get("about", "")
    found = subject_of(code)
    if code and not found:
        abort(404)
    return ":".join(found) if found else ""


def _streams() -> tuple[str, str]:
    return access.actor().site.stream, SYSTEM
