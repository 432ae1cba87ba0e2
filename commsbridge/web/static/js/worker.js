// The worker that stands between the pages and the network. It keeps the service's own files and one page that is the
// same for everybody; never a page about a child, a person or a family. Praise that finds no connection waits here.
"use strict";

const PAGE_WAITS = 12_000;
const FORM_WAITS = 20_000;
const DOORS = /^\/(sign-in|sign-out|confirm|school|roll)\b/;

self.addEventListener("install", (event) => {
  const all = [...kept.files, ...Object.values(kept.shells), ...Object.values(kept.help)];
  const filled = caches.open(kept.version).then((cache) =>
    cache.addAll(all.map((url) => new Request(url, { cache: "no-cache", credentials: "omit" }))),
  );
  event.waitUntil(filled.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const cleaned = caches
    .keys()
    .then((names) => Promise.all(names.filter((name) => name !== kept.version).map((name) => caches.delete(name))));
  event.waitUntil(cleaned.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    const isForm = request.method === "POST" && !DOORS.test(url.pathname);
    event.respondWith(isForm ? sendOrKeep(request) : bring(request, url));
  } else if (kept.files.includes(url.pathname + url.search)) {
    event.respondWith(caches.match(request.url).then((found) => found ?? fetch(request)));
  }
});

// A connection that hangs is none: what it still brings through is known again by the form's key.
const within = (milliseconds, answer) =>
  Promise.race([answer, new Promise((_, reject) => setTimeout(reject, milliseconds, new TypeError("no answer")))]);

// What stands before the service may answer while the service itself is away: the page for a crisis is kept for that, too.
const bring = (request, url) =>
  within(PAGE_WAITS, fetch(request))
    .then((answer) => (answer.status >= 500 && url.pathname === kept.help_at ? shell(url) : answer))
    .catch(() => shell(url));

// Without a connection the page for a crisis opens itself, every other address what waits on this device.
const shell = async (url) => {
  const language = (await store.device().catch(() => null))?.language;
  const help = Object.values(kept.help).find((at) => at === url?.pathname + url?.search);
  const asked = url?.pathname === kept.help_at ? (help ?? kept.help[language] ?? kept.help["en-NZ"]) : null;
  const page = await caches.match(asked ?? kept.shells[language] ?? kept.shells["en-NZ"]);
  return page ?? Response.error();
};

const sendOrKeep = async (request) => {
  const copy = request.clone();
  try {
    const answer = await within(FORM_WAITS, fetch(request));
    // What was taken now waits no longer, should it have waited before.
    if (answer.type === "opaqueredirect") await store.drop((await copy.formData()).get("form_key") ?? "");
    return answer;
  } catch {
    const form = await copy.formData();
    if (!form.get("writer") || !form.get("form_key") || form.get("act") === "preview") return shell();
    await store.add({
      key: form.get("form_key"),
      writer: form.get("writer"),
      url: request.url,
      fields: [...form].filter(([name]) => name !== "csrf_token"),
      about: form.get("about") ?? "",
      words: form.get("own_words") || form.get("words") || "",
      at: Date.now(),
      stuck: false,
    });
    return Response.redirect(kept.waits, 303);
  }
};

// A prompt comes as a notice: the last of a tag takes the place of the one before it.
self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const { title = "commsbridge", body, tag, lang, url } = told;
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang, data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? "/today", self.location.origin);
  if (url.origin === self.location.origin) event.waitUntil(self.clients.openWindow(url.href));
});
