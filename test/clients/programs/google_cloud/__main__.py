"""Google's Python clients over REST: each call's outcome by its name, as JSON."""

import json
import sys

from .artifact_registry import try_artifact_registry
from .billing import try_billing
from .calls import outcomes
from .cloud_build import try_cloud_build
from .cloud_deploy import try_cloud_deploy
from .cloud_logging import try_cloud_logging
from .cloud_run import try_cloud_run
from .cloud_storage import try_cloud_storage
from .iam import try_iam
from .resource_manager import try_resource_manager
from .secret_manager import try_secret_manager
from .service_usage import try_service_usage

for api in (
    try_service_usage,
    try_iam,
    try_resource_manager,
    try_secret_manager,
    try_artifact_registry,
    try_cloud_build,
    try_cloud_deploy,
    try_cloud_run,
    try_cloud_storage,
    try_cloud_logging,
    try_billing,
):
    api()
json.dump(outcomes, sys.stdout)
