// Before the first paint: the theme this browser chose, where the server knows none.
(() => {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search).get("theme") || localStorage.theme;
  if (asked === "light" || asked === "dark") root.dataset.theme = asked;
})();
