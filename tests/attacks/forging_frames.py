"""What a student would write to speak for the call loop: frames of their own on the pipe."""

FORGE = """
import json, os, struct, sys, threading, time
def loop():
    frame = sys._getframe()
    while "self" not in frame.f_locals or not hasattr(frame.f_locals["self"], "channel"):
        frame = frame.f_back
    return frame.f_locals["self"]
def write(data):
    view = memoryview(data)
    while view:
        view = view[os.write(3, view):]
def frame(body=b"", claimed=None, **header):
    text = json.dumps(header).encode()
    return struct.pack("!IQ", len(text), len(body) if claimed is None else claimed) + text + body
def forge(later=0, **header):
    write(frame(n=loop().request + later, **header))
"""
