import { config } from "zod/v4/core";

// Next.js runs this before anything of the pages. Zod otherwise tries whether it may compile its schemas with eval; the
// pages' content security policy forbids that, and each try would be reported as a violation.
config({ jitless: true });
