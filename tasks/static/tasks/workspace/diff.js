// What changed between two texts, by word.

import { h } from "./dom.js";

const WORDS_MAX = 2500;
const pieces = (text) => text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) || [];

/** [["=" | "-" | "+", text], …] */
export function diff(before, after) {
  const a = pieces(before);
  const b = pieces(after);
  if (a.length * b.length > WORDS_MAX * WORDS_MAX) return [["-", before], ["+", after]];
  const wide = b.length + 1;
  const table = new Uint16Array((a.length + 1) * wide);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i * wide + j] = a[i] === b[j] ? table[(i + 1) * wide + j + 1] + 1 : Math.max(table[(i + 1) * wide + j], table[i * wide + j + 1]);
    }
  }
  return walk(a, b, table, wide);
}

function walk(a, b, table, wide) {
  const out = [];
  const put = (sign, text) => {
    const last = out[out.length - 1];
    if (last && last[0] === sign) last[1] += text;
    else out.push([sign, text]);
  };
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) { put("=", a[i]); i += 1; j += 1; }
    else if (table[(i + 1) * wide + j] >= table[i * wide + j + 1]) { put("-", a[i]); i += 1; }
    else { put("+", b[j]); j += 1; }
  }
  for (; i < a.length; i += 1) put("-", a[i]);
  for (; j < b.length; j += 1) put("+", b[j]);
  return out;
}

/** The same as nodes. With `added`, inserted words do not count as part of the text. */
export function shown(before, after, { added = false } = {}) {
  return diff(before, after).map(([sign, text]) => {
    if (sign === "=") return document.createTextNode(text);
    return sign === "-" ? h("del", {}, text) : h("ins", added ? { "data-added": true } : {}, text);
  });
}
