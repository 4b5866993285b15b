"""Every waiting state's clock, and the dated policy rows that say how long."""
