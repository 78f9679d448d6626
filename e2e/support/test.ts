import { type APIRequestContext, type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { answering } from "./answering";
import { watchConsole } from "./console";
import { ORIGIN, OWNER_SESSION } from "./installation";
import { newProject, newProjectApi, type OpenClient, type Project, type ProjectApi, showProject } from "./project";

type Options = {
  /** Messages of the browser's console that are no defect. */
  expectedErrors: readonly RegExp[];
};

type Fixtures = {
  /** A new, empty project, which `page` shows. */
  project: Project;
  /** The API of that project. */
  api: ProjectApi;
  /** A page in another browser; nobody is signed in there unless a session is given. */
  another: (state?: { session?: string; project?: Project }) => Promise<Page>;
  /** Fails the test on errors in the console of any of its pages and on anything that the page's policy blocks. */
  quietConsole: (context: BrowserContext) => Promise<void>;
};

type WorkerFixtures = {
  /** The owner of the installation, signed in, as a client of the API. */
  owner: APIRequestContext;
  openClient: OpenClient;
};

export const test = base.extend<Options & Fixtures, WorkerFixtures>({
  // Refusals that a test provokes: the browser reports every answer of 400 and above by itself.
  expectedErrors: [[/^Failed to load resource: the server responded with a status of 4\d\d/], { option: true }],

  owner: [
    async ({ playwright }, use) => {
      const owner = await playwright.request.newContext({
        baseURL: ORIGIN,
        storageState: OWNER_SESSION,
      });
      await use(owner);
      await owner.dispose();
    },
    { scope: "worker" },
  ],

  openClient: [
    async ({ playwright }, use) => {
      const clients: APIRequestContext[] = [];
      await use(async (apiKey) => {
        const client = await playwright.request.newContext({
          baseURL: ORIGIN,
          extraHTTPHeaders: { authorization: `Bearer ${apiKey}` },
        });
        clients.push(client);
        return client;
      });
      for (const client of clients) await client.dispose();
    },
    { scope: "worker" },
  ],

  page: async ({ page }, use) => {
    await use(answering(page));
  },

  project: async ({ owner, context }, use) => {
    const project = await newProject(owner);
    await showProject(context, project);
    await use(project);
  },

  api: async ({ owner, project, openClient }, use) => {
    await use(await newProjectApi(owner, project, openClient));
  },

  another: async ({ browser, quietConsole, contextOptions }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async ({ session, project } = {}) => {
      const context = await browser.newContext({
        ...contextOptions,
        baseURL: ORIGIN,
        viewport: { width: 1440, height: 900 },
        storageState: session ?? { cookies: [], origins: [] },
      });
      contexts.push(context);
      await quietConsole(context);
      if (project) await showProject(context, project);
      return answering(await context.newPage());
    });
    for (const context of contexts) await context.close();
  },

  quietConsole: [
    async ({ context, expectedErrors }, use) => {
      const problems: string[] = [];
      const watch = (watched: BrowserContext) => watchConsole(watched, problems);
      await watch(context);
      await use(watch);
      const unexpected = problems.filter((problem) => !expectedErrors.some((expected) => expected.test(problem)));
      expect(unexpected, "errors in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
