import type { Metadata } from "next";
import { EditorScreen } from "@/components/configurations/editor-screen";

export const metadata: Metadata = { title: "Editor" };

export default function ConfigEditorPage() {
  return <EditorScreen />;
}
