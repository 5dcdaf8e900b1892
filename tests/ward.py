"""Patients, directives, doses and bags in any state, each of a case's own, made over JSON."""

import itertools
from typing import Any

from flask import Flask

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import hospital
from tests.api.test_releasing import choose, measured
from tests.api.test_tanks import DRAIN
from tests.canary import CANARY
from tests.conftest import NOON
from tests.doors import Api

Asked = tuple[str, dict[str, Any]]
NOW = instant_out(NOON)
WHY = {"reason": "as told"}
SECOND = {"username": "second", "secret": hospital.PASSWORD}
LEFT = {"item": "tubing", "activity": "37 MBq", "measured_at": NOW}
TIMES = {"started_at": NOW, "ended_at": NOW}
SEEN = {"kind": "extravasation", "observed_at": NOW, "words": "Red arm"}
TOLD = {"given_by": "physician", "given_at": NOW, **WHY}
IN_SPITE = {"already_given": True, "second": SECOND, **WHY}
TEXT = {
    "product": "lutathera",
    "prescribed": "7.4 GBq",
    "planned_for": "2026-06-03T14:00:00Z",
    "indication": "GEP-NET",
    "cycle": 1,
}
OFFICER = {"username": "safety_officer", "secret": hospital.PASSWORD}
LEAVES = {"destination": "Clinical waste", "labels_defaced": True}
RINSE = {
    **DRAIN,
    "description": "Rinse water",
    "volume": "1000 mL",
    "activities": [{"nuclide": "Lu-177", "activity": "100 Bq"}],
    "signature": OFFICER,
}
_numbers = itertools.count(1)


def signed_by(username: str) -> dict[str, Any]:
    """Their signature under version 1."""
    signature = {"username": username, "secret": hospital.PASSWORD}
    return {"after_version": 1, "signature": signature}


class Ward:
    """Directives and doses in any state, each of a patient and a vial of its own; `one` and `other`
    are two people who may do everything."""

    def __init__(self, app: Flask, runtime: Runtime) -> None:
        self.app, self.runtime = app, runtime
        self.one = Api(app, hospital.TOKENS["everyone"])
        self.other = Api(app, hospital.colleague(runtime))
        self._meter = hospital.calibrator(runtime)
        self._has_pack = False

    def do(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to what must succeed."""
        answer = self.one.post(path, body)
        assert answer.status_code < 300, (path, answer.json)
        said: dict[str, Any] = answer.json
        return said

    def draft(self) -> str:
        """The path of a directive that nobody has signed."""
        return f"/directives/{self.do('/directives', self.text())['id']}"

    def text(self) -> dict[str, Any]:
        """A directive to be drafted, for a patient of its own."""
        number = f"{CANARY['hospital_number']}-{next(_numbers)}"
        return {**TEXT, "patient": {**CANARY, "hospital_number": number}}

    def signed(self) -> str:
        """The path of a directive that a physician has signed."""
        path = self.draft()
        self.do(f"{path}/sign", signed_by("physician"))
        return path

    def asked(self) -> dict[str, Any]:
        """A dose of a whole new vial for a new directive: 9.3 GBq now are 7.4 GBq as planned."""
        vial_id, directive_id = hospital.accepted(self.runtime), int(self.signed().split("/")[-1])
        draws = [{"vial_id": vial_id, "after_sequence": 1}]
        return {"directive_id": directive_id, "draws": draws, **self.read()}

    def read(self) -> dict[str, Any]:
        """A reading, signed by two."""
        reading = {"measured_activity": "9.3 GBq", "measured_at": NOW, "instrument_id": self._meter}
        return {
            **reading,
            **WHY,
            "signature": signed_by("radiopharmacist")["signature"],
            "second": SECOND,
        }

    def read_twice(self) -> dict[str, Any]:
        """The same dose, read by the second person for themselves."""
        asked, own = self.asked(), self.read()
        codes = [f"V-{draw['vial_id']:06d}" for draw in asked["draws"]]
        names = ("measured_activity", "measured_at", "instrument_id")
        return {**asked, "second": {**SECOND, **{n: own[n] for n in names}, "vial_codes": codes}}

    def of_vial(self) -> Asked:
        """The same by the vial's own path."""
        asked = self.asked()
        (draw,) = asked.pop("draws")
        return f"/vials/{draw['vial_id']}/dispensings", {**asked, "after_sequence": 1}

    def dose(self) -> str:
        """The path of a dispensed dose."""
        return f"/dispensings/{self.do('/dispensings', self.asked())['id']}"

    def oral(self) -> str:
        """The path of a directive given by word of mouth."""
        path = self.draft()
        self.do(f"{path}/oral", {**signed_by("radiopharmacist"), **TOLD})
        return path

    def dispensed(self) -> str:
        """The path of a directive whose dose is drawn."""
        return f"/directives/{self.do('/dispensings', self.asked())['directive_id']}"

    def returned(self) -> str:
        """The path of a drawn dose that was voided."""
        dose = self.dose()
        self.do(f"{dose}/void", {"drawn": True, **WHY})
        return dose

    def recalled(self) -> str:
        """The path of a dose whose directive was cancelled."""
        made = self.do("/dispensings", self.asked())
        self.do(f"/directives/{made['directive_id']}/cancel", WHY)
        return f"/dispensings/{made['id']}"

    def given(self, **more: Any) -> str:
        """The path of a dose that the patient received."""
        dose = self.dose()
        self.do(f"{dose}/administration", {**TIMES, **more})
        return dose

    def another(self) -> dict[str, Any]:
        """A reassignment to another signed directive."""
        return {"directive_id": int(self.signed().split("/")[-1]), **self.read()}

    def container(self) -> int:
        """An open container for the residues."""
        bag = {"kind": "bag", "nuclide": "Lu-177", "place": "Store", "description": "bag"}
        made: int = self.do("/waste-containers", bag)["id"]
        return made

    def returned_id(self) -> int:
        """The id of a drawn dose that was voided."""
        return int(self.returned().split("/")[-1])

    def split(self, **source: Any) -> dict[str, Any]:
        """Something by thirds and two thirds into two new containers."""
        shares = [("33.3333", self.container()), ("66.6667", self.container())]
        named = [{"container_id": number, "percent": percent} for percent, number in shares]
        return {**source, "shares": named}

    def flag(self) -> str:
        """The path of a flag that waits for a person."""
        dose = self.dose()
        self.do(f"{dose}/observations", SEEN)
        flags = self.one.get("/flags", kind="extravasation").json["items"]
        return f"/flags/{max(flag['id'] for flag in flags)}"

    def bags(self, how_many: int) -> list[str]:
        """The paths of bags that may leave."""
        if not self._has_pack:
            choose(self.one)
            self._has_pack = True
        return [measured(self.one, self.runtime) for _ in range(how_many)]

    def leaving(self, *paths: str) -> dict[str, Any]:
        """What the officer signs of bags that leave together."""
        ticked = [{"id": int(path.rsplit("/", 1)[1])} for path in paths]
        return {**LEAVES, "containers": ticked, "signature": OFFICER}

    def unneeded(self) -> str:
        """The path of a patient whom no record names."""
        return f"/patients/{self.do('/patients', self.text()['patient'])['reference']}"
