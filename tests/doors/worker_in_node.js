// Reads {"script", "pages", "asked": [[path, status]]} as JSON: runs the worker's script as the browser would, with what
// it keeps and what the network answers, and tells for each address which page came.
"use strict";
const fs = require("node:fs");
const vm = require("node:vm");
const given = JSON.parse(fs.readFileSync(0, "utf-8"));
const heard = {};
const self = { location: { origin: "http://school.test" }, addEventListener: (name, hear) => (heard[name] = hear) };
const world = vm.createContext({
  self, URL, Promise, setTimeout, TypeError,
  importScripts: () => {},
  store: { device: async () => null },
  caches: { match: async (at) => (at in given.pages ? { status: 200, from: "kept" } : undefined) },
  Response: { error: () => ({ status: 0, from: "nowhere" }) },
  fetch: async (request) => {
    if (!request.status) throw new TypeError("no connection");
    return { status: request.status, from: "network" };
  },
});
vm.runInContext(given.script, world);
const come = async ([path, status]) => {
  let answer;
  const request = { url: `http://school.test${path}`, mode: "navigate", method: "GET", status };
  heard.fetch({ request, respondWith: (promise) => (answer = promise) });
  return (await answer).from;
};
Promise.all(given.asked.map(come)).then((told) => {
  process.stdout.write(JSON.stringify(told));
  process.exit(0);
});
