// Critique: numbered points on an answer, a verdict on each step, and the answer rewritten.

import { choices, h, one, redraw, writing } from "../workspace/dom.js";
import { shown as changed } from "../workspace/diff.js";
import { items, numbered, quoted } from "../workspace/items.js";
import { open } from "../workspace/main.js";
import { placesOf, slice, stops } from "../workspace/text.js";
import { confidence, lines, pick, tick } from "../workspace/whole.js";

const KINDS = [["factual_error", "Wrong fact"], ["reasoning_error", "Wrong reasoning"], ["calculation_error", "Wrong sum"], ["code_error", "Wrong code"], ["unsupported", "Unsupported"], ["omission", "Something missing"], ["instruction_missed", "Not what was asked"], ["unsafe", "Unsafe"], ["unclear", "Unclear"], ["style", "Style"], ["other", "Other"]];
const NAMES = Object.fromEntries(KINDS);
const SEVERITIES = [["minor", "Minor"], ["major", "Major"], ["critical", "Critical"]];
const LOOKS = { minor: "min", major: "maj", critical: "crit" };

open({
  fresh: () => ({ points: [], steps: {} }),
  renderer({ work, store, readonly }) {
    const { input } = work;
    const { ask } = input;
    const texts = placesOf(input);
    const steps = ask.steps ? input.responses.flatMap((r) => (r.steps || []).map((step) => ({ ...step, in: `response:${r.id}`, text: slice(r.text, step.start, step.end) }))) : [];
    const whole_ = input.responses[0].text;

    const missing = (point) => {
      const lacks = [];
      if (!point.kind) lacks.push({ field: "kind", text: "Kind missing" });
      if (!point.severity) lacks.push({ field: "severity", text: "Severity missing" });
      if (!point.why?.trim()) lacks.push({ field: "why", text: "Say why" });
      return lacks;
    };

    function setKind(point, kind) {
      point.kind = kind;
      if (kind === "omission" && point.span) {
        point.at = { in: point.span.in, offset: point.span.end };
        delete point.span;
      } else if (kind !== "omission" && point.at) {
        const text = [...texts[point.at.in]];
        const end = Math.max(1, point.at.offset);
        point.span = { in: point.at.in, start: Math.max(0, end - 12), end, quote: text.slice(Math.max(0, end - 12), end).join("") };
        delete point.at;
      }
    }

    const editor = (point, index, edit) => {
      const id = `points-${index}`;
      const write = (name) => (value) => edit((p) => { p[name] = value; }, { together: `${id}-${name}`, quiet: true });
      return [
        choices({ id: `${id}-kind-group`, name: `${id}-kind`, legend: "What is wrong", options: KINDS, value: point.kind, on: (kind) => edit((p) => setKind(p, kind)) }),
        choices({ id: `${id}-severity-group`, name: `${id}-severity`, legend: "How bad", options: SEVERITIES, value: point.severity, css: "sev", keys: false, on: (severity) => edit((p) => { p.severity = severity; }) }),
        point.at ? h("div", {}, h("label", { for: `${id}-at` }, "Where it belongs"), h("select", { id: `${id}-at`, on: { change: (event) => edit((p) => { p.at.offset = Number(event.target.value); }) } }, stops(texts[point.at.in]).map((stop) => h("option", { value: String(stop.offset), selected: stop.offset === point.at.offset }, stop.before ? `after “…${stop.before}”` : "at the beginning")))) : null,
        writing({ id: `${id}-why`, label: "Why", value: point.why, on: write("why") }),
        writing({ id: `${id}-fix`, label: "What should stand there", value: point.fix, optional: true, on: write("fix") }),
      ];
    };

    const stepper = (step, n) => {
      const answer = store.get();
      const verdict = answer.steps?.[step.id];
      const set = (value) => store.change((a) => { a.steps = { ...a.steps, [step.id]: value }; });
      return h("div", { class: "crit-row", id: `step-${step.id}` },
        pick({ id: `step-${step.id}-ok`, legend: h("span", {}, `Step ${n + 1} `, h("span", { class: "muted", dir: "auto" }, `“${step.text.length > 70 ? `${step.text.slice(0, 70)}…` : step.text}”`)), options: [[true, "Right"], [false, "Wrong"]], value: verdict?.ok, on: (ok) => set(ok ? { ok: true } : { ok: false, ...(answer.points.length === 1 ? { point: 1 } : {}) }) }),
        verdict && !verdict.ok ? h("div", { class: "two" },
          h("div", {}, h("label", { for: `step-${step.id}-point` }, "Which point says why"), h("select", { id: `step-${step.id}-point`, on: { change: (event) => set({ ...verdict, point: Number(event.target.value) || undefined }) } }, h("option", { value: "" }, "Choose"), answer.points.map((point) => h("option", { value: String(point.n), selected: point.n === verdict.point }, `${point.n} ${NAMES[point.kind] || ""}`)))),
          tick({ id: `step-${step.id}-follows`, label: "Wrong only because of an earlier mistake", value: verdict.only_follows, on: (is) => set(is ? { ...verdict, only_follows: true } : { ok: false, point: verdict.point }) })) : null);
    };

    const whole = () => {
      const answer = store.get();
      if (readonly) return lines([...steps.map((step, n) => [`Step ${n + 1}`, answer.steps?.[step.id] ? (answer.steps[step.id].ok ? "Right" : `Wrong, point ${answer.steps[step.id].point}${answer.steps[step.id].only_follows ? ", follows an earlier mistake" : ""}`) : null]), ["Praise", answer.praise], ["Final answer right", answer.final_answer_right === true ? "Yes" : answer.final_answer_right === false ? "No" : null], ["Sure", answer.confidence && `${answer.confidence} of 5`]]);
      const set = (name) => (value) => store.change((a) => { a[name] = value; });
      return [
        steps.length ? h("div", { class: "col", id: "steps" }, h("h3", {}, "Steps"), steps.map(stepper)) : null,
        writing({ id: "praise", label: "What is right about it", value: answer.praise, optional: true, on: (value) => store.change((a) => { a.praise = value; }, { together: "praise", quiet: true }) }),
        pick({ id: "final_answer_right", legend: "Is the final answer right?", options: [[true, "Yes"], [false, "No"], [null, "Hard to say"]], value: answer.final_answer_right === undefined ? "" : answer.final_answer_right, on: set("final_answer_right") }),
        confidence(answer.confidence, set("confidence")),
      ];
    };

    const list = items({
      work, store, readonly, field: "points", word: "Point", whole,
      renumber: (answer) => numbered(answer.points, (map) => {
        for (const verdict of Object.values(answer.steps || {})) if (verdict.point) verdict.point = map.get(verdict.point);
      }),
      of: {
        none: "No point yet. Select the words in the answer that a point is about.",
        title: (point) => NAMES[point.kind] || "Marked",
        line: (point) => point.why || "",
        css: (point) => LOOKS[point.severity] || "min",
        inner: (point) => (point.fix?.trim() ? (point.span ? changed(point.span.quote, point.fix, { added: true }) : h("ins", { "data-added": true }, point.fix)) : null),
        below: (place) => steps.filter((s) => s.in === place).map((s) => ({ start: s.start, end: s.end, css: "step" })),
        details: (point) => lines([["Severity", point.severity], ["Passage", point.span && quoted(point)], ["Why", point.why], ["Should be", point.fix]]),
        create: (span) => ({ n: 900 + store.get().points.length, span, why: "" }),
        hole: (offset, place) => ({ n: 900, kind: "omission", at: { in: place, offset }, why: "" }),
        missing, editor,
      },
    });
    const rewrite = ask.rewrite && ask.rewrite !== "none" ? rewriting({ store, readonly, before: whole_, needed: ask.rewrite === "whole" }) : null;

    return {
      problems(answer) {
        const found = answer.points.flatMap((point, n) => missing(point).map((lack) => ({ path: `points[${n}].${lack.field}`, field: lack.field, text: `Point ${n + 1} ${{ kind: "needs a kind", severity: "needs how bad it is", why: "needs a why" }[lack.field]}` })));
        if (answer.points.length < (ask.points_min || 0)) found.push({ path: "points", text: `Make at least ${ask.points_min} point${ask.points_min > 1 ? "s" : ""}` });
        steps.forEach((step, n) => {
          const verdict = answer.steps?.[step.id];
          if (!verdict) found.push({ path: `steps.${step.id}`, text: `Step ${n + 1} is still open` });
          else if (!verdict.ok && !verdict.point) found.push({ path: `steps.${step.id}.point`, text: `Step ${n + 1}: say which point tells what is wrong` });
        });
        if (ask.rewrite === "whole" && !answer.rewrite?.trim()) found.push({ path: "rewrite", text: "Write the whole answer as it should be" });
        if (answer.rewrite?.trim() && answer.points.length && answer.rewrite.trim() === whole_.trim()) found.push({ path: "rewrite", text: "The rewrite is the answer as it was" });
        if (!answer.confidence) found.push({ path: "confidence", text: "Say how sure you are" });
        return found;
      },
      cleaned(answer) {
        const copy = structuredClone(answer);
        for (const point of copy.points) if (!point.fix?.trim()) delete point.fix;
        for (const verdict of Object.values(copy.steps || {})) if (verdict.point === undefined) delete verdict.point;
        if (!steps.length) delete copy.steps;
        if (!copy.praise?.trim()) delete copy.praise;
        if (!copy.rewrite?.trim()) delete copy.rewrite;
        return copy;
      },
      focus(path, lack) {
        if (path.startsWith("points[")) return list.focus(path, lack);
        if (path.startsWith("steps.")) return one(`#step-${CSS.escape(path.split(".")[1])} ${path.endsWith(".point") ? "select" : "input"}`);
        if (path === "rewrite") return rewrite?.control();
        if (path === "points") return one('[data-row="by-key"]');
        return one(`#${CSS.escape(path)} input, #${CSS.escape(path)}`);
      },
      said(path, text) {
        const at = path.match(/^points\[(\d+)\]/);
        return at ? `Point ${Number(at[1]) + 1}: ${text}` : text;
      },
    };
  },
});

