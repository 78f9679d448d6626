/**
 * What must hold of the ledger at any moment, as SQL that returns a row for each violation and so none. The self-audit
 * runs them; so do the tests.
 */
export const ledgerChecks: readonly { name: string; sql: string }[] = [
  {
    name: "Every transaction of the ledger sums to zero, of each grant and in all",
    sql: `SELECT transaction_id, grant_id, sum(amount)::text AS sum FROM ledger_entry
           GROUP BY transaction_id, grant_id HAVING sum(amount) <> 0`,
  },
  {
    name: "Every transaction says what its entries say, and has some",
    sql: `SELECT t.id FROM ledger_transaction t
            LEFT JOIN (SELECT transaction_id,
                              coalesce(sum(amount) FILTER (WHERE account = 'available'), 0) AS available,
                              coalesce(sum(amount) FILTER (WHERE account = 'held'), 0) AS held
                         FROM ledger_entry GROUP BY transaction_id) e ON e.transaction_id = t.id
           WHERE e.transaction_id IS NULL OR e.available <> t.available_delta OR e.held <> t.held_delta`,
  },
  {
    name: "The balances of a grant are the sums of its entries",
    sql: `SELECT g.id FROM credit_grant g
            LEFT JOIN (SELECT grant_id,
                              coalesce(sum(amount) FILTER (WHERE account = 'available'), 0) AS available,
                              coalesce(sum(amount) FILTER (WHERE account = 'held'), 0) AS held
                         FROM ledger_entry GROUP BY grant_id) e ON e.grant_id = g.id
           WHERE g.available <> coalesce(e.available, 0) OR g.held <> coalesce(e.held, 0)`,
  },
  {
    name: "The balances of an account are the sums of its grants",
    sql: `SELECT a.project_id FROM credit_account a
            LEFT JOIN (SELECT project_id, sum(available) AS available, sum(held) AS held FROM credit_grant GROUP BY project_id) g
              ON g.project_id = a.project_id
           WHERE a.available <> coalesce(g.available, 0) OR a.held <> coalesce(g.held, 0)`,
  },
  {
    name: "Running balances follow from line to line without a gap, and end at the account's",
    sql: `SELECT project_id, seq FROM (
            SELECT t.project_id, t.seq, t.available_after, t.held_after, t.created_at,
                   lag(t.seq, 1, 0::bigint) OVER w + 1 AS next_seq,
                   lag(t.available_after, 1, 0::bigint) OVER w + t.available_delta AS available,
                   lag(t.held_after, 1, 0::bigint) OVER w + t.held_delta AS held,
                   lag(t.created_at) OVER w AS before
              FROM ledger_transaction t WINDOW w AS (PARTITION BY t.project_id ORDER BY t.seq)) line
           WHERE seq <> next_seq OR available_after <> available OR held_after <> held OR created_at < before
          UNION ALL
          SELECT a.project_id, a.last_seq FROM credit_account a
            LEFT JOIN ledger_transaction t ON t.project_id = a.project_id AND t.seq = a.last_seq
           WHERE a.last_seq <> coalesce(t.seq, 0) OR a.available <> coalesce(t.available_after, 0)
              OR a.held <> coalesce(t.held_after, 0)`,
  },
  {
    name: "No balance is negative, and no line leaves one so",
    sql: `SELECT project_id FROM credit_account WHERE available < 0 OR held < 0
          UNION ALL SELECT id FROM credit_grant WHERE available < 0 OR held < 0 OR available + held > amount
          UNION ALL SELECT id FROM ledger_transaction WHERE available_after < 0 OR held_after < 0`,
  },
  {
    name: "What is held of a grant is what is held of it for reservations",
    sql: `SELECT g.id FROM credit_grant g
            LEFT JOIN (SELECT grant_id, sum(held) AS held FROM credit_hold GROUP BY grant_id) h ON h.grant_id = g.id
           WHERE g.held <> coalesce(h.held, 0)`,
  },
  {
    name: "What is held and spent for a reservation is what the ledger says",
    sql: `SELECT h.reservation_id, h.grant_id FROM credit_hold h
            LEFT JOIN (SELECT t.reservation_id, e.grant_id,
                              coalesce(sum(e.amount) FILTER (WHERE e.account = 'held'), 0) AS held,
                              coalesce(sum(e.amount) FILTER (WHERE e.account = 'spent'), 0) AS spent
                         FROM ledger_entry e JOIN ledger_transaction t ON t.id = e.transaction_id
                        WHERE t.reservation_id IS NOT NULL GROUP BY t.reservation_id, e.grant_id) l
              ON l.reservation_id = h.reservation_id AND l.grant_id = h.grant_id
           WHERE h.held <> coalesce(l.held, 0) OR h.captured <> coalesce(l.spent, 0)`,
  },
  {
    name: "A reservation that is not over holds what of its price is not used yet; one that is over holds nothing",
    sql: `SELECT r.id FROM reservation r
            LEFT JOIN (SELECT reservation_id, sum(held) AS held FROM credit_hold GROUP BY reservation_id) h
              ON h.reservation_id = r.id
           WHERE coalesce(h.held, 0) <> CASE WHEN r.status IN ('held', 'confirmed', 'active')
                                             THEN r.total_micros - r.captured_micros ELSE 0 END`,
  },
];
