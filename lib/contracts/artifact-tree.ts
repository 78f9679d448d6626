/**
 * Puts each artifact under the one that led to it. One whose parent is not among them stands for itself.
 * @param artifacts in sequence, so that parents come first
 */
export function artifactTree<A extends { id: string; parent_id: string | null }>(
  artifacts: readonly A[],
): (A & { children: Tree<A>[] })[] {
  const nodes = artifacts.map((artifact) => ({ ...artifact, children: [] as Tree<A>[] }));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const roots: Tree<A>[] = [];
  for (const node of nodes) {
    const parent = node.parent_id === null ? undefined : byId.get(node.parent_id);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

type Tree<A> = A & { children: Tree<A>[] };
