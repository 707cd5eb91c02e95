// Questions about the answer as a whole, shared by the task types.

import { gettext } from "../../workforce/words.js";
import { h } from "./dom.js";

/** 1 to 5 in a row, with words at the ends. */
export function rating({ id, legend, value, ends, on, most = 5, least = 1 }) {
  const numbers = Array.from({ length: most - least + 1 }, (_, n) => n + least);
  return h("fieldset", { id },
    h("legend", { class: "label" }, legend),
    h("div", { class: "sev small" }, numbers.map((n) => h("label", {},
      h("input", { type: "radio", name: id, value: String(n), checked: n === value, "aria-label": `${n}${n === least ? `: ${ends[0]}` : n === most ? `: ${ends[1]}` : ""}`, on: { change: () => on(n) } }), String(n)))),
    h("div", { class: "row between tiny muted" }, h("span", {}, ends[0]), h("span", {}, ends[1])));
}

export const confidence = (value, on) => rating({ id: "confidence", legend: gettext("How sure are you?"), value, ends: [gettext("Guessing"), gettext("Certain")], on });

export function tick({ id, label, value, on }) {
  return h("label", { class: "check small" }, h("input", { type: "checkbox", id, checked: value === true, on: { change: (event) => on(event.target.checked) } }), h("span", {}, label));
}

/** A few named answers to one question; `value` may be none of them. */
export function pick({ id, legend, options, value, on }) {
  return h("fieldset", { id },
    h("legend", { class: "label" }, legend),
    h("div", { class: "sev small" }, options.map(([each, label]) => h("label", {},
      h("input", { type: "radio", name: id, value: String(each), checked: each === value, on: { change: () => on(each) } }), label))));
}

export function lines(pairs) {
  return h("dl", { class: "dox" }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([key, value]) => h("div", {}, h("dt", {}, key), h("dd", { dir: "auto", class: "said-note" }, value))));
}
