"""Door to door: households, visits, petitions, mediation, campaigns, support."""
