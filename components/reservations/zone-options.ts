import type { PickerOption } from "@/components/ui/filter-picker";
import { zoneNames } from "@/lib/contracts/zones";

/** Every zone to choose from: the one that is shown, the device's own and UTC first. */
export function zoneOptions(zone: string): PickerOption[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const first = [...new Set([zone, own, "UTC"])];
  return [...first, ...zoneNames().filter((name) => !first.includes(name))].map((name) => ({
    value: name,
    // Browsers write spaces as underscores.
    label: name.replaceAll("_", " "),
    hint: name === own && name !== "UTC" ? "Of this device" : undefined,
  }));
}
