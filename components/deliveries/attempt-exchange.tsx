"use client";
import { useProject } from "@/components/shell/project-context";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { getRequestBody, getResponseBody } from "@/lib/contracts/attempts";
import type { Attempt } from "@/lib/contracts/deliveries";
import { request } from "@/store/request";
import { AttemptCompare } from "./attempt-compare";
import { AttemptRequest } from "./attempt-request";
import { AttemptResponse } from "./attempt-response";
import { TimingWaterfall } from "./timing-waterfall";
import { useExchangePart } from "./use-exchange-part";

export type AttemptExchangeProps = {
  attempt: Attempt;
  deliveryId: string;
  /** Where the delivery goes to. */
  url: string;
};

/** One attempt in full: where its time went, what came back, what was sent, and what was different when it worked. */
export function AttemptExchange({ attempt, deliveryId, url }: AttemptExchangeProps) {
  const { project } = useProject();
  const [part, setPart] = useExchangePart();
  const params = { project_id: project.id, delivery_id: deliveryId, number: String(attempt.number) };
  return (
    <div className="flex flex-col gap-4">
      <TimingWaterfall attempt={attempt} />
      <Tabs value={part} onValueChange={setPart}>
        <TabsList aria-label={`Attempt ${attempt.number}`}>
          <TabsTrigger value="response">Response</TabsTrigger>
          <TabsTrigger value="request">Request</TabsTrigger>
          <TabsTrigger value="compare">
            <span>
              Compare<span className="max-sm:sr-only"> with last success</span>
            </span>
          </TabsTrigger>
        </TabsList>
        <TabsContent value="response" className="flex flex-col gap-3">
          <AttemptResponse attempt={attempt} downloadHref={request(getResponseBody, { params }).url} />
        </TabsContent>
        <TabsContent value="request" className="flex flex-col gap-3">
          <AttemptRequest
            attempt={attempt}
            deliveryId={deliveryId}
            url={url}
            downloadHref={request(getRequestBody, { params }).url}
          />
        </TabsContent>
        <TabsContent value="compare">
          <AttemptCompare deliveryId={deliveryId} number={attempt.number} />
        </TabsContent>
      </Tabs>
    </div>
  );
}
