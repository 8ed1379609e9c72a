"use strict";
// Filters, sorts, places explanations and switches the theme. All there is to read stands in the page already.
(() => {
  const byId = (name) => document.getElementById(name);
  const root = document.documentElement;
  const body = document.querySelector("#matrix tbody");
  const rows = body ? [...body.rows] : [];
  const lanes = new Map([...document.querySelectorAll(".lanes > .table")].map((lane) => [lane.dataset.i, lane]));
  const laneList = document.querySelector(".lanes");
  const groups = [...document.querySelectorAll("#findings .group")];
  const controls = { q: byId("q"), class: byId("class"), show: byId("show"), severity: byId("severity") };
  const headings = [...document.querySelectorAll("#matrix thead th")];
  const words = (text) => text.split(" ").filter(Boolean);
  let sorted = "";
  let theme = "";

  // --- state: all of it in the address, so that a view can be sent to somebody else

  const remember = () => {
    const state = new URLSearchParams();
    for (const [name, control] of Object.entries(controls)) if (control.value) state.set(name, control.value);
    if (sorted) state.set("sort", sorted);
    if (theme) state.set("theme", theme);
    const text = state.toString();
    try {
      history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
    } catch {
      // Some viewers give the page no address of its own.
    }
  };
  const recall = () => {
    const text = location.hash.slice(1);
    if (text && !text.includes("=")) return;
    const state = new URLSearchParams(text);
    for (const [name, control] of Object.entries(controls)) {
      control.value = state.get(name) ?? "";
      if (control.selectedIndex === -1) control.value = "";
    }
    paint(["light", "dark"].includes(state.get("theme")) ? state.get("theme") : "");
    filter();
    const [at, direction] = (state.get("sort") ?? "").split(":");
    sort(headings[at] ? Number(at) : -1, direction === "down");
  };

  // --- filters

  const wanted = (row) => {
    const { q, class: kind, show, severity } = controls;
    const text = row.dataset.text ?? "";
    if (!words(q.value.toLowerCase()).every((word) => text.includes(word))) return false;
    if (kind.value && row.dataset.class !== kind.value) return false;
    if (severity.value && !words(row.dataset.severity ?? "").includes(severity.value)) return false;
    if (show.value === "findings") return Boolean(row.dataset.severity);
    if (show.value === "missed") return "missed" in row.dataset;
    const [answer, column] = show.value.split(".");
    if (!answer) return true;
    const columns = words(row.dataset[answer] ?? "");
    return column ? columns.includes(column) : columns.length > 0;
  };
  const filter = () => {
    const visible = new Set();
    for (const row of rows) {
      const on = wanted(row);
      if (on) visible.add(row.dataset.i);
      row.classList.toggle("off-page", !on);
      lanes.get(row.dataset.i)?.classList.toggle("off-page", !on);
    }
    const { q, class: kind, show, severity } = controls;
    for (const group of groups) {
      const own = words(group.dataset.rows);
      const fits = words(q.value.toLowerCase()).every((word) => group.dataset.text.includes(word));
      let some = false;
      for (const finding of group.querySelectorAll(".findings > li")) {
        const on = !severity.value || finding.dataset.severity === severity.value;
        finding.classList.toggle("off-page", !on);
        some ||= on;
      }
      const on = own.length ? own.some((row) => visible.has(row)) : fits && !kind.value && ["", "findings"].includes(show.value);
      group.classList.toggle("off-page", !(on && some));
    }
    const narrowed = Object.values(controls).some((control) => control.value);
    const said = narrowed ? `${visible.size} of ${rows.length} rows` : `${rows.length} rows`;
    byId("shown").textContent = said;
    stop();
  };

  // --- sorting

  const sort = (column, down) => {
    headings.forEach((heading, at) => {
      if (at === column) heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    });
    sorted = column < 0 ? "" : `${column}:${down ? "down" : "up"}`;
    const text = headings[column]?.dataset.sort === "text";
    const key = (row) => (text ? row.cells[column].dataset.sort : Number(row.cells[column].dataset.sort));
    const order = [...rows];
    if (column >= 0) {
      const keys = new Map(rows.map((row) => [row, key(row)]));
      order.sort((one, other) => {
        const [left, right] = [keys.get(one), keys.get(other)];
        const way = left < right ? -1 : left > right ? 1 : 0;
        return (down ? -way : way) || one.dataset.i - other.dataset.i;
      });
    }
    body?.append(...order);
    laneList?.append(...order.map((row) => lanes.get(row.dataset.i)));
    stop();
  };
  headings.forEach((heading, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") === "ascending";
      const down = heading.getAttribute("aria-sort") === "descending";
      sort(down ? -1 : at, up);
      const way = heading.getAttribute("aria-sort");
      byId("status").textContent = `${way ? `Sorted by ${heading.title || button.textContent}, ${way}` : "In the order of the report"}.`;
      remember();
    });
    heading.append(button);
  });

  // --- the matrix is one stop of the tab key; arrows move in it

  const stops = (row) => [...row.querySelectorAll("th a, td > button, td > a")];
  let current = null;
  const stop = (next) => {
    if (current) current.tabIndex = -1;
    const visible = (row) => row && !row.classList.contains("off-page");
    if (next) current = next;
    else if (!visible(current?.closest("tr"))) current = stops([...(body?.rows ?? [])].find(visible) ?? document.createElement("tr"))[0];
    if (current) current.tabIndex = 0;
  };
  for (const row of rows) for (const each of stops(row)) each.tabIndex = -1;
  body?.addEventListener("focusin", (event) => {
    if (event.target.matches("th a, td > button, td > a")) stop(event.target);
  });
  body?.addEventListener("keydown", (event) => {
    if (!event.target.matches("th a, td > button, td > a") || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = event.target.closest("tr");
    const across = stops(row);
    const cell = event.target.closest("td, th").cellIndex;
    const beside = (step) => {
      let next = row;
      do next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
      while (next && (next.classList.contains("off-page") || !next.cells[cell].querySelector("a, button")));
      return next?.cells[cell].querySelector("a, button");
    };
    const at = across.indexOf(event.target);
    const next = {
      ArrowRight: () => across[at + 1],
      ArrowLeft: () => across[at - 1],
      ArrowDown: () => beside(1),
      ArrowUp: () => beside(-1),
      Home: () => across[0],
      End: () => across.at(-1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    next()?.focus();
  });

  // --- explanations stand beside their cells

  const place = (box) => {
    const cell = box.closest("td").getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const below = cell.bottom + 6;
    const left = Math.max(8, Math.min(cell.left, innerWidth - size.width - 8));
    const top = below + size.height <= innerHeight - 8 ? below : Math.max(8, cell.top - size.height - 6);
    Object.assign(box.style, { position: "fixed", inset: "auto", margin: "0", left: `${left}px`, top: `${top}px` });
  };
  body?.addEventListener("toggle", (event) => {
    if (event.newState === "open" && event.target.matches(".why")) place(event.target);
  }, true);
  addEventListener("scroll", () => {
    const box = document.querySelector(".why:popover-open");
    if (!box) return;
    const cell = box.closest("td").getBoundingClientRect();
    if (cell.bottom < 0 || cell.top > innerHeight) box.hidePopover();
    else place(box);
  }, { passive: true });

  // --- links inside the page leave the state in the address alone

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link) return;
    const name = link.getAttribute("href").slice(1);
    event.preventDefault();
    if (name.includes("=")) {
      for (const [key, value] of new URLSearchParams(name)) if (controls[key]) controls[key].value = value;
      filter();
      remember();
      byId("protections").scrollIntoView();
      return;
    }
    const target = byId(name);
    if (target?.classList.contains("off-page")) {
      byId("tools").reset();
      filter();
      remember();
    }
    target?.scrollIntoView();
    target?.focus({ preventScroll: true });
  });

  // --- light and dark

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = (choice) => {
    theme = choice;
    if (choice) root.dataset.theme = choice;
    else delete root.dataset.theme;
    byId("theme").setAttribute("aria-pressed", String((choice || (dark.matches ? "dark" : "light")) === "dark"));
  };
  byId("theme").addEventListener("click", () => {
    const now = byId("theme").getAttribute("aria-pressed") === "true" ? "light" : "dark";
    paint((now === "dark") === dark.matches ? "" : now);
    remember();
  });
  dark.addEventListener("change", () => paint(theme));

  // --- paper has no summaries to press

  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details:not([open])")) {
      each.open = true;
      each.dataset.printed = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const each of document.querySelectorAll("details[data-printed]")) {
      each.open = false;
      delete each.dataset.printed;
    }
  });

  for (const control of Object.values(controls)) {
    control.addEventListener("input", () => {
      filter();
      remember();
    });
  }
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  byId("tools").addEventListener("reset", () => setTimeout(() => {
    filter();
    remember();
  }));
  addEventListener("hashchange", recall);
  byId("tools").hidden = rows.length === 0;
  byId("theme").hidden = false;
  recall();
  filter();
})();
