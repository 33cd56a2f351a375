"""Who may enter: whoever knows the room's password, for trying; for a room, accounts."""

import asyncio
import json
from pathlib import Path

from jupyter_server.auth import passwd_check
from jupyterhub.auth import Authenticator, PAMAuthenticator
from throttle import Throttle
from tornado.web import HTTPError
from traitlets import Unicode


def address_of(request) -> str:
    """Return from where a request comes, as the proxy saw it; the sender may write an X-Real-Ip."""
    if "X-Real-Ip" in request.headers:
        return request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    return request.remote_ip


class Slowed(Authenticator):
    """Refuse to look at a password while its name or its address has to wait."""

    def __init__(self, **options):
        super().__init__(**options)
        self._throttle = Throttle()

    async def authenticate(self, handler, data):
        """Return who has logged in, if the password is right."""
        name = self.normalize_username(data.get("username", ""))
        who = {"name": name, "address": address_of(handler.request)}
        wait = self._throttle.begin(**who)
        if wait:
            raise HTTPError(429, f"Too many wrong passwords: try again in {wait} seconds.")
        found = await super().authenticate(handler, data)
        if found:
            self._throttle.succeeded(**who)
        return found


class _RoomPassword(Authenticator):
    """One password for the room, under any name; `teacher`, an admin, has another."""

    hashes = Unicode(help="The file that passwords.py writes.").tag(config=True)

    async def authenticate(self, handler, data):
        name = self.normalize_username(data["username"])
        who = "teacher" if name == "teacher" else "room"
        stored = json.loads(Path(self.hashes).read_text("utf-8")).get(who, "")
        if await asyncio.to_thread(passwd_check, stored, data["password"]):
            return {"name": name, "admin": who == "teacher"}
        return None


class RoomPassword(Slowed, _RoomPassword):
    """For trying: whoever knows the room's password."""


class Accounts(Slowed, PAMAuthenticator):
    """For a room: accounts of the machine, with their own passwords."""
