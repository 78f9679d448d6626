import { memo, useId } from "react";
import type { DeliveryBucket } from "@/lib/contracts/delivery-log";
import { layersOf, type Series } from "./chart-model";

export type ChartBarsProps = { buckets: readonly DeliveryBucket[]; height: number };

/** The bars alone. Failed is hatched, pending dotted and cancelled outlined, so that no colour is needed to tell them. */
export const ChartBars = memo(function ChartBars({ buckets, height }: ChartBarsProps) {
  const id = useId();
  const peak = Math.max(
    1,
    ...buckets.map((bucket) => bucket.delivered + bucket.failed + bucket.pending + bucket.cancelled),
  );
  const width = 100 / Math.max(1, buckets.length);
  return (
    <svg aria-hidden="true" width="100%" height={height} className="block overflow-visible">
      <SeriesPatterns id={id} />
      <line x1="0" x2="100%" y1={height - 0.5} y2={height - 0.5} className="stroke-line-strong" />
      {buckets.map((bucket, index) =>
        layersOf(bucket, peak, height).map((layer) => (
          <rect
            key={`${bucket.at} ${layer.series}`}
            x={`${index * width + width * 0.08}%`}
            y={layer.y}
            width={`${width * 0.84}%`}
            height={layer.height}
            {...fillOf(layer.series, id)}
          />
        )),
      )}
    </svg>
  );
});

/** The mark of a series in the legend, as its bars look. */
export function SeriesMark({ series }: { series: Series }) {
  const id = useId();
  return (
    <svg aria-hidden="true" width="10" height="10" className="shrink-0">
      <SeriesPatterns id={id} />
      <rect x="0.5" y="0.5" width="9" height="9" rx="1.5" {...fillOf(series, id)} />
    </svg>
  );
}

function SeriesPatterns({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={`${id}-failed`} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="4" height="4" className="fill-danger-fill" />
        <rect width="1.2" height="4" className="fill-surface" />
      </pattern>
      <pattern id={`${id}-pending`} width="4" height="4" patternUnits="userSpaceOnUse">
        <rect width="4" height="4" className="fill-accent-soft" />
        <circle cx="1" cy="1" r="0.9" className="fill-accent" />
        <circle cx="3" cy="3" r="0.9" className="fill-accent" />
      </pattern>
    </defs>
  );
}

function fillOf(series: Series, id: string) {
  switch (series) {
    case "delivered":
      return { className: "fill-positive-fill" };
    case "failed":
      return { fill: `url(#${id}-failed)` };
    case "pending":
      return { fill: `url(#${id}-pending)`, className: "stroke-accent", strokeWidth: 0.5 };
    case "cancelled":
      return { className: "fill-surface-sunken stroke-control", strokeWidth: 1 };
  }
}
