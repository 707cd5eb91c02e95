// A form made from a schema: the server draws it, this reads and fills it, and keeps its lists.

import { gettext } from "../../workforce/words.js";
import { all, one } from "../workspace/dom.js";
import { open } from "../workspace/main.js";
import { collect, fill, find, labelOf, lists } from "../workspace/form.js";

open({
  fresh: () => ({}),
  renderer({ work, store, readonly }) {
    const form = one("#answering");
    if (readonly || !form) return { problems: () => [], cleaned: (answer) => answer, focus: () => null, said: (_path, text) => text };
    const root = one("[data-node]", form);
    const take = (options) => store.change((answer) => {
      const now = collect(root) || {};
      for (const key of Object.keys(answer)) delete answer[key];
      Object.assign(answer, now);
    }, options);
    fill(root, store.get());
    lists({ form, input: work.input, changed: () => take({ quiet: true }) });
    form.addEventListener("input", (event) => take({ together: event.target.name || "form", quiet: true }));
    form.addEventListener("change", (event) => take({ together: event.target.name || "form", quiet: true }));
    store.watch((answer, change) => { if (!change.quiet) fill(root, answer); });
    return {
      problems: () => all("[data-node][data-required]", form).filter((field) => !field.closest("template, [hidden]") && wanting(field, root)).slice(0, 5).map((field) => ({ path: "", at: field, text: gettext("%(field)s is needed", { field: labelOf(field) }) })),
      cleaned: (answer) => answer,
      focus(path, problem) {
        for (const old of all(".wrong", form)) old.classList.remove("wrong");
        const field = problem?.at || find(root, path);
        if (!field) return null;
        if (path) field.classList.add("wrong");
        return one("input:not([type=hidden]),select,textarea,button", field);
      },
      said: (path, text) => {
        const field = find(root, path);
        return field ? gettext("%(field)s: %(text)s", { field: labelOf(field), text }) : text;
      },
    };
  },
});

// Needed where it stands at the top, or in a group that has something in it already.
function wanting(field, root) {
  if (!["text", "long", "number", "choice"].includes(field.dataset.node)) return false;
  const control = one("input,select,textarea", field);
  if (control.value.trim()) return false;
  const group = field.parentElement.closest("[data-node=object]");
  return !group || group === root || collect(group) !== undefined;
}
