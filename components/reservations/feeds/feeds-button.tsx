"use client";
import { CalendarSync } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { FeedsDialog } from "./feeds-dialog";

/** Opens the calendars to subscribe to. */
export function FeedsButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <CalendarSync aria-hidden="true" />
        Subscribe
      </Button>
      <FeedsDialog open={open} onOpenChange={setOpen} />
    </>
  );
}
