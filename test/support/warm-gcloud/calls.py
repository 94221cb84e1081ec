"""How a call of gcloud travels to the process that is forked for it."""

import _socket
import marshal
import struct

STREAM = struct.Struct("i")
LENGTH = struct.Struct("!I")
MOST_STREAMS = 8


def send_call(connection, arguments, environment, directory):
    numbers = [0, 1, 2, *named_streams(arguments)]
    body = marshal.dumps((arguments, environment, directory, numbers))
    streams = b"".join(STREAM.pack(number) for number in numbers)
    connection.sendmsg(
        [LENGTH.pack(len(body))],
        [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)],
    )
    connection.sendall(body)


def named_streams(arguments):
    """What bash makes of `<(...)`."""
    named = [argument.rpartition("/dev/fd/") for argument in arguments]
    return [int(number) for _, path, number in named if path and number.isdigit()]


def read_call(connection):
    """The arguments, the environment, the directory, and the caller's streams by their numbers there."""
    head, ancillary, _, _ = connection.recvmsg(
        LENGTH.size, _socket.CMSG_LEN(STREAM.size * MOST_STREAMS)
    )
    streams = [number for (number,) in STREAM.iter_unpack(ancillary[0][2])]
    (length,) = LENGTH.unpack(head)
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    arguments, environment, directory, numbers = marshal.loads(body)
    return arguments, environment, directory, dict(zip(numbers, streams))
