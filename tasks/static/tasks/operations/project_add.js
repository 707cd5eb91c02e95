// The form of a new project: a new client's name only where it is wanted, a guide to start from.
const client = document.getElementById("id_client");
const fresh = document.getElementById("id_new_client");

function sync() {
  const field = fresh?.closest(".field");
  if (field) field.hidden = client.value !== "new";
}

client?.addEventListener("change", () => { sync(); if (client.value === "new") fresh.focus(); });
sync();

for (const button of document.querySelectorAll("[data-guide]")) {
  button.addEventListener("click", () => {
    const guide = document.getElementById("id_guide");
    guide.value = button.dataset.guide;
    guide.focus();
  });
}
