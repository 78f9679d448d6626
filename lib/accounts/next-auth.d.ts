import type { SessionUser } from "@/lib/accounts/session-token";

declare module "next-auth" {
  interface Session {
    user: SessionUser;
  }
  interface User extends SessionUser {}
}

declare module "next-auth/jwt" {
  interface JWT {
    /** The account's tokenVersion when the session was issued. */
    version?: number;
  }
}
