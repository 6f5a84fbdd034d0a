"use strict";
const key = cell => {
  const number = Number(cell.dataset.sorts ?? Number.parseFloat(cell.textContent));
  return Number.isNaN(number) ? cell.textContent : number;
};
const order = rising => (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) * (rising ? 1 : -1);
for (const table of document.querySelectorAll("table.sortable")) {
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const rising = header.getAttribute("aria-sort") !== "ascending";
      headers.forEach(other => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", rising ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows].map(row => [key(row.cells[column]), row]);
      const kinds = ["number", "string"].map(kind => rows.filter(pair => typeof pair[0] === kind).sort(order(rising)));
      table.tBodies[0].append(...kinds.flat().map(pair => pair[1]));
      table.dispatchEvent(new Event("sorted"));
    });
  });
}
for (const input of document.querySelectorAll("input.filter")) {
  const table = document.getElementById(input.dataset.table);
  const tools = input.closest(".tools");
  const rest = tools.querySelector("button.rest");
  const said = tools.querySelector("output");
  let most = Number(input.dataset.rows);
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/);
    let found = 0;
    for (const row of table.tBodies[0].rows) {
      const fits = words.every(word => row.textContent.toLowerCase().includes(word));
      found += fits;
      row.hidden = !fits || found > most;
    }
    said.textContent = `${Math.min(found, most)} of ${table.tBodies[0].rows.length} rows shown`;
    rest.hidden = found <= most;
  };
  rest.addEventListener("click", () => { most = Infinity; show(); input.focus(); });
  input.addEventListener("input", show);
  table.addEventListener("sorted", show);
  tools.hidden = false;
  show();
}
