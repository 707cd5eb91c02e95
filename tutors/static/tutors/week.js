// The week's grid: arrows move, Shift marks on the way, the mouse paints. Without this file the
// half hours are plain checkboxes.

const grid = document.getElementById("week");
const boxes = [...grid.querySelectorAll("input")];
const DAYS = 7;
const total = document.getElementById("hours");
const count = () => { total.value = boxes.filter((box) => box.checked).length / 2; };

function mark(box, on) {
  if (box.checked === on) return;
  box.checked = on;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  count();
}

// One stop for Tab; the arrows move within.
boxes.forEach((box, n) => { box.tabIndex = n === 0 ? 0 : -1; });
function go(box) {
  for (const other of boxes) other.tabIndex = -1;
  box.tabIndex = 0;
  box.focus();
}

const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: DAYS, ArrowUp: -DAYS };
grid.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const at = boxes.indexOf(event.target);
  if (!step || at < 0) return;
  event.preventDefault();
  const sideways = Math.abs(step) === 1;
  const edge = sideways && Math.floor((at + step) / DAYS) !== Math.floor(at / DAYS);
  const next = edge ? undefined : boxes[at + step];
  if (!next) return;
  if (event.shiftKey) mark(next, event.target.checked);
  go(next);
});
grid.addEventListener("change", count);

// Painting: what the first box becomes, the others become too.
let painting = null;
grid.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" || event.button || !event.target.matches("input")) return;
  painting = !event.target.checked;
});
grid.addEventListener("pointerover", (event) => {
  if (painting === null || !event.buttons || !event.target.matches("input")) return;
  mark(event.target, painting);
});
grid.addEventListener("pointerout", (event) => {
  if (painting !== null && event.buttons && event.target.matches("input")) mark(event.target, painting);
});
addEventListener("pointerup", () => { painting = null; });
grid.addEventListener("dragstart", (event) => event.preventDefault());

const tools = document.querySelector("[data-week-tools]");
tools.hidden = false;
tools.addEventListener("click", (event) => {
  const fill = event.target.closest("[data-fill]")?.dataset.fill;
  if (fill === undefined) return;
  const [from, until] = fill.split("-").map(Number);
  boxes.forEach((box, n) => {
    const hour = Math.floor(n / DAYS) / 2;
    mark(box, Boolean(fill) && n % DAYS < 5 && hour >= from && hour < until);
  });
});
