"""Runs a command on a terminal of its own and types an answer at each question.

Standard input: JSON {"command": [...], "answers": [[question, answer], ...]}.
Prints what the terminal showed and exits as the command did.
"""

import json
import os
import pty
import sys

task = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(task["command"][0], task["command"])

shown = b""
answered = 0
answers = task["answers"]
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:  # Linux's way to say that the other side has gone.
        break
    if not piece:
        break
    shown += piece
    while answers and (at := shown.find(answers[0][0].encode(), answered)) >= 0:
        answered = at + 1
        os.write(terminal, answers.pop(0)[1].encode())

sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)
