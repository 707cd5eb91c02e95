// Critique: numbered points on an answer, a verdict on each step, and the answer rewritten.

import { gettext, ngettext } from "../../workforce/words.js";
import { choices, h, one, redraw, writing } from "../workspace/dom.js";
import { shown as changed } from "../workspace/diff.js";
import { items, numbered, quoted } from "../workspace/items.js";
import { open } from "../workspace/main.js";
import { placesOf, slice, stops } from "../workspace/text.js";
import { confidence, lines, pick, tick } from "../workspace/whole.js";

const KINDS = [["factual_error", gettext("Wrong fact")], ["reasoning_error", gettext("Wrong reasoning")], ["calculation_error", gettext("Wrong sum")], ["code_error", gettext("Wrong code")], ["unsupported", gettext("Unsupported")], ["omission", gettext("Something missing")], ["instruction_missed", gettext("Not what was asked")], ["unsafe", gettext("Unsafe")], ["unclear", gettext("Unclear")], ["style", gettext("Style")], ["other", gettext("Other")]];
const NAMES = Object.fromEntries(KINDS);
const SEVERITIES = [["minor", gettext("Minor")], ["major", gettext("Major")], ["critical", gettext("Critical")]];
const NEEDS = {
  kind: (n) => gettext("Point %(n)s needs a kind", { n }),
  severity: (n) => gettext("Point %(n)s needs how bad it is", { n }),
  why: (n) => gettext("Point %(n)s needs a why", { n }),
};
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
      if (!point.kind) lacks.push({ field: "kind", text: gettext("Kind missing") });
      if (!point.severity) lacks.push({ field: "severity", text: gettext("Severity missing") });
      if (!point.why?.trim()) lacks.push({ field: "why", text: gettext("Say why") });
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
        choices({ id: `${id}-kind-group`, name: `${id}-kind`, legend: gettext("What is wrong"), options: KINDS, value: point.kind, on: (kind) => edit((p) => setKind(p, kind)) }),
        choices({ id: `${id}-severity-group`, name: `${id}-severity`, legend: gettext("How bad"), options: SEVERITIES, value: point.severity, css: "sev", keys: false, on: (severity) => edit((p) => { p.severity = severity; }) }),
        point.at ? h("div", {}, h("label", { for: `${id}-at` }, gettext("Where it belongs")), h("select", { id: `${id}-at`, on: { change: (event) => edit((p) => { p.at.offset = Number(event.target.value); }) } }, stops(texts[point.at.in]).map((stop) => h("option", { value: String(stop.offset), selected: stop.offset === point.at.offset }, stop.before ? gettext("after “…%(text)s”", { text: stop.before }) : gettext("at the beginning"))))) : null,
        writing({ id: `${id}-why`, label: gettext("Why"), value: point.why, on: write("why") }),
        writing({ id: `${id}-fix`, label: gettext("What should stand there"), value: point.fix, optional: true, on: write("fix") }),
      ];
    };

    const stepper = (step, n) => {
      const answer = store.get();
      const verdict = answer.steps?.[step.id];
      const set = (value) => store.change((a) => { a.steps = { ...a.steps, [step.id]: value }; });
      return h("div", { class: "crit-row", id: `step-${step.id}` },
        pick({ id: `step-${step.id}-ok`, legend: h("span", {}, `${gettext("Step %(n)s", { n: n + 1 })} `, h("span", { class: "muted", dir: "auto" }, `“${step.text.length > 70 ? `${step.text.slice(0, 70)}…` : step.text}”`)), options: [[true, gettext("Right")], [false, gettext("Wrong")]], value: verdict?.ok, on: (ok) => set(ok ? { ok: true } : { ok: false, ...(answer.points.length === 1 ? { point: 1 } : {}) }) }),
        verdict && !verdict.ok ? h("div", { class: "two" },
          h("div", {}, h("label", { for: `step-${step.id}-point` }, gettext("Which point says why")), h("select", { id: `step-${step.id}-point`, on: { change: (event) => set({ ...verdict, point: Number(event.target.value) || undefined }) } }, h("option", { value: "" }, gettext("Choose")), answer.points.map((point) => h("option", { value: String(point.n), selected: point.n === verdict.point }, `${point.n} ${NAMES[point.kind] || ""}`)))),
          tick({ id: `step-${step.id}-follows`, label: gettext("Wrong only because of an earlier mistake"), value: verdict.only_follows, on: (is) => set(is ? { ...verdict, only_follows: true } : { ok: false, point: verdict.point }) })) : null);
    };

    const whole = () => {
      const answer = store.get();
      if (readonly) return lines([...steps.map((step, n) => [gettext("Step %(n)s", { n: n + 1 }), answer.steps?.[step.id] ? (answer.steps[step.id].ok ? gettext("Right") : answer.steps[step.id].only_follows ? gettext("Wrong, point %(n)s, follows an earlier mistake", { n: answer.steps[step.id].point }) : gettext("Wrong, point %(n)s", { n: answer.steps[step.id].point })) : null]), [gettext("Praise"), answer.praise], [gettext("Final answer right"), answer.final_answer_right === true ? gettext("Yes") : answer.final_answer_right === false ? gettext("No") : null], [gettext("Sure"), answer.confidence && gettext("%(n)s of 5", { n: answer.confidence })]]);
      const set = (name) => (value) => store.change((a) => { a[name] = value; });
      return [
        steps.length ? h("div", { class: "col", id: "steps" }, h("h3", {}, gettext("Steps")), steps.map(stepper)) : null,
        writing({ id: "praise", label: gettext("What is right about it"), value: answer.praise, optional: true, on: (value) => store.change((a) => { a.praise = value; }, { together: "praise", quiet: true }) }),
        pick({ id: "final_answer_right", legend: gettext("Is the final answer right?"), options: [[true, gettext("Yes")], [false, gettext("No")], [null, gettext("Hard to say")]], value: answer.final_answer_right === undefined ? "" : answer.final_answer_right, on: set("final_answer_right") }),
        confidence(answer.confidence, set("confidence")),
      ];
    };

    const list = items({
      work, store, readonly, field: "points", whole,
      says: {
        marked: (of) => gettext("Point %(n)s marked: “%(quote)s”", of),
        removed: (of) => gettext("Point %(n)s removed. Control Z brings it back.", of),
        next: gettext("Done, next point"),
      },
      renumber: (answer) => numbered(answer.points, (map) => {
        for (const verdict of Object.values(answer.steps || {})) if (verdict.point) verdict.point = map.get(verdict.point);
      }),
      of: {
        none: gettext("No point yet. Select the words in the answer that a point is about."),
        title: (point) => NAMES[point.kind] || gettext("Marked"),
        line: (point) => point.why || "",
        css: (point) => LOOKS[point.severity] || "min",
        inner: (point) => (point.fix?.trim() ? (point.span ? changed(point.span.quote, point.fix, { added: true }) : h("ins", { "data-added": true }, point.fix)) : null),
        below: (place) => steps.filter((s) => s.in === place).map((s) => ({ start: s.start, end: s.end, css: "step" })),
        details: (point) => lines([[gettext("Severity"), Object.fromEntries(SEVERITIES)[point.severity]], [gettext("Passage"), point.span && quoted(point)], [gettext("Why"), point.why], [gettext("Should be"), point.fix]]),
        create: (span) => ({ n: 900 + store.get().points.length, span, why: "" }),
        hole: (offset, place) => ({ n: 900, kind: "omission", at: { in: place, offset }, why: "" }),
        missing, editor,
      },
    });
    const rewrite = ask.rewrite && ask.rewrite !== "none" ? rewriting({ store, readonly, before: whole_, needed: ask.rewrite === "whole" }) : null;

    return {
      problems(answer) {
        const found = answer.points.flatMap((point, n) => missing(point).map((lack) => ({ path: `points[${n}].${lack.field}`, field: lack.field, text: NEEDS[lack.field](n + 1) })));
        if (answer.points.length < (ask.points_min || 0)) found.push({ path: "points", text: ngettext("Make at least %(n)s point", "Make at least %(n)s points", ask.points_min) });
        steps.forEach((step, n) => {
          const verdict = answer.steps?.[step.id];
          if (!verdict) found.push({ path: `steps.${step.id}`, text: gettext("Step %(n)s is still open", { n: n + 1 }) });
          else if (!verdict.ok && !verdict.point) found.push({ path: `steps.${step.id}.point`, text: gettext("Step %(n)s: say which point tells what is wrong", { n: n + 1 }) });
        });
        if (ask.rewrite === "whole" && !answer.rewrite?.trim()) found.push({ path: "rewrite", text: gettext("Write the whole answer as it should be") });
        if (answer.rewrite?.trim() && answer.points.length && answer.rewrite.trim() === whole_.trim()) found.push({ path: "rewrite", text: gettext("The rewrite is the answer as it was") });
        if (!answer.confidence) found.push({ path: "confidence", text: gettext("Say how sure you are") });
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
        return at ? gettext("Point %(n)s: %(text)s", { n: Number(at[1]) + 1, text }) : text;
      },
    };
  },
});

