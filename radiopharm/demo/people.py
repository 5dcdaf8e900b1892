"""The demo's accounts, one for each role and a second pharmacist, and its instruments."""

import secrets
from datetime import timedelta

from radiopharm.core.instruments import AddInstrument, InstrumentKind
from radiopharm.core.people import Person
from radiopharm.demo.ward import Secrets, Ward, do
from radiopharm.runtime import Runtime
from radiopharm.services import accounts, instruments
from radiopharm.store import accounts as kept

PEOPLE = {
    "technologist": "Teo Blanc",
    "radiopharmacist": "Ana Roca",
    "second": "Pau Serra",
    "physician": "Dr Mar Vidal",
    "physicist": "Iris Holm",
    "safety_officer": "Sol Ferrer",
    "derogator": "Dero Vance",
    "auditor": "Auri Kent",
    "admin": "Ada Min",
}
TOKEN_OF = "radiopharmacist"
OPENED = timedelta(days=90)
METER = AddInstrument(
    name="Dose calibrator, hot cell 1", kind=InstrumentKind.ACTIVITY_METER, serial="DC-4417"
)
PROBE = AddInstrument(
    name="Contamination probe, waste store", kind=InstrumentKind.SURVEY_METER, serial="SM-0932"
)


def open_ward(runtime: Runtime, operator: Person) -> Ward:
    """Make accounts, instruments and a program's token, three months ago."""
    now = runtime.clock().replace(second=0, microsecond=0)
    begun, passphrase, pin = now - OPENED, _passphrase(), _pin()
    for username, name in PEOPLE.items():
        role = "radiopharmacist" if username == "second" else username
        do(
            runtime,
            operator,
            begun,
            lambda act, u=username, n=name, r=role: accounts.create_user(
                act, u, n, passphrase, [r]
            ),
        )
    people = _people(runtime)
    for person in people.values():
        do(runtime, person, begun, lambda act: accounts.set_pin(act, pin, passphrase))
    token = do(runtime, operator, begun, lambda act: accounts.create_token(act, TOKEN_OF, "demo"))
    meter, probe = (
        do(runtime, people["physicist"], begun, lambda act, i=one: instruments.add(act, i))
        for one in (METER, PROBE)
    )
    return Ward(
        runtime=runtime,
        now=now,
        site=operator.site,
        people=people,
        secrets=Secrets(passphrase=passphrase, pin=pin, token=token),
        activity_meter=meter,
        survey_meter=probe,
    )


def introduction(ward: Ward) -> str:
    """How to sign in, for the person who asked for the demo."""
    names = [f"  {username:<16} {name}" for username, name in PEOPLE.items()]
    return "\n".join(
        [
            "Demo accounts (nobody here is a patient; make your own with: flask users create)",
            *names,
            f"password of all:    {ward.secrets.passphrase}",
            f"bench PIN of all:   {ward.secrets.pin}",
            f"token of the {TOKEN_OF}, for the API:  {ward.secrets.token}",
        ]
    )


def _people(runtime: Runtime) -> dict[str, Person]:
    found = {}
    with runtime.reading() as db:
        for username in PEOPLE:
            row = kept.account(db, username)
            person = kept.person(db, row.id, via="command", at=runtime.clock()) if row else None
            assert person is not None
            found[username] = person
    return found


def _passphrase() -> str:
    """Eight random syllables in four words: 53 bits that can be typed."""
    syllable = [c + v for c in "bcdfghjklmnprstvwxyz" for v in "aeiou"]
    words = (secrets.choice(syllable) + secrets.choice(syllable) for _ in range(4))
    return "-".join(words)


def _pin() -> str:
    while True:
        pin = f"{secrets.randbelow(10**6):06d}"
        if len(set(pin)) >= 3:
            return pin
