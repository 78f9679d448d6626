import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import type { Reservation } from "@/lib/contracts/reservations";
import {
  acceptOffer,
  declineOffer,
  joinWaitlist,
  leaveWaitlist,
  listWaitlist,
  type WaitlistEntry,
} from "@/lib/contracts/waitlist";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { request } from "@/store/request";

export type WaitlistPage = ResponseOf<typeof listWaitlist>;
export type JoinInput = BodyInput<typeof joinWaitlist>;
type InProject = { projectId: string };
type OneEntry = InProject & { entryId: string };

const paramsOf = ({ projectId, entryId }: OneEntry) => ({ project_id: projectId, entry_id: entryId });

/** An answer to an offer books its GPUs or gives them back. */
const SURROUNDINGS = ["Waitlist", "Reservation", "Calendar", "Availability", "Credit"] as const;

/** The project's waiting list; the stream says when it is to be read again. */
export const waitlistApi = api.injectEndpoints({
  endpoints: (build) => ({
    listWaitlist: build.infiniteQuery<WaitlistPage, InProject & { open: boolean }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { projectId, open }, pageParam }) =>
        request(listWaitlist, {
          params: { project_id: projectId },
          query: { cursor: pageParam ?? undefined, ...(open && { open: "true" }) },
        }),
      // Confirming the held reservation elsewhere accepts the offer.
      providesTags: ["Waitlist", "Reservation", { type: "Reservation", id: "LIST" }],
    }),
    joinWaitlist: build.mutation<WaitlistEntry, InProject & { body: JoinInput }>({
      query: ({ projectId, body }) => request(joinWaitlist, { params: { project_id: projectId }, body }),
      invalidatesTags: ["Waitlist"],
    }),
    leaveWaitlist: build.mutation<null, OneEntry>({
      query: (arg) => request(leaveWaitlist, { params: paramsOf(arg) }),
      invalidatesTags: [...SURROUNDINGS],
    }),
    acceptOffer: build.mutation<Reservation, OneEntry>({
      query: (arg) => request(acceptOffer, { params: paramsOf(arg) }),
      invalidatesTags: [...SURROUNDINGS],
    }),
    declineOffer: build.mutation<WaitlistEntry, OneEntry>({
      query: (arg) => request(declineOffer, { params: paramsOf(arg) }),
      invalidatesTags: [...SURROUNDINGS],
    }),
  }),
});

export const {
  useListWaitlistInfiniteQuery,
  useJoinWaitlistMutation,
  useLeaveWaitlistMutation,
  useAcceptOfferMutation,
  useDeclineOfferMutation,
} = waitlistApi;
