"""gcloud, imported once: each call is a fork of this process.

Importing gcloud is most of what a call costs. A call is the same code in a
process of its own, with the caller's arguments, environment, directory and
standard streams. What a call had to load, this process loads too, for the calls
after it.

Usage: server.py SDK_ROOT SOCKET
Ends when its standard input does.
"""

import fcntl
import importlib
import json
import os
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

cli = gcloud_main.CreateCLI([])
learned = []
lessons, teacher = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)


def serve():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen(64)
        print("ready", flush=True)
        while True:
            ready = select.select([sys.stdin, server, lessons], [], [])[0]
            # Standard input ends with whoever started this process.
            if sys.stdin in ready:
                return
            if server in ready:
                connection, _ = server.accept()
                if os.fork() == 0:
                    server.close()
                    run(connection)
                connection.close()
            elif lessons in ready:
                learn(**json.loads(lessons.recv(1 << 20)))


def run(connection):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    random.seed()
    known = set(sys.modules)
    arguments, environment, directory, streams = read_call(connection)
    # Out of the way first: a stream may have come with the number of another.
    held = {target: fcntl.fcntl(stream, fcntl.F_DUPFD, 100) for target, stream in streams.items()}
    for stream in streams.values():
        os.close(stream)
    for target, stream in held.items():
        os.dup2(stream, target)
        os.close(stream)
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [os.path.join(sdk_root, "lib", "gcloud.py"), *arguments]
    named_configs.ActivePropertiesFile.Invalidate()
    find_metadata_server_anew()
    threading.Thread(target=obey, args=(connection,), daemon=True).start()
    code = 1
    try:
        code = gcloud_main.main(gcloud_cli=cli)
    except SystemExit as end:
        code = end.code
    finally:
        code = code if isinstance(code, int) else 0 if code is None else 1
        flush()
        try:
            teach(arguments, set(sys.modules) - known)
            connection.sendall(bytes([code & 0xFF]))
        finally:
            os._exit(code)


def find_metadata_server_anew():
    """Its address is read where these modules are loaded, which they may be already."""
    for name in (
        "googlecloudsdk.core.credentials.gce_read",
        "google.auth.compute_engine._metadata",
    ):
        if name in sys.modules:
            importlib.reload(sys.modules[name])


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            pass


def teach(arguments, modules):
    # The modules of commands are named anew in each process: the command itself is loaded.
    modules = [name for name in modules if not name.startswith("__calliope")]
    command = load(arguments)
    if modules or command not in learned:
        teacher.sendall(json.dumps({"command": command, "modules": modules}).encode())


def learn(command, modules):
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            pass
    learned.append(load(command))


def load(arguments):
    """Loads the command of these arguments and the groups above it: their names."""
    element = cli._TopElement()
    names = []
    for name in arguments:
        element = element.LoadSubElement(name)
        if element is None:
            break
        names.append(name)
    return names


def obey(connection):
    """Takes the caller's signals, one byte each; without a caller it ends at once, as the caller did."""
    while True:
        data = connection.recv(1)
        os.kill(os.getpid(), data[0] if data else signal.SIGKILL)


serve()
