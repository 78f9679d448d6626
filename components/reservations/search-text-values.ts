import type { SearchValues } from "./search-values";
export function readSearchText(_text: string, _world: object): { fields: Partial<SearchValues>; unread: string[] } {
  return { fields: {}, unread: [] };
}
