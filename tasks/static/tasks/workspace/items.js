// A numbered list of marks in answers, with one open at a time: findings, points of a critique.

import { announce } from "../../workforce/app.js";
import { gettext } from "../../workforce/words.js";
import { all, h, icon, one, redraw } from "./dom.js";
import { draw, marking, reveal } from "./marks.js";
import { placesOf } from "./text.js";

/**
 * `field` is the list's name in the answer. `says` are its words: marked({ n, quote }), removed({ n }), next. `of` says how one item is shown: title(item), line(item),
 * missing(item) → [{ field, text }], css(item), editor(item, index), create(span), hole(offset, in), inner(item).
 */
export function items({ work, store, readonly, field, says, of, whole, renumber }) {
  const texts = placesOf(work.input);
  const places = all(".markable").map((element) => element.dataset.place);
  const editor = one("#editor");
  let open = readonly ? -1 : store.get()[field].findIndex((item) => of.missing(item).length);

  const list = () => store.get()[field];
  const focusId = (index) => `${field}-${index}`;

  const walker = readonly ? null : marking({ places, texts, onSpan: add, draw: paintTexts });

  function add(span) {
    let index = -1;
    store.change((answer) => {
      const item = of.create(span);
      answer[field].push(item);
      renumber(answer);
      index = answer[field].findIndex((each) => each.n === item.n && JSON.stringify(each.span) === JSON.stringify(item.span));
      open = index;
    });
    announce(says.marked({ n: index + 1, quote: span.quote }));
    go(index, { into: true });
  }

  function addHole() {
    store.change((answer) => {
      const place = places[0];
      answer[field].push(of.hole([...texts[place]].length, place));
      renumber(answer);
      open = answer[field].length - 1;
    });
    go(open, { into: true });
  }

  function remove(index) {
    const was = list()[index];
    store.change((answer) => {
      answer[field].splice(index, 1);
      renumber(answer);
      open = -1;
    });
    announce(says.removed({ n: was.n }));
    one(`#${focusId(Math.min(index, list().length - 1))}`)?.focus();
  }

  function go(index, { into = false } = {}) {
    if (!list().length) return;
    open = (index + list().length) % list().length;
    paint();
    reveal(list()[open].n);
    const line = one(`#${focusId(open)}`);
    line?.scrollIntoView({ block: "nearest" });
    if (into) (one(`#${focusId(open)}-ed input:checked`) || one(`#${focusId(open)}-ed input`) || line)?.focus({ preventScroll: true });
    else line?.focus({ preventScroll: true });
  }

  const next = () => {
    const unready = list().findIndex((item, n) => n !== open && of.missing(item).length);
    go(unready >= 0 ? unready : open + 1);
  };

  function paintTexts() {
    const sel = walker?.current();
    for (const place of all(".markable")) {
      const name = place.dataset.place;
      const marks = list().map((item, index) => mark(item, index)).filter((m) => m?.in === name);
      if (sel?.in === name) marks.push({ ...sel, css: "sel", on: false });
      draw(place, texts[name], [...(of.below?.(name) || []), ...marks]);
    }
  }

  function mark(item, index) {
    const shared = { n: item.n, css: of.css(item), on: index === open, act: () => go(index) };
    if (item.at) return { ...shared, in: item.at.in, offset: item.at.offset, inner: of.inner?.(item) };
    if (!item.span) return null;
    return { ...shared, ...item.span, inner: index === open || readonly ? of.inner?.(item) : null };
  }

  function line(item, index) {
    const lacks = readonly ? [] : of.missing(item);
    const isOpen = index === open;
    const head = h("button", { type: "button", id: focusId(index), "aria-expanded": String(isOpen), on: { click: () => { open = isOpen ? -1 : index; paint(); if (open >= 0) reveal(item.n); } } },
      h("span", { class: "no" }, String(item.n)),
      h("span", { class: "small" }, h("b", { class: "med" }, of.title(item)), " ", h("span", { class: "muted", dir: "auto" }, quoted(item)), h("br"),
        lacks.length ? h("span", { class: "err-li" }, lacks[0].text) : h("span", { class: "muted", dir: "auto" }, of.line(item))),
      isOpen ? icon("chevron-up", "faint") : lacks.length ? icon("chevron-down", "faint") : icon("circle-check", "t-ok"));
    return h("li", { class: `span-li${isOpen ? " on" : ""}` }, head, isOpen ? body(item, index) : null);
  }

  function body(item, index) {
    if (readonly) return h("div", { class: "ed small", id: `${focusId(index)}-ed` }, of.details(item));
    const keys = (event) => {
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches("input")) {
        event.preventDefault();
        next();
      }
    };
    return h("div", { class: "ed", id: `${focusId(index)}-ed`, on: { keydown: keys } }, of.editor(item, index, edit(index)),
      h("div", { class: "row" },
        h("button", { type: "button", class: "btn s danger", "data-row": `remove-${index}`, on: { click: () => remove(index) } }, icon("trash"), gettext("Remove")),
        h("button", { type: "button", class: "btn s push", "data-row": `next-${index}`, on: { click: next } }, `${says.next} `, h("kbd", { class: "hide-s" }, "↵"))));
  }

  const edit = (index) => (act, options = {}) => {
    store.change((answer) => act(answer[field][index], answer), options);
  };

  function paint() {
    const ready = list().filter((item) => !of.missing(item).length).length;
    one("#ready").textContent = readonly ? String(list().length) : gettext("%(ready)s of %(all)s ready", { ready, all: list().length });
    one("#ready").hidden = !list().length && !readonly;
    const count = one("#count");
    if (count) count.textContent = list().length || "";
    document.body.classList.toggle("picking", !readonly && open >= 0);
    paintTexts();
    redraw(editor,
      list().length ? h("ol", { class: "span-list" }, list().map(line)) : h("p", { class: "empty small" }, readonly ? gettext("The author marked nothing.") : of.none),
      readonly ? null : h("div", { class: "add-row" },
        h("button", { type: "button", class: "btn s", "data-key": "n", "data-row": "by-key", on: { click: () => walker.start() } }, icon("plus"), `${gettext("Mark by keyboard")} `, h("kbd", { class: "hide-s" }, "N")),
        of.hole ? h("button", { type: "button", class: "btn s", "data-key": "o", "data-row": "hole", on: { click: addHole } }, icon("circle-plus"), `${gettext("Something is missing")} `, h("kbd", { class: "hide-s" }, "O")) : null),
      h("div", { class: "whole" }, whole()));
    of.painted?.(open >= 0 ? list()[open] : null);
  }

  function quiet() {
    paintTexts();
    all(".span-li", editor).forEach((li, index) => {
      const fresh = line(list()[index], index);
      const old = one("button .small", li);
      old.replaceWith(one("button .small", fresh));
    });
    const ready = list().filter((item) => !of.missing(item).length).length;
    one("#ready").textContent = gettext("%(ready)s of %(all)s ready", { ready, all: list().length });
  }

  store.watch((answer, change) => {
    if (change.moved || open >= answer[field].length) open = Math.min(open, answer[field].length - 1);
    if (change.quiet) quiet();
    else paint();
  });
  for (const button of all("[data-step]")) button.addEventListener("click", () => go(open + Number(button.dataset.step)));
  paint();
  return {
    edit,
    openIndex: () => open,
    /** Open the item that a path names and give what should have the focus. */
    focus(path, lacking) {
      const found = path.match(new RegExp(`^${field}\\[(\\d+)\\]\\.?(\\w*)`));
      if (!found) return null;
      open = Math.min(Number(found[1]), list().length - 1);
      paint();
      if (open >= 0) reveal(list()[open].n);
      const name = lacking?.field || found[2];
      return one(`#${focusId(open)}-${name}`) || one(`#${focusId(open)}-${name}-group input`) || one(`#${focusId(open)}-ed input, #${focusId(open)}-ed textarea`) || one(`#${focusId(open)}`);
    },
  };
}

export function quoted(item) {
  if (item.span) return `“${item.span.quote.length > 60 ? `${item.span.quote.slice(0, 60)}…` : item.span.quote}”`;
  return item.at ? gettext("missing here") : "";
}

/** Sort by place and number from 1; `moved(old, new)` hears of each. */
export function numbered(list, moved = () => {}) {
  const at = (item) => [item.span?.in || item.at?.in || "", item.span?.start ?? item.at?.offset ?? 0];
  list.sort((a, b) => (at(a)[0] < at(b)[0] ? -1 : at(a)[0] > at(b)[0] ? 1 : at(a)[1] - at(b)[1]));
  const map = new Map();
  list.forEach((item, index) => {
    map.set(item.n, index + 1);
    item.n = index + 1;
  });
  moved(map);
}
