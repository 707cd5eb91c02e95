// Home of the Work portal: new offers are announced, and nothing moves under an open menu.
import { announce, chime } from "../workforce/app.js";
import { gettext } from "../workforce/words.js";

const title = document.title;
const ids = () => [...document.querySelectorAll("[data-offer]")].map((offer) => offer.dataset.offer);
let known = new Set(ids());
let unseen = 0;

function hint() {
  if (!document.body.hasAttribute("data-hint-title")) return;
  document.title = unseen ? `(${unseen}) ${title}` : title;
}

function spoken(offer) {
  const heading = offer.querySelector("h3").textContent;
  const rate = offer.querySelector(".rate").textContent.trim();
  const left = offer.querySelector("[data-left]").textContent;
  return gettext("New offer: %(heading)s, %(rate)s. %(left)s to answer.", { heading, rate, left });
}

function compare() {
  const now = ids();
  const fresh = now.filter((id) => !known.has(id));
  const gone = [...known].filter((id) => !now.includes(id));
  known = new Set(now);
  for (const id of fresh) document.getElementById(`offer-${id}`).classList.add("new");
  if (fresh.length) {
    chime();
    announce(fresh.map((id) => spoken(document.getElementById(`offer-${id}`))).join(" "));
    if (document.visibilityState !== "visible") unseen += fresh.length;
  } else if (gone.length) {
    announce(document.querySelector("[data-ended]")?.textContent.trim() || "");
  }
  hint();
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    unseen = 0;
    hint();
  }
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  if (target.id !== "offers" && target.id !== "queues") return;
  // An open menu, or a form on its way, would be torn away; the next beat asks again.
  if (document.querySelector("#offers :popover-open, form[aria-busy]")) event.detail.shouldSwap = false;
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt?.id === "offers" || document.getElementById("offers") !== null) compare();
});
document.addEventListener("submit", (event) => event.target.setAttribute("aria-busy", "true"));

// The queues are looked at every half minute: six beats of five seconds.
let beats = 0;
document.body.addEventListener("tick5", () => {
  beats += 1;
  const queues = document.getElementById("queues");
  if (beats % 6 === 0 && queues && !queues.contains(document.activeElement)) {
    queues.dispatchEvent(new CustomEvent("renew"));
  }
});
