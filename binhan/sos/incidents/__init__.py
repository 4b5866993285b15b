"""An SOS from press to close: its lifecycle, facts, ladder and outcome."""
