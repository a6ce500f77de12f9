/** The little of Node.js that the tests need; the pages themselves run in browsers. */
declare module "node:fs" {
  export function readFileSync(path: URL, encoding: "utf8"): string;
}
