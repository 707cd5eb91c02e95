/* Dialogs of the pay pages: a line's Hold button fills the dialog and opens it. */
const dialog = document.getElementById("hold");
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hold]");
  if (!button || !dialog) {
    return;
  }
  dialog.querySelector("[name=payout]").value = button.dataset.hold;
  dialog.querySelector("h2").textContent = `${button.dataset.name}, ${button.dataset.amount}`;
  dialog.showModal();
});
for (const each of document.querySelectorAll("dialog[open]")) {
  each.removeAttribute("open");
  each.showModal();
}
