-- How far a round has come, counted where the doors are: a line for each sort of door, not one for each door.

-- Where each door of a round stands that had a visit; the same as rules/record.door_state says: the tests compare them.
CREATE OR REPLACE FUNCTION visits_standings(of_round uuid) RETURNS TABLE (
  dwelling uuid, state text, absent int, first_at timestamptz, reached_at timestamptz
) LANGUAGE sql STABLE AS $$
  SELECT v.dwelling_id,
         CASE WHEN bool_or(v.outcome = 'met') THEN 'reached'
              WHEN bool_or(v.outcome = 'refused') THEN 'refused'
              ELSE replace((array_agg(v.outcome ORDER BY v.started_at DESC, v.id DESC))[1], 'moved', 'vacant') END,
         (count(*) FILTER (WHERE v.outcome = 'not_home'))::int,
         min(v.started_at), min(v.started_at) FILTER (WHERE v.outcome = 'met')
  FROM casework_visit v WHERE v.round_id = of_round GROUP BY v.dwelling_id
$$;

-- The doors of a round – of these teams, of these khu phố, or all (NULL) – by all that the tables tell apart: khu phố,
-- way, team, the places that may have priority, state, whether nobody was home more than once, and the Mondays of the
-- weeks in which they were first approached and first reached, in the time zone `zone`.
CREATE OR REPLACE FUNCTION visits_counted(of_round uuid, teams uuid[], areas uuid[], zone text) RETURNS TABLE (
  area text, way text, team text, area_id uuid, group_id uuid, way_id uuid, parent_id uuid, state text, often boolean,
  approached_in date, reached_in date, doors int
) LANGUAGE sql STABLE AS $$
  SELECT a.name, coalesce(y.name, ''), m.name, x.door_area, x.group_id, x.way_id, y.parent_id, x.state, x.often,
         x.approached_in, x.reached_in, x.doors::int
  FROM (
    -- Few lines first, by ids: names are joined to them, not to every door.
    SELECT t.area_id, t.team_id, w.area_id AS door_area, w.group_id, w.way_id, coalesce(s.state, 'not_yet') AS state,
           coalesce(s.absent > 1, false) AS often,
           date_trunc('week', s.first_at AT TIME ZONE zone)::date AS approached_in,
           date_trunc('week', s.reached_at AT TIME ZONE zone)::date AS reached_in, count(*) AS doors
    FROM casework_turf_door c
    JOIN casework_turf t ON t.id = c.turf_id
    JOIN casework_dwelling w ON w.id = c.dwelling_id
    LEFT JOIN visits_standings(of_round) s ON s.dwelling = c.dwelling_id
    WHERE c.round_id = of_round AND (teams IS NULL OR t.team_id = ANY (teams))
      AND (areas IS NULL OR t.area_id = ANY (areas))
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9) x
  JOIN places_area a ON a.id = x.area_id
  JOIN casework_team m ON m.id = x.team_id
  LEFT JOIN places_way y ON y.id = x.way_id
$$;
