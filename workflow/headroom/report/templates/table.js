"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => header.querySelector("button").addEventListener("click", () => {
    const rising = header.getAttribute("aria-sort") !== "ascending";
    headers.forEach(other => other.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const key = row => {
      const cell = row.cells[column];
      return cell.dataset.sorts === undefined ? cell.textContent : Number(cell.dataset.sorts);
    };
    const order = (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) * (rising ? 1 : -1);
    const rows = [...table.tBodies[0].rows].map(row => [key(row), row]);
    const numbers = rows.filter(pair => typeof pair[0] === "number").sort(order);
    const words = rows.filter(pair => typeof pair[0] === "string").sort(order);
    table.tBodies[0].append(...[...numbers, ...words].map(pair => pair[1]));
  }));
}
for (const input of document.querySelectorAll("input.filter")) {
  const rows = [...document.getElementById(input.dataset.table).tBodies[0].rows];
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const row of rows) row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
  });
}
