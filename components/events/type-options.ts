import type { PickerOption } from "@/components/ui/filter-picker";
import { eventTypeNames, groupOf } from "@/lib/contracts/event-types";

/** The catalogue's event types, by group, for filters. */
export const EVENT_TYPE_OPTIONS: readonly PickerOption[] = eventTypeNames.map((type) => ({
  value: type,
  label: type,
  group: groupOf(type),
}));
