/* Keeps the page as new as the town: asks for it again when something changed, and mends what differs. */
"use strict";
(() => {
  let looking = false;
  let again = false;

  function merge(old, fresh) {
    const kept = new Map(Array.from(old.children, (child) => [child.id, child]));
    let place = old.firstElementChild;
    for (const child of Array.from(fresh.children)) {
      const here = kept.get(child.id);
      kept.delete(child.id);
      let node = child;
      if (here && here.dataset.now === child.dataset.now) node = here;
      else if (here) {
        for (const opened of here.querySelectorAll("details[open]")) {
          const same = child.querySelectorAll("details")[Array.from(here.querySelectorAll("details")).indexOf(opened)];
          if (same) same.open = true;
        }
        for (const field of here.querySelectorAll("textarea")) {
          const same = child.querySelector("#" + CSS.escape(field.id));
          if (same) same.value = field.value;
        }
        if (place === here) place = here.nextElementSibling;
        here.remove();
      }
      if (node === place) place = place.nextElementSibling;
      else old.insertBefore(node, place);
    }
    for (const gone of kept.values()) gone.remove();
  }

  function mend(fresh) {
    for (const old of document.querySelectorAll("[data-live]")) {
      const now = fresh.getElementById(old.id);
      if (!now || old.contains(document.activeElement) && document.activeElement.matches("textarea,select")) continue;
      const atEnd = old.scrollHeight - old.scrollTop - old.clientHeight < 80;
      merge(old, now);
      if ("end" in old.dataset && atEnd) old.scrollTop = old.scrollHeight;
    }
  }

  async function look() {
    again = looking;
    if (looking) return;
    looking = true;
    try {
      const answer = await fetch(location.pathname, { cache: "no-store" });
      if (answer.ok) mend(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      /* The town is not there just now; the stream says so when it is back. */
    }
    looking = false;
    if (again) look();
  }

  const thread = document.querySelector("[data-end]");
  if (thread) thread.scrollTop = thread.scrollHeight;

  for (const form of document.querySelectorAll("form[data-quiet]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      if (!answer.ok) { form.submit(); return; }
      form.reset();
      await look();
      if (thread) thread.scrollTop = thread.scrollHeight;
    });
  }

  document.addEventListener("focusout", () => setTimeout(look, 200));
  new EventSource("/_neighbourhood/changes").onmessage = look;
})();
