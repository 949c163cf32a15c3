"""KaTeX on this machine: its server while the book is built, its style and fonts in the site."""

from __future__ import annotations

import re
import shutil
import socket
import time
from pathlib import Path
from subprocess import PIPE, Popen

from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinxcontrib import katex


def start_katex(rundir: Path, timeout: float) -> tuple[Popen[bytes], socket.socket]:
    """KaTeX's server on a unix socket, asked until it listens.

    The extension's own start connects once, at times before node listens; its network socket holds
    each formula back for 40 ms, because it goes out in two pieces.
    """
    path = rundir / "katex.sock"
    process = Popen(katex.KaTeXServer.build_command(socket=path), stdin=PIPE, stdout=PIPE, cwd=rundir)
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
        else:
            return process, connection
    process.kill()
    raise katex.KaTeXServer.timeout_error(timeout)


def copy_katex(app: Sphinx) -> None:
    """KaTeX's style and the fonts that browsers take of it; the scripts stay behind."""
    if app.builder.format != "html":
        return
    source = Path(app.srcdir, "node_modules", "katex", "dist")
    if not source.is_dir():
        raise SphinxError("KaTeX's fonts are missing; 'npm ci' in the project's folder brings them")
    target = Path(app.outdir, "_static", "vendor", "katex")
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    style = (source / "katex.min.css").read_text(encoding="utf-8")
    only_woff2 = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)', "", style)
    (target / "katex.min.css").write_text(only_woff2, encoding="utf-8")
    for font in (source / "fonts").glob("*.woff2"):
        shutil.copy(font, target / "fonts" / font.name)


def setup(app: Sphinx) -> dict[str, object]:
    # A loaded machine takes longer to start node than the extension's five seconds.
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    katex.KaTeXServer.start_server_process = start_katex
    app.connect("builder-inited", copy_katex)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
