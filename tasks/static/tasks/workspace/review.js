// The reviewer's decision: a draft like any other, checked before it is handed in.

import { announce, toast } from "../../workforce/app.js";
import { gettext } from "../../workforce/words.js";
import { all, one } from "./dom.js";
import { leaving } from "./leaving.js";
import { reach } from "./panes.js";

export function judging(store, room) {
  const form = one("#deciding");
  const fill = (judgement) => {
    for (const radio of all('[name="decision"]', form)) radio.checked = radio.value === judgement.decision;
    if (form.category.value !== judgement.category) form.category.value = judgement.category || "";
    if (form.note.value !== judgement.note) form.note.value = judgement.note || "";
    for (const radio of all('[name^="score-"]', form)) radio.checked = String(judgement.scores?.[radio.name.slice(6)] ?? "") === radio.value;
  };
  fill(store.get());
  store.watch((judgement, change) => { if (!change.quiet) fill(judgement); });
  form.addEventListener("input", (event) => {
    const { name, value } = event.target;
    store.change((judgement) => {
      if (name.startsWith("score-")) judgement.scores = { ...judgement.scores, [name.slice(6)]: Number(value) };
      else if (name in judgement) judgement[name] = value;
    }, { together: name, quiet: true });
  });
  keys(form);
  leaving(form, room, () => {
    const problem = missing(store.get(), form);
    if (problem) {
      reach(problem.at);
      problem.at.focus();
      announce(problem.text);
      toast({ text: problem.text, bad: true });
    }
    return !problem && !room.ended();
  });
}

function keys(form) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.body.hasAttribute("data-keys-off")) return;
    if (event.target.closest?.("textarea,select,input:not([type=radio])") || one("dialog[open]")) return;
    const radio = all('[name="decision"]', form)[Number(event.key) - 1];
    if (!radio) return;
    event.preventDefault();
    reach(radio);
    radio.focus();
    radio.click();
  });
}

function missing(judgement, form) {
  if (!judgement.decision) return { text: gettext("Choose a decision first"), at: one('[name="decision"]', form) };
  if (judgement.decision === "request_revision" && !judgement.note.trim()) return { text: gettext("Say what should change; the author reads it"), at: form.note };
  if (judgement.decision === "reject" && !judgement.category.trim()) return { text: gettext("Name the main problem to reject it"), at: form.category };
  return null;
}
