/**
 * Completes package-lock.json after `npm install` on a registry mirror that lags behind for other platforms.
 *
 * A package such as @biomejs/biome names one optional package per platform. When the mirror does not carry one of
 * them yet, `npm install` leaves it out of the lock file without a word, and `npm ci` then refuses the lock file on
 * every platform. This adds the missing entries (name, version, os, cpu), so that `npm ci` skips them where they do
 * not apply and fetches them where they do.
 */
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
const OS = /(android|darwin|linux|win32|freebsd|openharmony|sunos|netbsd|openbsd|aix)/;
const CPU = /(arm64|x64|ia32|arm|ppc64|s390x|riscv64|loong64|mips64el|wasm32)/;
let added = 0;

for (const entry of Object.values(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    if (path in lock.packages || !/^\d/.test(range)) continue;
    const os = OS.exec(name)?.[1];
    const cpu = CPU.exec(name)?.[1];
    if (!cpu) throw new Error(`Cannot tell the platform of ${name}; add it to package-lock.json by hand.`);
    lock.packages[path] = {
      version: range,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      ...(name.endsWith("musl") ? { libc: ["musl"] } : {}),
      optional: true,
      ...(os ? { os: [os] } : {}),
    };
    added += 1;
  }
}

const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
console.log(`package-lock.json: ${added} platform packages added`);