function rewriting({ store, readonly, before, needed }) {
  const place = one("#rewriting");
  const control = () => one("#rewrite", place);
  const compared = () => {
    const now = store.get().rewrite || "";
    return now.trim() ? changed(before, now) : h("span", { class: "muted small" }, gettext("What you change shows here."));
  };
  const paint = () => {
    const answer = store.get();
    if (readonly) return redraw(place, answer.rewrite ? h("div", { class: "rewrite" }, h("h3", {}, gettext("Rewrite")), h("div", { class: "diff", dir: "auto" }, compared())) : null);
    return redraw(place, h("div", { class: "rewrite" }, h("div", { class: "row" }, h("label", { for: "rewrite" }, gettext("The answer as it should be"), needed ? null : h("span", { class: "faint" }, " ", gettext("(optional)"))),
      h("button", { type: "button", class: "btn s push", "data-row": "start-from", on: { click: () => { store.change((a) => { a.rewrite = before; }); control().focus(); } } }, gettext("Start from the answer"))),
    area(answer), h("h3", {}, gettext("What changes")), h("div", { class: "diff", id: "rewrite-diff", dir: "auto" }, compared())));
  };
  const area = (answer) => h("textarea", { id: "rewrite", rows: 7, dir: "auto", value: answer.rewrite || "", on: { input: (event) => { store.change((a) => { a.rewrite = event.target.value; }, { together: "rewrite", quiet: true }); } } });
  store.watch((_answer, change) => {
    if (change.quiet) one("#rewrite-diff", place)?.replaceChildren(...[compared()].flat());
    else paint();
  });
  paint();
  return { control };
}
