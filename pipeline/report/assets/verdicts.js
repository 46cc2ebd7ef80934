"use strict";
/* Verdicts of a reader: kept in the page, and in the browser where it lets a local file keep them. */
const DATA = JSON.parse(document.getElementById("data").textContent);
const PREFIX = "pipeline-verdicts/";
const TABLES = ["entities", "dates", "money", "partnerships"];

const Verdicts = (() => {
  const memory = new Map();
  let storage = null;
  try {
    storage = window.localStorage;
    storage.setItem(PREFIX + "probe", "1");
    storage.removeItem(PREFIX + "probe");
  } catch (refused) {
    storage = null;
  }
  /* What lies in the storage may be another page's: anything of another shape is left out. */
  const sound = (kept) => {
    const whole = (number) => Number.isInteger(number) && number >= 0;
    const records = {}, missing = [];
    for (const [id, one] of Object.entries((kept && kept.records) || {}))
      if (/^[0-9a-f]{20}$/.test(id) && one && TABLES.includes(one.table) && ["right", "wrong"].includes(one.verdict))
        records[id] = { table: one.table, verdict: one.verdict };
    for (const one of Array.isArray(kept && kept.missing) ? kept.missing : [])
      if (one && TABLES.includes(one.table) && whole(one.start) && whole(one.end) && typeof one.value === "string")
        missing.push({ table: one.table, start: one.start, end: one.end, value: one.value });
    return { records, missing };
  };
  const load = (id) => {
    if (!memory.has(id)) {
      let kept = null;
      try {
        kept = storage && JSON.parse(storage.getItem(PREFIX + id));
      } catch (broken) {
        kept = null;
      }
      memory.set(id, sound(kept));
    }
    return memory.get(id);
  };
  const save = (id) => {
    if (!storage) return;
    try {
      storage.setItem(PREFIX + id, JSON.stringify(memory.get(id)));
    } catch (full) {
      storage = null;
    }
  };
  const all = () => {
    const ids = new Set(memory.keys());
    if (storage)
      for (let n = 0; n < storage.length; n++) {
        const key = storage.key(n);
        if (key.startsWith(PREFIX)) ids.add(key.slice(PREFIX.length));
      }
    return [...ids].filter((id) => /^[0-9a-f]{20}$/.test(id)).sort();
  };
  const download = () => {
    const documents = all()
      .map((id) => ({ document_id: id, ...load(id) }))
      .filter((one) => Object.keys(one.records).length || one.missing.length)
      .map((one) => ({
        document_id: one.document_id,
        records: Object.entries(one.records).map(([id, each]) => ({ id, ...each })),
        missing: one.missing,
      }));
    const made = { format: "verdicts/1", snapshot: DATA.snapshot, documents };
    const address = URL.createObjectURL(new Blob([JSON.stringify(made, null, 1) + "\n"], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "verdicts.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    return documents.length;
  };
  return { load, save, all, download, isKept: () => storage !== null };
})();
