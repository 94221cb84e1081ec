import json
import sys


def report(calls):
    """Does what is named in the arguments, or all, one after the other, and prints what came of each by its name:
    its value, or the type, status and words of its error."""
    names = sys.argv[1:] or calls
    outcomes = {}
    for name in names:
        try:
            outcomes[name] = calls[name]()
        except Exception as error:
            status = getattr(error, "status_code", getattr(error, "code", ""))
            outcomes[name] = f"{type(error).__name__} {status}: {error}"
    print(json.dumps(outcomes))
