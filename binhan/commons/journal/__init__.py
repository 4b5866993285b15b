"""The spine: one gapless, hash-chained row per change, per ward."""
