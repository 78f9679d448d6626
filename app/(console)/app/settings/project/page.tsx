import type { Metadata } from "next";
import { ProjectScreen } from "@/components/accounts/project-screen";

export const metadata: Metadata = { title: "Project" };

export default function ProjectPage() {
  return <ProjectScreen />;
}
