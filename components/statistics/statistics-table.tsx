"use client";
import { Card, CardFooter } from "@/components/ui/card";
import { formatNumber, formatPercent } from "@/components/ui/format";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { Statistics } from "@/lib/contracts/statistics";
import { bucketWords, shortDuration } from "./axis";
import { attemptsOf } from "./points";

const localOffset = (ms: number) => -new Date(ms).getTimezoneOffset();
const time = (ms: number | undefined) => (ms === undefined ? "–" : shortDuration(ms));

/** The numbers behind the charts, newest first; times in which nothing happened are left out and counted. */
export function StatisticsTable({ statistics }: { statistics: Statistics }) {
  const bucketMs = statistics.bucket_s * 1000;
  const busy = statistics.buckets.filter((bucket) => attemptsOf(bucket) > 0).toReversed();
  const empty = statistics.buckets.length - busy.length;
  return (
    <Card>
      <ScrollRegion label="Statistics as a table" maxHeight="32rem">
        <Table label="Statistics, newest first" density="compact" wrapperClassName="max-lg:overflow-x-visible">
          <THead>
            <TR>
              <TH>Time</TH>
              <TH align="end">Succeeded</TH>
              <TH align="end">Failed</TH>
              <TH align="end">Success</TH>
              <TH align="end">Delivered</TH>
              <TH align="end">Given up</TH>
              <TH align="end">Latency p50</TH>
              <TH align="end">p95</TH>
              <TH align="end">p99</TH>
              <TH align="end">Queue age p50</TH>
              <TH align="end">p95</TH>
            </TR>
          </THead>
          <TBody>
            {busy.map((bucket) => (
              <TR key={bucket.start}>
                <TD stackAs="title">{bucketWords(Date.parse(bucket.start), bucketMs, localOffset)}</TD>
                <TD label="Succeeded" align="end">
                  {formatNumber(bucket.attempts_ok)}
                </TD>
                <TD label="Failed" align="end">
                  {formatNumber(bucket.attempts_failed)}
                </TD>
                <TD label="Success" align="end">
                  {bucket.success_rate === null ? "–" : formatPercent(bucket.success_rate)}
                </TD>
                <TD label="Delivered" align="end">
                  {formatNumber(bucket.delivered)}
                </TD>
                <TD label="Given up" align="end">
                  {formatNumber(bucket.failed)}
                </TD>
                <TD label="Latency p50" align="end">
                  {time(bucket.latency_ms?.p50)}
                </TD>
                <TD label="Latency p95" align="end">
                  {time(bucket.latency_ms?.p95)}
                </TD>
                <TD label="Latency p99" align="end">
                  {time(bucket.latency_ms?.p99)}
                </TD>
                <TD label="Queue age p50" align="end">
                  {time(bucket.queue_wait_ms?.p50)}
                </TD>
                <TD label="Queue age p95" align="end">
                  {time(bucket.queue_wait_ms?.p95)}
                </TD>
              </TR>
            ))}
          </TBody>
        </Table>
      </ScrollRegion>
      <CardFooter>
        <span>
          {formatNumber(busy.length)} of {formatNumber(statistics.buckets.length)} times
          {empty > 0 ? "; in the others nothing was attempted" : ""}
        </span>
      </CardFooter>
    </Card>
  );
}
