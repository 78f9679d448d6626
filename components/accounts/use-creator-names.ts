import { useMemo } from "react";
import { useProject } from "@/components/shell/project-context";
import type { ApiKey } from "@/lib/contracts/api-keys";
import { useListMembersQuery } from "@/store/accounts-api";

/** Who made a key, in words: a member, another key of the project, or somebody who has left. */
export function useCreatorNames(keys: readonly ApiKey[]): (key: ApiKey) => string {
  const { project, user } = useProject();
  const { currentData: members } = useListMembersQuery({ projectId: project.id });
  return useMemo(() => {
    const people = new Map(members?.map((member) => [member.user_id, member.name]));
    const names = new Map(keys.map((key) => [key.id, `the key “${key.name}”`]));
    return ({ created_by }: ApiKey) => {
      if (created_by === user.id) return "you";
      return people.get(created_by) ?? names.get(created_by) ?? (members ? "a former member" : "…");
    };
  }, [keys, members, user.id]);
}
