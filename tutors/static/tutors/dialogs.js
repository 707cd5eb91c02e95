// A link with data-act opens its form in the page's dialog. Without this file, or with a modifier
// key, it leads to the same form as a page of its own.

const dialog = document.getElementById("act");

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-act]");
  if (!link || !dialog || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await window.htmx.ajax("GET", link.href, { target: "#act", swap: "innerHTML" });
  } catch {
    location.assign(link.href);
    return;
  }
  if (!dialog.firstElementChild) return;
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[data-autofocus], form input:not([type=hidden]), form select, form textarea")?.focus();
});

// A refused form comes back with its faults: the summary is where the reading starts.
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target === dialog) dialog.querySelector("[data-autofocus]")?.focus();
});

dialog?.addEventListener("close", () => dialog.replaceChildren());
