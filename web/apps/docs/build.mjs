// The page that shows openapi.json: Swagger UI, served by us, so that the docs ask nobody else for anything.
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../../alongside/static/docs");
const reader = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

mkdirSync(target, { recursive: true });
for (const name of ["swagger-ui-bundle.js", "swagger-ui.css"]) {
  copyFileSync(join(reader, name), join(target, name));
}
for (const name of ["index.html", "start.js", "docs.css"]) {
  copyFileSync(join(here, "src", name), join(target, name));
}
console.log(`API docs: Swagger UI ${JSON.parse(readFileSync(join(reader, "package.json"), "utf8")).version}`);
