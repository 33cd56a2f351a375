"""How JupyterLab opens a saved notebook: without controls whose kernel has gone.

A control lives in a kernel, and a notebook saves that it was shown. Where that kernel has gone,
JupyterLab would say "Error displaying widget: model not found"; here it shows the sentence that
stands for the controls, and the still. `classroom/jupyterlab` sets this up.
"""

from typing import Any

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
