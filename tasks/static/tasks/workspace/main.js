// Opens the workspace: one document, one renderer, and what keeps, times and hands it in.

import { announce, toast } from "../../workforce/app.js";
import { gettext } from "../../workforce/words.js";
import { call, freshKey } from "./calling.js";
import { clock } from "./clock.js";
import { all, h, icon, one } from "./dom.js";
import { keeper } from "./keeper.js";
import { leaving } from "./leaving.js";
import { history, panes, reach } from "./panes.js";
import { judging } from "./review.js";
import { store as storeOf } from "./store.js";

/**
 * `renderer({ work, store, readonly })` gives { problems(answer), cleaned(answer), focus(path), said(path, text) }.
 * `fresh(work)` gives the answer before anybody wrote.
 */
export function open({ fresh, renderer }) {
  const work = JSON.parse(one("#work").textContent);
  panes();
  if (work.role !== "attempt") return openReview(work, fresh, renderer);
  const begun = work.answer && typeof work.answer === "object" && !("cannot" in work.answer) ? work.answer : {};
  const store = storeOf({ ...fresh(work), ...begun });
  const view = renderer({ work, store, readonly: false });
  history(store);
  const room = opened({ work, store });
  submitting({ work, store, view, room });
  problemLine(store, view);
  return undefined;
}

function openReview(work, fresh, renderer) {
  const shown = work.shown && !("cannot" in work.shown) ? work.shown : {};
  renderer({ work, store: storeOf({ ...fresh({ ...work, answer: null }), ...shown }), readonly: true });
  if (work.shown?.cannot) one("#editor, .insp .doc")?.append(h("p", { class: "banner warn" }, gettext("The author could not do this task: %(reason)s. %(note)s", { reason: work.shown.cannot.reason.replaceAll("_", " "), note: work.shown.cannot.note || "" })));
  const store = storeOf({ decision: "", category: "", note: "", scores: {}, ...(work.answer?.decision !== undefined ? work.answer : {}) });
  judging(store, opened({ work, store }));
}

function opened({ work, store }) {
  let ended = false;
  const room = {};
  const over = (detail) => {
    if (ended) return false;
    ended = true;
    room.keep.stop();
    room.time.stop();
    const text = `${(detail || gettext("This task is not in your hands any more.")).replace(/ Your draft \(version.*$/, "")} ${gettext("What you wrote is kept in this browser and with the task.")}`;
    one("#notices").prepend(h("div", { class: "banner bad", id: "over", role: "alert" }, icon("alert-triangle"), h("span", { class: "small" }, `${text} `, h("a", { href: work.page }, gettext("See what happened")))));
    one("#submit").setAttribute("aria-disabled", "true");
    announce(text);
    return false;
  };
  room.keep = keeper({ work, store, over });
  room.time = clock({ work, over });
  room.over = over;
  room.ended = () => ended;
  document.addEventListener("work:started", () => started());
  for (const form of all("[data-leaves]")) leaving(form, room);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !one("dialog[open]")) {
      event.preventDefault();
      one("#submit").click();
    }
  });
  return room;
}

// After the first draft a task is returned, not skipped.
function started() {
  const skip = one("#skip");
  if (!skip || skip.getAttribute("popovertarget") !== "skipping") return;
  skip.setAttribute("popovertarget", "returning");
  one("span", skip).textContent = gettext("Return");
  one("#give-back")?.classList.add("hidden");
}

function problemLine(store, view) {
  const line = one("#problem");
  const paint = () => {
    const [first] = view.problems(store.get());
    line.hidden = !first;
    if (first) one("span", line).textContent = first.text;
  };
  line.addEventListener("click", () => {
    const [first] = view.problems(store.get());
    if (first) go(view, first);
  });
  store.watch(paint);
  paint();
}

function go(view, problem) {
  const element = view.focus(problem.path, problem);
  reach(element);
  element?.focus?.();
  element?.scrollIntoView?.({ block: "nearest" });
  announce(problem.text);
}

function submitting({ work, store, view, room }) {
  const button = one("#submit");
  let busy = false;
  let key = freshKey();
  store.watch(() => { key = freshKey(); });
  const press = async (event) => {
    event.preventDefault();
    if (busy || room.ended()) return;
    const problems = view.problems(store.get());
    if (problems.length) {
      go(view, problems[0]);
      return;
    }
    busy = true;
    button.setAttribute("aria-busy", "true");
    room.time.hold(true);
    await room.keep.hold();
    const answer = await call(`${work.api}submit/`, { body: { fence: work.fence, answer: view.cleaned(store.get()) }, key });
    busy = false;
    button.removeAttribute("aria-busy");
    if (answer.ok) {
      room.keep.done();
      location.replace(work.page);
    } else {
      room.time.hold(false);
      room.keep.release();
      refused(answer);
    }
  };
  button.addEventListener("click", press);
  button.form?.addEventListener("submit", press);

  function refused(answer) {
    if (answer.status === 0) return toast({ text: gettext("There is no connection. Your answer is kept here. Press Submit again when you are back."), bad: true });
    if (answer.status === 401 || answer.status === 403) {
      room.keep.flush();
      return toast({ text: gettext("You are signed out. Your answer is kept here. Sign in in a new tab, then press Submit again."), bad: true });
    }
    if (answer.body.code === "fence_lost" || answer.body.code === "claim_over") return room.over(answer.body.detail);
    const errors = Object.entries(answer.body.errors || {}).map(([path, says]) => {
      const own = path.replace(/^answer\.?/, "");
      return { path: own, text: view.said(own, says[0]) };
    });
    if (!errors.length) return toast({ text: answer.body.detail || gettext("This did not go through. Try again in a moment."), bad: true });
    const line = one("#problem");
    line.hidden = false;
    one("span", line).textContent = errors[0].text;
    go(view, errors[0]);
    return toast({ text: errors.length > 1 ? gettext("%(text)s And %(n)s more.", { text: errors[0].text, n: errors.length - 1 }) : errors[0].text, bad: true });
  }
}
