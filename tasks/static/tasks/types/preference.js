// Preference: answers side by side, which is better and by how much, per criterion, and why.

import { all, h, icon, kbd, one, redraw, writing } from "../workspace/dom.js";
import { draw, marking } from "../workspace/marks.js";
import { open } from "../workspace/main.js";
import { placesOf, points } from "../workspace/text.js";
import { confidence, lines, pick, tick } from "../workspace/whole.js";

const STRENGTHS = ["No difference", "Slightly better", "Clearly better", "Far better"];
const FLAGS = [["unsafe", "Unsafe"], ["wrong", "Wrong"], ["misleading", "Misleading"], ["off_topic", "Off topic"], ["rude", "Rude"], ["private_data", "Private data"], ["broken", "Broken"], ["other", "Other"]];
const name = (id) => id.toUpperCase();

open({
  fresh: () => ({ all_bad: false, criteria: {} }),
  renderer({ work, store, readonly }) {
    const { input } = work;
    const { ask } = input;
    const ids = input.responses.map((r) => r.id);
    const pair = ask.mode === "pair";
    const texts = placesOf(input);
    const editor = one("#editor");

    // The seven steps of a pair: 1 the first is far better, 4 a tie, 7 the second is far better.
    const step = (judgement) => {
      if (!judgement?.ranking) return 0;
      if (judgement.ranking.length === 1) return 4;
      const by = judgement.strength ?? 2;
      return judgement.ranking[0][0] === ids[0] ? 4 - by : 4 + by;
    };
    const fromStep = (value) => {
      if (value === 4) return { ranking: [[...ids]], ...(ask.strength ? { strength: 0 } : {}) };
      const order = value < 4 ? ids : [...ids].reverse();
      return { ranking: order.map((id) => [id]), ...(ask.strength ? { strength: Math.abs(value - 4) } : {}) };
    };
    const stepsShown = ask.strength ? [1, 2, 3, 4, 5, 6, 7] : [2, 4, 6];
    const said = (value) => (value === 4 ? "They are equal" : `${name(value < 4 ? ids[0] : ids[1])}: ${STRENGTHS[ask.strength ? Math.abs(value - 4) : 2].toLowerCase()}`);

    const scale = ({ id, legend, judgement, keys, on }) => h("fieldset", { id },
      h("legend", { class: "label" }, legend),
      h("div", { class: `scale${stepsShown.length === 7 ? "" : " three"}` }, stepsShown.filter((v) => v !== 4 || ask.ties).map((value) => h("label", { title: said(value) },
        h("input", { type: "radio", name: id, value: String(value), checked: step(judgement) === value, "aria-label": said(value), "data-key": keys ? String(value) : null, "data-key-for": keys ? said(value) : null, on: { change: () => on(fromStep(value)) } }), String(value)))),
      h("div", { class: "scale-ends tiny muted" }, h("span", {}, `${name(ids[0])} far better`), ask.ties ? h("span", {}, "equal") : null, h("span", {}, `${name(ids[1])} far better`)));

    const ranks = (judgement) => Object.fromEntries((judgement?.ranking || []).flatMap((group, n) => group.map((id) => [id, n + 1])));
    const ranking = ({ id, legend, judgement, on }) => {
      const places = ranks(judgement);
      const set = (which, place) => {
        const now = { ...places, [which]: place };
        const order = [...new Set(Object.values(now))].sort((a, b) => a - b);
        const groups = order.map((p) => ids.filter((each) => now[each] === p));
        on({ ...judgement, ranking: groups, ...(groups.length === 1 && ids.length === groups[0].length && ask.strength ? { strength: 0 } : {}) });
      };
      return h("fieldset", { id, class: "col" }, h("legend", { class: "label" }, legend),
        ids.map((each) => pick({ id: `${id}-${each}`, legend: `Answer ${name(each)}`, options: ids.map((_, n) => [n + 1, String(n + 1)]), value: places[each], on: (place) => set(each, place) })),
        ask.strength && judgement?.ranking?.length > 1 ? pick({ id: `${id}-strength`, legend: "The first is", options: [[1, "Slightly"], [2, "Clearly"], [3, "Far better"]], value: judgement.strength, on: (strength) => on({ ...judgement, strength }) }) : null);
    };
    const judge = (options) => (pair ? scale(options) : ranking(options));

    const set = (key) => (value) => store.change((a) => { a[key] = value; });
    const write = (key) => (value) => store.change((a) => { a[key] = value; }, { together: key, quiet: true });

    const criterion = (each) => {
      const own = store.get().criteria?.[each.id] || {};
      const put = (judgement, options) => store.change((a) => { a.criteria = { ...a.criteria, [each.id]: { ...a.criteria?.[each.id], ...judgement } }; }, options);
      return h("div", { class: "crit-row" },
        judge({ id: `criteria-${each.id}`, legend: h("span", {}, each.label, each.help ? h("span", { class: "tiny muted" }, ` ${each.help}`) : null), judgement: own, keys: false, on: put }),
        writing({ id: `criteria-${each.id}-note`, label: "Why", value: own.note, optional: true, rows: 1, input: true, on: (note) => put({ note }, { together: `note-${each.id}`, quiet: true }) }));
    };

    const flags = () => {
      const given = store.get().flags || [];
      return given.length ? h("div", { class: "col" }, h("span", { class: "label" }, "Flagged"), h("ul", { class: "ev-list small" }, given.map((flag, n) => h("li", {},
        h("div", { class: "col" }, h("span", { dir: "auto" }, `${name(flag.in.split(":")[1])} “${flag.quote.slice(0, 80)}”`),
          h("select", { id: `flag-${n}`, "aria-label": `Kind of flag ${n + 1}`, on: { change: (event) => store.change((a) => { a.flags[n].kind = event.target.value; }) } }, FLAGS.map(([value, label]) => h("option", { value, selected: value === flag.kind }, label)))),
        h("button", { type: "button", class: "btn quiet icon s", "aria-label": `Remove flag ${n + 1}`, on: { click: () => store.change((a) => { a.flags.splice(n, 1); if (!a.flags.length) delete a.flags; }) } }, icon("x")))))) : null;
    };

    function paintSides() {
      const answer = store.get();
      const places = ranks(answer);
      const sel = walker?.current();
      for (const card of all("[data-response]")) {
        const place = places[card.dataset.response];
        card.classList.toggle("best", place === 1 && answer.ranking?.length > 1);
        one("[data-standing]", card).textContent = !place ? "" : answer.ranking.length === 1 ? "equal" : place === 1 ? "better" : ids.length > 2 ? `place ${place}` : "";
      }
      for (const place of all(".markable")) {
        const key = place.dataset.place;
        const marks = (answer.flags || []).map((flag, n) => ({ ...flag, n: n + 1, css: "flag" })).filter((flag) => flag.in === key && flag.end !== undefined);
        if (sel?.in === key) marks.push({ ...sel, css: "sel" });
        draw(place, texts[key], marks);
      }
    }

    const walker = readonly ? null : marking({
      places: Object.keys(texts).filter((p) => p.startsWith("response:")), texts, draw: paintSides,
      onSpan: (span) => { store.change((a) => { a.flags = [...(a.flags || []), { kind: "wrong", ...span }]; }); one(`#flag-${store.get().flags.length - 1}`)?.focus(); },
    });

    const count = () => {
      const wanted = ask.reason_min_chars || 0;
      const given = points((store.get().reason || "").trim());
      return wanted ? `${given} of at least ${wanted} characters` : "";
    };

    function reading() {
      const answer = store.get();
      const told = (judgement) => (!judgement?.ranking ? null : pair ? said(step(judgement)) : judgement.ranking.map((g) => g.map(name).join(" = ")).join(" > "));
      return h("div", { class: "whole" }, lines([["Better", told(answer)], ["All bad", answer.all_bad ? "Yes" : null],
        ...(input.criteria || []).map((c) => [c.label, [told(answer.criteria?.[c.id]), answer.criteria?.[c.id]?.note].filter(Boolean).join(". ")]),
        ...(answer.flags || []).map((flag) => [`Flag: ${flag.kind.replace("_", " ")}`, flag.quote || flag.in]), ["Reason", answer.reason], ["Rewrite", answer.rewrite], ["Sure", answer.confidence && `${answer.confidence} of 5`]]));
    }

    function paint() {
      paintSides();
      const answer = store.get();
      const left = problems(answer).length;
      one("#ready").textContent = readonly ? "" : left ? `${left} to do` : "Ready";
      one("#ready").hidden = readonly;
      if (readonly) return redraw(editor, reading());
      return redraw(editor, h("div", { class: "whole" },
        judge({ id: "ranking", legend: "Which answer is better?", judgement: answer, keys: true, on: (judgement) => store.change((a) => { delete a.strength; Object.assign(a, { ranking: judgement.ranking, ...(judgement.strength === undefined ? {} : { strength: judgement.strength }) }); }) }),
        pair ? h("div", { class: "row wrap" }, ids.map((id, n) => h("button", { type: "button", class: "btn s", "data-key": n ? "b" : "a", "data-row": `pick-${id}`, on: { click: () => store.change((a) => Object.assign(a, fromStep(n ? 6 : 2))) } }, `${name(id)} is better `, kbd(n ? "B" : "A"))),
          h("button", { type: "button", class: "btn s quiet", "data-key": "n", "data-row": "by-key", on: { click: () => walker.start() } }, "Flag by keyboard ", kbd("N"))) : null,
        tick({ id: "all_bad", label: pair ? "Both are bad: neither may go to a person" : "All are bad: none may go to a person", value: answer.all_bad, on: set("all_bad") }),
        (input.criteria || []).length ? h("div", { class: "col" }, h("h3", {}, "By criterion"), input.criteria.map(criterion)) : null,
        h("div", {}, writing({ id: "reason", label: "Why", value: answer.reason, rows: 4, optional: !ask.reason_min_chars, on: (value) => { write("reason")(value); one("#reason-count").textContent = count(); } }), h("p", { class: "tiny muted", id: "reason-count" }, count())),
        answer.all_bad && ask.rewrite_when_all_bad ? writing({ id: "rewrite", label: "What a good answer says", value: answer.rewrite, rows: 6, on: write("rewrite") }) : null,
        flags(),
        confidence(answer.confidence, set("confidence"))));
    }

    const judged = (judgement, at, text) => {
      if (!judgement?.ranking || judgement.ranking.flat().length < ids.length) return [{ path: at, text }];
      if (ask.strength && judgement.strength === undefined) return [{ path: at, text: "Say by how much" }];
      return !ask.ties && judgement.ranking.length < ids.length ? [{ path: at, text: "This task takes no ties" }] : [];
    };
    function problems(answer) {
      const found = judged(answer, "ranking", "Say which answer is better");
      for (const each of input.criteria || []) found.push(...judged(answer.criteria?.[each.id], `criteria.${each.id}`, `${each.label}: say which is better`));
      const wanted = ask.reason_min_chars || 0;
      if (points((answer.reason || "").trim()) < wanted) found.push({ path: "reason", text: `Give a reason of at least ${wanted} characters` });
      if (answer.all_bad && ask.rewrite_when_all_bad && !answer.rewrite?.trim()) found.push({ path: "rewrite", text: "Write what a good answer says" });
      if (!answer.confidence) found.push({ path: "confidence", text: "Say how sure you are" });
      return found;
    }

    store.watch((answer, change) => {
      if (!change.quiet) paint();
      else {
        const left = problems(answer).length;
        one("#ready").textContent = left ? `${left} to do` : "Ready";
      }
    });
    paint();
    return {
      problems,
      cleaned(answer) {
        const copy = structuredClone(answer);
        for (const each of Object.values(copy.criteria || {})) if (!each.note?.trim()) delete each.note;
        if (!Object.keys(copy.criteria || {}).length) delete copy.criteria;
        if (!copy.reason?.trim()) delete copy.reason;
        if (!copy.rewrite?.trim()) delete copy.rewrite;
        return copy;
      },
      focus(path) {
        const [head, which] = path.split(/[.[\]]+/);
        const id = head === "criteria" ? `criteria-${which}` : head === "flags" ? `flag-${which}` : head;
        return one(`#${CSS.escape(id)} input`) || one(`#${CSS.escape(id)}`);
      },
      said: (path, text) => {
        const which = (input.criteria || []).find((c) => path.startsWith(`criteria.${c.id}`));
        return which ? `${which.label}: ${text}` : text;
      },
    };
  },
});
