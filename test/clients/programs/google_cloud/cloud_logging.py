from google.cloud import logging

from .calls import PROJECT, at, attempt, credentials


def try_cloud_logging():
    client = logging.Client(
        project=PROJECT, credentials=credentials, client_options=at("logging"), _use_grpc=False
    )
    attempt("logging.list", lambda: isinstance(list(client.list_entries(page_size=5)), list))
    attempt("logging.write", lambda: client.logger("l").log_text("hello"))
    attempt("logging.sinks", lambda: [s.name for s in client.list_sinks()])
