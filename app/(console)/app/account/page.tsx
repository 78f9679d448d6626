import type { Metadata } from "next";
import { AccountScreen } from "@/components/accounts/account-screen";
import { enabledProviders } from "@/lib/accounts/oauth-providers";

export const metadata: Metadata = { title: "Account" };

export default function AccountPage() {
  return <AccountScreen providers={enabledProviders()} />;
}
