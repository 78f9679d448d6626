import { useGetHistogramQuery } from "@/store/delivery-log-api";
import type { DeliveryFilter } from "@/store/delivery-mirror";

/** The counts of the log's chart for the log's own filter. What was read stays while it is read again. */
export function useHistogram(arg: { projectId: string; filter: DeliveryFilter }) {
  const query = useGetHistogramQuery(arg);
  return {
    histogram: query.currentData,
    error: query.currentData === undefined && query.isError ? query.error : undefined,
    isFetching: query.isFetching,
    retry: () => void query.refetch(),
  };
}
