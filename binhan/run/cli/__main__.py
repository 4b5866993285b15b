"""python -m binhan.run.cli."""
import sys

from binhan.run.cli import main

sys.exit(main())
