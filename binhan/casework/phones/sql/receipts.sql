-- What a phone's items were answered, and the number up to which all are; when that was.
CREATE OR REPLACE FUNCTION phones_answered(phone uuid, ward int, up_to bigint, items uuid[], kinds text[],
    digests bytea[], statuses text[], answers jsonb[]) RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
  answered_at timestamptz := clock_timestamp();
BEGIN
  INSERT INTO casework_receipt (id, ward_id, device_id, item, kind, digest, status, answer, at)
  SELECT gen_random_uuid(), ward, phone, r.item, r.kind, r.digest, r.status, r.answer, answered_at
  FROM unnest(items, kinds, digests, statuses, answers) AS r (item, kind, digest, status, answer)
  ON CONFLICT (device_id, item) DO UPDATE SET kind = EXCLUDED.kind, digest = EXCLUDED.digest, status = EXCLUDED.status,
    answer = EXCLUDED.answer, at = EXCLUDED.at;
  UPDATE casework_device SET received_to = up_to, seen_at = answered_at WHERE id = phone;
  RETURN answered_at;
END
$$;
