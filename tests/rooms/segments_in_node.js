// Reads {"texts"} as JSON and answers with the lengths the browser's reader gives.
"use strict";
const fs = require("node:fs");
require(process.argv[2]);
const { count, tidy } = globalThis.commsbridgeSegments;
const asked = JSON.parse(fs.readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(asked.texts.map((text) => ({ tidy: tidy(text), ...count(text) }))));
