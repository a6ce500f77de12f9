// Runs before the first paint, so that nobody who chose dark sees a flash of light. Kept in a file of its own: the
// page's Content-Security-Policy allows no script inside the page.
(function () {
  var stored = {};
  try {
    stored = JSON.parse(localStorage.getItem("alongside.look") || "{}");
  } catch {
    // Storage may be forbidden; then the system decides.
  }
  var dark =
    stored.theme === "dark" ||
    (stored.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
