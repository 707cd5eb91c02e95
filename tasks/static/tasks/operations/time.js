// Time approvals: the bar of what is selected, and the dialog that asks why.
import { announce } from "../../workforce/app.js";
import { gettext, ngettext } from "../../workforce/words.js";

const form = document.querySelector("[data-time]");
const bar = document.querySelector("[data-bulk]");

if (form && bar) {
  const boxes = [...form.querySelectorAll("input[name=ids]:not(:disabled)")];
  const every = form.querySelector("[data-all]");
  const count = bar.querySelector("[data-count]");

  const sync = () => {
    const n = boxes.filter((box) => box.checked).length;
    bar.hidden = n === 0;
    count.textContent = ngettext("%(n)s entry selected", "%(n)s entries selected", n);
    every.checked = n > 0 && n === boxes.length;
    every.indeterminate = n > 0 && n < boxes.length;
    for (const box of boxes) box.closest("tr").setAttribute("aria-selected", String(box.checked));
  };

  form.addEventListener("change", (event) => {
    if (event.target === every) for (const box of boxes) box.checked = every.checked;
    sync();
  });
  bar.querySelector("[data-none]").addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    sync();
    announce(gettext("Nothing selected"));
  });
  sync();
}

const dialog = document.getElementById("ask-decline");
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-decline]");
  if (!button || !dialog) return;
  dialog.querySelector("[data-decline-form]").action = button.dataset.decline;
  dialog.querySelector("[data-whose-shown]").textContent = button.dataset.whose;
  dialog.showModal();
  dialog.querySelector("textarea").focus();
});
