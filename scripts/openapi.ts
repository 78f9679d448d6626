/** Writes docs/openapi.json from the contracts: `npm run openapi`. A test fails when the file is out of date. */
import { writeFileSync } from "node:fs";
import { openApiDocument } from "@/lib/http/openapi-document";

writeFileSync("docs/openapi.json", `${JSON.stringify(openApiDocument(), null, 2)}\n`);
console.log("docs/openapi.json written");
