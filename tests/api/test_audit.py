"""The trail for programs."""

from radiopharm.runtime import Runtime
from tests import hospital


def test_events_come_newest_first_in_keyset_pages(api, runtime: Runtime) -> None:
    hospital.accepted(runtime)
    first = api("auditor").get("/audit-events", limit="1").json
    second = api("auditor").get("/audit-events", limit="1", after=first["next"]).json

    assert first["items"][0]["action"] == "vial:accepted"
    assert second["items"][0]["action"] == "vial:received"
    assert second["next"] is None


def test_events_are_narrowed_to_a_vial_a_person_and_an_act(api, runtime: Runtime) -> None:
    hospital.accepted(runtime)
    vial_id = hospital.accepted(runtime)

    found = api("auditor").get(
        "/audit-events", vial=str(vial_id), person="second", action="vial:accepted"
    )

    assert [event["subjects"] for event in found.json["items"]] == [[f"vial:{vial_id}"]]


def test_a_window_excludes_its_end(api, runtime: Runtime) -> None:
    hospital.receive(runtime)
    noon, later = "2026-06-01T12:00:00Z", "2026-06-01T12:00:00.000001Z"

    def found(**window: str) -> int:
        return len(api("auditor").get("/audit-events", **window).json["items"])

    assert found(**{"from": noon, "to": later}) == 1
    assert found(to=noon) == 0


def test_verification_names_the_first_bad_record(api, runtime: Runtime) -> None:
    hospital.receive(runtime)
    good = api("auditor").get("/audit-events/verification").json
    with runtime.engine.connect() as db, db.begin():
        db.exec_driver_sql("UPDATE audit_heads SET number = 7")
    bad = api("auditor").get("/audit-events/verification").json

    assert (good["verified"], good["events"], good["first_bad"]) == (True, 1, None)
    assert bad["verified"] is False
    assert (bad["first_bad"]["stream"], bad["first_bad"]["number"]) == ("site:1", 2)


def test_an_unknown_act_is_refused_and_a_technologist_too(api) -> None:
    assert api("auditor").get("/audit-events", action="vial:eaten").status_code == 422
    assert api("technologist").get("/audit-events").status_code == 403
