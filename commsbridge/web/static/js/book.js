// What was written on a page of the book and not saved stays on this device for its writer, section by section, until
// it is saved, thrown away, two weeks old, or its writer signs out (store.js).
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
    back.querySelector("button").addEventListener("click", () => {
      throwAway();
      back.hidden = true;
      form.querySelector("textarea")?.focus();
    });
    form.addEventListener("input", keep);
  }
}
