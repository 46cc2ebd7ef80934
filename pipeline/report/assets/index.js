/* The index: search over statements and documents, and folds that open for what leads into them. */
(() => {
  const byId = (id) => document.getElementById(id);
  const MOST = 100, FIRST = 8;
  const query = byId("query"), where = byId("where"), status = byId("with-status"), tier = byId("with-tier");
  const documents = DATA.documents.map(([id, title, path, published, statements, findings]) => ({
    id, title, path, published, statements, findings, all: `${title} ${path} ${published}`.toLowerCase(),
  }));
  const statements = DATA.statements.map(([at, id, parties, label, state, since, words]) => ({
    home: documents[at], id, parties, label, tier: label.split(" ")[0], status: state, since, words,
    all: `${parties} ${label} ${state} ${since} ${words} ${at < 0 ? "" : documents[at].all}`.replace(/_/g, " ").toLowerCase(),
  }));

  const fill = (select, values) => {
    for (const value of [...new Set(values)].sort()) {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = value.replace(/_/g, " ");
      select.append(option);
    }
  };
  fill(status, statements.map((one) => one.status));
  fill(tier, statements.map((one) => one.tier));

  function hit(address, words, note) {
    const item = document.createElement("li"), place = document.createElement("bdi"), small = document.createElement("span");
    place.dir = "auto";
    if (address) {
      const link = document.createElement("a");
      link.href = address;
      link.textContent = words;
      place.append(link);
    } else place.textContent = words;
    small.className = "note";
    const isolated = document.createElement("bdi");
    isolated.textContent = note;
    small.append(isolated);
    item.append(place, small);
    return item;
  }
  const pageOf = (home, id) => (home ? `documents/${home.id}.html${id ? `#r-${id}` : ""}` : "");

  function find() {
    const terms = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (one) => terms.every((term) => one.all.includes(term));
    const inDocuments = where.value === "documents";
    status.disabled = tier.disabled = inDocuments;
    const found = inDocuments
      ? documents.filter(matches)
      : statements.filter((one) => (!status.value || one.status === status.value) && (!tier.value || one.tier === tier.value) && matches(one));
    const most = terms.length || status.value || tier.value ? MOST : FIRST;
    const items = found.slice(0, most).map((one) =>
      inDocuments
        ? hit(pageOf(one), one.title, `${one.path} · ${one.published || "no date"} · ${one.statements} statements, ${one.findings} records`)
        : hit(pageOf(one.home, one.id), one.words,
            `${one.parties} · ${one.label.split(" ").pop().replace(/_/g, " ")} · ${one.status.replace(/_/g, " ")}${one.since ? ` · since ${one.since}` : ""}` +
              (one.home ? ` · ${one.home.title}` : "")));
    byId("hits").replaceChildren(...items);
    byId("found").value = `${found.length} ${where.value}` + (found.length > most ? `, the first ${most} shown` : "");
  }
  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 80);
  });
  for (const select of [where, status, tier]) select.addEventListener("change", find);
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
  byId("clear").addEventListener("click", () => {
    query.value = status.value = tier.value = "";
    find();
    query.focus();
  });
  for (const link of document.querySelectorAll("a[data-pair]"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      where.value = "statements";
      status.value = tier.value = "";
      query.value = link.dataset.pair;
      find();
      byId("search").scrollIntoView();
      query.focus({ preventScroll: true });
    });

  function follow() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target && target.closest("details");
    if (fold) {
      fold.open = true;
      target.scrollIntoView();
    }
  }
  window.addEventListener("hashchange", follow);
  byId("find").hidden = false;
  const download = byId("verdicts");
  download.hidden = !Verdicts.all().length;
  download.addEventListener("click", Verdicts.download);
  find();
  follow();
})();
