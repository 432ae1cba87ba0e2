// Small helps where a script can run; every task works without them.
"use strict";

// A form sent twice by an eager thumb goes once; its buttons say so until the page comes back. A form that fetches a
// file leaves the page as it is, and may be sent again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  for (const button of form.elements) {
    if (button.type === "submit") button.classList.add("busy");
  }
});

// A form that a door had held up goes on by itself.
document.querySelector("form[data-go-on]")?.requestSubmit();

// A page shown again by the Back button may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    for (const button of form.elements) button.classList.remove("busy");
  }
});

// The seconds left to undo, counted from the server's own moment; then the row says that it is over.
for (const row of document.querySelectorAll("[data-undo]")) {
  const shown = row.querySelector("[data-undo-seconds]");
  const began = performance.now();
  const seconds = Number(shown.textContent);
  shown.parentElement.setAttribute("aria-hidden", "true");
  const count = () => {
    const left = Math.ceil(seconds - (performance.now() - began) / 1000);
    if (left > 0) {
      shown.textContent = left;
      setTimeout(count, 250);
      return;
    }
    const over = document.createElement("p");
    over.textContent = row.dataset.over;
    shown.parentElement.replaceChildren();
    row.querySelector("form").remove();
    row.querySelector("p:last-of-type").replaceWith(over);
  };
  count();
}

// What each contact will get, as it is being written: the same preview the button asks for, a moment after a pause.
for (const form of document.querySelectorAll("form[data-preview-url]")) {
  let timer = 0;
  let asking = null;
  const show = async () => {
    asking?.abort();
    asking = new AbortController();
    const body = new FormData(form);
    body.delete("photo");
    try {
      const answer = await fetch(form.dataset.previewUrl, {
        method: "POST",
        body,
        signal: asking.signal,
        credentials: "same-origin",
        redirect: "error",
      });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("previews");
      if (!fresh) return;
      document.getElementById("previews").replaceWith(fresh);
      document.querySelector("[data-preview-summary]").textContent = fresh.dataset.summary;
      const send = document.querySelector("[data-preview-send]");
      if (send) send.textContent = fresh.dataset.send;
    } catch (error) {
      // Bad wifi or a newer keystroke: the page still shows the last preview, and Send shows the true one.
      if (error.name !== "AbortError" && error.name !== "TypeError") throw error;
    }
  };
  form.addEventListener("input", (event) => {
    if (event.target.name === "value") return;
    clearTimeout(timer);
    timer = setTimeout(show, event.target.tagName === "TEXTAREA" ? 400 : 0);
  });
}

// Words that are being written stay with their place in this tab's history, for their writer: going back brings them
// again under the same key, so that what has gone goes no second time. A phrase that is no longer offered has gone.
for (const form of document.querySelectorAll("form[data-keeper]")) {
  const fields = form.elements;
  const { keeper } = form.dataset;
  const kept = history.state;
  const phrases = [...form.querySelectorAll("[name=phrase]")];
  const phrase = phrases.find((each) => each.value === kept?.phrase);
  if (kept?.keeper === keeper && (phrase || !kept.phrase) && !fields.own_words.value) {
    fields.form_key.value = kept.key;
    fields.own_words.value = kept.words;
    if (phrase?.value) {
      phrase.checked = true;
      phrase.closest(".value").querySelector("[name=value]").checked = true;
    }
    form.dispatchEvent(new Event("input"));
  }
  form.addEventListener("input", () => {
    const chosen = phrases.find((each) => each.checked)?.value ?? "";
    history.replaceState({ keeper, key: fields.form_key.value, phrase: chosen, words: fields.own_words.value }, "");
  });
}

// An open menu closes on Escape and on a press elsewhere.
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// The page's own search, asked again a moment after each pause; what it finds replaces what stands there.
for (const form of document.querySelectorAll("form[data-find]")) {
  const input = form.querySelector("input[type=search]");
  const ids = form.dataset.into.split(" ");
  let timer = 0;
  let asking = null;
  const look = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const asked = new URLSearchParams(new FormData(form));
      const answer = await fetch(`${form.dataset.find}?${asked}`, { signal: asking.signal, redirect: "error" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ids) {
        const fresh = page.getElementById(id);
        if (fresh) document.getElementById(id).replaceChildren(...fresh.childNodes);
      }
    } catch (error) {
      // Bad wifi or a newer letter: the button still asks.
      if (error.name !== "AbortError" && error.name !== "TypeError") throw error;
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 200);
  });
}

// What only a desk needs comes to a desk alone, and what only a writer needs with the first letter.
const bring = (src) => document.head.append(Object.assign(document.createElement("script"), { src }));
const { desk } = document.body.dataset;
if (desk && matchMedia("(min-width: 47.5em)").matches) bring(desk);
const { reader } = document.getElementById("hint-card")?.dataset ?? {};
if (reader) document.addEventListener("input", () => bring(reader), { once: true });
