"""From a press to a closed incident: incidents, patrols, recommendation, assignments."""
