import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { LaunchError } from "./environment";

/** The shell first: it is the same engine without the windows of a desktop browser, and loads a page in two thirds of the time. */
const SYSTEM_BROWSERS = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Root may not use the sandbox, nothing but the console is to be talked to, and a machine of tests has no graphics card. */
export const BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"];

/** The path of a Chromium: the system's, else Playwright's, else one is installed, which is said. @throws LaunchError */
export function requireBrowser(): string {
  return findBrowser() ?? installBrowser();
}

function findBrowser(): string | undefined {
  return [...SYSTEM_BROWSERS, chromium.executablePath()].find((file) => existsSync(file));
}

/**
 * Debian's package brings the libraries along that a bare machine lacks; Playwright's download does not. Where there is no
 * package of the shell, the whole browser is installed.
 */
function installBrowser(): string {
  const attempts =
    process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")
      ? [
          ["apt-get", "update"],
          ["apt-get", "install", "--yes", "--no-install-recommends", "chromium-headless-shell"],
          ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"],
        ]
      : [["npx", "playwright", "install", "chromium"]];
  for (const [command = "", ...args] of attempts) {
    console.log(`No browser found. Installing one: ${command} ${args.join(" ")}`);
    spawnSync(command, args, { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    const installed = findBrowser();
    if (installed) return installed;
  }
  throw new LaunchError(
    "This needs Chromium, and it could not be installed. Install it with your system's package manager " +
      "(apt-get install chromium) and try again.",
  );
}
