"""Take the README's picture: the initialization lab in JupyterLab, after two runs.

    uv run python -m experiments.picture_of_the_lab

Writes .github/initialization_lab.png.
"""

import io

from PIL import Image

from tools.jupyterlab import ROOT, cell_of, notebook_page


def main() -> None:
    with notebook_page("07_initialization_lab.ipynb") as page:
        start = page.get_by_role("button", name="Start", exact=True).first
        start.scroll_into_view_if_needed()
        cell = cell_of(start)
        gain, depth = (
            cell.get_by_role("slider", name=name) for name in ("gain g", "hidden layers")
        )
        for _ in range(2):
            depth.press("PageUp")
        for key, steps in (("ArrowLeft", 20), ("ArrowRight", 41)):
            for _ in range(steps):
                gain.press(key)
            start.click()
            cell.get_by_text("(finished)").wait_for(timeout=120_000)
            if key == "ArrowLeft":
                cell.get_by_role("button", name="Keep", exact=True).click()
        page.wait_for_timeout(1000)
        whole = Image.open(io.BytesIO(cell.screenshot()))
    whole.crop((0, 0, 1040, whole.height)).save(ROOT / ".github" / "initialization_lab.png")


if __name__ == "__main__":
    main()
