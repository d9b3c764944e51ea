"""Sound: files, samples, seconds; this layer knows no words and imports nothing of airquote's."""

import logging
import os

# A library is silent unless its user asks: https://docs.python.org/3/howto/logging.html#configuring-logging-for-a-library
logging.getLogger("airquote").addHandler(logging.NullHandler())

# What a newsroom listens to is confidential. Libraries that report on their use read these when they are imported
# (ONNX Runtime since 1.29 sends the names and hashes of models; the hub's client counts downloads).
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
