"""gcloud, imported once: each call is a fork of this process.

Importing gcloud is two thirds of what a call costs. A call is the same code in a
process of its own, with the caller's arguments, environment, directory and
standard streams.

Usage: server.py SDK_ROOT SOCKET
Ends when its standard input does.
"""

import importlib
import os
import pkgutil
import random
import select
import signal
import socket
import sys
import threading

sdk_root, address = sys.argv[1:]
sys.path.insert(0, os.path.join(sdk_root, "lib"))
sys.argv[1:] = []

import gcloud  # noqa: E402

sys.path = gcloud.reorder_sys_path(sys.path)
gcloud._fix_google_module()
gcloud_main = gcloud._import_gcloud_main()

from googlecloudsdk.core.configurations import named_configs  # noqa: E402

from calls import read_call  # noqa: E402

# The commands that the tests call, with all that these import.
SURFACES = [
    "artifacts", "auth", "builds", "config", "deploy", "iam", "logging",
    "projects", "run", "secrets", "services", "storage",
]


def preload():
    for name in SURFACES:
        package = importlib.import_module(f"surface.{name}")
        for _, module, _ in pkgutil.walk_packages(package.__path__, f"surface.{name}."):
            try:
                importlib.import_module(module)
            except Exception:  # A command that needs something else: it says so when it is called.
                pass


def serve():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen(64)
        print("ready", flush=True)
        # Standard input ends with whoever started this process.
        while sys.stdin not in select.select([sys.stdin, server], [], [])[0]:
            connection, _ = server.accept()
            if os.fork() == 0:
                server.close()
                run(connection)
            connection.close()


def run(connection):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    random.seed()
    call, streams = read_call(connection)
    for target, stream in enumerate(streams):
        os.dup2(stream, target)
        os.close(stream)
    os.chdir(call["directory"])
    os.environ.clear()
    os.environ.update(call["environment"])
    sys.argv = [os.path.join(sdk_root, "lib", "gcloud.py"), *call["arguments"]]
    named_configs.ActivePropertiesFile.Invalidate()
    threading.Thread(target=obey, args=(connection,), daemon=True).start()
    code = 1
    try:
        code = gcloud_main.main()
    except SystemExit as end:
        code = end.code
    finally:
        code = code if isinstance(code, int) else 0 if code is None else 1
        flush()
        try:
            connection.sendall(bytes([code & 0xFF]))
        finally:
            os._exit(code)


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            pass


def obey(connection):
    """Takes the caller's signals, one byte each; without a caller it ends at once, as the caller did."""
    while True:
        data = connection.recv(1)
        os.kill(os.getpid(), data[0] if data else signal.SIGKILL)


preload()
serve()
