"use client";
import { FilterPicker } from "@/components/ui/filter-picker";
import { INSTANCE_STATUSES, type InstanceStatus } from "@/lib/contracts/instances";
import { InstanceStatusIcon } from "./instance-status";
import { STATUS_WORDS } from "./words";

const OPTIONS = INSTANCE_STATUSES.map((status) => ({
  value: status,
  label: STATUS_WORDS[status].word,
  hint: STATUS_WORDS[status].sentence,
  icon: <InstanceStatusIcon status={status} isStill />,
}));

type StatusPickerProps = { selected: readonly InstanceStatus[]; onChange: (selected: InstanceStatus[]) => void };

/** Chooses statuses of instances to be shown. */
export function StatusPicker({ selected, onChange }: StatusPickerProps) {
  return (
    <FilterPicker
      label="Status"
      multiple
      searchable={false}
      options={OPTIONS}
      selected={selected}
      onChange={(chosen) => onChange(INSTANCE_STATUSES.filter((status) => chosen.includes(status)))}
    />
  );
}
