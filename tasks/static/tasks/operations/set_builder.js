// The builder's desk: after a press the focus goes to what changed, or to what is wrong.

document.body.addEventListener("htmx:afterSettle", (event) => {
  const form = event.target;
  if (form.id !== "builder") return;
  form.querySelector("[data-autofocus]")?.focus();
  // The press changed the form as typing does: the funnel counts, and leaving asks first.
  form.dispatchEvent(new Event("input", { bubbles: true }));
});
