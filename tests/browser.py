"""A real browser without a window, for tests of the page: Chromium over its DevTools pipe, without any library.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from base64 import b64decode
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

_FLAGS = (
    "--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--mute-audio",
    "--hide-scrollbars", "--force-color-profile=srgb", "--remote-debugging-pipe",
)  # fmt: skip

#: Codes of the keys that tests press, as a keyboard sends them.
_KEYS = {
    "Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39,
    "ArrowDown": 40,
}  # fmt: skip

#: Seconds after which a silent browser is taken for dead.
PATIENCE = 30


def installed() -> str | None:
    """Where a Chromium is, None if there is none, or if it cannot be spoken to on this system."""
    if sys.platform == "win32":
        return None
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next(filter(None, map(shutil.which, names)), None)


class Browser:
    """One browser with one page. Whatever the page says in its console or fails at is in `complaints`."""

    def __init__(self, program: str, folder: Path) -> None:
        # The browser reads from its file 3 and writes to its file 4.
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [program, *_FLAGS, *sandbox, f"--user-data-dir={folder}", "about:blank"]
        script = f'exec 3<&{to_read} 4>&{to_write}; exec "$@"'
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["bash", "-c", script, "bash", *command], pass_fds=(to_read, to_write), stdout=log, stderr=log
            )
        os.close(to_read)
        os.close(to_write)
        self._rest = b""
        self._count = 0
        self._session = ""
        self.complaints: list[str] = []
        self.requests: list[str] = []
        target = next(
            each for each in self("Target.getTargets")["targetInfos"] if each["type"] == "page"
        )["targetId"]  # fmt: skip
        self._session = self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._session = ""
            self("Browser.close")
            self._process.wait(PATIENCE)
        except (OSError, AssertionError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        finally:
            os.close(self._write)
            os.close(self._read)

    def __call__(self, method: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ask the browser for something and wait for its answer."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        for answer in self._messages():
            if answer.get("id") == self._count:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return dict(answer["result"])
        raise AssertionError("the browser has gone")

    def open(self, address: str) -> None:
        """Show a page, and wait until it has loaded."""
        self.complaints.clear()
        self.requests.clear()
        self("Page.navigate", url="about:blank")
        self("Page.navigate", url=address)
        while self.ask("location.href === 'about:blank' || document.readyState !== 'complete'"):
            time.sleep(0.01)

    def ask(self, expression: str) -> Any:  # noqa: ANN401
        """The value of a JavaScript expression in the page; of a promise, what it comes to."""
        answer = self("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key, as a keyboard does."""
        code = _KEYS[key]
        text = {"Enter": "\r"}.get(key, "")
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        self("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self("Input.dispatchKeyEvent", type="keyUp", **common)

    def write(self, text: str) -> None:
        """Type a text where the focus is."""
        self("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Press the mouse on the middle of what a selector finds first."""
        box = self.ask(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center', "
            "behavior: 'instant'}); const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]"
            "})()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def look(self, *, width: int = 1280, height: int = 800, dark: bool = False, media: str = "") -> None:
        """The size of the window, light or dark, and `print` for paper."""
        self("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        self("Emulation.setEmulatedMedia", media=media, features=[scheme, still])

    def picture(self, *, whole: bool = False) -> bytes:
        """A PNG of the window, or of the whole page."""
        return b64decode(self("Page.captureScreenshot", captureBeyondViewport=whole)["data"])

    def paper(self) -> bytes:
        """The page as it prints, as PDF."""
        return b64decode(self("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def _messages(self) -> Iterator[dict[str, Any]]:
        while True:
            while b"\0" not in self._rest:
                ready, _, _ = select.select([self._read], [], [], PATIENCE)
                assert ready, "the browser says nothing"
                data = os.read(self._read, 1 << 20)
                if not data:
                    return
                self._rest += data
            line, _, self._rest = self._rest.partition(b"\0")
            message = json.loads(line)
            self._note(message.get("method", ""), message.get("params", {}))
            yield message

    def _note(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Log.entryAdded":
                self.complaints.append(params["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled":
                self.complaints.append(json.dumps(params["args"]))
            case "Network.requestWillBeSent" if not params["request"]["url"].startswith("about:"):
                self.requests.append(params["request"]["url"])
