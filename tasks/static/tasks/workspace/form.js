// Reading and filling a generated form. The tree of [data-node] elements is the schema's.

import { announce } from "../../workforce/app.js";
import { gettext, ngettext } from "../../workforce/words.js";
import { all, one } from "./dom.js";
import { placesOf, points, spanOf } from "./text.js";

const children = (node) => {
  const found = [];
  const walk = (element) => {
    for (const child of element.children) {
      if (child.matches("template")) continue;
      if (child.matches("[data-node]")) found.push(child);
      else walk(child);
    }
  };
  walk(node);
  return found;
};
const itemsOf = (list) => [...one(":scope > .sf-items", list).children];
const control = (node) => one("input,select,textarea", node);

/** What a node holds; undefined when it is blank. */
export function collect(node) {
  const reader = READERS[node.dataset.node] || plain;
  return reader(node);
}

function plain(node) {
  const value = control(node).value.replace(/\r\n/g, "\n");
  if (!value.trim()) return undefined;
  if (node.dataset.node === "choice" && (value === "true" || value === "false") && control(node).options.length === 3) return value === "true";
  if (node.dataset.number !== undefined) return /^-?\d+$/.test(value.trim()) ? Number(value) : value;
  return node.dataset.node === "long" || node.dataset.key === "quote" ? value : value.trim();
}

function object(node) {
  const branch = one(":scope > .sf-branch select", node)?.value;
  const out = {};
  for (const child of children(node)) {
    if (child.dataset.branch && branch && child.dataset.branch !== branch) continue;
    const value = collect(child);
    if (value !== undefined) out[child.dataset.key] = value;
  }
  const top = !node.dataset.key && !node.closest(".sf-item");
  return top || !Object.values(out).every((value) => value === false) ? out : undefined;
}

function list(node) {
  const rows = itemsOf(node).map((item) => collect(one("[data-node]", item))).filter((value) => value !== undefined);
  const numbered = one(":scope > .sf-items > li [data-node]", node)?.dataset.numbered !== undefined;
  const found = numbered ? rows.map((row, n) => ({ n: n + 1, ...row })) : rows;
  return found.length || node.dataset.required !== undefined ? found : undefined;
}

function map(node) {
  const out = {};
  for (const child of children(node)) {
    const value = collect(child) ?? flags(child);
    if (value && Object.keys(value).length) out[child.dataset.key] = value;
  }
  return Object.keys(out).length ? out : undefined;
}

const flags = (node) => Object.fromEntries(children(node).filter((c) => c.dataset.node === "flag" && c.dataset.required !== undefined).map((c) => [c.dataset.key, false]));

function pairs(node) {
  const out = {};
  for (const item of itemsOf(node)) {
    const key = one('[data-pair="key"]', item).value.trim();
    const value = one('[data-pair="value"]', item).value.trim();
    if (key && value) out[key] = value;
  }
  return Object.keys(out).length ? out : undefined;
}

function tuple(node) {
  const found = children(node).map((child) => collect(child) ?? null);
  return found.every((value) => value === null) ? undefined : found;
}

function ranking(node) {
  const places = new Map();
  for (const child of children(node)) {
    const place = control(child).value;
    if (place) places.set(place, [...(places.get(place) || []), child.dataset.key]);
  }
  const found = [...places.keys()].sort((a, b) => a - b).map((place) => places.get(place));
  return found.length ? found : undefined;
}

const READERS = {
  object, list, map, pairs, tuple, ranking,
  flag: (node) => (control(node).checked ? true : node.dataset.required !== undefined ? false : undefined),
};

/** Put a value into a node, making and removing entries of lists. */
export function fill(node, value) {
  const kind = node.dataset.node;
  if (kind === "object" || kind === "map") fillObject(node, value);
  else if (kind === "list") fillList(node, value);
  else if (kind === "pairs") fillPairs(node, value);
  else if (kind === "tuple") children(node).forEach((child, n) => fill(child, value?.[n]));
  else if (kind === "ranking") for (const child of children(node)) set(control(child), (value || []).findIndex((group) => group.includes(child.dataset.key)) + 1 || "");
  else if (kind === "flag") control(node).checked = value === true;
  else set(control(node), value ?? "");
}

function set(element, value) {
  if (element.value !== String(value)) element.value = String(value);
}

function fillObject(node, value) {
  const select = one(":scope > .sf-branch select", node);
  if (select && value) select.value = value.url !== undefined ? "url" : value.start !== undefined ? "start" : "line";
  for (const child of children(node)) fill(child, !child.dataset.branch || !select || child.dataset.branch === select.value ? value?.[child.dataset.key] : undefined);
  branch(node);
}

