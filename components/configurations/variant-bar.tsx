"use client";
import { GitBranchPlus, Trash2 } from "lucide-react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { ConfigVariant } from "@/lib/contracts/configurations";
import { useDeleteVariantMutation } from "@/store/configs-api";
import { useConfig } from "./config-context";
import { NewVariantDialog } from "./new-variant-dialog";

type VariantBarProps = { variant: ConfigVariant; onVariant: (name: string) => void };

/** Which variant is on screen, and what can be done to it. */
export function VariantBar({ variant, onVariant }: VariantBarProps) {
  const { config, arg, blocked } = useConfig();
  const [remove] = useDeleteVariantMutation();
  const places = config.in_force.filter(({ version }) => version.variant === variant.name);
  const isDeployed = places.length > 0;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Select
        aria-label="Variant"
        className="w-56"
        value={variant.name}
        onValueChange={onVariant}
        options={config.variants.map(({ name, head }) => ({
          value: name,
          label: name,
          description: head === 0 ? "No version yet" : `Version ${head}`,
        }))}
      />
      <NewVariantDialog
        onCreated={onVariant}
        trigger={
          <GuardedButton blocked={blocked}>
            <GitBranchPlus aria-hidden="true" />
            New variant
          </GuardedButton>
        }
      />
      <ConfirmDialog
        trigger={
          <GuardedButton
            variant="ghost"
            size="icon"
            aria-label={`Delete the variant ${variant.name}`}
            blocked={blocked ?? (config.variants.length === 1 ? "The only variant stays." : undefined)}
          >
            <Trash2 aria-hidden="true" />
          </GuardedButton>
        }
        title={`Delete the variant ${variant.name}?`}
        description={
          isDeployed
            ? `It is in force in ${places.map(({ environment }) => environment).join(", ")}, where it stays in force. Its versions and deployments stay in the history; nothing more can be committed to it.`
            : "Its versions stay in the history; nothing more can be committed to it."
        }
        confirmLabel={isDeployed ? "Delete although deployed" : "Delete variant"}
        typeToConfirm={isDeployed ? variant.name : undefined}
        onConfirm={async () => {
          await remove({ ...arg, variant: variant.name, evenIfDeployed: isDeployed }).unwrap();
          toast.success(`The variant ${variant.name} was deleted`);
          onVariant(config.variants.find(({ name }) => name !== variant.name)?.name ?? "");
        }}
        describeError={errorWords}
      />
    </div>
  );
}
