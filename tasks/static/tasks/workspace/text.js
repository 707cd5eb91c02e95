// Places in texts. Offsets of answers are Unicode code points; the page counts UTF-16 units.
// This is the one place that converts.

export const points = (text) => [...text].length;

/** UTF-16 index to code points. */
export const toPoints = (text, index) => points(text.slice(0, index));

/** Code points to UTF-16 index. */
export function toUnits(text, offset) {
  let units = 0;
  let left = offset;
  for (const character of text) {
    if (left-- <= 0) break;
    units += character.length;
  }
  return units;
}

export const slice = (text, start, end) => text.slice(toUnits(text, start), toUnits(text, end));

/** The text nodes of a place without what the page put in (numbers, corrections). */
function* nodes(place) {
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("[data-added]")) yield walker.currentNode;
  }
}

function unitsAt(place, container, offset) {
  const until = document.createRange();
  until.setStart(place, 0);
  until.setEnd(container, offset);
  let units = 0;
  for (const node of nodes(place)) {
    if (!until.intersectsNode(node)) break;
    if (node === container) return units + offset;
    if (until.comparePoint(node, node.length) > 0) break;
    units += node.length;
  }
  return units;
}

/** The selection as a span of one place, without blanks at its ends; null when it is none. */
export function selectedSpan(within, texts) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = range.startContainer;
  const place = (start.nodeType === Node.TEXT_NODE ? start.parentElement : start).closest?.(within);
  if (!place || !place.contains(range.endContainer)) return null;
  const name = place.dataset.place;
  const text = texts[name];
  let from = unitsAt(place, range.startContainer, range.startOffset);
  let to = unitsAt(place, range.endContainer, range.endOffset);
  while (from < to && /\s/.test(text[from])) from += 1;
  while (to > from && /\s/.test(text[to - 1])) to -= 1;
  return from < to ? spanOf(name, text, from, to) : null;
}

/** A span out of UTF-16 indexes. */
export function spanOf(name, text, from, to) {
  const start = toPoints(text, from);
  const quote = text.slice(from, to);
  return { in: name, start, end: start + points(quote), quote };
}

/** Every text that can be marked, by the name a span gives it. */
export function placesOf(input) {
  const places = {};
  for (const each of input.responses || []) if (typeof each.text === "string") places[`response:${each.id}`] = each.text;
  for (const each of input.sources || []) places[`source:${each.id}`] = each.lines.join("\n");
  (input.conversation || []).forEach((turn, n) => { places[`turn:${n + 1}`] = turn.text; });
  if (input.caption) places.caption = input.caption.text;
  return places;
}

/** Words of a text as [from, to] in UTF-16 units. */
export const words = (text) => [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}.,'’/%-]*[\p{L}\p{N}%]|\S/gu)].map((m) => [m.index, m.index + m[0].length]);

/** Sentence ends of a text, in code points, for things that are missing. */
export function stops(text) {
  const found = [...text.matchAll(/[.!?](?=\s|$)|\n+/g)].map((m) => m.index + (m[0].startsWith("\n") ? 0 : 1));
  return [...new Set([0, ...found, text.length])].map((unit) => ({ offset: toPoints(text, unit), before: text.slice(Math.max(0, unit - 28), unit).trim() }));
}
