// Forms that end the work here.

/** The draft is saved before such a form is sent, and none crosses it on the way; `may` can refuse. */
export function leaving(form, room, may = () => true) {
  let saving = false;
  let saved = false;
  form.addEventListener("submit", async (event) => {
    if (saved) return;
    event.preventDefault();
    if (saving || !may()) return;
    saving = true;
    event.submitter?.setAttribute("aria-busy", "true");
    await room.keep.flush();
    await room.keep.hold();
    saved = true;
    // In a task of its own: with nothing to save this runs inside the event, where a form ignores it.
    setTimeout(() => form.requestSubmit(event.submitter));
  });
}
