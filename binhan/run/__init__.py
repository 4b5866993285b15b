"""How an installation runs: processes and their supervisor, embedded PostgreSQL, front door, backups, the command line."""
import warnings

# The embedded PostgreSQL's package asks for a runtime folder that servers without a desktop do not have, and that we
# never use.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