function rewriting({ store, readonly, before, needed }) {
  const place = one("#rewriting");
  const control = () => one("#rewrite", place);
  const compared = () => {
    const now = store.get().rewrite || "";
    return now.trim() ? changed(before, now) : h("span", { class: "muted small" }, "What you change shows here.");
  };
  const paint = () => {
    const answer = store.get();
    if (readonly) return redraw(place, answer.rewrite ? h("div", { class: "rewrite" }, h("h3", {}, "Rewrite"), h("div", { class: "diff", dir: "auto" }, compared())) : null);
    return redraw(place, h("div", { class: "rewrite" }, h("div", { class: "row" }, h("label", { for: "rewrite" }, "The answer as it should be", needed ? null : h("span", { class: "faint" }, " (optional)")),
      h("button", { type: "button", class: "btn s push", "data-row": "start-from", on: { click: () => { store.change((a) => { a.rewrite = before; }); control().focus(); } } }, "Start from the answer")),
    area(answer), h("h3", {}, "What changes"), h("div", { class: "diff", id: "rewrite-diff", dir: "auto" }, compared())));
  };
  const area = (answer) => h("textarea", { id: "rewrite", rows: 7, dir: "auto", value: answer.rewrite || "", on: { input: (event) => { store.change((a) => { a.rewrite = event.target.value; }, { together: "rewrite", quiet: true }); } } });
  store.watch((_answer, change) => {
    if (change.quiet) one("#rewrite-diff", place)?.replaceChildren(...[compared()].flat());
    else paint();
  });
  paint();
  return { control };
}
