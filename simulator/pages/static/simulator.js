"use strict";
/* One device of one person: shows what the server says it shows, and tells the server what is done with it.
   Text always goes in as text. Nothing of the state is kept here but what was shown already. */

const device = document.getElementById("device");
const $ = (id) => document.getElementById(id);
const SEEN = 400;
const UNSEEN = 2000;
let wake = () => {};
let csrf = device.dataset.csrf;
let version = "";

/* --- the server ------------------------------------------------------------------------------------------- */

async function follow(show) {
  for (;;) {
    try {
      const answer = await fetch(`${device.dataset.state}&version=${version}`, {cache: "no-store"});
      if (!answer.ok) throw new Error(String(answer.status));
      if ($("said").textContent === device.dataset.lost) tell("");
      if (answer.status !== 204) {
        const now = await answer.json();
        csrf = now.csrf;
        version = now.version;
        show(now);
      }
      await pause(document.hidden ? UNSEEN : SEEN);
    } catch (reason) {
      version = "";
      tell(device.dataset.lost);
      await pause(UNSEEN);
    }
  }
}

/* Milliseconds until the next look; what is done here, or looking at this tab again, ends it. */
function pause(ms) {
  return new Promise((done) => {
    wake = done;
    setTimeout(done, ms);
  });
}

async function act(action, fields = {}) {
  tell("");
  device.setAttribute("aria-busy", "true");
  try {
    let answer = await post(action, fields);
    if (answer.status === 403) {
      await renew();
      answer = await post(action, fields);
    }
    const {said} = await answer.json();
    if (said) tell(said);
    return answer.ok;
  } catch (reason) {
    tell(device.dataset.lost);
    return false;
  } finally {
    wake();
    device.removeAttribute("aria-busy");
  }
}

function post(action, fields) {
  return fetch(`${device.dataset.act}/${action}?lang=${device.dataset.language}`, {
    method: "POST",
    headers: {"Content-Type": "application/json", "X-CSRFToken": csrf},
    body: JSON.stringify(fields),
  });
}

/* The server was started anew, or another tab has begun a session: take the mark that it knows now. */
async function renew() {
  const answer = await fetch(device.dataset.state, {cache: "no-store"});
  csrf = (await answer.json()).csrf;
}

function tell(said) {
  if ($("said").textContent !== said) $("said").textContent = said;
}

/* --- what both kinds of page do ---------------------------------------------------------------------------- */

function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

function reveal(now) {
  for (const part of device.querySelectorAll("[data-at]")) {
    part.hidden = !part.dataset.at.split(" ").some((one) => now.has(one));
  }
}

function scroll(log) {
  log.scrollTop = log.scrollHeight;
}

/* --- the telephone ----------------------------------------------------------------------------------------- */

