"""How a call of gcloud travels to the process that is forked for it."""

import array
import json
import socket
import struct

STREAMS = 3


def send_call(connection, call):
    body = json.dumps(call).encode()
    streams = array.array("i", range(STREAMS))
    head = struct.pack("!I", len(body))
    connection.sendmsg([head], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
    connection.sendall(body)


def read_call(connection):
    streams = array.array("i")
    size = socket.CMSG_LEN(STREAMS * streams.itemsize)
    head, ancillary, _, _ = connection.recvmsg(4, size)
    for _, _, data in ancillary:
        streams.frombytes(data[: len(data) - len(data) % streams.itemsize])
    (length,) = struct.unpack("!I", head)
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return json.loads(body), list(streams)
