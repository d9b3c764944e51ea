"""Sound: files, samples and seconds; knows nothing of words and imports no other layer."""

import logging
import os

# A library logs nothing by default: https://docs.python.org/3/howto/logging.html#configuring-logging-for-a-library
logging.getLogger("airquote").addHandler(logging.NullHandler())

# A newsroom's recordings are confidential: switch off the telemetry of dependencies, which read these on import (ONNX
# Runtime since 1.29 sends the names and hashes of models; the Hugging Face client counts downloads).
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
