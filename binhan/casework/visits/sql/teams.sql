-- The teams of these rounds that an account is on: it holds the role, it is named to the team – or nobody is – and the
-- team's khu phố are among those for which it holds the role.
CREATE OR REPLACE FUNCTION visits_teams_of(account uuid, ward int, rounds uuid[], team_role text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE AS $$
DECLARE
  whole boolean;   -- of the whole ward; NULL: of nothing at all
  areas uuid[];
BEGIN
  SELECT bool_or(g.area_id IS NULL), array_agg(g.area_id) INTO whole, areas FROM access_grant g
  WHERE g.ward_id = ward AND g.account_id = account AND g.role = team_role
    AND g.valid_from <= clock_timestamp() AND (g.valid_to IS NULL OR g.valid_to > clock_timestamp());
  IF whole IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT t.id FROM casework_team t WHERE t.round_id = ANY (rounds) AND t.ward_id = ward
    AND (EXISTS (SELECT FROM casework_team_member m WHERE m.team_id = t.id AND m.account_id = account)
         OR NOT EXISTS (SELECT FROM casework_team_member m WHERE m.team_id = t.id))
    AND (whole OR NOT EXISTS (SELECT FROM casework_round_area a WHERE a.team_id = t.id AND a.area_id <> ALL (areas)));
END
$$;
