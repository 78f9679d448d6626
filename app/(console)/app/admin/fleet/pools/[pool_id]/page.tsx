import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PoolScreen } from "@/components/fleet/pool-screen";
import { requireUser } from "@/lib/accounts/session";

export const metadata: Metadata = { title: "Pool" };

/** For everybody else there is no such page. The API decides again. */
export default async function PoolPage({ params }: { params: Promise<{ pool_id: string }> }) {
  const { isAdmin } = await requireUser("/app/admin/fleet");
  if (!isAdmin) notFound();
  const { pool_id } = await params;
  return <PoolScreen key={pool_id} poolId={pool_id} />;
}
