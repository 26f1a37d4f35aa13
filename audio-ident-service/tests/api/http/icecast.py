"""A real Icecast on loopback, which ffmpeg feeds."""

import base64
import contextlib
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request

PASSWORD = "feeder"
BURST_BYTES = 1 << 17  # of the past, that a listener gets on connection
CONFIGURATION = """
<icecast>
  <limits><clients>20</clients><sources>5</sources><burst-size>{burst}</burst-size><queue-size>1048576</queue-size></limits>
  <authentication>
    <source-password>{password}</source-password>
    <admin-user>admin</admin-user><admin-password>{password}</admin-password>
  </authentication>
  <hostname>localhost</hostname><location>test</location><admin>test@localhost</admin>
  <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths>
    <logdir>/dev</logdir>
    <webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot>
  </paths>
  <logging><accesslog>null</accesslog><errorlog>-</errorlog><loglevel>1</loglevel></logging>
  <security><chroot>0</chroot>{user}</security>
</icecast>
"""
# Icecast does not run as root.
AS_NOBODY = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>"


def program():
    return shutil.which("icecast2", path="/usr/bin:/usr/local/bin") or shutil.which("icecast")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Icecast:
    def __init__(self, folder, is_root):
        self.port = free_port()
        file = folder / "icecast.xml"
        user = AS_NOBODY if is_root else ""
        file.write_text(CONFIGURATION.format(burst=BURST_BYTES, password=PASSWORD, port=self.port, user=user))
        self.process = subprocess.Popen([program(), "-c", str(file)], stdin=subprocess.DEVNULL)

    def close(self):
        self.process.terminate()
        self.process.wait()

    def url(self, mount):
        return f"http://127.0.0.1:{self.port}{mount}"

    def has(self, mount):
        """Whether listeners can hear it."""
        try:
            with urllib.request.urlopen(self.url("/status-json.xsl"), timeout=10) as answer:
                return mount.encode() in answer.read()
        except OSError:
            return False

    def set_title(self, mount, title):
        query = urllib.parse.urlencode({"mount": mount, "mode": "updinfo", "song": title})
        credentials = base64.b64encode(f"source:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(
            self.url(f"/admin/metadata?{query}"), headers={"Authorization": f"Basic {credentials}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()


class Feed:
    """ffmpeg sends an MP3 to a mount of Icecast: `at_once` bytes first, as if they were on the air already, the others
    as fast as it plays."""

    def __init__(self, icecast, mount, content, bytes_a_second, at_once):
        target = f"icecast://source:{PASSWORD}@127.0.0.1:{icecast.port}{mount}"
        command = ["ffmpeg", "-v", "error", "-f", "mp3", "-i", "pipe:0", "-c", "copy", "-flush_packets", "1"]
        self.process = subprocess.Popen(
            [*command, "-content_type", "audio/mpeg", "-f", "mp3", target], stdin=subprocess.PIPE
        )
        self.began = time.time() - at_once / bytes_a_second
        self.thread = threading.Thread(target=self.send, args=(content, bytes_a_second), daemon=True)
        self.thread.start()

    def send(self, content, bytes_a_second):
        at = 0
        try:
            while at < len(content):
                end = int((time.time() - self.began) * bytes_a_second)
                self.process.stdin.write(content[at:end])
                self.process.stdin.flush()
                at = max(at, end)
                time.sleep(0.05)
        except OSError:
            pass  # It was ended.

    def close(self):
        self.process.kill()
        self.process.wait()
        self.thread.join()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
