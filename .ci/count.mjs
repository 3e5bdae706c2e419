// Counts test results in a folder of .trx and JUnit .xml files: prints "N passed, N failed, N skipped", fails unless all passed.
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

const attributes = String.raw`((?:"[^"]*"|'[^']*'|[^"'>])*)`;
const trxResult = new RegExp(`<UnitTestResult\\b${attributes}>`, "g");
const junitCase = new RegExp(`<testcase\\b${attributes}>`, "g");
const attribute = (text, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? "";

function* trxOutcomes(text) {
  for (const [, tag] of text.matchAll(trxResult)) {
    const outcome = attribute(tag, "outcome");
    yield [outcome === "Passed" ? "passed" : outcome === "NotExecuted" ? "skipped" : "failed", attribute(tag, "testName")];
  }
}

function* junitOutcomes(text) {
  for (const match of text.matchAll(junitCase)) {
    const inner = match[1].endsWith("/") ? "" : text.slice(match.index + match[0].length, text.indexOf("</testcase>", match.index));
    const state = /<(failure|error)\b/.test(inner) ? "failed" : /<skipped\b/.test(inner) ? "skipped" : "passed";
    yield [state, attribute(match[1], "name")];
  }
}

const counts = { passed: 0, failed: 0, skipped: 0 };
const folder = process.argv[2];
for (const file of readdirSync(folder, { recursive: true }).sort()) {
  const outcomes = { ".trx": trxOutcomes, ".xml": junitOutcomes }[extname(file)];
  for (const [state, name] of outcomes?.(readFileSync(join(folder, file), "utf8")) ?? []) {
    counts[state]++;
    if (state !== "passed") console.log(`${state}: ${name}`);
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.passed > 0 && counts.failed + counts.skipped === 0 ? 0 : 1);