function telephone() {
  const log = $("log");
  let shown = {id: "", count: 0};
  let call = null;
  let keys = "";
  let inside = false;

  const aloud = $("aloud");
  const voices = "speechSynthesis" in window;
  aloud.closest("p").hidden = !voices;
  aloud.checked = voices && localStorage.getItem("aloud") === "yes";
  aloud.addEventListener("change", () => {
    localStorage.setItem("aloud", aloud.checked ? "yes" : "no");
    if (!aloud.checked) hush();
  });

  function hush() {
    if (voices) speechSynthesis.cancel();
  }

  function speak(line) {
    if (!voices || !aloud.checked) return;
    const words = new SpeechSynthesisUtterance(line.text);
    words.lang = line.lang;
    speechSynthesis.speak(words);
  }

  function typed(now) {
    keys = now;
    $("typed").textContent = now;
  }

  function state(now) {
    const here = new Set();
    if (now.rings) here.add("rings-here");
    if (!now.call || now.call.at === "over") {
      if (!now.rings) here.add("idle");
      return here;
    }
    here.add(now.call.at);
    if (now.call.at === "listens" && !now.call.listens) {
      here.add("deaf");
    }
    if (now.call.office_rings) here.add("office-rings");
    if (now.call.office_talks) here.add("office-talks");
    return here;
  }

  function lines(now) {
    if (now.id !== shown.id || now.lines.length < shown.count) {
      log.replaceChildren();
      shown = {id: now.id, count: 0};
    }
    for (const line of now.lines.slice(shown.count)) {
      const who = line.who === "you" ? device.dataset.you : device.dataset.office;
      log.append(element("div", {class: line.who}, element("span", {class: "who"}, who),
        element("span", {class: "what", lang: line.lang, dir: line.dir}, line.text)));
      if (line.who === "line") speak(line);
    }
    if (now.lines.length > shown.count) scroll(log);
    shown.count = now.lines.length;
  }

  function show(now) {
    const changed = !call || !now.call || call.id !== now.call.id || call.lines.length !== now.call.lines.length;
    call = now.call;
    if (changed || (call && call.at !== "listens")) typed("");
    $("wants").textContent = now.wants;
    if (call) lines(call);
    if (!call || call.at === "over") hush();
    reveal(state(now));
    $("speak").hidden = !(call && call.at === "listens" && call.listens);
    device.dataset.now = now.rings ? "rings-here" : call ? call.at : "idle";
    const active = document.activeElement;
    if (inside && (active === document.body || !active.offsetParent)) nearest();
  }

  function nearest() {
    const next = [...device.querySelectorAll(".handset .row button, .pad button")].find((one) => one.offsetParent);
    if (next) next.focus();
  }

  function send(pressed) {
    hush();
    act("press", {keys: pressed});
  }

  function press(key) {
    if (!call || call.at !== "listens") return;
    typed(keys + key);
    if (call.most_keys === 1 || key === "#" || keys.length >= call.most_keys) send(keys);
  }

  device.addEventListener("focusin", () => { inside = true; });
  document.addEventListener("focusin", (event) => { inside = device.contains(event.target); });

  device.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    inside = true;
    if (button.dataset.key) press(button.dataset.key);
    if (button.dataset.do === "silence" && keys) send(keys);
    else if (button.dataset.do) {
      hush();
      act(button.dataset.do);
    }
  });

  device.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, select, textarea")) return;
    if (!/^[0-9*#]$/.test(event.key)) return;
    event.preventDefault();
    press(event.key);
  });

  $("speak").addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = $("words").value;
    if (!words.trim()) return;
    hush();
    if (await act("say", {words, confidence: $("confidence").value})) $("words").value = "";
  });

  window.addEventListener("pagehide", hush);
  follow(show);
}

/* --- text messages and the chat ------------------------------------------------------------------------------ */

function messages() {
  const log = $("log");
  const words = $("words");
  const shown = new Map();

  function item(message) {
    const who = message.mine ? device.dataset.you : device.dataset.office;
    const made = element("div", {class: message.mine ? "you" : "line"}, element("span", {class: "who"}, who),
      element("span", {class: "what", dir: "auto"}, message.text));
    if (message.buttons.length) {
      made.append(element("span", {class: "buttons"}, ...message.buttons.map((one) => {
        const button = element("button", {type: "button", dir: "auto"}, one.label);
        button.addEventListener("click", () => act("press", {message: message.id, data: one.data}));
        return button;
      })));
    }
    made.append(element("span", {class: "status"}));
    return made;
  }

  function show(now) {
    if (now.messages.length < shown.size) {
      log.replaceChildren();
      shown.clear();
    }
    for (const message of now.messages) {
      if (!shown.has(message.id)) {
        shown.set(message.id, log.appendChild(item(message)));
        scroll(log);
      }
      const box = shown.get(message.id);
      const status = box.querySelector(".status");
      if (status.textContent !== message.status) status.textContent = message.status;
      status.hidden = !message.status;
      box.classList.toggle("bad", message.bad);
    }
    if ($("notice").textContent !== (now.notice || "")) $("notice").textContent = now.notice || "";
    $("off").checked = now.off;
    reveal(new Set(now.messages.length ? [] : ["empty"]));
  }

  async function send(text) {
    if (text.trim() && await act("send", {words: text})) words.value = "";
    words.focus();
  }

  $("write").addEventListener("submit", (event) => {
    event.preventDefault();
    send(words.value);
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send(words.value);
    }
  });
  for (const button of device.querySelectorAll("[data-send]")) {
    button.addEventListener("click", () => send(button.dataset.send));
  }
  $("off").addEventListener("change", () => act($("off").checked ? "off" : "on"));
  follow(show);
}

document.addEventListener("visibilitychange", () => wake());
if (device.dataset.device === "phone") telephone();
else messages();
