"""Stands on the PATH as gcloud: hands the call over and passes signals and the exit code on."""

import os
import signal
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from calls import send_call

with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(sys.argv[1])
    send_call(
        connection,
        {
            "arguments": sys.argv[2:],
            "environment": dict(os.environ),
            "directory": os.getcwd(),
        },
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda n, _: connection.sendall(bytes([n])))
    code = connection.recv(1)
os._exit(code[0] if code else 1)
