// Keeping the draft: in this browser at once, with the server 800 ms later, whatever happens.

import { announce } from "../../workforce/app.js";
import { gettext } from "../../workforce/words.js";
import { call, hhmmss, serverClock, signedOut } from "./calling.js";
import { h, icon, one } from "./dom.js";

const WAIT_MS = 800;
const AGAIN_SECONDS = 5;

const savedText = (time) => gettext("Draft saved %(time)s", { time: hhmmss(time) });

// The server gives an answer's fields back in an order of its own.
function same(one, other) {
  if (one === null || other === null || typeof one !== "object" || typeof other !== "object") return one === other;
  const keys = Object.keys(one);
  return Array.isArray(one) === Array.isArray(other) && keys.length === Object.keys(other).length && keys.every((key) => key in other && same(one[key], other[key]));
}

export function keeper({ work, store, over }) {
  const kept = work.kept;
  const clock = serverClock(work.now);
  const state = one("#draft-state");
  let version = work.version;
  let dirty = false;
  let busy = null;
  let timer = 0;
  let counting = 0;
  let stopped = false;
  let held = false;

  const say = (name, text) => {
    state.dataset.state = name;
    one("[data-text]", state).textContent = text;
  };

  function keepHere() {
    try {
      localStorage.setItem(kept, JSON.stringify({ answer: store.get(), version, at: clock() }));
    } catch {
      // A full or forbidden storage: the page and the server still hold it.
    }
  }

  function changed() {
    if (stopped) return;
    dirty = true;
    keepHere();
    if (state.dataset.state !== "trouble") say("waiting", gettext("Saving…"));
    clearTimeout(timer);
    timer = setTimeout(save, WAIT_MS);
  }

  async function save({ force = false, keepalive = false } = {}) {
    if (stopped || held || (!dirty && !force)) return true;
    if (busy) {
      await busy;
      return save({ force, keepalive });
    }
    clearTimeout(timer);
    const sent = JSON.stringify(store.get());
    const body = force === "mine" ? { answer: store.get() } : { answer: store.get(), version: version + 1 };
    busy = call(`${work.api}draft/`, { method: "PUT", body, keepalive: keepalive && sent.length < 60000 });
    const answer = await busy;
    busy = null;
    return answer.ok ? saved(answer.body, sent) : failed(answer);
  }

  function saved(body, sent) {
    clearInterval(counting);
    counting = 0;
    version = body.version;
    const troubled = state.dataset.state === "trouble";
    one("#signed-out")?.remove();
    say("saved", savedText(body.saved_at));
    if (troubled) announce(gettext("The draft is saved again."));
    document.dispatchEvent(new CustomEvent("work:started"));
    if (JSON.stringify(store.get()) === sent) {
      dirty = false;
      try { localStorage.removeItem(kept); } catch { /* nothing to remove */ }
    } else {
      timer = setTimeout(save, WAIT_MS);
    }
    return true;
  }

  function failed(answer) {
    if (answer.body.code === "draft_outdated") return twoDrafts();
    if (answer.body.code === "claim_over") return over(answer.body.detail);
    if (signedOut(answer)) askToSignIn();
    else if (answer.status === 404) notice("missing", gettext("This task is not yours under the account that is signed in now. Your draft stays in this browser. Sign in as yourself to save it."), work.signIn);
    else if (answer.status === 400 || answer.status === 413) {
      say("trouble", answer.body.detail || gettext("This draft is too large to save."));
      announce(gettext("The draft cannot be saved as it is."));
      return false;
    }
    countDown();
    return false;
  }

  function countDown() {
    if (counting) return;
    let left = AGAIN_SECONDS;
    if (state.dataset.state !== "trouble") announce(gettext("Not saved. Your work stays in this page; it tries again every 5 seconds."));
    const step = () => {
      if (left > 0) say("trouble", gettext("Not saved. Trying again in %(left)s s", { left }));
      else {
        clearInterval(counting);
        counting = 0;
        save();
      }
      left -= 1;
    };
    step();
    counting = setInterval(step, 1000);
  }

  function askToSignIn() {
    if (one("#signed-out")) return;
    notice("signed-out", gettext("You are signed out. Your draft is kept in this browser and saves by itself when you are back."), `${work.signIn}?next=${encodeURIComponent(work.page)}`);
    announce(gettext("You are signed out. Your draft is kept here."));
  }

  function notice(id, text, href) {
    if (one(`#${id}`)) return;
    one("#notices").append(h("div", { class: "banner warn", id }, icon("alert-triangle"), h("span", { class: "small" }, `${text} `, h("a", { href, target: "_blank", rel: "noopener" }, gettext("Sign in in a new tab")))));
  }

  async function twoDrafts() {
    const answer = await call(work.api, { method: "GET" });
    const theirs = answer.body.draft;
    if (!theirs) return false;
    // Another tab of this browser may have saved the very text that both keep.
    if (same(theirs.answer, store.get())) return saved(theirs, JSON.stringify(store.get()));
    const dialog = one("#two-drafts");
    one("[data-text]", dialog).textContent = gettext("It was saved at %(time)s, from another tab or browser. What you have here is not lost: choose which one to go on with. The other one stays one step of undo away.", { time: hhmmss(theirs.saved_at) });
    say("trouble", gettext("Another window saved a newer draft"));
    one('[data-draft="theirs"]', dialog).onclick = () => {
      dialog.close();
      version = theirs.version;
      store.replace(theirs.answer);
      say("saved", savedText(theirs.saved_at));
    };
    one('[data-draft="mine"]', dialog).onclick = () => {
      dialog.close();
      version = theirs.version;
      save({ force: true });
    };
    if (!dialog.open) dialog.showModal();
    return false;
  }

  /** What this browser kept against what the server has: the newest wins, the other is offered. */
  function restore() {
    let local = null;
    try { local = JSON.parse(localStorage.getItem(kept)); } catch { /* unreadable: as if there were none */ }
    if (!local || JSON.stringify(local.answer) === JSON.stringify(store.get())) return;
    const there = work.savedAt ? Date.parse(work.savedAt) : 0;
    const server = structuredClone(store.get());
    if (local.at > there) {
      store.replace(local.answer);
      offer(gettext("Restored what this browser kept at %(time)s; it had not been saved.", { time: hhmmss(local.at) }), there ? gettext("Use the saved draft of %(time)s", { time: hhmmss(there) }) : gettext("Start from the task instead"), server);
    } else {
      offer(gettext("The newest draft was saved at %(time)s and is below.", { time: hhmmss(there) }), gettext("Use what this browser kept at %(time)s", { time: hhmmss(local.at) }), local.answer);
    }
  }

  function offer(text, label, other) {
    const banner = h("div", { class: "banner", id: "restored" }, icon("quote"), h("span", { class: "small" }, `${text} `,
      h("button", { type: "button", class: "linkish", on: { click: () => { const here = structuredClone(store.get()); store.replace(other); banner.remove(); void here; } } }, label)),
    h("button", { type: "button", class: "btn quiet icon s push", "aria-label": gettext("Close"), on: { click: () => banner.remove() } }, icon("x")));
    one("#notices").append(banner);
    announce(text);
  }

  store.watch(changed);
  document.addEventListener("work:signed-out", askToSignIn);
  document.addEventListener("focusout", () => { if (dirty) setTimeout(save, 0); });
  addEventListener("pagehide", () => { if (dirty && !stopped) save({ keepalive: true }); });
  addEventListener("online", () => { if (dirty) save(); });
  if (work.savedAt) say("saved", savedText(work.savedAt));
  else say("none", gettext("No draft yet"));
  restore();
  return {
    flush: () => save(),
    dirty: () => dirty,
    /** While the answer is being handed in no draft may cross it. */
    async hold() {
      held = true;
      clearTimeout(timer);
      if (busy) await busy;
    },
    release() {
      held = false;
      if (dirty) timer = setTimeout(save, WAIT_MS);
    },
    /** The answer is handed in: nothing is kept any more. */
    done() {
      stopped = true;
      clearTimeout(timer);
      clearInterval(counting);
      try { localStorage.removeItem(kept); } catch { /* nothing to remove */ }
    },
    stop() {
      stopped = true;
      clearInterval(counting);
      keepHere();
      say("trouble", gettext("Kept in this browser"));
    },
  };
}
