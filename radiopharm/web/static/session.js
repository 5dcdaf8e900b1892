// The lock as the page sees it. The server locks by its own clock; this only makes it show at once,
// in every tab, and sends what is typed to its person's drafts before the page goes. It keeps
// nothing in the browser.

const { person, lockIn } = document.body.dataset;
const door = document.querySelector(".door");
const channel = new BroadcastChannel("radiopharm-session");
const WARN_S = 60;
let [touched, timer] = [false, 0];

const drafted = () => [...document.querySelectorAll("form[data-draft][data-typed]")];
const here = () => location.pathname + location.search;

// Where this page can be opened again: a form that came back after an error has its own address.
const address = () => document.querySelector(".bar [name=next]")?.value || here();

async function keepDrafts() {
  const sent = drafted().map((form) => {
    const typed = new FormData(form);
    form.querySelectorAll("[type=password]").forEach((box) => typed.delete(box.name));
    return fetch(form.dataset.draft, { method: "POST", body: typed, keepalive: true });
  });
  await Promise.allSettled(sent);
}

async function leave() {
  document.body.inert = true;
  await keepDrafts();
  location.replace(`/sign-in?next=${encodeURIComponent(address())}`);
}

// Ask the server; `active` says that somebody is here.
async function look(active) {
  const answer = await fetch(active ? "/session?active=1" : "/session", { cache: "no-store" }).catch(() => null);
  const now = answer?.ok ? await answer.json() : null;
  if (!now) return wait(WARN_S / 4);
  if (String(now.person) !== person) return leave();
  wait(now.lock_in_s);
}

function wait(leftS) {
  clearTimeout(timer);
  const warning = document.querySelector("[data-locks-soon]");
  warning.hidden = leftS > WARN_S;
  timer = setTimeout(() => {
    look(touched);
    touched = false;
  }, Math.max(1, leftS > WARN_S ? leftS - WARN_S : leftS + 0.5) * 1000);
}

// --- Wiring: a page of somebody's -----------------------------------------------------------------
function stirred() {
  touched = true;
  if (!document.querySelector("[data-locks-soon]").hidden) look(true);
}

async function lockFirst(event) {
  const form = event.target;
  if (form.dataset.key === undefined || !drafted().length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await keepDrafts();
  form.submit();
}

function press(event) {
  const form = document.querySelector(`form[data-key="${CSS.escape(event.key)}"]`);
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
}

// A badge scanned into any box for codes says who comes next.
function someoneElse(event) {
  const code = event.target.querySelector("[data-scan]")?.value.trim() ?? "";
  if (!/^U-/i.test(code)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const form = document.querySelector('form[data-key="F9"]');
  form.elements.who.value = code;
  form.requestSubmit();
}

if (person) {
  addEventListener("submit", someoneElse, true);
  channel.postMessage(person);
  channel.addEventListener("message", ({ data }) => data !== person && leave());
  for (const kind of ["input", "keydown", "pointerdown"]) addEventListener(kind, stirred);
  addEventListener("input", ({ target }) => target.form?.dataset.draft && (target.form.dataset.typed = ""));
  addEventListener("submit", lockFirst, true);
  addEventListener("keydown", press);
  addEventListener("locked", leave);
  document.addEventListener("visibilitychange", () => document.hidden || look(false));
  wait(Number(lockIn));
} else if (door) {
  // The other tabs cover themselves; when somebody has come in, this tab follows.
  channel.postMessage("");
  channel.addEventListener("message", ({ data }) => data && door.hasAttribute("data-locked") && location.reload());
}
addEventListener("pageshow", (event) => event.persisted && location.reload());
