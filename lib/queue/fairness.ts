/** What is known of a webhook when a claim is prepared; those that were let go first the longest ago come first. */
export type Turn = {
  webhookId: string;
  projectId: string;
  /** Slots that its requests hold. */
  held: number;
  /** Requests it can take now. */
  room: number;
  /** It had more due than it was given when it was last looked at. */
  asks: boolean;
};

/** A project that has less than its share by no more than this part of it is not helped: that is the ebb and flow of it. */
const SLACK = 1 / 8;

type Project = { id: string; held: number; wanted: number; asking: Turn[] };

/**
 * Fairness between projects: whoever has work waiting and holds less than its even share of the slots goes first.
 *
 * Nothing is kept free for anybody, so no slot idles while there is work: what one project does not ask for the others
 * have, and a project that is alone has everything. A slot that becomes free goes to those behind, the one that holds least
 * first; among a project's webhooks the turn goes round.
 *
 * @param limit how many deliveries the claim may take
 * @returns webhooks that the claim shall look at before it goes on with its round, in this order
 */
export function firstInTurn(turns: Iterable<Turn>, slots: number, limit: number): string[] {
  const projects = activeProjects(turns);
  if (projects.length < 2) return [];
  const share = evenShare(projects, slots);
  const part = Math.max(1, Math.floor(limit / projects.length));
  return projects
    .filter((project) => isBehind(project, share))
    .sort((a, b) => a.held - b.held)
    .flatMap((project) => {
      let left = Math.min(share - project.held, part);
      return project.asking.flatMap(({ webhookId, room }) => {
        if (left <= 0) return [];
        left -= room;
        return [webhookId];
      });
    });
}

/** Projects that need not be looked for: those that have their share, or the only one that is known to have work. */
export function served(turns: Iterable<Turn>, slots: number): string[] {
  const projects = activeProjects(turns);
  const share = evenShare(projects, slots);
  return projects.filter((project) => projects.length === 1 || !isBehind(project, share)).map(({ id }) => id);
}

/** What each may hold when the slots are divided evenly and nobody is given more than it can use now. */
function evenShare(projects: readonly Project[], slots: number): number {
  return evenPart(projects.map(size), slots);
}

/**
 * Max-min fairness: the supply is divided evenly, and what one cannot use is divided among the others.
 * @param wants how much each could use
 * @returns how much each may have at most; at least 1
 */
export function evenPart(wants: readonly number[], supply: number): number {
  let left = supply;
  for (const [index, want] of wants.toSorted((a, b) => a - b).entries()) {
    const part = Math.floor(left / (wants.length - index));
    if (want > part) return Math.max(1, part);
    left -= want;
  }
  return Math.max(1, supply);
}

/** The slots that a project could hold now. */
function size({ held, wanted }: Project): number {
  return held + wanted;
}

function isBehind({ held }: Project, share: number): boolean {
  return held < share - Math.floor(share * SLACK);
}

/** Those that hold slots or ask for some. */
function activeProjects(turns: Iterable<Turn>): Project[] {
  const projects = new Map<string, Project>();
  for (const turn of turns) {
    if (turn.held === 0 && !turn.asks) continue;
    let project = projects.get(turn.projectId);
    if (!project) {
      project = { id: turn.projectId, held: 0, wanted: 0, asking: [] };
      projects.set(turn.projectId, project);
    }
    project.held += turn.held;
    if (!turn.asks || turn.room <= 0) continue;
    project.wanted += turn.room;
    project.asking.push(turn);
  }
  return [...projects.values()];
}
