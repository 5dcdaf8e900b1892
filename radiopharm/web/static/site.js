// Comfort only: every page and form works without this file. It never decides, rounds what is
// booked, or builds markup from text; fragments come from our own server and carry no script.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);

// --- Server time: taken once from the page, carried on by a clock that nobody can set -----------
const clock = one("[data-clock]");
const SKEW_MS = 30_000;
let start = clock ? Date.parse(clock.dataset.clock) : Date.now();
const serverNow = () => start + performance.now();
const skew = () => Math.abs(Date.now() - serverNow());

function inZone(zone, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
  } catch {
    return new Intl.DateTimeFormat("en-GB", options);
  }
}

const clockFormat = inZone(clock?.dataset.zone, { timeStyle: "medium" });

function span(ms) {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  const parts = [[Math.floor(minutes / 1440), "d"], [Math.floor(minutes / 60) % 24, "h"], [minutes % 60, "min"]];
  const first = parts.findIndex(([count]) => count);
  const shown = first < 0 ? [[0, "min"]] : parts.slice(first, first + 2).filter(([count]) => count);
  return shown.map((part) => part.join(" ")).join(" ");
}
const relative = (ms) => (ms >= 0 ? `in ${span(ms)}` : `${span(ms)} ago`);

function tick() {
  if (clock) {
    one("[data-clock-time]", clock).textContent = clockFormat.format(serverNow());
  }
  for (const time of all("[data-until]")) {
    const text = relative(Date.parse(time.dataset.until) - serverNow());
    if (time.textContent !== text) time.textContent = text;
  }
}

// A computer that slept has lost time on its steady clock: ask the server again when it wakes.
async function wake() {
  if (document.hidden || skew() < SKEW_MS) return;
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  const date = Date.parse(answer?.headers.get("Date"));
  if (date) start = date - performance.now();
  startClock();
}

function startClock() {
  const warning = one("[data-skew]");
  if (warning) warning.hidden = skew() < SKEW_MS;
  tick();
}

// --- Numbers with units: the other unit said aloud ----------------------------------------------
const BQ = { Bq: 1, kBq: 1e3, MBq: 1e6, GBq: 1e9, TBq: 1e12, "µCi": 37e3, uCi: 37e3, mCi: 37e6, Ci: 37e9 };
const shortest = (number) => String(Number(number.toPrecision(4)));

function otherUnit(bq, unit) {
  const curies = unit.endsWith("Ci");
  const scale = curies
    ? bq >= 1e9 ? "GBq" : bq >= 1e6 ? "MBq" : "kBq"
    : bq >= 37e9 * 10 ? "Ci" : bq >= 37e6 ? "mCi" : "µCi";
  return `${shortest(bq / BQ[scale])} ${scale}`;
}

function sayQuantity(field) {
  const echo = one(".echo", field);
  const typed = one("input[data-select]", field).value.trim();
  const unit = one("input[type=radio]:checked, input[type=hidden]", field)?.value;
  const [, number, ownUnit] = typed.match(/^((?:0|[1-9]\d*)(?:\.\d+)?)\s*([A-Za-zµ]*)$/) ?? [];
  const used = ownUnit || unit;
  const comma = /^\d+,\d+$/.test(typed);
  echo.textContent = comma ? `Write a point: ${typed.replace(",", ".")}`
    : number && used in BQ ? `${number} ${used} = ${otherUnit(number * BQ[used], used)}` : "";
  echo.dataset.tone = comma ? "warn" : "";
}

// A product brings its unit along, but never under a number that is already typed.
function bringUnit(select) {
  const unit = select.selectedOptions[0].dataset.unit;
  for (const field of unit ? all("[data-quantity]", select.form) : []) {
    const radio = one(`input[type=radio][value="${CSS.escape(unit)}"]`, field);
    if (radio && !one("input[data-select]", field).value) radio.checked = true;
  }
}

// --- Dates said in words, because 03/04 is two days ---------------------------------------------
const DAY = { weekday: "short", day: "numeric", month: "short", year: "numeric" };

function sayInstant(field) {
  const [date, time] = [one("[type=date]", field).value, one("[type=time]", field).value];
  const zone = one("[name$=_zone]", field)?.value ?? "";
  const day = new Date(`${date}T12:00:00Z`);
  one(".echo", field).textContent = Number.isNaN(day.getTime()) ? ""
    : `${inZone("UTC", DAY).format(day).replace(",", "")} ${time} ${time && zone.replace("_", " ")}`.trim();
}

function sayAll() {
  all("[data-quantity]").forEach(sayQuantity);
  all("[data-instant]").forEach(sayInstant);
}

// --- Live panel: the server computes while people type; an old figure never stands under new input
const PRIVATE = "[type=password], textarea, [name=csrf_token], [name=idempotency_key], [data-private] *";

const SECRET = "[type=password]";

function valuesWithout(hidden, form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const secret = all(`[name="${CSS.escape(name)}"]`, form).some((input) => input.matches(hidden));
    if (!secret && typeof value === "string") query.append(name, value);
  }
  return query;
}

// What is to be signed may hold words that belong in no address: such a form asks by POST.
async function fragment(form, signal) {
  const body = isSigned(form) ? valuesWithout(SECRET, form) : undefined;
  const url = body ? form.dataset.live : `${form.dataset.live}?${valuesWithout(PRIVATE, form)}`;
  const method = body ? "POST" : "GET";
  const answer = await fetch(url, { method, body, signal, headers: { Accept: "text/html" } });
  if (answer.status === 401) dispatchEvent(new Event("locked"));
  const usable = answer.ok || answer.status === 422 || answer.status === 409;
  if (answer.redirected || !usable) throw new Error(`HTTP ${answer.status}`);
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...parsed.body.childNodes];
}

