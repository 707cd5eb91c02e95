// Hallucinations: spans in an answer with kind, harm, correction and evidence.

import { gettext } from "../../workforce/words.js";
import { choices, h, writing } from "../workspace/dom.js";
import { shown as changed } from "../workspace/diff.js";
import { evidenceEditor, light, pickLines, told } from "../workspace/evidence.js";
import { items, numbered, quoted } from "../workspace/items.js";
import { open } from "../workspace/main.js";
import { placesOf, points, stops } from "../workspace/text.js";
import { confidence, lines, pick, rating, tick } from "../workspace/whole.js";

const KINDS = { unsupported: gettext("Unsupported"), contradicts: gettext("Contradicts"), wrong_number: gettext("Wrong number"), false_citation: gettext("False citation"), omission: gettext("Omission"), imprecise: gettext("Imprecise") };
const HARMS = [["mild", gettext("Mild")], ["moderate", gettext("Moderate")], ["severe", gettext("Severe")]];
const LOOKS = { mild: "min", moderate: "maj", severe: "crit" };

open({
  fresh: () => ({ findings: [], checked_all: false }),
  renderer({ work, store, readonly }) {
    const { input } = work;
    const texts = placesOf(input);
    const { ask } = input;

    const missing = (finding) => {
      const lacks = [];
      if (!finding.kind) lacks.push({ field: "kind", text: gettext("Say what is wrong") });
      if (ask.harm && !finding.harm) lacks.push({ field: "harm", text: gettext("Harm missing") });
      const text = finding.correction?.text?.trim();
      if (ask.correction && !finding.correction) lacks.push({ field: "text", text: gettext("Correction missing") });
      else if (finding.correction && finding.correction.do !== "remove" && !text && (ask.correction || finding.kind === "omission")) lacks.push({ field: "text", text: gettext("Correct text missing") });
      else if (finding.correction?.do === "replace" && text === finding.span?.quote) lacks.push({ field: "text", text: gettext("The correct text is what stands there already") });
      if (ask.evidence === "required" && !finding.evidence?.length) lacks.push({ field: "evidence", text: gettext("Evidence missing") });
      return lacks;
    };

    const line = (finding) => {
      const { correction } = finding;
      const words = !correction ? "" : correction.do === "remove" ? `${gettext("Removed.")} ` : `${correction.text || ""} `;
      return words + (finding.evidence || []).map((piece) => (piece.line ? gettext("line %(n)s", { n: piece.line }) : piece.url ? gettext("a page elsewhere") : gettext("a passage"))).join(", ");
    };

    const inner = (finding) => {
      const { correction, span } = finding;
      if (!correction) return null;
      if (!span) return correction.text ? h("ins", { "data-added": true }, correction.text) : null;
      if (correction.do === "remove") return h("del", {}, span.quote);
      return correction.text?.trim() ? changed(span.quote, correction.text, { added: true }) : null;
    };

    function setKind(finding, kind) {
      finding.kind = kind;
      if (kind === "omission" && finding.span) {
        finding.at = { in: finding.span.in, offset: finding.span.end };
        delete finding.span;
      }
      if (kind !== "omission" && finding.at) {
        const place = finding.at.in;
        const [from, to] = wordBefore(place, finding.at.offset);
        finding.span = { in: place, start: from, end: to, quote: [...texts[place]].slice(from, to).join("") };
        delete finding.at;
      }
      const text = finding.correction?.text;
      if (finding.correction) finding.correction = kind === "omission" ? { do: "insert", text: text || "" } : finding.correction.do === "insert" ? { do: "replace", text: text || "" } : finding.correction;
    }

    function wordBefore(place, offset) {
      const letters = [...texts[place]];
      let end = Math.max(1, offset);
      while (end > 1 && /\s/.test(letters[end - 1])) end -= 1;
      let start = end - 1;
      while (start > 0 && !/\s/.test(letters[start - 1])) start -= 1;
      return [start, end];
    }

    const editor = (finding, index, edit) => {
      const id = `findings-${index}`;
      return [
        choices({ id: `${id}-kind-group`, name: `${id}-kind`, legend: gettext("What is wrong"), options: ask.kinds.map((kind) => [kind, KINDS[kind]]), value: finding.kind, on: (kind) => edit((f) => setKind(f, kind)) }),
        ask.harm || finding.harm ? choices({ id: `${id}-harm-group`, name: `${id}-harm`, legend: gettext("Harm if left in"), options: HARMS, value: finding.harm, css: "sev", keys: false, on: (harm) => edit((f) => { f.harm = harm; }) }) : null,
        finding.at ? where(finding, id, edit) : null,
        correction(finding, id, edit),
        ask.evidence !== "none" ? evidenceEditor({ input, item: finding, id, required: ask.evidence === "required", edit, around: `${finding.span?.quote || ""} ${finding.correction?.text || ""}` }) : null,
      ];
    };

    const where = (finding, id, edit) => h("div", {}, h("label", { for: `${id}-at` }, gettext("Where it belongs")),
      h("select", { id: `${id}-at`, on: { change: (event) => edit((f) => { f.at.offset = Number(event.target.value); }) } },
        stops(texts[finding.at.in]).concat(stops(texts[finding.at.in]).some((s) => s.offset === finding.at.offset) ? [] : [{ offset: finding.at.offset, before: [...texts[finding.at.in]].slice(Math.max(0, finding.at.offset - 28), finding.at.offset).join("") }])
          .sort((a, b) => a.offset - b.offset)
          .map((stop) => h("option", { value: String(stop.offset), selected: stop.offset === finding.at.offset }, stop.before ? gettext("after “…%(text)s”", { text: stop.before }) : gettext("at the beginning")))));

    const correction = (finding, id, edit) => {
      const act = finding.correction?.do;
      const text = writing({ id: `${id}-text`, label: finding.at ? gettext("What belongs there") : gettext("Correct text"), value: finding.correction?.text, optional: !ask.correction, on: (value) => edit((f) => { f.correction = { do: f.at ? "insert" : "replace", text: value }; }, { together: `${id}-text`, quiet: true }) });
      if (finding.at) return text;
      return [
        pick({ id: `${id}-do`, legend: gettext("Put it right"), options: [["replace", gettext("Replace")], ["remove", gettext("Remove")]], value: act, on: (value) => edit((f) => { f.correction = value === "remove" ? { do: "remove" } : { do: "replace", text: f.correction?.text || "" }; }) }),
        act === "remove" ? null : text,
      ];
    };

    const whole = () => {
      const answer = store.get();
      if (readonly) return lines([[gettext("Faithful"), answer.faithful && gettext("%(n)s of 5", { n: answer.faithful })], [gettext("Sure"), answer.confidence && gettext("%(n)s of 5", { n: answer.confidence })], [gettext("Checked every statement"), answer.checked_all ? gettext("Yes") : gettext("No")], [gettext("Overall"), answer.overall]]);
      const set = (name) => (value) => store.change((a) => { a[name] = value; });
      return [
        rating({ id: "faithful", legend: gettext("How faithful is the answer?"), value: answer.faithful, ends: [gettext("Mostly made up"), gettext("Nothing wrong")], on: set("faithful") }),
        confidence(answer.confidence, set("confidence")),
        tick({ id: "checked_all", label: gettext("I checked every statement"), value: answer.checked_all, on: set("checked_all") }),
        writing({ id: "overall", label: gettext("Overall note to the model team"), value: answer.overall, optional: true, placeholder: gettext("One or two sentences"), on: (value) => store.change((a) => { a.overall = value; }, { together: "overall", quiet: true }) }),
      ];
    };

    const details = (finding) => lines([[gettext("Harm"), Object.fromEntries(HARMS)[finding.harm]], [gettext("Passage"), finding.span && quoted(finding)], [gettext("Correction"), finding.correction && (finding.correction.do === "remove" ? gettext("Remove") : finding.correction.text)], ...(finding.evidence || []).map((piece) => [gettext("Evidence"), told(input, piece)]), [gettext("Note"), finding.note]]);

    const list = items({
      work, store, readonly, field: "findings", whole,
      says: {
        marked: (of) => gettext("Span %(n)s marked: “%(quote)s”", of),
        removed: (of) => gettext("Span %(n)s removed. Control Z brings it back.", of),
        next: gettext("Done, next span"),
      },
      renumber: (answer) => numbered(answer.findings),
      of: {
        none: gettext("Nothing marked yet. Select words in the answer, as few as are wrong."),
        title: (finding) => KINDS[finding.kind] || gettext("Marked"),
        line, missing, inner, editor, details,
        css: (finding) => LOOKS[finding.harm] || "min",
        create: (span) => ({ n: 900 + store.get().findings.length, span, ...(ask.correction ? { correction: { do: "replace", text: "" } } : {}) }),
        hole: ask.kinds.includes("omission") ? (offset, place) => ({ n: 900, kind: "omission", at: { in: place, offset }, correction: { do: "insert", text: "" } }) : null,
        painted: (finding) => light(finding?.evidence || []),
      },
    });
    if (!readonly) pickLines({ input, take: (piece) => list.openIndex() >= 0 && piece && list.edit(list.openIndex())((f) => { f.evidence = [...(f.evidence || []), piece]; }) });

    return {
      problems(answer) {
        const found = answer.findings.flatMap((finding, n) => missing(finding).map((lack) => ({ path: `findings[${n}].${lack.field}`, field: lack.field, text: sentence(n, lack) })));
        if (!answer.faithful) found.push({ path: "faithful", text: gettext("Say how faithful the answer is") });
        if (!answer.confidence) found.push({ path: "confidence", text: gettext("Say how sure you are") });
        if (!answer.checked_all) found.push({ path: "checked_all", text: gettext("Check every statement, then tick it") });
        return found;
      },
      cleaned(answer) {
        const copy = structuredClone(answer);
        for (const finding of copy.findings) {
          if (finding.correction && finding.correction.do !== "remove" && !finding.correction.text?.trim()) delete finding.correction;
          if (finding.span && points(finding.span.quote) !== finding.span.end - finding.span.start) delete finding.span;
        }
        if (!copy.overall?.trim()) delete copy.overall;
        return copy;
      },
      focus: (path, lack) => list.focus(path, lack) || document.querySelector(`#${CSS.escape(path)} input, #${CSS.escape(path)}`),
      said(path, text) {
        const at = path.match(/^findings\[(\d+)\]/);
        return at ? gettext("Span %(n)s: %(text)s", { n: Number(at[1]) + 1, text }) : text;
      },
    };
  },
});

function sentence(n, lack) {
  const which = { n: n + 1 };
  if (lack.field === "kind") return gettext("Span %(n)s needs a kind", which);
  if (lack.field === "harm") return gettext("Span %(n)s needs its harm", which);
  if (lack.field === "evidence") return gettext("Span %(n)s needs evidence", which);
  return gettext("Span %(n)s needs its correct text", which);
}
