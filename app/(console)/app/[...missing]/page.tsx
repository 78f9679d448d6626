import { notFound } from "next/navigation";

/** Any address of the console that is no page, so that "not found" stands in the console's frame. */
export default function MissingPage(): never {
  notFound();
}
