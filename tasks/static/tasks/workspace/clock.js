// Paid time and the lease: the server counts, this page shows it, asks, and says what happens.

import { announce, toast } from "../../workforce/app.js";
import { gettext } from "../../workforce/words.js";
import { call, hhmmss, serverClock, signedOut } from "./calling.js";
import { one } from "./dom.js";

const BEAT_SECONDS = 30;
const PAUSE_AFTER_ASKING = 120;
const SAY_AT = [120, 30];
const WARN_SHARE = 0.2;
const WARN_CAP = 0.8;
const pad = (n) => String(n).padStart(2, "0");

function running(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}` : `${pad(minutes)}:${pad(seconds % 60)}`;
}

export function clock({ work, over }) {
  const there = serverClock(work.now);
  const face = one("#worked");
  const box = face.closest(".clock");
  const dialog = one("#idle");
  let worked = work.worked;
  let since = performance.now();
  let paused = work.state === "paused";
  let leaseUntil = there() + work.lease * 1000;
  let holdUntil = there() + work.hold * 1000;
  let touched = performance.now();
  let beaten = -Infinity;
  let said = new Set();
  let warnedCap = false;
  let ended = false;
  let held = false;

  const seconds = () => worked + (paused ? 0 : Math.floor((performance.now() - since) / 1000));
  const idleFor = () => (performance.now() - touched) / 1000;

  function take(pulse) {
    worked = pulse.seconds_worked;
    since = performance.now();
    leaseUntil = Date.parse(pulse.lease_until);
    holdUntil = Date.parse(pulse.hold_until);
    if (pulse.state) still(pulse.state === "paused");
  }

  function still(is) {
    paused = is;
    since = performance.now();
    box.classList.toggle("still", is);
    one("#pausing button").setAttribute("aria-label", is ? gettext("Go on; paid time runs again") : gettext("Pause paid time"));
    let note = one("#paused-note");
    if (is && !note) {
      note = document.createElement("div");
      note.id = "paused-note";
      note.className = "banner warn";
      note.textContent = gettext("Paused. Paid time stands still, and the task is kept for you until its time runs out.");
      one("#notices").prepend(note);
    }
    if (!is) note?.remove();
  }

  async function beat() {
    if (held) return;
    beaten = performance.now();
    const answer = await call(`${work.api}heartbeat/`, { body: {} });
    if (answer.ok) {
      take(answer.body);
      one("#signed-out")?.remove();
    } else if (answer.body.code === "claim_over") end(answer.body.detail);
    else if (signedOut(answer)) document.dispatchEvent(new CustomEvent("work:signed-out"));
  }

  async function pause(by) {
    const answer = await call(`${work.api}pause/`, { body: { reason: by } });
    if (!answer.ok) return answer.body.code === "claim_over" ? end(answer.body.detail) : toast({ text: gettext("This did not go through. Try again in a moment."), bad: true });
    take(answer.body);
    still(true);
    announce(gettext("Paused. Paid time stands still."));
    return true;
  }

  async function goOn() {
    const answer = await call(`${work.api}resume/`, { body: {} });
    if (!answer.ok) return answer.body.code === "claim_over" ? end(answer.body.detail) : toast({ text: gettext("This did not go through. Try again in a moment."), bad: true });
    take(answer.body);
    still(false);
    announce(gettext("Paid time runs again."));
    return true;
  }

  function end(detail) {
    if (ended) return;
    ended = true;
    dialog.close();
    over(detail);
  }

  function askIdle() {
    const idle = idleFor();
    if (idle >= work.idle && !dialog.open) {
      one("[data-text]", dialog).textContent = gettext("Nothing happened here for a while. Paid time pauses by itself soon.");
      one('[data-idle="pause"]', dialog).hidden = false;
      dialog.showModal();
      announce(gettext("Are you still working? Paid time pauses by itself in 2 minutes."));
    }
    if (idle >= work.idle + PAUSE_AFTER_ASKING && dialog.open) {
      one("[data-text]", dialog).textContent = gettext("Paid time was paused at %(time)s, because nothing happened here. The time until then is kept. Your draft is saved.", { time: hhmmss(there()) });
      one('[data-idle="pause"]', dialog).hidden = true;
      pause("idle");
    }
  }

  function showLease() {
    const pill = one("#held");
    const byLease = (leaseUntil - there()) / 1000;
    const byHold = (holdUntil - there()) / 1000;
    const left = Math.max(0, Math.round(Math.min(byLease, byHold)));
    const low = byLease < work.leaseWhole * WARN_SHARE || byHold < work.holdWhole * WARN_SHARE;
    pill.hidden = !low;
    if (low) one("span", pill).textContent = gettext("Kept for you %(left)s more", { left: `${Math.floor(left / 60)}:${pad(left % 60)}` });
    for (const at of SAY_AT) {
      if (left <= at && left > at - 10 && !said.has(at)) {
        said.add(at);
        announce([at === 120 ? gettext("2 minutes left for this task.") : gettext("30 seconds left for this task."), one("#extend") ? gettext("You can keep it longer once.") : ""].join(" ").trim());
      }
    }
    if (left > SAY_AT[0] + 30) said = new Set();
    if (left === 0 && performance.now() - beaten > 5000) beat();
  }

  function tick() {
    if (ended) return;
    face.textContent = running(seconds());
    const near = seconds() >= work.cap * WARN_CAP;
    box.classList.toggle("near", near);
    if (near && !warnedCap) {
      warnedCap = true;
      if (seconds() < work.cap) announce(gettext("Most of the paid time for this task is used."));
    }
    showLease();
    if (paused) return;
    askIdle();
    const every = Math.max(5, Math.min(BEAT_SECONDS, work.leaseWhole / 3));
    if (performance.now() - beaten > every * 1000) beat();
  }

  for (const event of ["keydown", "pointerdown", "pointermove", "wheel", "touchmove", "input"]) {
    document.addEventListener(event, () => { if (!dialog.open) touched = performance.now(); }, { passive: true, capture: true });
  }
  one('[data-idle="on"]', dialog).addEventListener("click", () => {
    touched = performance.now();
    dialog.close();
    if (paused) goOn();
    else beat();
  });
  one('[data-idle="pause"]', dialog).addEventListener("click", () => { touched = performance.now(); dialog.close(); pause("by hand"); });
  dialog.addEventListener("cancel", () => { touched = performance.now(); if (paused) goOn(); });
  one("#pausing").addEventListener("submit", (event) => {
    event.preventDefault();
    one("#more-acts").hidePopover();
    if (paused) goOn();
    else pause("by hand");
  });
  // Whoever writes is working again: the server has started the clock with the draft.
  document.addEventListener("work:started", () => {
    if (!paused) return;
    still(false);
    announce(gettext("You went on writing, so paid time runs again."));
    beat();
  });
  extending({ work, take });
  setInterval(tick, 1000);
  tick();
  return { stop: () => { ended = true; }, hold: (is) => { held = is; }, resumeIfPaused: () => (paused ? goOn() : null) };
}

function extending({ work, take }) {
  const form = one("#extending form");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await call(`${work.api}extend/`, { body: { reason: form.reason.value } });
    one("#extending").hidePopover();
    if (!answer.ok) return toast({ text: answer.body.detail || gettext("This did not go through. Try again in a moment."), bad: true });
    take(answer.body);
    for (const button of document.querySelectorAll('[popovertarget="extending"]')) button.remove();
    return toast({ text: gettext("The task is kept for you until %(time)s.", { time: hhmmss(answer.body.hold_until) }) });
  });
}
