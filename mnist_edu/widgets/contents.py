"""How JupyterLab opens a saved notebook, without controls whose kernel has gone, and saves it.

A control lives in a kernel, and a notebook saves that it was shown. Where that kernel has gone,
JupyterLab would say "Error displaying widget: model not found"; here it shows the sentence that
stands for the controls, and the still. `classroom/jupyterlab` sets this up.

Jupyter saves into the file itself, from a copy that it makes before; on a full disk the second try
may copy what the first has broken. Here the old file stays until the new one is whole.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class LabContents(AsyncLargeFileManager):
    """Jupyter's own files, but notebooks without a kernel open without its widgets."""

    async def get(self, path: str, *args: Any, **options: Any) -> dict[str, Any]:
        """Return a file, a notebook or a folder."""
        model = await super().get(path, *args, **options)
        if model["type"] == "notebook" and model["content"] and not await self._has_kernel(path):
            drop_widget_views(model["content"])
        return model

    @contextmanager
    def atomic_writing(self, os_path: str, text: bool = True, **options: Any) -> Iterator[IO[Any]]:
        """Yield a new file, which takes the old one's place when all of it is on the disk."""
        path = Path(os_path).resolve()
        touched = [path.parent, path] if path.exists() else [path.parent]
        if not all(os.access(one, os.W_OK) for one in touched):  # Jupyter knows what to say
            with super().atomic_writing(os_path, text=text, **options) as file:
                yield file
            return
        new = path.with_name(f".{path.name}.saving")
        if text:
            options = {"encoding": "utf-8", "newline": "\n"} | options
        options["mode"] = "w" if text else "wb"
        with self.perm_to_403(os_path):
            try:
                with new.open(**options) as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                if path.exists():
                    shutil.copymode(path, new)
                new.replace(path)
            finally:
                new.unlink(missing_ok=True)

    async def _has_kernel(self, path: str) -> bool:
        server: Any = self.parent
        sessions = await server.session_manager.list_sessions()
        return any(session["path"] == path.strip("/") for session in sessions)


def drop_widget_views(notebook: dict[str, Any]) -> None:
    """Leave of outputs that show a widget, in place, what they show without it.

    Examples
    --------
    >>> output = {"data": {WIDGET_VIEW: {"model_id": "1"}, "text/plain": "(controls)"}}
    >>> drop_widget_views({"cells": [{"outputs": [output]}, {"source": "# Title"}]})
    >>> output
    {'data': {'text/plain': '(controls)'}}
    """
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/plain" in data:
                data.pop(WIDGET_VIEW, None)
