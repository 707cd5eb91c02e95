// Hallucinations: spans in an answer with kind, harm, correction and evidence.

import { choices, h, writing } from "../workspace/dom.js";
import { shown as changed } from "../workspace/diff.js";
import { evidenceEditor, light, pickLines, told } from "../workspace/evidence.js";
import { items, numbered, quoted } from "../workspace/items.js";
import { open } from "../workspace/main.js";
import { placesOf, points, stops } from "../workspace/text.js";
import { confidence, lines, pick, rating, tick } from "../workspace/whole.js";

const KINDS = { unsupported: "Unsupported", contradicts: "Contradicts", wrong_number: "Wrong number", false_citation: "False citation", omission: "Omission", imprecise: "Imprecise" };
const HARMS = [["mild", "Mild"], ["moderate", "Moderate"], ["severe", "Severe"]];
const LOOKS = { mild: "min", moderate: "maj", severe: "crit" };

open({
  fresh: () => ({ findings: [], checked_all: false }),
  renderer({ work, store, readonly }) {
    const { input } = work;
    const texts = placesOf(input);
    const { ask } = input;

    const missing = (finding) => {
      const lacks = [];
      if (!finding.kind) lacks.push({ field: "kind", text: "Say what is wrong" });
      if (ask.harm && !finding.harm) lacks.push({ field: "harm", text: "Harm missing" });
      const text = finding.correction?.text?.trim();
      if (ask.correction && !finding.correction) lacks.push({ field: "text", text: "Correction missing" });
      else if (finding.correction && finding.correction.do !== "remove" && !text && (ask.correction || finding.kind === "omission")) lacks.push({ field: "text", text: "Correct text missing" });
      else if (finding.correction?.do === "replace" && text === finding.span?.quote) lacks.push({ field: "text", text: "The correct text is what stands there already" });
      if (ask.evidence === "required" && !finding.evidence?.length) lacks.push({ field: "evidence", text: "Evidence missing" });
      return lacks;
    };

    const line = (finding) => {
      const { correction } = finding;
      const words = !correction ? "" : correction.do === "remove" ? "Removed. " : `${correction.text || ""} `;
      return words + (finding.evidence || []).map((piece) => (piece.line ? `line ${piece.line}` : piece.url ? "a page elsewhere" : "a passage")).join(", ");
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
        choices({ id: `${id}-kind-group`, name: `${id}-kind`, legend: "What is wrong", options: ask.kinds.map((kind) => [kind, KINDS[kind]]), value: finding.kind, on: (kind) => edit((f) => setKind(f, kind)) }),
        ask.harm || finding.harm ? choices({ id: `${id}-harm-group`, name: `${id}-harm`, legend: "Harm if left in", options: HARMS, value: finding.harm, css: "sev", keys: false, on: (harm) => edit((f) => { f.harm = harm; }) }) : null,
        finding.at ? where(finding, id, edit) : null,
        correction(finding, id, edit),
        ask.evidence !== "none" ? evidenceEditor({ input, item: finding, id, required: ask.evidence === "required", edit, around: `${finding.span?.quote || ""} ${finding.correction?.text || ""}` }) : null,
      ];
    };

    const where = (finding, id, edit) => h("div", {}, h("label", { for: `${id}-at` }, "Where it belongs"),
      h("select", { id: `${id}-at`, on: { change: (event) => edit((f) => { f.at.offset = Number(event.target.value); }) } },
        stops(texts[finding.at.in]).concat(stops(texts[finding.at.in]).some((s) => s.offset === finding.at.offset) ? [] : [{ offset: finding.at.offset, before: [...texts[finding.at.in]].slice(Math.max(0, finding.at.offset - 28), finding.at.offset).join("") }])
          .sort((a, b) => a.offset - b.offset)
          .map((stop) => h("option", { value: String(stop.offset), selected: stop.offset === finding.at.offset }, stop.before ? `after “…${stop.before}”` : "at the beginning"))));

    const correction = (finding, id, edit) => {
      const act = finding.correction?.do;
      const text = writing({ id: `${id}-text`, label: finding.at ? "What belongs there" : "Correct text", value: finding.correction?.text, optional: !ask.correction, on: (value) => edit((f) => { f.correction = { do: f.at ? "insert" : "replace", text: value }; }, { together: `${id}-text`, quiet: true }) });
      if (finding.at) return text;
      return [
        pick({ id: `${id}-do`, legend: "Put it right", options: [["replace", "Replace"], ["remove", "Remove"]], value: act, on: (value) => edit((f) => { f.correction = value === "remove" ? { do: "remove" } : { do: "replace", text: f.correction?.text || "" }; }) }),
        act === "remove" ? null : text,
      ];
    };

    const whole = () => {
      const answer = store.get();
      if (readonly) return lines([["Faithful", answer.faithful && `${answer.faithful} of 5`], ["Sure", answer.confidence && `${answer.confidence} of 5`], ["Checked every statement", answer.checked_all ? "Yes" : "No"], ["Overall", answer.overall]]);
      const set = (name) => (value) => store.change((a) => { a[name] = value; });
      return [
        rating({ id: "faithful", legend: "How faithful is the answer?", value: answer.faithful, ends: ["Mostly made up", "Nothing wrong"], on: set("faithful") }),
        confidence(answer.confidence, set("confidence")),
        tick({ id: "checked_all", label: "I checked every statement", value: answer.checked_all, on: set("checked_all") }),
        writing({ id: "overall", label: "Overall note to the model team", value: answer.overall, optional: true, placeholder: "One or two sentences", on: (value) => store.change((a) => { a.overall = value; }, { together: "overall", quiet: true }) }),
      ];
    };

    const details = (finding) => lines([["Harm", finding.harm], ["Passage", finding.span && quoted(finding)], ["Correction", finding.correction && (finding.correction.do === "remove" ? "Remove" : finding.correction.text)], ...(finding.evidence || []).map((piece) => ["Evidence", told(input, piece)]), ["Note", finding.note]]);

    const list = items({
      work, store, readonly, field: "findings", word: "Span", whole,
      renumber: (answer) => numbered(answer.findings),
      of: {
        none: "Nothing marked yet. Select words in the answer, as few as are wrong.",
        title: (finding) => KINDS[finding.kind] || "Marked",
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
        if (!answer.faithful) found.push({ path: "faithful", text: "Say how faithful the answer is" });
        if (!answer.confidence) found.push({ path: "confidence", text: "Say how sure you are" });
        if (!answer.checked_all) found.push({ path: "checked_all", text: "Check every statement, then tick it" });
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
        return at ? `Span ${Number(at[1]) + 1}: ${text}` : text;
      },
    };
  },
});

function sentence(n, lack) {
  const words = { kind: "needs a kind", harm: "needs its harm", evidence: "needs evidence" };
  return lack.field in words ? `Span ${n + 1} ${words[lack.field]}` : `Span ${n + 1} needs its correct text`;
}
