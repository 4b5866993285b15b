"""python -m binhan.site.cli."""
import sys

from binhan.site.cli import main

sys.exit(main())
