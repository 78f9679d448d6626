"use client";
import { Check, Minus } from "lucide-react";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { ALL_PERMISSIONS, PERMISSIONS, ROLE_DESCRIPTIONS, ROLE_PERMISSIONS, ROLES } from "@/lib/contracts/permissions";

/** What sets owners apart is no permission, so that no API key can ever have it. */
const OWNERS_ALONE = "Make, change and remove owners";

/** Which role may do what. */
export function RoleMatrix() {
  const rows = [
    ...ALL_PERMISSIONS.map((permission) => ({
      label: PERMISSIONS[permission],
      allowed: ROLES.filter((role) => ROLE_PERMISSIONS[role].includes(permission)),
    })),
    { label: OWNERS_ALONE, allowed: ["owner"] },
  ];
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid gap-x-6 gap-y-2 px-4 pt-4 sm:grid-cols-2">
        {ROLES.map((role) => (
          <div key={role}>
            <dt className="font-medium text-ink">{role}</dt>
            <dd className="text-ink-muted text-xs">{ROLE_DESCRIPTIONS[role]}</dd>
          </div>
        ))}
      </dl>
      <Table label="What each role may do" stack={false} className="border-line border-t">
        <THead>
          <TR>
            <TH className="static">Permission</TH>
            {ROLES.map((role) => (
              <TH key={role} align="center" className="static px-2">
                {role}
              </TH>
            ))}
          </TR>
        </THead>
        <TBody>
          {rows.map(({ label, allowed }) => (
            <TR key={label}>
              <TD className="whitespace-normal py-1.5">{label}</TD>
              {ROLES.map((role) => (
                <TD key={role} align="center" className="px-2">
                  <Mark isAllowed={allowed.includes(role)} />
                </TD>
              ))}
            </TR>
          ))}
        </TBody>
      </Table>
    </div>
  );
}

function Mark({ isAllowed }: { isAllowed: boolean }) {
  const Icon = isAllowed ? Check : Minus;
  return (
    <>
      <Icon aria-hidden="true" className={isAllowed ? "inline size-4 text-positive" : "inline size-4 text-ink-faint"} />
      <span className="sr-only">{isAllowed ? "yes" : "no"}</span>
    </>
  );
}
