/* One document: select a record or its words, step through them, judge them. */
(() => {
  const byId = (id) => document.getElementById(id);
  const records = [...document.querySelectorAll("li.record")];
  const kept = Verdicts.load(DATA.document);
  const status = byId("status");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const byMark = new Map();
  for (const record of records) {
    const mark = record.dataset.h;
    if (!byMark.has(mark)) byMark.set(mark, []);
    byMark.get(mark).push(record);
  }
  let current = null;

  const partsOf = (mark) => document.querySelectorAll(`#text [data-h="${mark}"]`);
  const shown = () => records.filter((record) => !record.hidden);
  const idOf = (record) => record.id.slice(2);

  function select(record, focus) {
    for (const old of document.querySelectorAll(".on")) old.classList.remove("on");
    if (current) current.removeAttribute("aria-current");
    current = record;
    if (!record) return;
    record.classList.add("on");
    record.setAttribute("aria-current", "true");
    if (record.dataset.e) for (const part of partsOf(record.dataset.e)) part.classList.add("on");
    const parts = partsOf(record.dataset.h);
    for (const part of parts) part.classList.add("on");
    if (parts.length) {
      const fold = parts[0].closest("details");
      if (fold) fold.open = true;
      parts[0].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    }
    const list = byId("records");
    if (list.scrollHeight > list.clientHeight)
      list.scrollTop += record.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 3;
    if (focus) record.querySelector("a").focus({ preventScroll: true });
    const all = shown();
    const verdict = kept.records[idOf(record)];
    status.value = `${all.indexOf(record) + 1} of ${all.length}: ${record.dataset.table}` + (verdict ? `, ${verdict.verdict}` : "");
  }

  function step(by) {
    const all = shown();
    if (!all.length) return;
    const at = current ? all.indexOf(current) : by > 0 ? -1 : 0;
    select(all[(at + by + all.length) % all.length], true);
  }

  function judge(record, verdict) {
    if (!record) return;
    const id = idOf(record);
    if (kept.records[id] && kept.records[id].verdict === verdict) delete kept.records[id];
    else kept.records[id] = { table: record.dataset.table, verdict };
    Verdicts.save(DATA.document);
    drawVerdict(record);
  }

  function drawVerdict(record) {
    const said = kept.records[idOf(record)];
    for (const button of record.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(Boolean(said) && said.verdict === button.dataset.verdict));
  }

  for (const record of records) {
    const group = document.createElement("p");
    group.className = "verdict";
    for (const verdict of ["right", "wrong"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = verdict;
      button.dataset.verdict = verdict;
      button.addEventListener("click", () => judge(record, verdict));
      group.append(button);
    }
    record.append(group);
    drawVerdict(record);
    record.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      select(record, true);
    });
  }
  for (const piece of document.querySelectorAll("a.piece"))
    piece.addEventListener("click", (event) => {
      event.preventDefault();
      /* The innermost layer that is shown; a further click goes on to the next record over these words. */
      const over = [];
      for (const layer of [...piece.querySelectorAll(".mark")].reverse())
        for (const record of byMark.get(layer.dataset.h) || []) if (!record.hidden) over.push(record);
      if (over.length) select(over[(over.indexOf(current) + 1) % over.length], false);
    });

  /* Missing. */
  const texts = [...document.querySelectorAll("#text .text")];
  const length = (words) => Array.from(words).length;
  const form = byId("missing"), words = byId("missing-words"), table = byId("missing-table"), value = byId("missing-value");
  const HINTS = {
    entities: "a label such as GPE, ORG or PERSON",
    dates: "an EDTF value such as 2024-03-05; empty when it cannot be told",
    money: "currency and amount, such as EUR 4500000; ? for an amount that is not stated",
    partnerships: "parties, status, since, such as CHL-PER upgraded 2021-05",
  };
  const hint = () => (byId("missing-hint").textContent = `Value: ${HINTS[table.value]}.`);
  table.addEventListener("change", hint);
  hint();
  let chosen = null;
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const home = texts.find((text) => text.contains(range.startContainer) && text.contains(range.endContainer));
    if (!home) return;
    const before = document.createRange();
    before.setStart(home, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = Number(home.dataset.start) + length(before.toString());
    chosen = { start, end: start + length(range.toString()), words: range.toString() };
    words.value = chosen.words.replace(/\s+/g, " ");
  });
  function placeOf(typed) {
    if (chosen && chosen.words.replace(/\s+/g, " ") === typed) return chosen;
    for (const text of texts) {
      const at = text.textContent.indexOf(typed);
      if (at >= 0) {
        const start = Number(text.dataset.start) + length(text.textContent.slice(0, at));
        return { start, end: start + length(typed) };
      }
    }
    return null;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const place = placeOf(words.value);
    words.setCustomValidity(place ? "" : "These words do not stand in the text.");
    if (!place) {
      words.reportValidity();
      return;
    }
    kept.missing.push({ table: table.value, start: place.start, end: place.end, value: value.value.trim() });
    Verdicts.save(DATA.document);
    form.reset();
    hint();
    drawMissing();
  });
  words.addEventListener("input", () => words.setCustomValidity(""));
  function drawMissing() {
    const list = byId("missing-list");
    list.replaceChildren();
    kept.missing.forEach((one, index) => {
      const item = document.createElement("li"), drop = document.createElement("button");
      item.textContent = `${one.table} at ${one.start}–${one.end}: ${one.value || "no value"} `;
      drop.type = "button";
      drop.textContent = "drop";
      drop.addEventListener("click", () => {
        kept.missing.splice(index, 1);
        Verdicts.save(DATA.document);
        drawMissing();
      });
      item.append(drop);
      list.append(item);
    });
  }

  byId("next").addEventListener("click", () => step(1));
  byId("previous").addEventListener("click", () => step(-1));
  byId("download").addEventListener("click", Verdicts.download);
  byId("rest-right").addEventListener("click", () => {
    for (const record of records) if (!kept.records[idOf(record)]) judge(record, "right");
  });
  byId("forget").addEventListener("click", () => {
    kept.records = {};
    kept.missing = [];
    Verdicts.save(DATA.document);
    records.forEach(drawVerdict);
    drawMissing();
  });
  for (const box of document.querySelectorAll("[data-layer]"))
    box.addEventListener("change", () => {
      document.body.classList.toggle(`no-${box.dataset.layer}`, !box.checked);
      for (const record of records) if (record.dataset.table === box.dataset.layer) record.hidden = !box.checked;
      status.value = `${shown().length} records`;
    });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !byId("single-keys").checked) return;
    if (event.target instanceof Element && event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const keys = {
      n: () => step(1),
      p: () => step(-1),
      r: () => judge(current, "right"),
      w: () => judge(current, "wrong"),
      m: () => words.focus(),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });

  function follow() {
    let record = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (record && record.classList.contains("record")) select(record, true);
  }
  window.addEventListener("hashchange", follow);
  byId("kept").textContent = Verdicts.isKept()
    ? "They are kept by this browser until they are forgotten."
    : "This browser does not keep them: download before you leave the page.";
  byId("review").hidden = false;
  drawMissing();
  follow();
})();
