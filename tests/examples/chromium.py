# SPDX-License-Identifier: MIT
"""A headless Chromium, driven over a pair of pipes by its DevTools protocol: nothing but Python's own library."""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page:
    """A page in a window of its own. Requests are the addresses that it asked for, errors what its console told."""

    def __init__(self, width=1280, height=900):
        self.profile = tempfile.mkdtemp()
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def become_3_and_4():
            os.dup2(to_browser, 13), os.dup2(from_browser, 14)
            os.dup2(13, 3), os.dup2(14, 4)
            os.set_inheritable(3, True), os.set_inheritable(4, True)

        self.process = subprocess.Popen(
            [PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
             "--disable-background-networking", f"--user-data-dir={self.profile}", f"--window-size={width},{height}",
             "about:blank"],
            preexec_fn=become_3_and_4, close_fds=False, stderr=subprocess.DEVNULL)
        os.close(to_browser), os.close(from_browser)
        self.buffer, self.last, self.session = b"", 0, None
        self.requests, self.errors = [], []
        target = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Network", "Page", "Runtime", "Log"):
            self.call(domain + ".enable")
        self.resize(width, height)

    def call(self, method, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.write_end, data):]
        while True:
            answer = self.receive()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self):
        while b"\0" not in self.buffer:
            more = os.read(self.read_end, 1 << 20)
            if not more:
                raise RuntimeError("Chromium went away")
            self.buffer += more
        message, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(message)
        told = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif message.get("method") == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(told["exceptionDetails"])[:1000])
        elif message.get("method") == "Log.entryAdded":
            self.errors.append(told["entry"]["text"])
        return message

    def run(self, script):
        """The value of an expression, or of the promise that it is."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def open(self, address):
        """Opens a report and waits until it is shown: True; or says why it cannot be: False."""
        self.call("Page.navigate", url="about:blank")  # so that another part of the same page is opened anew, too
        self.call("Page.navigate", url=address)
        for _ in range(600):
            state = self.run("""document.documentElement?.dataset.ready ??
              (document.getElementById('state')?.textContent ?? '')""")
            if state == "yes" or state.startswith("This page cannot"):
                return state == "yes"
            time.sleep(0.05)
        raise RuntimeError("the page is not shown within 30 seconds")

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def press(self, key):
        """A key by its name: "Enter", "a"."""
        codes = {"ArrowDown": 40, "ArrowUp": 38, "PageDown": 34, "PageUp": 33, "Home": 36, "End": 35, "Enter": 13,
                 "Escape": 27, "Tab": 9}
        code = ord(key.upper()) if len(key) == 1 and key.isalnum() else codes.get(key, 0)
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def type(self, text):
        for one in text:
            self.press(one)

    def click(self, selector):
        x, y = self.run(f"""new Promise(done => {{
          const element = document.querySelector({json.dumps(selector)});
          element.scrollIntoView({{block: 'center', behavior: 'instant'}});
          requestAnimationFrame(() => requestAnimationFrame(() => {{  // when it is drawn where it now is
            const box = element.getBoundingClientRect();
            done([box.x + box.width / 2, box.y + box.height / 2]);
          }}));
        }})""")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, path, whole=False):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"]))

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
        except (RuntimeError, OSError):
            pass
        self.process.wait(timeout=20)
        os.close(self.read_end), os.close(self.write_end)
        shutil.rmtree(self.profile, ignore_errors=True)
