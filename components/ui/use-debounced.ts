"use client";
import { useEffect, useState } from "react";

/** A value once it has stayed the same for so many milliseconds. Compared by identity: give texts and numbers. */
export function useDebounced<T extends string | number | null>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
