// Keeps a page up to date, keeps what is typed, and sends each form once. Without it every page works by reloading.

const EVERY = 4000; // milliseconds between two looks
const PATIENCE = 10000; // milliseconds after which a look has failed

// --- what is typed stays in this tab until it was sent --------------------------------------------------------

const kept = (field) => `draft:${document.body.dataset.staff}:${field.dataset.draft}`;

function keepDraft(field) {
  if ("sent" in field.dataset) sessionStorage.removeItem(kept(field));
  else if (!field.value) field.value = sessionStorage.getItem(kept(field)) ?? "";
  else sessionStorage.setItem(kept(field), field.value);
  field.addEventListener("input", () => sessionStorage.setItem(kept(field), field.value));
}

function forgetDrafts() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:")) sessionStorage.removeItem(key);
}

// --- each form once ------------------------------------------------------------------------------------------

function sendOnce(event) {
  if (event.defaultPrevented || !event.target.matches("[data-once]")) return;
  if (event.target.dataset.going) return event.preventDefault();
  event.target.dataset.going = "yes";
}

// A page that comes back by the browser's "back" is asked for anew, since others may have acted meanwhile.
function cameBack(event) {
  if (event.persisted) location.reload();
}

// --- a page that stays up to date ----------------------------------------------------------------------------

const say = (element, text) => {
  if (element && element.textContent !== text) element.textContent = text;
};

function focusAgain(id, list) {
  const same = id && document.getElementById(id);
  if (same) return same.focus({ preventScroll: true });
  const heading = list.closest("section")?.querySelector("h2");
  if (heading) heading.focus({ preventScroll: true });
}

const isAtEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 40;

// Brings a list to what the server shows; rows that did not change are not touched. Gives the number of new rows.
function renewList(list, fresh) {
  const before = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const atEnd = isAtEnd(list);
  const focused = list.contains(document.activeElement) && document.activeElement !== list ? document.activeElement : null;
  let added = 0;
  let last = null;
  for (const row of [...fresh.children]) {
    const old = before.get(row.dataset.key);
    before.delete(row.dataset.key);
    if (!old && !row.matches(".none, .entry:not(.resident)")) added += 1;
    let placed = old ?? row;
    if (old && old.dataset.state !== row.dataset.state) {
      const opened = old.querySelector("details")?.open;
      if (opened && row.querySelector("details")) row.querySelector("details").open = true;
      old.replaceWith(row);
      placed = row;
    }
    const next = last ? last.nextElementSibling : list.firstElementChild;
    if (placed !== next) list.insertBefore(placed, next);
    last = placed;
  }
  for (const gone of before.values()) gone.remove();
  list.hidden = fresh.hidden;
  if (focused && !focused.isConnected) focusAgain(focused.id, list);
  if (atEnd && added) list.scrollTop = list.scrollHeight;
  return added;
}

// Headings that tell how many there are.
function renewHeadings(page) {
  for (const heading of document.querySelectorAll("h2[data-key]")) {
    const other = page.querySelector(`h2[data-key="${heading.dataset.key}"]`);
    if (other.dataset.state === heading.dataset.state) continue;
    heading.dataset.state = other.dataset.state;
    heading.replaceChildren(...other.childNodes);
  }
}

// An answer is sent only if the newest words of the resident were on the screen: those further down were not read.
class Seen {
  constructor(log, field, told) {
    this.log = log;
    this.field = field;
    this.told = told;
    this.newest = field?.value;
    log?.addEventListener("scroll", () => this.look());
  }

  came(version) {
    this.newest = version;
    this.look();
  }

  look() {
    if (!this.log || !isAtEnd(this.log)) return;
    say(this.told, "");
    if (this.field) this.field.value = this.newest;
  }
}

// Who signed in again elsewhere goes on here: forms then carry another secret.
function renewSecrets(page) {
  const fresh = page.querySelector("[name=csrf_token]").value;
  for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = fresh;
}

class Fresh {
  constructor(box) {
    this.box = box;
    this.state = document.querySelector("[data-fresh]");
    this.told = document.querySelector("[data-announce]");
    this.seen = new Seen(box.querySelector("[data-list=log]"), document.querySelector("[data-seen]"), this.told);
    this.at = box.querySelector("[data-at]").dataset.at;
    this.stale = false;
    this.busy = false;
    this.later();
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), EVERY);
  }

  async look() {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.ask();
    } catch {
      this.trouble(0);
    }
    this.busy = false;
    this.later();
  }

  async ask() {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(this.box.dataset.poll, { cache: "no-store", redirect: "error", signal });
    if (!answer.ok) return this.trouble(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-at]");
    // Nobody reads what comes while the tab is hidden.
    if ("talk" in this.box.dataset && document.visibilityState === "hidden") return;
    this.renew(page, fresh.dataset);
  }

  renew(page, fresh) {
    let added = 0;
    for (const list of document.querySelectorAll("[data-list]")) {
      const name = list.dataset.list;
      const count = renewList(list, page.querySelector(`[data-list="${name}"]`));
      if (name === "waiting" || name === "log") added += count;
    }
    renewHeadings(page);
    renewSecrets(page);
    if (added) say(this.told, fresh.summary ?? this.told.dataset.new);
    this.seen.came(fresh.version);
    this.at = fresh.at;
    say(this.state, this.stale ? this.state.dataset.again : "");
    this.stale = false;
  }

  trouble(status) {
    const words = this.state.dataset;
    this.stale = true;
    if (status === 403) say(this.state, words.out);
    else if (status === 404) say(this.state, words.gone);
    else say(this.state, words.stale.replace("{time}", this.at));
  }
}

// --- a choice by its number ------------------------------------------------------------------------------------

// Only while one of the choices has the focus, so that no key does anything elsewhere (WCAG 2.2, 2.1.4).
function chooseByDigit(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || !event.target.matches("[data-digits] button")) return;
  // A keyboard may write digits of its own script, or none without the shift key: then the place of the key counts.
  const digit = /^[1-9]$/.test(event.key) ? event.key : !event.shiftKey && /^Digit([1-9])$/.exec(event.code)?.[1];
  const chosen = digit && event.target.form.querySelector(`[aria-keyshortcuts="${digit}"]`);
  if (!chosen) return;
  event.preventDefault();
  chosen.click();
}

// --- begin ---------------------------------------------------------------------------------------------------

// A region that is filled when the page opens is not read out; filled a moment later it is.
function tellDone(region) {
  const said = [...region.childNodes];
  if (!region.textContent.trim()) return;
  region.replaceChildren();
  setTimeout(() => region.replaceChildren(...said), 150);
}

for (const field of document.querySelectorAll("[data-draft]")) keepDraft(field);
for (const region of document.querySelectorAll("[data-done]")) tellDone(region);
for (const list of document.querySelectorAll("[data-list=log]")) list.scrollTop = list.scrollHeight;
for (const box of document.querySelectorAll("[data-poll]")) new Fresh(box);
document.querySelector("[data-focus]")?.focus();
document.querySelector("[data-signs-out]")?.addEventListener("submit", forgetDrafts);
document.addEventListener("submit", sendOnce);
document.addEventListener("keydown", chooseByDigit);
window.addEventListener("pageshow", cameBack);
if (new URLSearchParams(location.search).has("done")) history.replaceState(null, "", location.pathname);