const isSigned = (form) => "signed" in form.dataset;
const OLD_TEXT_MS = 30_000; // a ticket lives for two minutes: whoever starts on a secret gets a new one

function live(form) {
  const target = one("[data-live-target]", form) ?? one("[data-live-target]");
  let [timer, running, asked] = [0, new AbortController(), performance.now()];
  async function refresh() {
    [running, asked] = [new AbortController(), performance.now()];
    try {
      target.replaceChildren(...(await fragment(form, running.signal)));
    } catch (problem) {
      if (problem.name === "AbortError") return;
      target.textContent = "These figures could not be refreshed. What you typed is kept; sending still works.";
    }
    target.removeAttribute("aria-busy");
    tick();
  }
  function soon(delay) {
    running.abort();
    clearTimeout(timer);
    target.setAttribute("aria-busy", "true");
    timer = setTimeout(refresh, delay);
  }
  form.addEventListener("input", ({ target: box }) => box.matches(SECRET) || soon(300));
  form.addEventListener("focusin", ({ target: box }) => {
    if (isSigned(form) && box.matches(SECRET) && performance.now() - asked > OLD_TEXT_MS) soon(0);
  });
}

// Nobody signs a text that is just being replaced; another press, a moment later, signs the new one.
function isBeingRewritten(form, button) {
  const signs = !button?.hasAttribute("formaction") || "signs" in button.dataset;
  return isSigned(form) && signs && one("[data-live-target][aria-busy]", form);
}

// --- Sending: once, and never stuck -------------------------------------------------------------
function sendOnce(event) {
  const form = event.target;
  if (form.getAttribute("method") !== "post") return;
  if (form.dataset.sending || isBeingRewritten(form, event.submitter)) return event.preventDefault();
  form.dataset.sending = "yes";
  setTimeout(readyToSend, 15_000);
  all("button[type=submit]", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
}

function readyToSend() {
  for (const form of all("form[data-sending]")) {
    delete form.dataset.sending;
    all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }
}

// --- A button that only changes one part of the page: the rest stays as it is typed ---------------
async function swapPart(event) {
  const button = event.submitter;
  if (!button?.dataset.swap || event.defaultPrevented) return;
  event.preventDefault();
  const { form, dataset } = button;
  button.setAttribute("aria-busy", "true");
  const sent = new FormData(form);
  all("[type=password]", form).forEach((input) => sent.delete(input.name));
  try {
    const answer = await fetch(button.formAction, { method: "POST", body: new URLSearchParams(sent) });
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [part, focus] = [one(dataset.swap, parsed), one("[autofocus]", parsed)?.id];
    if (!part) throw new Error(`HTTP ${answer.status}`);
    one(dataset.swap).replaceWith(part);
    sayAll();
    form.dispatchEvent(new Event("input", { bubbles: true }));
    (focus && document.getElementById(focus))?.focus();
    readyToSend();
  } catch {
    delete dataset.swap; // then as without script: the whole page
    readyToSend();
    form.requestSubmit(button);
  }
}

// --- Enter moves on to the next empty box, Tab to every one; a scanner ends its code with Enter ---
function enterMovesOn(event) {
  const input = event.target;
  const form = input.form;
  if (event.key !== "Enter" || event.isComposing || form?.dataset.enter !== "move") return;
  if (!input.matches("input, select") || input.matches("[data-scan]")) return;
  event.preventDefault();
  const stops = all("input:not([type=hidden], [readonly]), select, textarea, button", form)
    .filter((stop) => !stop.disabled && stop.checkVisibility() && (stop.type !== "radio" || stop.checked));
  const rest = stops.slice(stops.indexOf(input) + 1);
  (rest.find((stop) => stop.matches("button") || !stop.value) ?? rest[0])?.focus();
}

const SCAN_GAP_MS = 60;
let [scanned, lastKey] = ["", 0];

function catchScan(event) {
  const input = one("form[method=post] [data-scan]") ?? one("#scan input");
  const boxes = all("form[method=post] [data-code]");
  if (!input || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.timeStamp - lastKey > SCAN_GAP_MS) scanned = "";
  lastKey = event.timeStamp;
  if (event.key === "Enter" && scanned.length >= 4) {
    event.preventDefault();
    const box = boxes.find(({ dataset }) => scanned.toUpperCase().startsWith(`${dataset.code}-`));
    if (box) return takeScan(box);
    input.value = scanned;
    input.form.requestSubmit(one("button[type=submit]", input.form));
  } else if (event.key.length === 1) {
    scanned += event.key;
  }
}

// A code with a box of its own on this page goes there, and nothing is sent.
function takeScan(box) {
  box.value = scanned;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

// --- Wiring --------------------------------------------------------------------------------------
document.addEventListener("focusin", ({ target }) => target.matches("[data-select]") && target.select());
document.addEventListener("input", ({ target }) => {
  const [quantity, instant] = [target.closest("[data-quantity]"), target.closest("[data-instant]")];
  if (quantity) sayQuantity(quantity);
  if (instant) sayInstant(instant);
  if (target.matches("select")) bringUnit(target);
});
document.addEventListener("keydown", enterMovesOn);
document.addEventListener("keydown", catchScan, true);
document.addEventListener("submit", sendOnce);
document.addEventListener("submit", swapPart);
document.addEventListener("click", ({ target }) => target.closest("[data-print]") && print());
addEventListener("pageshow", readyToSend);
all("form[data-live]").forEach(live);
document.addEventListener("visibilitychange", wake);
setInterval(tick, 1000);
sayAll();
startClock();
