from workforce.operations.enqueueing import enqueue
from workforce.operations.recording import record

__all__ = ["enqueue", "record"]
