"use strict";
// Everything works without this script but filters, downloads of moved reports, and "Explore".
const hash = () => new URLSearchParams(location.hash.slice(1));
const remember = (key, value) => {
  const state = hash();
  for (const known of [...state.keys()]) if (!state.get(known)) state.delete(known);
  value === "" ? state.delete(key) : state.set(key, value);
  history.replaceState(null, "", "#" + state);
};

// Filters of the claims table; the counts in the header are links to them.
const filter = document.getElementById("filter");
const NAMES = ["paper", "kind", "verdict"];
function show() {
  const rows = [...document.querySelectorAll(".claims tbody tr")];
  const wanted = Object.fromEntries(NAMES.map((name) => [name, filter[name].value]));
  for (const row of rows)
    row.hidden = Object.entries(wanted).some(([key, value]) => value && row.dataset[key] !== value);
  const shown = rows.filter((row) => !row.hidden).length;
  filter.querySelector("output").value = `${shown} of ${rows.length} claims`;
}
function recall() {
  const target = location.hash.startsWith("#claim-");
  for (const name of NAMES)
    if (hash().has(name) || target) filter[name].value = (!target && hash().get(name)) || "";
  show();
}
if (filter) {
  filter.hidden = false;
  filter.addEventListener("change", (event) => {
    remember(event.target.name, event.target.value);
    show();
  });
  addEventListener("hashchange", () => {
    recall();
    if (hash().has("verdict")) document.getElementById("claims").scrollIntoView();
  });
  recall();
}

// Downloads come from the page itself, so that a report sent by mail still gives its numbers.
const numbers = JSON.parse(document.getElementById("numbers").textContent);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link) return;
  event.preventDefault();
  const svg = link.download.endsWith(".svg");
  const image = link.closest("figure").querySelector("img");
  const bytes = () => Uint8Array.from(atob(image.src.split(",")[1]), (c) => c.charCodeAt(0));
  const content = svg ? bytes() : numbers[link.dataset.panel];
  const url = URL.createObjectURL(new Blob([content], { type: svg ? "image/svg+xml" : "text/csv" }));
  const saved = Object.assign(document.createElement("a"), { href: url, download: link.download });
  saved.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
});
