-- Which desks have a ward on screen now. Unlogged: after a crash nobody is watching, which is the truth.
CREATE UNLOGGED TABLE IF NOT EXISTS live_presence (
  stream_id uuid PRIMARY KEY, ward_id int NOT NULL, account_id uuid, seen_at timestamptz NOT NULL,
  visible boolean NOT NULL DEFAULT true);
CREATE INDEX IF NOT EXISTS live_presence_ward ON live_presence (ward_id, seen_at);
