// What waits on this device: shown on every page, sent once when there is a connection, and gone with its writer.
"use strict";

const { writer } = document.body.dataset;
const told = document.getElementById("waits-words")?.dataset ?? {};

// On bad wifi the page comes first.
if (writer) {
  window.addEventListener("load", () => navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }));
}

const noteDevice = async () => {
  if (writer) {
    const known = await store.device();
    const own = "own" in document.body.dataset;
    const here = [...document.querySelectorAll("[data-child]")].map(({ dataset }) => ({
      id: dataset.child,
      name: dataset.name,
    }));
    const before = own && known?.writer === writer ? known : { children: [] };
    const language = document.documentElement.lang;
    await store.note({ ...before, writer, language, children: own && here.length ? here : before.children });
  } else if ("door" in document.body.dataset) {
    await store.forget();
  }
};

// Whoever is signed in now, with a fresh token for forms; nothing without a connection or a sign-in.
const whoIsHere = async () => {
  try {
    const answer = await fetch("/here", { cache: "no-store" });
    const here = answer.ok ? await answer.json() : null;
    return here?.writer ? here : null;
  } catch {
    return null;
  }
};

const sendOne = async (item, token) => {
  const body = new FormData();
  for (const [name, value] of item.fields) body.append(name, value);
  body.set("csrf_token", token);
  const answer = await fetch(item.url, { method: "POST", body });
  if (answer.redirected && !/^\/(sign-in|confirm|school)\b/.test(new URL(answer.url).pathname)) {
    await store.drop(item.key);
    return true;
  }
  // What the service asks about or will not take needs its writer; all else waits on.
  if ([400, 404, 409, 413].includes(answer.status)) await store.add({ ...item, stuck: true });
  return false;
};

const sendAll = async () => {
  const here = (await store.all()).length ? await whoIsHere() : null;
  let gone = 0;
  for (const item of here ? await store.of(here.writer) : []) {
    if (item.stuck) continue;
    try {
      gone += await sendOne(item, here.token);
    } catch (error) {
      if (error.name !== "TypeError") throw error;
      break;
    }
  }
  return gone;
};

// One page of several sends; the form's key makes a second time harmless all the same.
const send = () =>
  navigator.locks ? navigator.locks.request("commsbridge-waiting", sendAll) : sendAll();

const say = (words, link) => {
  const strip = document.createElement("p");
  strip.className = "waits";
  strip.setAttribute("role", "status");
  if (link) {
    const there = document.createElement("a");
    there.className = "tap";
    there.href = "/unsent";
    there.textContent = words;
    strip.append(there);
  } else {
    strip.textContent = words;
  }
  document.querySelector(".waits")?.remove();
  document.querySelector("body > header").after(strip);
};

const counted = (count) => (count === 1 ? told.one : told.many).replace("{n}", count);

const showStrip = async (gone) => {
  const left = (await store.of(writer)).length;
  if (left) say(counted(left), true);
  else if (gone) say(told.gone);
};

const round = async () => {
  const gone = await send();
  if (list) await showList();
  else if (writer) await showStrip(gone);
};

// ---- the page that shows what waits ----

const list = document.getElementById("waits-list");

const row = (item) => {
  const made = document.getElementById("waits-row").content.cloneNode(true);
  const at = new Date(item.at);
  const put = (name, text) => (made.querySelector(`[data-put=${name}]`).textContent = text);
  put("day", at.toLocaleDateString("en-NZ", { day: "numeric", month: "numeric" }));
  const hour12 = document.documentElement.lang !== "mi";
  put("time", at.toLocaleTimeString("en-NZ", { hour: "numeric", minute: "2-digit", hour12 }));
  put("about", item.about);
  put("words", item.words);
  made.querySelector("[data-put=words]").hidden = !item.words;
  made.querySelector("[data-when=stuck]").hidden = !item.stuck;
  made.querySelector("[data-when=waits]").hidden = item.stuck;
  for (const label of made.querySelectorAll(".sr")) label.textContent = ` ${item.about}`;
  made.querySelector("[data-act=open]").hidden = !item.stuck;
  made.querySelector("[data-act=open]").addEventListener("click", () => openAgain(item));
  made.querySelector("[data-act=drop]").addEventListener("click", async () => {
    await store.drop(item.key);
    await showList();
    list.closest("main").focus();
  });
  return made;
};

// What needs its writer goes back to its page as it was.
const openAgain = async (item) => {
  const here = await whoIsHere();
  if (here?.writer !== item.writer) return;
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: item.url, enctype: "multipart/form-data", hidden: true });
  for (const [name, value] of [...item.fields, ["csrf_token", here.token]]) {
    const field = document.createElement("input");
    if (value instanceof File) {
      const held = new DataTransfer();
      held.items.add(value);
      Object.assign(field, { type: "file", name, files: held.files });
    } else Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
};

// Of two looks at once the later one counts: the earlier knows less.
let looks = 0;

const showList = async () => {
  const look = (looks += 1);
  const device = await store.device();
  const here = await whoIsHere();
  const mine = device && (!here || here.writer === device.writer) ? await store.of(device.writer) : [];
  const others = (await store.all()).length - mine.length;
  if (look !== looks) return;
  list.replaceChildren(...mine.map(row));
  const show = (id, on) => (document.getElementById(id).hidden = !on);
  show("waits-offline", !here);
  show("waits-online", Boolean(here));
  show("waits-none", !mine.length);
  show("waits-others", others > 0);
  const form = document.getElementById("waits-write");
  form.hidden = !device?.children.length;
  const chosen = form.elements.child.value;
  form.elements.child.replaceChildren(...(device?.children ?? []).map(({ id, name }) => new Option(name, id)));
  if (chosen) form.elements.child.value = chosen;
};

document.getElementById("waits-write")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { child, own_words } = event.target.elements;
  const device = await store.device();
  if (!own_words.value.trim() || !device) return;
  const key = crypto.randomUUID();
  await store.add({
    key,
    writer: device.writer,
    url: `/students/${child.value}/praise`,
    fields: [
      ["form_key", key],
      ["phrase", ""],
      ["own_words", own_words.value],
      ["act", "send"],
    ],
    about: child.selectedOptions[0].text,
    words: own_words.value,
    at: Date.now(),
    stuck: false,
  });
  own_words.value = "";
  await round();
});

// ---- signing out: all of this person leaves the device ----

const leave = document.getElementById("unsent-leave");
let leaving = null;

// Some private windows give no store: nothing was kept.
const signOut = async () => {
  await store.wipe(writer).catch(() => null);
  const form = leaving;
  leaving = null;
  form.dataset.leaves = "now";
  form.requestSubmit();
};

document.addEventListener(
  "submit",
  async (event) => {
    if (event.target.dataset.leaves !== "") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leaving = event.target;
    const items = await store.of(writer).catch(() => []);
    if (!items.length) return signOut();
    leave.returnValue = "";
    leave.querySelector("[data-put=unsent]").textContent = counted(items.length);
    leave.showModal();
  },
  true,
);

leave?.addEventListener("close", async () => {
  if (leave.returnValue === "throw") return signOut();
  if (leave.returnValue !== "first") return;
  await send();
  if (!(await store.of(writer)).length) return signOut();
  location.assign("/unsent");
});

const begun = noteDevice().then(round, () => null);
window.addEventListener("online", round);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && round());
