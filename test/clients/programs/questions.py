"""What each program asks, and the schema of the answer that some of it wants."""

import json
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

QUESTIONS = json.loads(Path(__file__).with_name("questions.json").read_text())
QUESTIONS["model"] = os.environ.get("MODEL", QUESTIONS["model"])


class Day(BaseModel):
    sky: Literal["sunny", "cloudy"]
    degrees: int


class Forecast(BaseModel):
    days: list[Day]
