// Preference: answers side by side, which is better and by how much, per criterion, and why.

import { gettext, ngettext } from "../../workforce/words.js";
import { all, h, icon, kbd, one, redraw, writing } from "../workspace/dom.js";
import { draw, marking } from "../workspace/marks.js";
import { open } from "../workspace/main.js";
import { placesOf, points } from "../workspace/text.js";
import { confidence, lines, pick, tick } from "../workspace/whole.js";

const STRENGTHS = [
  () => gettext("They are equal"),
  (which) => gettext("%(which)s: slightly better", { which }),
  (which) => gettext("%(which)s: clearly better", { which }),
  (which) => gettext("%(which)s: far better", { which }),
];
const FLAGS = [["unsafe", gettext("Unsafe")], ["wrong", gettext("Wrong")], ["misleading", gettext("Misleading")], ["off_topic", gettext("Off topic")], ["rude", gettext("Rude")], ["private_data", gettext("Private data")], ["broken", gettext("Broken")], ["other", gettext("Other")]];
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
    const said = (value) => STRENGTHS[value === 4 ? 0 : ask.strength ? Math.abs(value - 4) : 2](name(value < 4 ? ids[0] : ids[1]));

    const scale = ({ id, legend, judgement, keys, on }) => h("fieldset", { id },
      h("legend", { class: "label" }, legend),
      h("div", { class: `scale${stepsShown.length === 7 ? "" : " three"}` }, stepsShown.filter((v) => v !== 4 || ask.ties).map((value) => h("label", { title: said(value) },
        h("input", { type: "radio", name: id, value: String(value), checked: step(judgement) === value, "aria-label": said(value), "data-key": keys ? String(value) : null, "data-key-for": keys ? said(value) : null, on: { change: () => on(fromStep(value)) } }), String(value)))),
      h("div", { class: "scale-ends tiny muted" }, h("span", {}, gettext("%(which)s far better", { which: name(ids[0]) })), ask.ties ? h("span", {}, gettext("equal")) : null, h("span", {}, gettext("%(which)s far better", { which: name(ids[1]) }))));

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
        ids.map((each) => pick({ id: `${id}-${each}`, legend: gettext("Answer %(which)s", { which: name(each) }), options: ids.map((_, n) => [n + 1, String(n + 1)]), value: places[each], on: (place) => set(each, place) })),
        ask.strength && judgement?.ranking?.length > 1 ? pick({ id: `${id}-strength`, legend: gettext("The first is"), options: [[1, gettext("Slightly")], [2, gettext("Clearly")], [3, gettext("Far better")]], value: judgement.strength, on: (strength) => on({ ...judgement, strength }) }) : null);
    };
    const judge = (options) => (pair ? scale(options) : ranking(options));

    const set = (key) => (value) => store.change((a) => { a[key] = value; });
    const write = (key) => (value) => store.change((a) => { a[key] = value; }, { together: key, quiet: true });

    const criterion = (each) => {
      const own = store.get().criteria?.[each.id] || {};
      const put = (judgement, options) => store.change((a) => { a.criteria = { ...a.criteria, [each.id]: { ...a.criteria?.[each.id], ...judgement } }; }, options);
      return h("div", { class: "crit-row" },
        judge({ id: `criteria-${each.id}`, legend: h("span", {}, each.label, each.help ? h("span", { class: "tiny muted" }, ` ${each.help}`) : null), judgement: own, keys: false, on: put }),
        writing({ id: `criteria-${each.id}-note`, label: gettext("Why"), value: own.note, optional: true, rows: 1, input: true, on: (note) => put({ note }, { together: `note-${each.id}`, quiet: true }) }));
    };

    const flags = () => {
      const given = store.get().flags || [];
      return given.length ? h("div", { class: "col" }, h("span", { class: "label" }, gettext("Flagged")), h("ul", { class: "ev-list small" }, given.map((flag, n) => h("li", {},
        h("div", { class: "col" }, h("span", { dir: "auto" }, `${name(flag.in.split(":")[1])} “${flag.quote.slice(0, 80)}”`),
          h("select", { id: `flag-${n}`, "aria-label": gettext("Kind of flag %(n)s", { n: n + 1 }), on: { change: (event) => store.change((a) => { a.flags[n].kind = event.target.value; }) } }, FLAGS.map(([value, label]) => h("option", { value, selected: value === flag.kind }, label)))),
        h("button", { type: "button", class: "btn quiet icon s", "aria-label": gettext("Remove flag %(n)s", { n: n + 1 }), on: { click: () => store.change((a) => { a.flags.splice(n, 1); if (!a.flags.length) delete a.flags; }) } }, icon("x")))))) : null;
    };

    function paintSides() {
      const answer = store.get();
      const places = ranks(answer);
      const sel = walker?.current();
      for (const card of all("[data-response]")) {
        const place = places[card.dataset.response];
        card.classList.toggle("best", place === 1 && answer.ranking?.length > 1);
        one("[data-standing]", card).textContent = !place ? "" : answer.ranking.length === 1 ? gettext("equal") : place === 1 ? gettext("better") : ids.length > 2 ? gettext("place %(n)s", { n: place }) : "";
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
      return wanted ? ngettext("%(given)s of at least %(n)s character", "%(given)s of at least %(n)s characters", wanted, { given }) : "";
    };

    function reading() {
      const answer = store.get();
      const told = (judgement) => (!judgement?.ranking ? null : pair ? said(step(judgement)) : judgement.ranking.map((g) => g.map(name).join(" = ")).join(" > "));
      return h("div", { class: "whole" }, lines([[gettext("Better"), told(answer)], [gettext("All bad"), answer.all_bad ? gettext("Yes") : null],
        ...(input.criteria || []).map((c) => [c.label, [told(answer.criteria?.[c.id]), answer.criteria?.[c.id]?.note].filter(Boolean).join(". ")]),
        ...(answer.flags || []).map((flag) => [gettext("Flag: %(kind)s", { kind: Object.fromEntries(FLAGS)[flag.kind] || flag.kind }), flag.quote || flag.in]), [gettext("Reason"), answer.reason], [gettext("Rewrite"), answer.rewrite], [gettext("Sure"), answer.confidence && gettext("%(n)s of 5", { n: answer.confidence })]]));
    }

    function paint() {
      paintSides();
      const answer = store.get();
      const left = problems(answer).length;
      one("#ready").textContent = readonly ? "" : left ? gettext("%(n)s to do", { n: left }) : gettext("Ready");
      one("#ready").hidden = readonly;
      if (readonly) return redraw(editor, reading());
      return redraw(editor, h("div", { class: "whole" },
        judge({ id: "ranking", legend: gettext("Which answer is better?"), judgement: answer, keys: true, on: (judgement) => store.change((a) => { delete a.strength; Object.assign(a, { ranking: judgement.ranking, ...(judgement.strength === undefined ? {} : { strength: judgement.strength }) }); }) }),
        pair ? h("div", { class: "row wrap" }, ids.map((id, n) => h("button", { type: "button", class: "btn s", "data-key": n ? "b" : "a", "data-row": `pick-${id}`, on: { click: () => store.change((a) => Object.assign(a, fromStep(n ? 6 : 2))) } }, `${gettext("%(which)s is better", { which: name(id) })} `, kbd(n ? "B" : "A"))),
          h("button", { type: "button", class: "btn s quiet", "data-key": "n", "data-row": "by-key", on: { click: () => walker.start() } }, `${gettext("Flag by keyboard")} `, kbd("N"))) : null,
        tick({ id: "all_bad", label: pair ? gettext("Both are bad: neither may go to a person") : gettext("All are bad: none may go to a person"), value: answer.all_bad, on: set("all_bad") }),
        (input.criteria || []).length ? h("div", { class: "col" }, h("h3", {}, gettext("By criterion")), input.criteria.map(criterion)) : null,
        h("div", {}, writing({ id: "reason", label: gettext("Why"), value: answer.reason, rows: 4, optional: !ask.reason_min_chars, on: (value) => { write("reason")(value); one("#reason-count").textContent = count(); } }), h("p", { class: "tiny muted", id: "reason-count" }, count())),
        answer.all_bad && ask.rewrite_when_all_bad ? writing({ id: "rewrite", label: gettext("What a good answer says"), value: answer.rewrite, rows: 6, on: write("rewrite") }) : null,
        flags(),
        confidence(answer.confidence, set("confidence"))));
    }

    const judged = (judgement, at, text) => {
      if (!judgement?.ranking || judgement.ranking.flat().length < ids.length) return [{ path: at, text }];
      if (ask.strength && judgement.strength === undefined) return [{ path: at, text: gettext("Say by how much") }];
      return !ask.ties && judgement.ranking.length < ids.length ? [{ path: at, text: gettext("This task takes no ties") }] : [];
    };
    function problems(answer) {
      const found = judged(answer, "ranking", gettext("Say which answer is better"));
      for (const each of input.criteria || []) found.push(...judged(answer.criteria?.[each.id], `criteria.${each.id}`, gettext("%(what)s: say which is better", { what: each.label })));
      const wanted = ask.reason_min_chars || 0;
      if (points((answer.reason || "").trim()) < wanted) found.push({ path: "reason", text: ngettext("Give a reason of at least %(n)s character", "Give a reason of at least %(n)s characters", wanted) });
      if (answer.all_bad && ask.rewrite_when_all_bad && !answer.rewrite?.trim()) found.push({ path: "rewrite", text: gettext("Write what a good answer says") });
      if (!answer.confidence) found.push({ path: "confidence", text: gettext("Say how sure you are") });
      return found;
    }

    store.watch((answer, change) => {
      if (!change.quiet) paint();
      else {
        const left = problems(answer).length;
        one("#ready").textContent = left ? gettext("%(n)s to do", { n: left }) : gettext("Ready");
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
        return which ? gettext("%(field)s: %(text)s", { field: which.label, text }) : text;
      },
    };
  },
});
