// Judges conditions as a browser does, for the programs that hold both languages against each other. A line of
// {"node", "facts"} in, a line of its answer out (tests/conditions/test_fuzz.py); with `--time` a line of
// {"rules", "plain", "facts", "rounds"} in, microseconds for the whole set out, beside plain code (bench/conditions.py).
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const source = (name) => fileURLToPath(new URL(`../packages/conditions/src/${name}.ts`, import.meta.url));

/** The package as it is shipped: bundled and minified, patterns apart. */
async function bundled() {
  const lib = { entry: { index: source("index"), patterns: source("patterns") }, formats: ["es"] };
  const made = await build({ configFile: false, logLevel: "error", build: { write: false, lib } });
  const [{ output }] = Array.isArray(made) ? made : [made];
  // eslint-disable-next-line no-unsanitized/method -- our own code, bundled a moment ago
  const load = ({ code }) => import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  const [first, second] = await Promise.all(output.map(load));
  return { ...first, ...second };
}

const { evaluate, search } = await bundled();

/** The least of several rounds: what else the machine does makes a round longer, never shorter. */
function timed(rounds, act) {
  let least = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    act();
    least = Math.min(least, performance.now() - begin);
  }
  return least * 1_000;
}

function plainly([part, countries, count], facts) {
  return (
    facts.page_url.toLowerCase().includes(part) &&
    facts.agents.available > 0 &&
    (countries.includes(facts.country) || facts.identified) &&
    facts.site_visits >= count
  );
}

function timeBoth({ rules, plain, facts, rounds }) {
  return {
    judged: timed(rounds, () => rules.filter((node) => evaluate(node, facts, search) === true)),
    plain: timed(rounds, () => plain.filter((values) => plainly(values, facts))),
    matched: rules.filter((node) => evaluate(node, facts, search) === true).length,
  };
}

const answer = process.argv.includes("--time")
  ? timeBoth
  : ({ node, facts }) => evaluate(node, facts, search);
for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
