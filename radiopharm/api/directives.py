"""Directives by JSON: drafted, changed, signed, verified, cancelled, listed by planned time.

Which version the author of a change saw is said by `after_version` or by `If-Match`, whose value is
the `ETag` of the directive.
"""

from typing import Any

from flask import Response, g, jsonify, request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from radiopharm.api import directive_shapes as shapes
from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.paging import key_of, page
from radiopharm.api.schemas import page_of
from radiopharm.api.signature_shapes import TicketOut, offer
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core import directive_acts
from radiopharm.core import prescribing as rules
from radiopharm.core.directives import Directive
from radiopharm.core.refusals import Conflict, Refusal
from radiopharm.core.states import DirectiveState
from radiopharm.schemas import page_keys
from radiopharm.schemas.directives import (
    CHANGEABLE,
    CancelDirectiveSchema,
    ChangeDirectiveSchema,
    DirectiveTicketSchema,
    DraftDirectiveSchema,
    OralDirectiveSchema,
    SignDirectiveSchema,
    VerifyDirectiveSchema,
)
from radiopharm.schemas.instants import instant_out
from radiopharm.services import directives, intervals, oral_directives, verifying
from radiopharm.services.intervals import Course
from radiopharm.store import Connection, directive_lists
from radiopharm.store import directives as stored
from radiopharm.store.acts import Act, Answer
from radiopharm.store.directive_lists import Filters

blp = JsonBlueprint("directives", "/directives", "Prescriptions in versions, signed or not.")


@blp.get("")
@blp.arguments(shapes.DirectivesQuery, location="query")
@blp.response(200, page_of(shapes.DirectiveOut, "Directive"))
def index(query: dict[str, Any]) -> dict[str, Any]:
    """A page of directives by planned time."""
    state = query.get("state")
    filters = Filters(
        state=DirectiveState(state) if state else None,
        start=query.get("start"),
        end=query.get("end"),
        patient=query.get("patient"),
    )
    after, site_id = (
        key_of(query.get("after"), page_keys.instant, page_keys.number),
        actor().site.id,
    )
    with runtime().reading() as db:
        ids, following = directive_lists.page(db, site_id, filters, after, query["limit"])
        found = stored.by_ids(db, site_id, ids)
        names = directives.names(db, *found)
    key = (instant_out(following[0]), following[1]) if following else None
    return page([shapes.directive(each, names) for each in found], key)


@blp.post("")
@blp.arguments(DraftDirectiveSchema)
@blp.response(201, shapes.DirectiveOut)
def draft(command: dict[str, Any]) -> Answer:
    """Draft a directive for a patient, named by reference or by identifiers."""
    who = command.pop("patient")

    def work(act: Act) -> Answer:
        return _seen(act, directives.draft(act, who, command))

    return act(work, key_required=True).answer


@blp.get("/<int:directive_id>")
@blp.response(200, shapes.DirectiveOut)
def show(directive_id: int) -> Response:
    """A directive with every version and signature; its ETag is the newest version."""
    with runtime().reading() as db:
        answer = _shape(db, directive_id)
    response = jsonify(answer)
    response.set_etag(str(answer["version"]))
    return response


@blp.post("/<int:directive_id>/versions")
@blp.arguments(ChangeDirectiveSchema(partial=CHANGEABLE))
@blp.response(201, shapes.DirectiveOut)
def change(command: dict[str, Any], directive_id: int) -> Answer:
    """Write the next version; what is left out stays as it was."""
    after, reason = _version_seen(command.pop("after_version", None)), command.pop("reason")

    def work(act: Act) -> Answer:
        directives.change(act, directive_id, after, command, reason)
        return _seen(act, directive_id)

    try:
        return act(work, key_required=True).answer
    except Conflict as stale:
        if stale.code == "stale" and request.if_match:
            raise PreconditionFailed(stale.message) from stale
        raise


@blp.post("/<int:directive_id>/sign")
@blp.arguments(SignDirectiveSchema)
@blp.response(200, shapes.DirectiveOut)
def sign(command: dict[str, Any], directive_id: int) -> Answer:
    """A physician's signature under the version named, which must be the newest."""
    signing = proved(command["signature"])

    def work(act: Act) -> Answer:
        directives.sign(act, directive_id, command["after_version"], signing)
        return _seen(act, directive_id)

    return act(work).answer


@blp.post("/<int:directive_id>/sign-ticket")
@blp.arguments(DirectiveTicketSchema)
@blp.response(200, TicketOut)
def sign_ticket(asked: dict[str, Any], directive_id: int) -> Answer:
    """The text of the version about to be signed, and a ticket for exactly that."""
    here, who, seen = runtime(), actor(), asked["after_version"]
    with here.reading() as db:
        directive = directives.unmoved(db, who.site.id, directive_id, seen)
    meaning = asked["meaning"] or directives.MEANING
    statement = directives.statement(directive, here.reference, who, meaning)
    return offer(statement, directive_acts.sign_refusals(directive))


@blp.post("/<int:directive_id>/verify")
@blp.arguments(VerifyDirectiveSchema)
@blp.response(200, shapes.DirectiveOut)
def verify(command: dict[str, Any], directive_id: int) -> Answer:
    """A pharmacist's signature under the signed version named, which must be the newest."""
    signing = proved(command["signature"])

    def work(act: Act) -> Answer:
        verifying.verify(act, directive_id, command["after_version"], signing)
        return _seen(act, directive_id)

    return act(work).answer


@blp.post("/<int:directive_id>/oral")
@blp.arguments(OralDirectiveSchema)
@blp.response(200, shapes.DirectiveOut)
def record_oral(command: dict[str, Any], directive_id: int) -> Answer:
    """Record that a physician gave the version named by word of mouth; who heard it signs."""
    after, signing = command.pop("after_version"), proved(command.pop("signature"))

    def work(act: Act) -> Answer:
        oral_directives.record(act, directive_id, after, command, signing)
        return _seen(act, directive_id)

    return act(work).answer


@blp.post("/<int:directive_id>/cancel")
@blp.arguments(CancelDirectiveSchema)
@blp.response(200, shapes.DirectiveOut)
def cancel(command: dict[str, Any], directive_id: int) -> Answer:
    """Cancel a directive for good."""

    def work(act: Act) -> Answer:
        directives.cancel(act, directive_id, command["reason"])
        return _seen(act, directive_id)

    return act(work).answer


def _version_seen(named: int | None) -> int:
    """The version the author saw; 428 when neither the body nor If-Match says."""
    if named is not None:
        return named
    etags = [etag for etag in request.if_match if etag.isascii() and etag.isdigit()]
    if len(etags) != 1:
        raise PreconditionRequired("Say which version you saw: after_version, or If-Match.")
    return int(etags[0])


def _seen(act: Act, directive_id: int) -> Answer:
    return _shape(act.db, directive_id)


def _shape(db: Connection, directive_id: int) -> Answer:
    found = stored.get(db, actor().site.id, directive_id)
    course = intervals.of_directive(db, runtime().reference, found, g.now)
    names = directives.names(db, found)
    return shapes.directive(found, names, _warnings(found, course), course.conflicts)


def _warnings(directive: Directive, course: Course) -> tuple[Refusal, ...]:
    """What looks odd, as long as something can still be done about it."""
    if directive_acts.change_refusals(directive):
        return ()
    text = rules.text_of(directive.newest)
    odd = rules.warnings(directives.considered(runtime().reference, text, g.now))
    return (*odd, course.since_last) if course.since_last else odd
