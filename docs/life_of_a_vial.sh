#!/bin/sh
# The whole life of a vial by curl: received, accepted, prescribed, dispensed, given, waste, released.
#
#   export ADDRESS=http://127.0.0.1:8000   TOKEN=…           a radiopharmacist's token
#   export OFFICER_TOKEN=…                 PASSPHRASE=…      as `make run` and `flask tokens` say
#   docs/life_of_a_vial.sh
#
# In life the bag would lie in decay for weeks between its seal and the last reading.
set -eu
: "${ADDRESS:?}" "${TOKEN:?}" "${OFFICER_TOKEN:?}" "${PASSPHRASE:?}"

api() { # api METHOD PATH [BODY]: one call; an answer that is no success ends the script
    answer=$(curl --silent --show-error --fail-with-body --request "$1" "$ADDRESS/api/v1$2" \
        --header "Authorization: Bearer ${AS:-$TOKEN}" \
        --header "Content-Type: application/json" \
        --header "Idempotency-Key: life-$$-$(date +%s%N)" \
        ${3:+--data "$3"}) || { echo "$answer" >&2; exit 1; }
    echo "$answer"
}

pick() { # pick EXPRESSION: a value out of the answer, named `it`
    python3 -c "import json, sys; it = json.loads(sys.stdin.read() or sys.exit(1)); print($1)"
}

at() { # at SHIFT: an instant as the API takes it
    date --utc --date "$1" +%Y-%m-%dT%H:%M:%S.%6NZ
}

signed_by() {
    printf '{"username": "%s", "secret": "%s"}' "$1" "$PASSPHRASE"
}

meter=$(api GET /instruments | pick '[i["id"] for i in it["items"] if i["kind"] == "activity_meter"][0]')
probe=$(api GET /instruments | pick '[i["id"] for i in it["items"] if i["kind"] == "survey_meter"][0]')
now=$(at now)

echo "1  A vial arrives"
vial=$(api POST /vials "{
    \"product\": \"lutathera\", \"lot\": \"LIFE-$$\",
    \"reference_activity\": \"7585 MBq\", \"volume\": \"20.5 mL\",
    \"reference_at\": \"$now\", \"expires_at\": \"$(at '72 hours')\", \"received_at\": \"$now\"
}" | pick 'it["id"]')

echo "2  It is accepted, and can be drawn from"
api POST "/vials/$vial/accept" '{"after_sequence": 1}' | pick 'it["state"]'

echo "3  A physician prescribes and signs"
directive=$(api POST /directives "{
    \"patient\": {\"hospital_number\": \"LIFE-$$\", \"family_name\": \"Nobody\",
                \"given_name\": \"Nina\", \"birth_date\": \"1960-01-01\"},
    \"product\": \"lutathera\", \"prescribed\": \"7.4 GBq\", \"planned_for\": \"$now\"
}" | pick 'it["id"]')
api POST "/directives/$directive/sign" \
    "{\"after_version\": 1, \"signature\": $(signed_by physician)}" | pick 'it["state"]'

echo "4  How much to draw, with its working"
volume=$(api GET "/vials/$vial/draw?activity=7.4%20GBq&for=$now" | pick 'it["volume_ml"]')
echo "$volume mL"

echo "5  The dose is drawn, measured and signed"
dose=$(api POST "/vials/$vial/dispensings" "{
    \"directive_id\": $directive, \"after_sequence\": 1, \"volume\": \"20 mL\",
    \"measured_activity\": \"7.42 GBq\", \"measured_at\": \"$now\", \"administer_at\": \"$now\",
    \"instrument_id\": $meter, \"signature\": $(signed_by radiopharmacist)
}" | pick 'it["id"]')

echo "6  It is given; what stayed in the line is measured"
given=$(api POST "/dispensings/$dose/administration" "{
    \"started_at\": \"$now\", \"ended_at\": \"$now\",
    \"residues\": [{\"item\": \"line\", \"activity\": \"14 MBq\", \"measured_at\": \"$now\"}]
}")
echo "$given" | pick '"net %.1f MBq, %.2f %% of prescribed" % (
    it["net_administered_mbq"], it["percent_of_prescribed"])'
residue=$(echo "$given" | pick 'it["residues"][0]["id"]')

echo "7  Remainder and residue go into a bag, which is sealed"
AS=$OFFICER_TOKEN
api POST /rule-pack-choices "{
    \"pack\": \"us-dis\", \"reason\": \"Our licence\", \"signature\": $(signed_by safety_officer)
}" >/dev/null
bag=$(api POST /waste-containers \
    '{"kind": "bag", "nuclide": "Lu-177", "place": "Decay store"}' | pick 'it["id"]')
api POST "/waste-containers/$bag/items" "{
    \"source\": \"vial\", \"vial_id\": $vial, \"after_sequence\": 2, \"reason\": \"Remainder\"
}" >/dev/null
api POST "/waste-containers/$bag/items" \
    "{\"source\": \"residue\", \"residue_id\": $residue}" >/dev/null
api POST "/waste-containers/$bag/seal" '{"mass_g": 850}' >/dev/null

echo "8  It is measured, checked leg by leg, and released by signature"
api POST "/waste-containers/$bag/measurements" "{
    \"background\": \"0.12\", \"reading\": \"0.12\", \"unit\": \"µSv/h\", \"unshielded\": true,
    \"most_sensitive_scale\": true, \"instrument_id\": $probe, \"measured_at\": \"$(at now)\"
}" >/dev/null
api GET "/waste-containers/$bag/release-check?at=$(at now)" |
    pick '"\n".join("%s: %s" % (leg["code"], leg["passed"]) for leg in it["legs"])'
api POST "/waste-containers/$bag/release" "{
    \"destination\": \"Ordinary waste\", \"labels_defaced\": true,
    \"signature\": $(signed_by safety_officer)
}" >/dev/null
api GET "/waste-containers/$bag" | pick 'it["state"]'

echo "9  The vial's book is closed"
AS=$TOKEN
api GET "/vials/$vial" | pick '"%(state)s, %(volume_ml)s mL, %(activity_bq)s Bq" % it'
