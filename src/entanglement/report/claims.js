
// Claims: filters, search, order, folds and citations. Counts on the first screen are links to
// filters. Without this script all rows are there, in the papers' order.
const filter = document.getElementById("filter");
const table = document.querySelector("table.claims");
const NAMES = ["paper", "kind", "verdict", "text", "sort"];
const rows = table ? [...table.querySelectorAll("tr[data-verdict]")] : [];
const homes = new Map(rows.map((row) => [row, row.parentElement]));
const folded = new Set(homes.values());

function order(by) {
  const mixed = table.querySelector("tbody.mixed");
  const key = (row) => (by === "verdict" ? row.dataset.verdict : -parseFloat(row.dataset[by]));
  const sorted = [...rows];
  // Rows without a number stay at the end.
  const compare = (a, b) => (a === b || (a !== a && b !== b) ? 0 : a !== a ? 1 : b !== b ? -1 : a < b ? -1 : 1);
  if (by) sorted.sort((a, b) => compare(key(a), key(b)));
  for (const row of sorted) (by ? mixed : homes.get(row)).append(row);
}
function show() {
  const wanted = ["paper", "kind", "verdict"].map((name) => [name, filter[name].value]);
  const words = filter.text.value.toLowerCase();
  const narrowed = words || wanted.some(([, value]) => value) || filter.sort.value;
  const fits = (row) =>
    wanted.every(([key, value]) => !value || row.dataset[key] === value) &&
    (!words || row.textContent.replace(/<[^>]*>/g, "").toLowerCase().includes(words));
  const matching = new Set(rows.filter(fits));
  for (const row of rows) row.hidden = !matching.has(row) || (!narrowed && folded.has(homes.get(row)));
  for (const home of new Set(homes.values())) {
    const mine = rows.filter((row) => homes.get(row) === home);
    home.rows[0].hidden = Boolean(filter.sort.value) || !mine.some((row) => matching.has(row));
    home.querySelector("button").setAttribute("aria-expanded", mine.some((row) => !row.hidden));
  }
  filter.querySelector("output").value = `${matching.size} of ${rows.length} claims`;
  document.getElementById("fold").textContent = folded.size ? "Open all" : "Fold all";
}
function recall() {
  const target = location.hash.startsWith("#claim-") && document.getElementById(location.hash.slice(1));
  for (const name of NAMES)
    if (target || hash().has(name)) filter[name].value = (!target && hash().get(name)) || "";
  // An address may name an option that is not there.
  for (const name of ["paper", "kind", "verdict", "sort"]) if (filter[name].selectedIndex < 0) filter[name].value = "";
  order(filter.sort.value);
  if (target) folded.delete(homes.get(target));
  show();
  if (target) target.scrollIntoView();
}
const CITE = (row) => {
  const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const [name, claimed, measured] = row.cells;
  const sentence = words(name).replace(words(name.lastElementChild), "").trim();
  const verdict = row.cells[5].firstChild.data.trim();
  const place = location.href.split("#")[0] + "#" + row.id;
  return `${sentence} Verdict: ${verdict}; measured ${measured.firstChild.data.trim()}, claimed ${words(claimed)}. ${words(document.getElementById("cited"))} ${place}`;
};
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages from the disk may not reach the clipboard in every browser.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
if (filter) {
  filter.hidden = false;
  table.append(Object.assign(document.createElement("tbody"), { className: "mixed" }));
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("input", ({ target }) => {
    remember(target.name, target.value);
    if (target.name === "sort") order(target.value);
    show();
  });
  document.getElementById("fold").addEventListener("click", () => {
    const all = folded.size ? [] : homes.values();
    folded.clear();
    for (const home of all) folded.add(home);
    show();
  });
  // A claim that is opened offers its citation.
  table.addEventListener("toggle", ({ target }) => {
    if (target.querySelector(".cite")) return;
    target.append(Object.assign(document.createElement("button"), { type: "button", className: "cite", textContent: "copy citation" }));
  }, true);
  table.addEventListener("click", async ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.className === "cite") {
      await copied(CITE(button.closest("tr")));
      button.textContent = "copied";
      return;
    }
    const home = button.closest("tbody");
    folded.has(home) ? folded.delete(home) : folded.add(home);
    show();
  });
  addEventListener("hashchange", () => {
    recall();
    if (hash().has("verdict")) document.getElementById("claims").scrollIntoView();
  });
  recall();
}
