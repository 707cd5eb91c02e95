// Showing spans in a text, and making them with the mouse, the keyboard or a finger.

import { announce } from "../../workforce/app.js";
import { gettext } from "../../workforce/words.js";
import { all, h, one } from "./dom.js";
import { selectedSpan, spanOf, toUnits, words } from "./text.js";

/** Draw `marks` into `place`: each { n, start, end | offset, css, on, inner, act }, in code points. */
export function draw(place, text, marks) {
  const spans = marks.filter((m) => m.end !== undefined).map((m) => ({ ...m, from: toUnits(text, m.start), to: toUnits(text, m.end) }));
  const holes = marks.filter((m) => m.offset !== undefined).map((m) => ({ ...m, at: toUnits(text, m.offset) }));
  const cuts = [...new Set([0, text.length, ...spans.flatMap((m) => [m.from, m.to]), ...holes.map((m) => m.at)])].sort((a, b) => a - b);
  const parts = [];
  for (let n = 0; n < cuts.length; n += 1) {
    for (const each of holes.filter((m) => m.at === cuts[n])) parts.push(hole(each));
    if (n + 1 === cuts.length) break;
    const [from, to] = [cuts[n], cuts[n + 1]];
    const over = spans.filter((m) => m.from <= from && m.to >= to).sort((a, b) => (a.to - a.from) - (b.to - b.from));
    const piece = text.slice(from, to);
    parts.push(over.length ? wrapped(piece, over, to) : document.createTextNode(piece));
  }
  place.replaceChildren(...parts);
}

function wrapped(piece, over, to) {
  const top = over.find((m) => m.on) || over[0];
  const ending = over.filter((m) => m.to === to && m.n !== undefined);
  const whole = top.inner && top.to - top.from === piece.length;
  return h("mark", { class: `${top.css}${top.on ? " on" : ""}`, "data-n": top.n, on: top.act ? { click: () => top.act() } : {} },
    whole ? top.inner : piece,
    ending.map((m) => h("sup", { "data-added": true }, String(m.n))));
}

function hole(mark) {
  return h("span", { class: `hole ${mark.css}${mark.on ? " on" : ""}`, "data-added": true, "data-n": mark.n, title: gettext("Something is missing here"), on: mark.act ? { click: () => mark.act() } : {} }, `+${mark.n}`, mark.inner ? [" ", mark.inner] : null);
}

/** Let people mark texts: by selecting, by N and arrow keys, by a button after a long press. */
export function marking({ places, texts, onSpan, draw: again }) {
  const selector = places.map((p) => `[data-place="${CSS.escape(p)}"].markable`).join(",");
  let finger = false;
  document.addEventListener("pointerdown", (event) => { finger = event.pointerType === "touch"; });
  document.addEventListener("pointerup", () => {
    if (!finger) setTimeout(() => take(), 0);
  });
  const button = h("button", { type: "button", class: "btn primary mark-now", hidden: true, on: { pointerdown: (event) => event.preventDefault(), click: () => take() } }, gettext("Mark the selected text"));
  document.body.append(button);
  document.addEventListener("selectionchange", () => {
    button.hidden = !(finger && selectedSpan(selector, texts));
  });

  function take() {
    const span = selectedSpan(selector, texts);
    if (!span) return;
    getSelection().removeAllRanges();
    button.hidden = true;
    onSpan(span);
  }
  return walking({ places, texts, onSpan, again });
}

// N starts at a word; arrows move, Shift+arrows stretch, Alt+arrows trim by a character, Enter marks.
function walking({ places, texts, onSpan, again }) {
  let at = null;

  const current = () => (at ? spanOf(at.place, texts[at.place], at.from, at.to) : null);
  const show = () => {
    again();
    const place = at && one(`[data-place="${CSS.escape(at.place)}"].markable`);
    one("mark.sel", place || document)?.scrollIntoView({ block: "nearest" });
    if (at) announce(`“${current().quote}”`);
  };

  function start() {
    const place = places[0];
    const first = words(texts[place])[0];
    if (!first) return;
    at = { place, from: first[0], to: first[1] };
    const element = one(`[data-place="${CSS.escape(place)}"].markable`);
    element.tabIndex = 0;
    element.focus({ preventScroll: true });
    show();
    announce(gettext("Marking by keyboard. Arrow keys move by a word, Shift stretches, Alt trims by a letter, Enter marks, Escape stops. “%(quote)s”", { quote: current().quote }));
  }

  function stop() {
    at = null;
    again();
  }

  function key(event) {
    if (!at || event.ctrlKey || event.metaKey) return false;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") stop();
    else if (event.key === "Enter") { const span = current(); stop(); onSpan(span); }
    else if (step && event.altKey) letter(step);
    else if (step) word(step, event.shiftKey);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") elsewhere(event.key === "ArrowDown" ? 1 : -1);
    else return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    return true;
  }

  function word(step, stretch) {
    const list = words(texts[at.place]);
    const last = list.findIndex((w) => w[1] >= at.to);
    const first = list.findIndex((w) => w[1] > at.from);
    if (stretch) at.to = Math.max(list[first][1], list[Math.min(list.length - 1, Math.max(first, last + step))][1]);
    else {
      const next = list[Math.min(list.length - 1, Math.max(0, (step > 0 ? last : first) + step))];
      [at.from, at.to] = next;
    }
    show();
  }

  function letter(step) {
    const text = texts[at.place];
    at.to = Math.min(text.length, Math.max(at.from + 1, at.to + step));
    show();
  }

  function elsewhere(step) {
    const next = places[(places.indexOf(at.place) + step + places.length) % places.length];
    if (next === at.place) {
      for (let n = 0; n < 8; n += 1) word(step, false);
      return;
    }
    const first = words(texts[next])[0];
    if (first) at = { place: next, from: first[0], to: first[1] };
    show();
  }

  document.addEventListener("keydown", key, true);
  return { start, stop, current, active: () => at !== null };
}

/** Bring a mark into view above whatever covers the bottom. */
export function reveal(n) {
  const found = all(`.markable [data-n="${n}"]`)[0];
  const pane = found?.closest(".pane");
  if (!found || !pane?.offsetParent) return;
  const box = found.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (box.top < frame.top + 50 || box.bottom > frame.bottom - 20) {
    pane.scrollTop += box.top - frame.top - frame.height / 3;
  }
}
