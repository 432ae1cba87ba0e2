// What waits on this device until there is a connection, each person's apart. The worker reads it, too.
"use strict";

const store = (() => {
  const DEVICE = "here";
  let opened = null;

  const open = () => {
    opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open("commsbridge", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("waiting", { keyPath: "key" });
        asked.result.createObjectStore("device", { keyPath: "id" });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return opened;
  };

  const act = async (name, mode, ask) => {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode);
      const asked = ask(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  };

  // One thing that waits: {key, writer, url, fields: [[name, value]], about, words, at, stuck}.
  const add = (item) => act("waiting", "readwrite", (kept) => kept.put(item));
  const drop = (key) => act("waiting", "readwrite", (kept) => kept.delete(key));
  const all = () => act("waiting", "readonly", (kept) => kept.getAll());
  const of = async (writer) => (await all()).filter((item) => item.writer === writer).sort((a, b) => a.at - b.at);

  // Whose device this is just now: {writer, language, children, books (book.js)}; nothing once a door stands open.
  const device = () => act("device", "readonly", (kept) => kept.get(DEVICE));
  const note = (told) => act("device", "readwrite", (kept) => kept.put({ ...told, id: DEVICE }));
  const forget = () => act("device", "readwrite", (kept) => kept.delete(DEVICE));

  const wipe = async (writer) => {
    for (const item of await of(writer)) await drop(item.key);
    // See book.js.
    for (const key of Object.keys(localStorage)) if (key.startsWith(`draft ${writer}`)) localStorage.removeItem(key);
    await forget();
  };

  return { add, drop, all, of, device, note, forget, wipe };
})();