function fillList(node, value) {
  const wanted = Array.isArray(value) ? value : [];
  resize(node, wanted.length);
  itemsOf(node).forEach((item, n) => fill(one("[data-node]", item), wanted[n]));
}

function fillPairs(node, value) {
  const wanted = Object.entries(value || {});
  resize(node, wanted.length);
  itemsOf(node).forEach((item, n) => {
    set(one('[data-pair="key"]', item), wanted[n][0]);
    set(one('[data-pair="value"]', item), wanted[n][1]);
  });
}

function resize(node, count) {
  while (itemsOf(node).length > count) itemsOf(node).at(-1).remove();
  while (itemsOf(node).length < count) add(node);
}

function add(node) {
  const item = one(":scope > template", node).content.firstElementChild.cloneNode(true);
  one(":scope > .sf-items", node).append(item);
  dress(item);
  return item;
}

function dress(within) {
  for (const tools of all("[data-tools]", within)) tools.hidden = false;
  for (const button of all("[data-take]", within)) button.hidden = false;
  for (const group of all("[data-node=object]", within)) branch(group);
}

// Only the fields of the chosen kind are shown.
function branch(node) {
  const select = one(":scope > .sf-branch select", node);
  if (!select) return;
  for (const child of children(node)) if (child.dataset.branch) child.hidden = child.dataset.branch !== select.value;
}

/** Buttons of lists, kinds, and taking the selected text. */
export function lists({ form, input, changed }) {
  const texts = placesOf(input);
  let chosen = null;
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (!selection.isCollapsed && !form.contains(selection.anchorNode)) chosen = taken(selection, texts) || chosen;
  });
  dress(form);
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-branches]")) branch(event.target.closest("[data-node=object]"));
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const item = button.closest("li");
    if (button.matches("[data-add]")) {
      event.preventDefault();
      one("input,select,textarea", add(button.closest("[data-node]")))?.focus();
      announce(gettext("Added"));
    } else if (button.matches("[data-remove]")) {
      const next = item.nextElementSibling || item.previousElementSibling;
      item.remove();
      one("button", next || form)?.focus();
      announce(gettext("Removed. Control Z brings it back."));
    } else if (button.matches("[data-up]")) item.previousElementSibling?.before(item);
    else if (button.matches("[data-down]")) item.nextElementSibling?.after(item);
    else if (button.matches("[data-take]")) put(button.closest("[data-node]"), chosen);
    else return;
    if (button.matches("[data-up],[data-down]")) button.focus();
    changed();
  });
}

function taken(selection, texts) {
  const element = selection.anchorNode?.parentElement;
  const line = element?.closest(".ln[data-line]");
  const quote = selection.toString().trim();
  if (!quote) return null;
  if (line) return { in: `source:${line.closest("[data-source]").dataset.source}`, line: Number(line.dataset.line), quote };
  const place = element?.closest("[data-place]")?.dataset.place;
  const at = place ? texts[place].indexOf(quote) : -1;
  return at >= 0 ? spanOf(place, texts[place], at, at + quote.length) : null;
}

function put(node, piece) {
  if (!piece) {
    announce(gettext("Select a passage in the task first."));
    return;
  }
  const whole = { ...piece };
  if (piece.line && one(".sf-branch select", node) === null) delete whole.line;
  fillObject(node, { ...(collect(node) || {}), ...whole });
  announce(ngettext("Taken: “%(quote)s”, %(n)s character", "Taken: “%(quote)s”, %(n)s characters", points(piece.quote), { quote: piece.quote.slice(0, 80) }));
}

/** The element of a path such as `grades[0].evidence[1].line`; the nearest there is. */
export function find(root, path) {
  let node = root;
  for (const [, key, index] of path.matchAll(/([A-Za-z_][\w-]*)|\[(\d+)\]/g)) {
    const next = index !== undefined
      ? (node.dataset.node === "list" ? one("[data-node]", itemsOf(node)[Number(index)] || document.createElement("i")) : children(node)[Number(index)])
      : children(node).find((child) => child.dataset.key === key && !child.hidden) || children(node).find((child) => child.dataset.key === key);
    if (!next) break;
    node = next;
  }
  return node === root ? null : node;
}

export function labelOf(node) {
  const own = one(":scope > label, :scope > legend", node);
  const text = (own ? (one("span", own) || own).firstChild?.textContent : "") || node.dataset.key || gettext("This");
  const item = node.closest("li");
  const number = item ? [...item.parentElement.children].indexOf(item) + 1 : 0;
  const list_ = item?.closest("[data-node=list]");
  const head = list_ ? one(":scope > legend", list_)?.textContent.trim() : "";
  return number && head ? `${head} ${number}, ${text.trim().toLowerCase()}` : text.trim();
}
