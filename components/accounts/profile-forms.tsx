"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { useProject } from "@/components/shell/project-context";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { changeEmail, changePassword, updateMe } from "@/lib/contracts/profile";
import { useChangeEmailMutation, useChangePasswordMutation, useUpdateMeMutation } from "@/store/profile-api";
import { AccountCard } from "./account-card";
import { PasswordField } from "./password-field";
import { useRefusal } from "./use-refusal";

export function NameForm() {
  const router = useRouter();
  const { user } = useProject();
  const [save] = useUpdateMeMutation();
  const { register, handleSubmit, setError, reset, formState } = useForm({
    resolver: zodResolver(updateMe.body),
    values: { name: user.name },
    resetOptions: { keepDirtyValues: true },
  });
  const { refusal, clear, refuse } = useRefusal(["name"], setError);
  return (
    <AccountCard
      title="Name"
      refusal={refusal}
      note="Shown to the members of your projects."
      saveLabel="Save name"
      saving={formState.isSubmitting}
      idle={!formState.isDirty}
      onSubmit={handleSubmit(async (body) => {
        clear();
        const { data, error } = await save({ body });
        if (!data) return refuse(error);
        reset({ name: data.name });
        toast.success("Your name is saved");
        // It stands in the frame of the console, which comes with the page.
        router.refresh();
      })}
    >
      <Field label="Your name" error={formState.errors.name?.message} required>
        <Input {...register("name")} autoComplete="name" maxLength={100} />
      </Field>
    </AccountCard>
  );
}

export function EmailForm({ hasPassword }: { hasPassword: boolean }) {
  const router = useRouter();
  const { user } = useProject();
  const [save] = useChangeEmailMutation();
  const { register, handleSubmit, setError, reset, formState } = useForm({
    resolver: zodResolver(changeEmail.body),
    defaultValues: { email: user.email, current_password: "" },
  });
  const { errors, isSubmitting, isDirty } = formState;
  const { refusal, clear, refuse } = useRefusal(["email", "current_password"], setError);
  return (
    <AccountCard
      title="E-mail address"
      description={hasPassword ? undefined : "Set a password below first: it is what shows that it is you."}
      refusal={refusal}
      note="You sign in with it, and people invite you by it."
      saveLabel="Change address"
      saving={isSubmitting}
      idle={!isDirty || !hasPassword}
      onSubmit={handleSubmit(async (body) => {
        clear();
        const { data, error } = await save({ body });
        if (!data) return refuse(error);
        reset({ email: data.email, current_password: "" });
        toast.success(`You now sign in as ${data.email}`);
        router.refresh();
      })}
    >
      <Field label="E-mail" error={errors.email?.message} required>
        <Input {...register("email")} type="email" autoComplete="email" readOnly={!hasPassword} />
      </Field>
      {hasPassword ? (
        <PasswordField
          label="Password, to show that it is you"
          purpose="current"
          error={errors.current_password?.message}
          {...register("current_password")}
        />
      ) : null}
    </AccountCard>
  );
}

export function PasswordForm({ hasPassword }: { hasPassword: boolean }) {
  const [save] = useChangePasswordMutation();
  const { register, handleSubmit, setError, reset, formState } = useForm({
    resolver: zodResolver(changePassword.body),
    defaultValues: { new_password: "", ...(hasPassword ? { current_password: "" } : {}) },
  });
  const { errors, isSubmitting } = formState;
  const { refusal, clear, refuse } = useRefusal(["current_password", "new_password"], setError);
  return (
    <AccountCard
      title="Password"
      refusal={refusal}
      note="Ends every other session; this browser stays signed in."
      saveLabel={hasPassword ? "Change password" : "Set password"}
      saving={isSubmitting}
      onSubmit={handleSubmit(async (body) => {
        clear();
        const { error } = await save({ body });
        if (error) return refuse(error);
        reset();
        toast.success(hasPassword ? "Your password is changed" : "You can now sign in with a password");
      })}
    >
      {hasPassword ? (
        <PasswordField
          label="Current password"
          purpose="current"
          error={errors.current_password?.message}
          {...register("current_password")}
        />
      ) : null}
      <PasswordField
        label="New password"
        purpose="new"
        error={errors.new_password?.message}
        {...register("new_password")}
      />
    </AccountCard>
  );
}
