"""A small Redis on loopback, without passwords, until standard input ends. Its port goes to standard output."""

import sys
import threading

from fakeredis import TcpFakeServer

server = TcpFakeServer(("127.0.0.1", 0))
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
server.shutdown()
