import type { BrowserContext } from "@playwright/test";

/** Collects what goes wrong in the pages of a browser: errors in the console, uncaught ones, blocked by the policy. */
export async function watchConsole(context: BrowserContext, problems: string[]): Promise<void> {
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
      console.error(`Blocked by the policy: ${violatedDirective} ${blockedURI} (${sourceFile}:${lineNumber})`),
    );
  });
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`${message.text()} at ${message.location().url}`);
  });
  context.on("weberror", (error) => problems.push(`Uncaught: ${error.error().stack ?? error.error().message}`));
}
