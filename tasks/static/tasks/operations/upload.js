// A file dropped or chosen: what it seems to be and whether it fits, said before it is sent.

import { gettext } from "../../workforce/words.js";

const FORMATS = { json: gettext("JSON list"), jsonl: gettext("JSONL, one item a line"), ndjson: gettext("JSONL, one item a line"), csv: gettext("CSV with a header") };
const GUESS_BYTES = 4096;

function size(bytes) {
  return bytes >= 1024 ** 2 ? gettext("%(n)s MB", { n: (bytes / 1024 ** 2).toFixed(1) }) : gettext("%(n)s kB", { n: Math.max(1, Math.round(bytes / 1024)) });
}

/** The format by the name, and by the first bytes where the name does not say it. */
async function guess(file) {
  const ending = file.name.split(".").pop().toLowerCase();
  if (FORMATS[ending]) return FORMATS[ending];
  const start = (await file.slice(0, GUESS_BYTES).text()).trimStart();
  if (start.startsWith("[")) return gettext("maybe a JSON list: name it .json");
  if (start.startsWith("{")) return gettext("maybe JSONL: name it .jsonl");
  return start.split("\n")[0].includes(",") ? gettext("maybe CSV: name it .csv") : gettext("no format we know");
}

for (const form of document.querySelectorAll("[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const line = form.querySelector("[data-said]");
  const most = Number(form.dataset.bytesMax);

  const look = async () => {
    const file = input.files[0];
    if (!file) { line.textContent = ""; return; }
    if (file.size > most) {
      line.className = "small t-bad";
      line.textContent = gettext("%(name)s has %(size)s; at most %(most)s. Split it.", { name: file.name, size: size(file.size), most: size(most) });
      input.setCustomValidity(line.textContent);
      return;
    }
    input.setCustomValidity("");
    line.className = "small muted";
    line.textContent = `${file.name}: ${await guess(file)}, ${size(file.size)}.`;
  };

  input.addEventListener("change", look);
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, (event) => { event.preventDefault(); form.classList.remove("over"); });
  }
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    look();
  });
  form.addEventListener("submit", () => {
    line.className = "small muted";
    line.textContent = gettext("Sending…");
  });
}
