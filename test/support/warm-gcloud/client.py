"""Stands on the PATH as gcloud: hands the call over and passes signals and the exit code on.

It starts a thousand times in a run of the tests: `_socket` and `_signal` are what
`socket` and `signal` are made of, without their enums.
"""

import _signal
import _socket
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from calls import send_call

connection = _socket.socket(_socket.AF_UNIX)
connection.connect(sys.argv[1])
send_call(connection, sys.argv[2:], dict(os.environ), os.getcwd())
for number in (_signal.SIGINT, _signal.SIGTERM):
    _signal.signal(number, lambda n, _: connection.sendall(bytes([n])))
code = connection.recv(1)
os._exit(code[0] if code else 1)
