import { expect, it } from "vitest";
import { artifactTree } from "./artifact-tree";

const step = (id: string, parent_id: string | null) => ({ id, parent_id });

it("puts each artifact under the one that led to it, in their order; one without its parent stands for itself", () => {
  const tree = artifactTree([step("a", null), step("b", "a"), step("c", "b"), step("d", "a"), step("e", "gone")]);
  expect(tree).toEqual([
    {
      id: "a",
      parent_id: null,
      children: [
        { id: "b", parent_id: "a", children: [{ id: "c", parent_id: "b", children: [] }] },
        { id: "d", parent_id: "a", children: [] },
      ],
    },
    { id: "e", parent_id: "gone", children: [] },
  ]);
});
