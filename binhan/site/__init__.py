"""Composition root: settings, urls, processes, wiring, the command line."""
import warnings

# The embedded PostgreSQL's package asks for a runtime folder that servers without a desktop do not have, and that we
# never use.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
