import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { UiProviders } from "@/components/ui/providers";
import { StoreProvider } from "@/store/provider";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Dumont", template: "%s · Dumont" },
  description: "Book GPUs, pay with prepaid credits, and watch every webhook.",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fafafb" },
    { media: "(prefers-color-scheme: dark)", color: "#0d0e11" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    // The theme's script sets data-theme before React wakes up.
    <html lang="en" suppressHydrationWarning>
      <body>
        <UiProviders nonce={nonce}>
          <NuqsAdapter>
            <StoreProvider>{children}</StoreProvider>
          </NuqsAdapter>
        </UiProviders>
      </body>
    </html>
  );
}
