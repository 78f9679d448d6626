/**
 * What must hold of bookings at any moment, as SQL that returns a row for each exception and so none. They look at the
 * tables alone and share no code with what writes them.
 */
export const bookingChecks: readonly { name: string; sql: string }[] = [
  {
    name: "No GPU is booked twice at the same time",
    sql: `SELECT unit_id, id, other FROM (
            SELECT unit_id, id, blocks_from, lag(id) OVER w AS other, max(blocks_to) OVER (
                     PARTITION BY unit_id ORDER BY blocks_from, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_to
              FROM allocation WINDOW w AS (PARTITION BY unit_id ORDER BY blocks_from, id)) a
           WHERE taken_to > blocks_from`,
  },
  {
    name: "Every booking has exactly the GPUs it was promised, in every part of its time",
    // At the beginning of each part and wherever an allocation begins within it: after a failover others go on.
    sql: `SELECT r.id, s.starts_at, s.gpu_count, m.at, count(a.id) AS has
            FROM reservation r
            CROSS JOIN LATERAL jsonb_to_recordset(r.segments) AS s (starts_at timestamptz, ends_at timestamptz, gpu_count int)
            CROSS JOIN LATERAL (
              SELECT s.starts_at AS at
              UNION SELECT x.starts_at FROM allocation x
                     WHERE x.reservation_id = r.id AND x.starts_at > s.starts_at AND x.starts_at < s.ends_at
              UNION SELECT x.ends_at FROM allocation x
                     WHERE x.reservation_id = r.id AND x.ends_at > s.starts_at AND x.ends_at < s.ends_at) m
            LEFT JOIN allocation a ON a.reservation_id = r.id AND a.starts_at <= m.at AND a.ends_at > m.at
           WHERE r.status IN ('held', 'confirmed', 'active')
           GROUP BY r.id, s.starts_at, s.gpu_count, m.at HAVING count(a.id) <> s.gpu_count`,
  },
  {
    name: "No booking has a GPU outside of its time",
    sql: `SELECT r.id, a.seconds, s.seconds FROM reservation r
            CROSS JOIN LATERAL (SELECT coalesce(sum(extract(epoch FROM ends_at - starts_at)), 0) AS seconds
                                  FROM allocation WHERE reservation_id = r.id) a
            CROSS JOIN LATERAL (SELECT sum(extract(epoch FROM ends_at - starts_at) * gpu_count) AS seconds
                                  FROM jsonb_to_recordset(r.segments) AS x (starts_at timestamptz, ends_at timestamptz, gpu_count int)) s
           WHERE r.status IN ('held', 'confirmed', 'active') AND a.seconds <> s.seconds
          UNION ALL
          SELECT r.id, extract(epoch FROM a.ends_at), extract(epoch FROM r.ended_at)
            FROM reservation r JOIN allocation a ON a.reservation_id = r.id
           WHERE r.status IN ('completed', 'cancelled', 'expired') AND (r.ended_at IS NULL OR a.ends_at > r.ended_at)`,
  },
  {
    name: "What is booked and the failover reserve are never more than the pool has",
    sql: `SELECT pool_id, at, booked, units - reserve_units AS sold FROM (
            SELECT d.pool_id, d.at, sum(d.delta) OVER (PARTITION BY d.pool_id ORDER BY d.at) AS booked, p.reserve_units,
                   (SELECT count(*) FROM unit u WHERE u.pool_id = p.id AND u.retired_at IS NULL) AS units
              FROM (SELECT pool_id, at, sum(delta) AS delta FROM (
                      SELECT pool_id, blocks_from AS at, 1 AS delta FROM allocation WHERE kind = 'booking' AND blocks_to > now()
                      UNION ALL SELECT pool_id, blocks_to, -1 FROM allocation WHERE kind = 'booking' AND blocks_to > now()) x
                     GROUP BY pool_id, at) d
              JOIN pool p ON p.id = d.pool_id) y
           WHERE booked > greatest(units - reserve_units, 0) AND at > now()`,
  },
  {
    name: "The count of what is free is that of the bookings themselves",
    sql: `SELECT coalesce(u.pool_id, a.pool_id), coalesce(u.at, a.at), u.delta, a.delta
            FROM (SELECT pool_id, at, delta FROM pool_usage WHERE delta <> 0) u
            FULL JOIN (SELECT pool_id, at, sum(delta) AS delta FROM (
                         SELECT pool_id, blocks_from AS at, 1 AS delta FROM allocation
                         UNION ALL SELECT pool_id, blocks_to, -1 FROM allocation) x
                        GROUP BY pool_id, at HAVING sum(delta) <> 0) a
              ON a.pool_id = u.pool_id AND a.at = u.at
           WHERE u.delta IS DISTINCT FROM a.delta`,
  },
  {
    name: "Every GPU of a booking is in the pool that it is booked in",
    sql: `SELECT a.id FROM allocation a JOIN unit u ON u.id = a.unit_id LEFT JOIN reservation r ON r.id = a.reservation_id
           WHERE a.pool_id <> u.pool_id
              OR (a.pool_id <> coalesce(r.pool_id, a.pool_id)
                  AND NOT EXISTS (SELECT 1 FROM failover f WHERE f.reservation_id = r.id AND a.ends_at <= f.moved_at
                                     AND ((f.pool_id = a.pool_id AND f.to_pool_id <> f.pool_id)
                                       OR a.unit_id = ANY (f.tried_units))))`,
  },
  {
    name: "What was promised on one node is on one node",
    sql: `SELECT DISTINCT r.id FROM reservation r
            JOIN allocation a ON a.reservation_id = r.id JOIN unit u ON u.id = a.unit_id
            JOIN allocation b ON b.reservation_id = r.id AND b.starts_at < a.ends_at AND a.starts_at < b.ends_at
            JOIN unit v ON v.id = b.unit_id AND v.node_id <> u.node_id
           WHERE r.topology = 'single_node' AND r.status IN ('held', 'confirmed', 'active')`,
  },
  {
    name: "Start, end and number of a booking are those of its parts",
    sql: `SELECT r.id FROM reservation r
            CROSS JOIN LATERAL (
              SELECT min(starts_at) AS starts_at, max(ends_at) AS ends_at, max(gpu_count) AS gpu_count,
                     bool_and(starts_at < ends_at AND gpu_count > 0) AS sound
                FROM jsonb_to_recordset(r.segments) AS x (starts_at timestamptz, ends_at timestamptz, gpu_count int)) s
           WHERE s.sound IS NOT TRUE OR r.starts_at <> s.starts_at OR r.ends_at <> s.ends_at OR r.gpu_count <> s.gpu_count`,
  },
  {
    name: "The price of a booking is the sum of its lines, and what it costs",
    sql: `SELECT r.id FROM reservation r
            CROSS JOIN LATERAL (SELECT coalesce(sum((line ->> 'total_micros')::bigint), 0) AS total
                                  FROM jsonb_array_elements(r.price -> 'lines') AS line) l
           WHERE l.total <> (r.price ->> 'total_micros')::bigint
              OR (r.status IN ('held', 'confirmed', 'active', 'completed') AND r.total_micros <> l.total)`,
  },
  {
    name: "What was spent on a booking is what it used and the fees of what was given back",
    sql: `SELECT r.id, r.captured_micros, r.fees_micros, h.captured FROM reservation r
            CROSS JOIN LATERAL (SELECT coalesce(sum(captured), 0) AS captured FROM credit_hold WHERE reservation_id = r.id) h
           WHERE h.captured <> r.captured_micros + r.fees_micros
              OR (r.status IN ('completed', 'cancelled', 'expired') AND r.captured_micros <> r.total_micros)`,
  },
  {
    name: "Every booking is in a state that its history and the time account for",
    sql: `SELECT r.id, r.status FROM reservation r
            LEFT JOIN LATERAL (SELECT max(version) AS version, bool_or(kind = 'created') AS created,
                                      bool_or(kind = 'started') AS started, bool_or(kind = 'ended') AS ended,
                                      bool_or(kind = 'cancelled') AS cancelled, bool_or(kind = 'expired') AS expired
                                 FROM reservation_change WHERE reservation_id = r.id) c ON true
           WHERE c.created IS NOT TRUE OR c.version <> r.version
              OR (r.status = 'active') <> (c.started AND NOT c.ended AND NOT c.cancelled)
              OR (r.status = 'completed') <> c.ended OR (r.status = 'cancelled') <> c.cancelled
              OR (r.status = 'expired') <> c.expired
              OR (r.status = 'held' AND r.hold_expires_at < now() - interval '1 hour')
              OR (r.status = 'confirmed' AND r.starts_at < now() - interval '1 hour')
              OR (r.status = 'active' AND r.ends_at < now() - interval '1 hour')`,
  },
  {
    name: "No booking that has begun is left on a GPU that failed",
    sql: `SELECT r.id, u.id AS unit_id FROM reservation r
            JOIN allocation a ON a.reservation_id = r.id JOIN unit u ON u.id = a.unit_id
           WHERE u.health = 'failed' AND r.status = 'active' AND a.starts_at <= now() AND a.ends_at > now()
             AND greatest(u.health_since, a.starts_at) < now() - interval '15 minutes'`,
  },
  {
    name: "A GPU that failed is sold to nobody, and one that is healthy is not kept away",
    sql: `SELECT u.id, u.health FROM unit u
           WHERE u.retired_at IS NULL AND u.health_since < now() - interval '15 minutes'
             AND (u.health = 'failed') <> EXISTS (
               SELECT 1 FROM allocation a WHERE a.unit_id = u.id AND a.kind = 'outage' AND a.ends_at > now())`,
  },
];
