import type { EventNews } from "@/lib/contracts/events";
import { api } from "@/store/api";
import type { Mirror } from "@/store/live-mirror";

const ABOUT_CONFIGURATIONS = /^(config|variant|evaluation)\./;

/**
 * Whatever changes a configuration emits an event, so the news of events are the news of configurations. An event is told
 * again with each of its deliveries: only what was not seen before counts. Call it before the events are taken in.
 */
export function takeInConfigEvents({ dispatch, getState }: Mirror, news: readonly EventNews[]): void {
  const { seenEvents } = getState().live;
  const isNew = ({ id, type }: EventNews) => ABOUT_CONFIGURATIONS.test(type) && seenEvents[id] === undefined;
  if (news.some(isNew)) dispatch(api.util.invalidateTags(["Configuration"]));
}
