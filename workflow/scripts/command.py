"""The `headroom` command: `.venv/bin/headroom` runs this file. See workflow/headroom/command/."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from headroom.command._main import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
