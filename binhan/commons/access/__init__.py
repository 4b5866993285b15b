"""Who may do what, in which ward, until when; tenancy scopes and personal API tokens."""
