// Before the first paint: the account's theme where somebody is signed in, else this browser's.
(() => {
  const root = document.documentElement;
  const kept = root.dataset.theme || "";
  if ("own" in root.dataset) {
    if (kept) localStorage.theme = kept;
    else localStorage.removeItem("theme");
  }
  const asked = new URLSearchParams(location.search).get("theme") || kept || localStorage.theme;
  if (asked === "light" || asked === "dark") root.dataset.theme = asked;
})();
