-- After the machine's clock was set back while no sweeper ran: the last moment that is known of lies in the future.
-- Short clocks that were started before the step move back by that much. Returns by how many seconds; 0 where time
-- went on.
CREATE OR REPLACE FUNCTION clocks_rewind() RETURNS double precision
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE ahead interval;
BEGIN
  SELECT greatest(
      (SELECT max(set_at) FROM clocks_clock WHERE due_at - set_at < interval '2 hours'),
      (SELECT max(e.at) FROM journal_head h JOIN journal_entry e ON (e.ward_id, e.seq) = (h.ward_id, h.seq)))
    - clock_timestamp() INTO ahead;
  IF ahead IS NULL OR ahead < interval '2 seconds' THEN  -- clocks of two machines differ by as much
    RETURN 0;
  END IF;
  UPDATE clocks_clock SET due_at = due_at - ahead, set_at = set_at - ahead
    WHERE due_at - set_at < interval '2 hours' AND set_at > clock_timestamp();
  RETURN extract(epoch FROM ahead);
END $$;
