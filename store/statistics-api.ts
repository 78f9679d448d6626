import { getMissedEvents, type MissedEvents } from "@/lib/contracts/missed";
import { getProjectStatistics, getWebhookStatistics, type Statistics } from "@/lib/contracts/statistics";
import { api } from "@/store/api";
import { request } from "@/store/request";

const HOUR_MS = 3600 * 1000;

/** The last `hours` hours, up to when they are read; without a webhook over the whole project. */
export type StatisticsArg = { projectId: string; webhookId?: string | undefined; hours: number };

export const statisticsApi = api.injectEndpoints({
  endpoints: (build) => ({
    getStatistics: build.query<Statistics, StatisticsArg>({
      query: ({ projectId, webhookId, hours }) => {
        const query = { from: new Date(Date.now() - hours * HOUR_MS).toISOString() };
        return webhookId === undefined
          ? request(getProjectStatistics, { params: { project_id: projectId }, query })
          : request(getWebhookStatistics, { params: { project_id: projectId, webhook_id: webhookId }, query });
      },
      providesTags: ["Statistics"],
    }),
    /**
     * Counting them is not free, so it does not follow every change of the webhooks, only that of the status.
     * @param since when the status became what it is
     */
    getMissedEvents: build.query<MissedEvents, { projectId: string; webhookId: string; since: string }>({
      query: ({ projectId, webhookId }) =>
        request(getMissedEvents, { params: { project_id: projectId, webhook_id: webhookId } }),
      providesTags: ["Statistics"],
    }),
  }),
});

export const { useGetStatisticsQuery, useGetMissedEventsQuery } = statisticsApi;
