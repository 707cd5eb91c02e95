// The words of scripts. Modules name them in English; the frame writes what the server has for
// the page's language into #words, `{}` where that is English.

const { texts = {}, plurals = [] } = JSON.parse(document.getElementById("words")?.textContent || "{}");
const ROUND = 100;

const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));

/** `gettext("Step %(n)s is still open", { n: 3 })` in the reader's language. */
export function gettext(text, values = {}) {
  return filled(texts[text] || text, values);
}

/** The same for a number of things; `%(n)s` is the number. */
export function ngettext(one, many, n, values = {}) {
  const forms = texts[one];
  const found = Array.isArray(forms) ? forms[plurals[n < plurals.length ? n : ROUND + (n % ROUND)]] : n === 1 ? one : many;
  return filled(found || many, { n, ...values });
}
