"""JupyterLab as ``wecare lab`` starts it, without a window, for the time of a test."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen


@contextmanager
def jupyterlab(root: Path) -> Iterator[str]:
    """The address of a server on the notebooks of a project; its token is ``t``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.token=t", "--ServerApp.port_retries=0"]
    environment = os.environ | {"WECARE_ROOT": str(root), "JUPYTER_CONFIG_DIR": str(root / "none")}
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    running = subprocess.Popen([sys.executable, "-m", "helpers", "lab", *options], env=environment, **silent)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 120
    try:
        while True:
            try:
                with urlopen(Request(f"{address}/api/status", headers={"Authorization": "token t"}), timeout=30):
                    break
            except OSError:
                assert time.monotonic() < deadline and running.poll() is None
                time.sleep(0.2)
        yield address
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
