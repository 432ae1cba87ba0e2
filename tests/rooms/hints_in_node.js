// Reads {"table", "own", "texts", "child"} as JSON and answers with the hints the browser's reader gives for each text.
"use strict";
const fs = require("node:fs");
require(process.argv[2]);
const { readTable, hintsFor } = globalThis.commsbridgeHints;
const asked = JSON.parse(fs.readFileSync(0, "utf-8"));
const rules = readTable(asked.table);
const own = asked.own.length ? readTable([asked.header, ...asked.own].join("\n")) : null;
process.stdout.write(JSON.stringify(asked.texts.map((text) => hintsFor(text, rules, { child: asked.child, own }))));
