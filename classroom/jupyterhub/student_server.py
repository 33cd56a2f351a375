"""What runs first as a student: close the home to others, copy missing notebooks, start the server.

The hub starts it with that student's rights, so a link in a home leads no further than they do.
"""

import os
import sys
from pathlib import Path

from mnist_edu.course.command import lay_out


def main() -> None:
    """Prepare the home and become JupyterHub's server, with the arguments given."""
    Path.home().chmod(0o700)
    try:
        lay_out(Path.home() / "notebooks")
    except OSError as error:  # a full disk: what is there can still be opened, and deleted
        print(f"Not all notebooks could be copied: {error}", file=sys.stderr)
    os.execv(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *sys.argv[1:]])


if __name__ == "__main__":
    main()
