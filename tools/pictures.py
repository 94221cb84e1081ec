"""Draws what a terminal showed (ANSI text on standard input) as an SVG on standard output, with no font from elsewhere."""

import io
import re
import sys

from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

WIDTH = 80
TEMPLATE = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.S)

name, title = sys.argv[1:]
console = Console(record=True, width=WIDTH, file=io.StringIO())
console.print(Text.from_ansi(sys.stdin.read().rstrip("\n")))
print(console.export_svg(title=title, code_format=TEMPLATE, unique_id=name))
