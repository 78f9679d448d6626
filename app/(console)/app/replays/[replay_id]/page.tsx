import type { Metadata } from "next";
import { ReplayPage } from "@/components/replays/replay-page";

export const metadata: Metadata = { title: "Replay" };

export default async function OneReplayPage({ params }: { params: Promise<{ replay_id: string }> }) {
  const { replay_id } = await params;
  return <ReplayPage key={replay_id} replayId={replay_id} />;
}
