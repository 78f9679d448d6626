import type { Topology } from "@/lib/contracts/availability";
import { type Board, boardOf } from "@/lib/reservations/planner/board";
import { choose } from "@/lib/reservations/planner/choose";
import { freeThroughout } from "@/lib/reservations/planner/depth";
import { type Repacked, repack } from "@/lib/reservations/planner/repack";
import { sampleBoard } from "@/lib/reservations/planner/sample";

/** A unit in service; given in order of node and lane. */
export type Lane = { id: string; nodeId: string };

/** A unit that is taken, in Unix milliseconds, half-open, with buffers. */
export type Busy = {
  allocationId: string;
  unitId: string;
  from: number;
  to: number;
  reservationId: string | null;
  /** Whether it may go to another unit: not pinned, not begun, not about to begin, and seen whole. */
  movable: boolean;
  /** It was promised one node. */
  singleNode?: boolean;
  segment?: number;
};

export type WantSegment = { from: number; to: number; count: number };

export type Want = {
  /** In order. With buffers: those of neighbours may overlap, for they are set up and cleaned up together. */
  segments: WantSegment[];
  topology: Topology;
  /** Units it has already: taken again where they are free. */
  keep?: readonly string[];
  /**
   * Units it cannot leave, because it runs on them or is pinned to them: they come before all others, and without them
   * (as many of them as a segment wants) there is no placement.
   */
  must?: readonly string[];
};

export type Move = { allocationId: string; fromUnit: string; toUnit: string };

export type Placement =
  | { ok: true /** Per segment, in the order of the want. */; units: string[][]; moves: Move[] }
  | {
      ok: false;
      /**
       * capacity: not so many are free. topology: they are free, but not on one node. fragmentation: they are free, but
       * what cannot be moved stands so that no lane is free throughout.
       */
      reason: "capacity" | "fragmentation" | "topology";
      /** What could be had at most throughout, on any nodes. */
      free: number;
    };

/**
 * Finds units for a booking.
 *
 * **Depth decides first**: at no moment may more than `sellable` units be blocked. `sellable` is the units in service
 * without the failover reserve; what is under maintenance or out of order is blocked like what is booked. So whatever is
 * out of service comes off what can be sold and never off the reserve, which is there for the next failure. (A unit that
 * fails while everything is sold makes the depth exceed `sellable`: its booking lives on in the reserve, and nothing new
 * is sold until that is over.)
 *
 * Then the units are chosen without moving anything, best fit by gap; a booking for one node gets the node on which the
 * fewest units stay free. Where that fails, movable bookings go to other units: same range, same number, nothing lost.
 * `busy` has to tell everything that overlaps the want or anything movable.
 */
export function place(lanes: readonly Lane[], sellable: number, busy: readonly Busy[], want: Want): Placement {
  return placeOn(boardOf(lanes, busy, { together: true }), sellable, want);
}

/**
 * The same on a board that is there already; leaves it as it was. What has room on a sample of the board by itself has room
 * on the board: a question that was answered from the sample alone is answered alike here.
 */
export function placeOn(board: Board, sellable: number, want: Want): Placement {
  const free = freeThroughout(sellable, board.depth(), want.segments);
  if (free.spare < 0) return { ok: false, reason: "capacity", free: free.least };
  const found = findRoom(board, want) ?? findRoomInSample(board, want);
  if (found) return { ok: true, ...found };
  return { ok: false, reason: want.topology === "single_node" ? "topology" : "fragmentation", free: free.least };
}

/** Without a look at how many are blocked in all: on part of a pool that says nothing. Leaves the board as it was. */
export function findRoom(board: Board, want: Want): Repacked | null {
  const units = choose(board.lanes, board.table, want);
  return units ? { units, moves: [] } : repack(board, want);
}

function findRoomInSample(board: Board, want: Want): Repacked | null {
  const sample = sampleBoard(board, want);
  return sample && findRoom(sample, want);
}
