// What was written on a page of the book and not saved stays on this device for its writer, section by section, until
// it is saved, thrown away, two weeks old, or its writer signs out (store.js). What was saved without a connection waits
// as praise does (worker.js, unsent.js), and the page says so.
"use strict";

{
  const LASTS = 14 * 24 * 60 * 60 * 1000;
  const form = document.querySelector("form[data-draft]");
  const { draft: page, typed } = form?.dataset ?? {};
  const prefix = `draft ${form?.elements.writer.value} ${page} `;

  // Some private windows give no store: then nothing is kept.
  const kept = (() => {
    try {
      return window.localStorage;
    } catch {
      return null;
    }
  })();

  const ids = [...(form?.querySelectorAll("input[name^='v-']") ?? [])].map((each) => each.name.slice(2));
  const fieldsOf = (id) => [...new FormData(form)].filter(([name]) => name.endsWith(id));
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const words = (fields) => fields.filter(([name]) => !name.startsWith("v-"));
  const began = Object.fromEntries(ids.map((id) => [id, fieldsOf(id)]));

  // What is new here, in words: so does it stand in the list of what waits.
  const told = () => {
    const changed = ids.filter((id) => typed || !same(words(fieldsOf(id)), words(began[id])));
    const lines = changed.map((id) => {
      const section = form.elements[`v-${id}`].closest("section");
      const chosen = [...section.querySelectorAll("input:checked")].map((each) => each.labels[0].textContent.trim());
      const said = [section.querySelector("textarea").value.trim(), ...chosen].filter(Boolean);
      return said.length ? `${section.querySelector("h2").textContent}: ${said.join(", ")}` : "";
    });
    form.elements.words.value = lines.filter(Boolean).join("\n");
  };

  const keep = () => {
    for (const id of ids) {
      const fields = fieldsOf(id);
      if (same(fields, began[id]) && !typed) kept.removeItem(prefix + id);
      else if (!same(fields, began[id])) kept.setItem(prefix + id, JSON.stringify({ at: Date.now(), fields }));
    }
  };

  const put = (id, fields) => {
    const values = (name) => fields.filter((each) => each[0] === name).map((each) => each[1]);
    for (const field of form.elements) {
      if (!field.name.endsWith(id)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = values(field.name).includes(field.value);
      else field.value = values(field.name)[0] ?? "";
    }
  };

  // What somebody else saved meanwhile is not replaced: the number says what its writer had seen, and the service asks.
  const bringBack = () => {
    let brought = false;
    for (const id of ids) {
      const found = JSON.parse(kept.getItem(prefix + id) ?? "null");
      if (!found) continue;
      if (same(words(found.fields), words(began[id]))) {
        kept.removeItem(prefix + id);
        continue;
      }
      put(id, found.fields);
      brought = true;
    }
    return brought;
  };

  const throwAway = () => {
    for (const id of ids) {
      kept.removeItem(prefix + id);
      put(id, began[id]);
    }
  };

  // Whether what was saved here earlier still waits for a connection, or for its writer.
  const waitsHere = async () => {
    const waiting = await store.of(form.elements.writer.value).catch(() => []);
    return waiting.some(({ url, fields }) => {
      const on = fields.find(([name]) => name === "on")?.[1];
      return new URL(url, location.href).pathname === location.pathname && on === form.elements.on.value;
    });
  };

  // What has gone since is shown as it stands, unless somebody is writing.
  let touched = false;
  const settle = async () => {
    if (typed || !(await waitsHere())) return;
    await begun;
    const waits = await waitsHere();
    if (!waits && !touched) location.reload();
    document.getElementById("waits-here").hidden = !waits;
  };

  const connected = async () => {
    document.getElementById("no-connection").hidden = navigator.onLine;
    if (!navigator.onLine) return;
    // Some private windows give no store: then nothing waits.
    await send().catch(() => null);
    document.getElementById("waits-here").hidden = !(await waitsHere());
  };

  // A device of somebody's own remembers the books it wrote in, so that a page can be written with no connection at all
  // (page_later.js). A child's own part is not among it: the child says who may see that, on the page.
  const MOST_BOOKS = 30;
  const remember = async () => {
    await begun;
    const device = await store.device();
    if (!("own" in document.body.dataset) || device?.writer !== form.elements.writer.value) return;
    const parts = ids.map((id) => ({ id, section: form.elements[`v-${id}`].closest("section") }));
    const sections = parts
      .filter(({ section }) => !section.querySelector("[name^='sees-']"))
      .map(({ id, section }) => ({ id, title: section.querySelector("h2").textContent }));
    const book = { url: location.pathname, about: form.dataset.about, sections };
    const others = (device.books ?? []).filter(({ url }) => url !== book.url);
    await store.note({ ...device, books: [book, ...others].slice(0, MOST_BOOKS) });
  };

  if (form) {
    remember().catch(() => null);
    form.addEventListener("input", () => {
      touched = true;
      told();
    });
    settle();
    document.getElementById("no-connection").hidden = navigator.onLine;
    window.addEventListener("online", connected);
    window.addEventListener("offline", connected);
  }

  if (form && kept) {
    for (const key of Object.keys(kept)) {
      if (key.startsWith("draft ") && Date.now() - JSON.parse(kept.getItem(key)).at > LASTS) kept.removeItem(key);
    }
    const address = new URL(location.href);
    if (address.searchParams.has("saved")) {
      throwAway();
      // Looked at again later, this page has not just been saved.
      address.searchParams.delete("saved");
      history.replaceState(history.state, "", address);
    }
    const back = document.getElementById("draft-back");
    if (!typed && bringBack()) back.hidden = false;
    told();
    back.querySelector("button").addEventListener("click", () => {
      throwAway();
      back.hidden = true;
      form.querySelector("textarea")?.focus();
    });
    form.addEventListener("input", keep);
  }
}
