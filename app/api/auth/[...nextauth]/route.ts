import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions } from "@/lib/accounts/auth-options";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handler(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  // next-auth would let anybody write into our log here.
  if (nextauth[0] === "_log") return new Response(null, { status: 204 });
  return NextAuth(request, context, authOptions(request));
}

export { handler as GET, handler as POST };
