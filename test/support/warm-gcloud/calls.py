"""How a call of gcloud travels to the process that is forked for it."""

import _socket
import marshal
import struct

STREAMS = struct.Struct("3i")
LENGTH = struct.Struct("!I")


def send_call(connection, arguments, environment, directory):
    body = marshal.dumps((arguments, environment, directory))
    streams = STREAMS.pack(0, 1, 2)
    connection.sendmsg(
        [LENGTH.pack(len(body))],
        [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)],
    )
    connection.sendall(body)


def read_call(connection):
    """The arguments, the environment, the directory, and the three standard streams."""
    head, ancillary, _, _ = connection.recvmsg(
        LENGTH.size, _socket.CMSG_LEN(STREAMS.size)
    )
    streams = STREAMS.unpack(ancillary[0][2])
    (length,) = LENGTH.unpack(head)
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return *marshal.loads(body), streams
