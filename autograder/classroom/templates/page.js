"use strict";
// Draws the charts, and lets bars, the search field and the heads of the columns choose what the table shows.
(() => {
  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at("data").textContent);
  const table = at("table");
  const rows = table ? [...table.tBodies[0].rows] : [];
  const byNumber = new Map(rows.map((row) => [Number(row.dataset.n), row]));
  const MOST_NAMED = 40;
  let chosen = null;
  let chosenAs = "";

  function show() {
    const words = at("find") ? at("find").value.trim().toLowerCase() : "";
    let count = 0;
    for (const row of rows) {
      const hidden = document.body.classList.contains("hide") ? ".who b" : ".who i";
      const name = row.textContent.toLowerCase().replace((row.querySelector(hidden) || {textContent: ""}).textContent.toLowerCase(), "");
      const called = (row.querySelector(".who") || {title: ""}).title.toLowerCase();
      const fits = (!chosen || chosen.has(Number(row.dataset.n))) && (!words || name.includes(words) || called.includes(words));
      row.hidden = !fits;
      count += fits;
    }
    if (!at("shown")) return;
    at("shown").textContent = `${count} of ${rows.length} students` + (chosen ? `: ${chosenAs}` : "");
    at("all").hidden = !chosen && !words;
  }

  function choose(place, datum) {
    chosen = new Set(datum.students);
    chosenAs = datum.told || datum.label;
    show();
    const told = at(`${place}-picked`);
    told.replaceChildren(`${chosenAs}. `);
    const named = datum.students.map((number) => byNumber.get(number)).filter(Boolean);
    named.slice(0, MOST_NAMED).forEach((row, index) => {
      if (index) told.append(", ");
      told.append(row.querySelector(".who").cloneNode(true));
    });
    if (named.length > MOST_NAMED) told.append(`, and ${named.length - MOST_NAMED} more`);
    if (named.length) {
      const link = document.createElement("a");
      link.href = "#students";
      link.textContent = "See them in the table";
      told.append(" ", link);
    }
  }

  function reachable(place) {
    for (const mark of place.querySelectorAll("[aria-roledescription=bar], [aria-roledescription=point], [aria-roledescription=circle]")) {
      if (mark.getAttribute("tabindex") === "0") continue;
      mark.setAttribute("tabindex", "0");
      mark.setAttribute("role", "button");
    }
  }

  // Colours that follow the page's, in the light and in the dark.
  const ink = "currentColor";
  const config = {
    background: "transparent", view: {stroke: null}, font: "system-ui, sans-serif",
    axis: {labelColor: ink, titleColor: ink, domainColor: ink, tickColor: ink, gridColor: "#8b949e44", labelFontSize: 12, titleFontSize: 12, titleFontWeight: 400},
    legend: {labelColor: ink, titleColor: ink}, title: {color: ink},
  };

  async function draw(chart) {
    const place = at(chart.id);
    const names = (chart.spec.encoding || {}).y;
    if (names && names.axis && names.axis.labelLimit) names.axis.labelLimit = Math.max(names.axis.labelLimit, place.clientWidth * 0.38);
    const {view} = await window.vegaEmbed(place, chart.spec, {ast: true, renderer: "svg", actions: false, config});
    view.addEventListener("click", (event, item) => {
      if (item && item.datum && item.datum.students) choose(chart.id, item.datum);
    });
    place.addEventListener("keydown", (event) => {
      if ((event.key === "Enter" || event.key === " ") && event.target.getAttribute("role") === "button") {
        event.preventDefault();
        event.target.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, view: window}));
      }
    });
    reachable(place);
    new MutationObserver(() => reachable(place)).observe(place, {childList: true, subtree: true});
    place.dataset.drawn = "yes";
    return [chart.id, view];
  }

  const views = {};
  Promise.all(data.charts.map(draw)).then((made) => {
    for (const [id, view] of made) views[id] = view;
    document.documentElement.dataset.ready = "yes";
  });

  function sort(head, column) {
    const body = table.tBodies[0];
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const value = (row) => {
      const cell = row.cells[column];
      const shown = cell.dataset.v || (cell.querySelector(".who b") || cell).textContent.trim();
      const number = parseFloat(shown);
      return Number.isNaN(number) || !/^[-\d]/.test(shown) ? shown : number;
    };
    const order = (one, other) => {
      if (typeof one === "number" && typeof other === "number") return one - other;
      if (typeof one !== typeof other) return typeof one === "number" ? 1 : -1;
      return one.localeCompare(other);
    };
    // What has nothing in this column stands last either way.
    const blank = (row) => ["", "–"].includes(value(row)) ? 1 : 0;
    rows.sort((one, other) => blank(one) - blank(other) || (up ? 1 : -1) * order(value(one), value(other)));
    body.append(...rows);
  }
  if (table) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = head.querySelector("button");
      if (button) button.addEventListener("click", () => sort(head, column));
    });
    at("find").addEventListener("input", show);
    at("all").addEventListener("click", () => {
      chosen = null;
      at("find").value = "";
      for (const told of document.querySelectorAll(".picked")) told.replaceChildren();
      show();
    });
  }

  // What a sentence of the summary leads to is unfolded there.
  for (const link of document.querySelectorAll(".facts a[href^='#']")) {
    link.addEventListener("click", () => {
      const folded = document.querySelector(`li${link.hash} > details`);
      if (folded) folded.open = true;
    });
  }

  // Where a name is hidden, its link, which holds the name, is too.
  function links() {
    for (const link of document.querySelectorAll("a.who")) {
      if (link.dataset.href === undefined && link.hasAttribute("href")) link.dataset.href = link.getAttribute("href");
      if (link.dataset.title === undefined && link.title) link.dataset.title = link.title;
      const hidden = link.closest(".hide");
      if (hidden || !link.dataset.href) link.removeAttribute("href"); else link.setAttribute("href", link.dataset.href);
      if (hidden || !link.dataset.title) link.removeAttribute("title"); else link.title = link.dataset.title;
    }
  }
  const everywhere = at("hide-names");
  if (everywhere) everywhere.addEventListener("change", () => {
    document.body.classList.toggle("hide", everywhere.checked);
    links();
    show();
  });
  const duplicates = at("show-duplicates");
  if (duplicates) duplicates.addEventListener("change", () => {
    at("duplicates").classList.toggle("hide", !duplicates.checked);
    links();
  });

  // The course's page: one student's way, drawn over the class's.
  if (table) table.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-way]");
    if (!button || !views["chart-way"]) return;
    const way = JSON.parse(button.dataset.way);
    const row = button.closest("tr");
    views["chart-way"].data("student", way).run();
    const told = at("chart-way-picked");
    told.replaceChildren("Drawn over the class: ", row.querySelector(".who").cloneNode(true));
    at("chart-way").scrollIntoView({block: "center"});
  });
})();
