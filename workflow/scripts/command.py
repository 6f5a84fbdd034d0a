"""The `headroom` command: `.venv/bin/headroom` runs this file. What it does lies in workflow/headroom/command/."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from headroom.command._main import main

    sys.exit(main())
