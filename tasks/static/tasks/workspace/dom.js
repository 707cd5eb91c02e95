// Building parts of the page. Texts become text nodes, never markup.

import { gettext } from "../../workforce/words.js";

/** An element: `h("button", { class: "btn", on: { click } }, "Save")`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (name === "value") element.value = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** A copy of an icon that the server drew into the page. */
export function icon(name, css = "") {
  const found = one("#icons").content.querySelector(`[data-icon="${name}"] svg`).cloneNode(true);
  if (css) found.classList.add(...css.split(" "));
  return found;
}

export const kbd = (text) => h("kbd", { class: "hide-s" }, text);

/** Radio buttons that look like boxes, with a key each. `options` is [[value, label], …]. */
export function choices({ name, legend, options, value, css = "cats", keys = true, on, id }) {
  return h("fieldset", { id },
    h("legend", { class: "label" }, legend),
    h("div", { class: `${css} small` }, options.map(([each, label], number) => h("label", {},
      h("input", { type: "radio", name, value: String(each), checked: each === value, "data-key": keys ? String(number + 1) : null, "data-key-for": keys ? `${legend}: ${label}` : null, on: { change: () => on(each) } }),
      label, keys ? kbd(String(number + 1)) : null))));
}

/** A labelled line or area of text. */
export function writing({ id, label, value, rows = 2, optional = false, on, placeholder = null, input = false }) {
  const control = h(input ? "input" : "textarea", { id, rows: input ? null : rows, dir: "auto", placeholder, autocomplete: "off", on: { input: (event) => on(event.target.value) } });
  control.value = value || "";
  return h("div", {}, h("label", { for: id }, label, optional ? h("span", { class: "faint" }, " ", gettext("(optional)")) : null), control);
}

/** Put `children` in place of what is there, and the focus back where it was. */
export function redraw(place, ...children) {
  const active = document.activeElement;
  const inside = place.contains(active) ? active : null;
  const id = inside?.id;
  const radio = inside?.type === "radio" ? `input[name="${CSS.escape(inside.name)}"][value="${CSS.escape(inside.value)}"]` : null;
  const button = inside?.dataset?.row;
  const at = inside && "selectionStart" in inside ? [safely(() => inside.selectionStart), safely(() => inside.selectionEnd)] : null;
  place.replaceChildren(...children.flat(9).filter(Boolean));
  if (!inside) return;
  const again = (id && document.getElementById(id)) || (radio && one(radio, place)) || (button && one(`[data-row="${CSS.escape(button)}"]`, place));
  again?.focus({ preventScroll: true });
  if (again && at?.[0] !== null && at) safely(() => again.setSelectionRange(...at));
}

function safely(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
