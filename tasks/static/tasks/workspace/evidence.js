// Evidence for a finding: a source line by click or by number, or a page elsewhere.

import { announce } from "../../workforce/app.js";
import { gettext } from "../../workforce/words.js";
import { all, h, icon } from "./dom.js";

const sourceName = (input, place) => input.sources.find((s) => `source:${s.id}` === place)?.title || place;

export function told(input, piece) {
  if (piece.url) return `${piece.url}${piece.note ? `: ${piece.note}` : ""}`;
  if (piece.line) return gettext("%(source)s, line %(line)s: “%(quote)s”", { source: sourceName(input, piece.in), line: piece.line, quote: piece.quote });
  return `“${piece.quote}”`;
}

/** Click a source line and `take(piece)` gets it; a selected part of the line is the quote. */
export function pickLines({ input, take }) {
  for (const line of all(".ln[data-line]")) {
    line.addEventListener("click", () => {
      if (!document.body.classList.contains("picking")) return;
      const place = `source:${line.closest("[data-source]").dataset.source}`;
      const chosen = getSelection().toString().trim();
      take(lineOf(input, place, Number(line.dataset.line), chosen));
    });
  }
}

function lineOf(input, place, number, chosen = "") {
  const text = input.sources.find((s) => `source:${s.id}` === place)?.lines[number - 1];
  if (text === undefined) return null;
  return { in: place, line: number, quote: chosen && text.includes(chosen) ? chosen : text };
}

/** Show which lines the open finding leans on. */
export function light(pieces) {
  for (const line of all(".ln[data-line]")) {
    const place = `source:${line.closest("[data-source]").dataset.source}`;
    const is = pieces.some((piece) => piece.in === place && piece.line === Number(line.dataset.line));
    line.classList.toggle("ev", is);
  }
}

const tokens = (text) => new Set((text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || []).filter((word) => word.length > 2 || /\d/.test(word)));

/** The source line that shares most words with a text; null when none shares two. */
export function suggestion(input, text) {
  const wanted = tokens(text);
  let best = null;
  for (const source of input.sources || []) {
    source.lines.forEach((line, n) => {
      const shared = [...tokens(line)].filter((word) => wanted.has(word)).length;
      if (shared >= 1 && (!best || shared > best.shared)) best = { shared, in: `source:${source.id}`, line: n + 1, quote: line };
    });
  }
  return best;
}

export function evidenceEditor({ input, item, id, required, edit, around }) {
  const pieces = item.evidence || [];
  const put = (piece) => {
    if (!piece) return announce(gettext("This source has no such line."));
    announce(gettext("Evidence: %(what)s", { what: told(input, piece) }));
    return edit((finding) => { finding.evidence = [...(finding.evidence || []), piece]; });
  };
  const hint = !pieces.length && input.sources?.length ? suggestion(input, around) : null;
  return h("div", { class: "col" },
    h("span", { class: "label" }, gettext("Evidence"), required ? null : h("span", { class: "faint" }, " ", gettext("(optional)"))),
    pieces.length ? h("ul", { class: "ev-list small" }, pieces.map((piece, n) => h("li", {}, h("span", { dir: "auto" }, told(input, piece)),
      h("button", { type: "button", class: "btn quiet icon s", "aria-label": gettext("Remove evidence %(n)s", { n: n + 1 }), on: { click: () => edit((finding) => { finding.evidence.splice(n, 1); if (!finding.evidence.length) delete finding.evidence; }) } }, icon("x"))))) : null,
    input.sources?.length ? h("div", { class: `banner${pieces.length ? "" : required ? " warn" : ""}` }, icon("pointer"), h("span", { class: "small" },
      pieces.length ? gettext("Click another source line to add it, or type its number.") : `${gettext("Click a source line, or type its number.")} `,
      hint ? [`${gettext("Suggested:")} `, h("button", { type: "button", class: "linkish", on: { click: () => put({ in: hint.in, line: hint.line, quote: hint.quote }) } }, gettext("%(source)s, line %(line)s", { source: sourceName(input, hint.in), line: hint.line }))] : null)) : null,
    input.sources?.length ? byNumber({ input, id, put }) : null,
    input.ask.outside_sources ? byAddress({ id, put }) : null);
}

function byNumber({ input, id, put }) {
  const number = h("input", { id: `${id}-evidence`, type: "number", inputmode: "numeric", min: "1", "aria-label": gettext("Number of the source line") });
  const source = input.sources.length > 1 ? h("select", { "aria-label": gettext("Source") }, input.sources.map((s) => h("option", { value: `source:${s.id}` }, s.title))) : null;
  const add = () => put(lineOf(input, source ? source.value : `source:${input.sources[0].id}`, Number(number.value)));
  number.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && number.value) {
      event.preventDefault();
      event.stopPropagation();
      add();
    }
  });
  return h("div", { class: "ev-pick" }, h("div", { class: source ? "two" : "" }, source, h("div", {}, number)), h("button", { type: "button", class: "btn", on: { click: add } }, gettext("Add line")));
}

function byAddress({ id, put }) {
  const url = h("input", { id: `${id}-url`, type: "url", placeholder: "https://", autocomplete: "off" });
  const note = h("input", { id: `${id}-url-note`, autocomplete: "off" });
  const add = () => {
    if (!/^https?:\/\/\S+$/.test(url.value.trim()) || !note.value.trim()) {
      announce(gettext("Give an address that starts with https:// and say what it shows."));
      (/^https?:\/\/\S+$/.test(url.value.trim()) ? note : url).focus();
      return;
    }
    put({ url: url.value.trim(), note: note.value.trim() });
  };
  return h("details", {}, h("summary", { class: "small" }, gettext("A page elsewhere")), h("div", { class: "col mt2" },
    h("div", {}, h("label", { for: `${id}-url` }, gettext("Address")), url), h("div", {}, h("label", { for: `${id}-url-note` }, gettext("What it shows")), note),
    h("button", { type: "button", class: "btn s", on: { click: add } }, gettext("Add page"))));
}
